"""Putting values back.

Takes: an answer, and the table of its own request.
Gives: the answer with its placeholders restored, whole or event by event.
Knows: the grammar of placeholders, and where a URL begins.
Never: reads what it restored, uses another request's table, or puts a value where it would leave by itself.
"""

from gateway.restore.automaton import RestoreCounts, Restorer
from gateway.restore.body import restore
from gateway.restore.stream import StreamRestorer

__all__ = ["RestoreCounts", "Restorer", "StreamRestorer", "restore"]
