"""A backend's stream on its way back: parsed, restored event by event, and framed again.

Law: a stream is good only if the backend ended it with its own end mark after every channel was closed; one that just
stops is an error, so that a truncated answer never looks like a whole one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from functools import partial

from gateway.audit import Entry
from gateway.core.errors import BackendUnavailable, GatewayError
from gateway.core.policy import Policy
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.exchange.aside import aside
from gateway.exchange.stages import Call, StreamReply, fates
from gateway.protocols import SseEvent, SseParser
from gateway.restore import StreamRestorer


def restored(
    call: Call, chunks: AsyncIterator[bytes], table: PseudonymTable, policy: Policy, entry: Entry
) -> StreamReply:
    """Return the stream with its values; what became of it is noted when its frames end."""
    restorer = StreamRestorer(
        call.lens,
        table,
        policy,
        json_content=call.request.json_content,
        tools=call.request.tools.reveal(),
        exchange=call.exchange.id,
    )
    return StreamReply(frames=_frames(restorer, chunks, entry), end=lambda: Sensitive(restorer.end or b""))


async def _frames(
    restorer: StreamRestorer, chunks: AsyncIterator[bytes], entry: Entry
) -> AsyncGenerator[Sensitive[bytes]]:
    """Yield frames as soon as they are sure; all that one chunk of the backend gives goes out together."""
    parser = SseParser()
    try:
        async for chunk in chunks:
            frames, error = await aside(len(chunk), partial(_fed, restorer, parser.feed(chunk)))
            if frames:
                yield Sensitive(b"".join(frames))
            if error:
                raise error
            if restorer.end is not None:
                return
        detail = "The stream ended before its end mark."
        raise BackendUnavailable(detail)
    finally:
        entry.note(tokens=dict(restorer.usage), **fates(restorer.counts))


def _fed(restorer: StreamRestorer, events: Iterable[SseEvent]) -> tuple[list[bytes], GatewayError | None]:
    """Return the frames of some events up to the end mark, and the error that ended them: what came before counts."""
    frames: list[bytes] = []
    try:
        for event in events:
            frames += restorer.feed(event)
            if restorer.end is not None:
                break
    except GatewayError as error:
        return frames, error
    return frames, None
