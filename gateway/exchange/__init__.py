"""The sentence: one request through every stage, and back.

Takes: a call, made of a lens, the raw body and the exchange it belongs to.
Gives: the restored answer, whole or as a stream, and what became known on the way.
Knows: every stage, by the values it takes and gives.
Never: forwards what was not recorded, or answers with what was not restored by its own table.
"""

from gateway.exchange.drain import Drain
from gateway.exchange.pipeline import Pipeline
from gateway.exchange.stages import Call, Progress, Reply, Stages, StreamReply

__all__ = ["Call", "Drain", "Pipeline", "Progress", "Reply", "Stages", "StreamReply"]
