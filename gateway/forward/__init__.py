"""Sends what is safe to a backend that serves the model.

Takes: a body that has been made safe, the model's name, and the last look as a port.
Gives: the backend's answer, whole or as a stream, and the list of models.
Knows: which backends there are, what they serve, and how they fare.
Never: learns an original, repeats a backend's error text, or sends a byte that the last look has not passed.
"""

from gateway.forward.exposure import Exposure
from gateway.forward.inspect import exposures
from gateway.forward.pool import Pool
from gateway.forward.send import Residue, Route, Sender, StreamAnswer, WholeAnswer
from gateway.forward.started import Start, flaws, started

__all__ = [
    "Exposure",
    "Pool",
    "Residue",
    "Route",
    "Sender",
    "Start",
    "StreamAnswer",
    "WholeAnswer",
    "exposures",
    "flaws",
    "started",
]
