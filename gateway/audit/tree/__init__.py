"""The Merkle tree of every log.

Takes: numbered leaves.
Gives: signed checkpoints, and proofs that an event is in a log and that a log only grew.
Knows: RFC 6962, the tables of checkpoints and subtrees, and who signs.
Never: reads an event.
"""

from gateway.audit.tree.prove import Prover
from gateway.audit.tree.seal import Sealer

__all__ = ["Prover", "Sealer"]
