"""What was done: the log that every act is written to before it counts.

Takes: events without numbers, from any number of processes at once.
Gives: their durable record, numbered without gaps and hashed, to be read and verified.
Knows: the audit tables, canonical JSON (RFC 8785) and the Merkle tree over it (RFC 6962).
Never: holds text of an exchange, drops an event, or lets one be changed.
"""

from gateway.audit.evidence import Evidence
from gateway.audit.export import Exporter
from gateway.audit.instances import Instances
from gateway.audit.integrate import Integrator
from gateway.audit.log import Writer
from gateway.audit.query import Filters, Query
from gateway.audit.record import Entry, Recorder
from gateway.audit.tree import Prover, Sealer
from gateway.audit.verify import Verified, Verifier

__all__ = [
    "Entry",
    "Evidence",
    "Exporter",
    "Filters",
    "Instances",
    "Integrator",
    "Prover",
    "Query",
    "Recorder",
    "Sealer",
    "Verified",
    "Verifier",
    "Writer",
]
