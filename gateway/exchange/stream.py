"""A backend's stream on its way back: parsed, looked at, restored event by event, and framed again.

Law: a stream is good only if the backend ended it with its own end mark, which closes what is still open; one that just
stops is an error, so that a truncated answer never looks like a whole one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from functools import partial

from gateway.aside import aside
from gateway.audit import Entry
from gateway.core.errors import BackendUnavailable, GatewayError
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.exchange.screen import Screen, Screened
from gateway.exchange.stages import Call, StreamReply, fates
from gateway.protocols import ParsedEvent, SseEvent, SseParser
from gateway.restore import StreamRestorer


def restored(
    call: Call, chunks: AsyncIterator[bytes], table: PseudonymTable, screen: Screen, entry: Entry
) -> StreamReply:
    """Return the stream with its values; what became of it is noted when its frames end."""
    restorer = StreamRestorer(
        call.lens,
        table,
        screen.policy,
        json_content=call.request.json_content,
        tools=call.request.tools.reveal(),
        exchange=call.exchange.id,
    )
    return StreamReply(frames=_frames(restorer, screen, chunks, entry), end=lambda: Sensitive(restorer.end or b""))


async def _frames(
    restorer: StreamRestorer, screen: Screen, chunks: AsyncIterator[bytes], entry: Entry
) -> AsyncGenerator[Sensitive[bytes]]:
    """Yield frames as soon as they are sure; all that one chunk of the backend gives goes out together."""
    parser = SseParser()
    try:
        async for chunk in chunks:
            events, error = await aside(len(chunk), partial(_read, restorer, parser.feed(chunk)))
            screened = await screen.events(events)
            frames, refused = await aside(len(chunk), partial(_written, restorer, screened))
            error = refused or error
            if frames:
                yield Sensitive(b"".join(frames))
            if error:
                raise error
            if restorer.end is not None:
                return
        detail = "The stream ended before its end mark."
        raise BackendUnavailable(detail)
    finally:
        entry.note(tokens=dict(restorer.usage), **fates(restorer.counts), **screen.found())


def _read(restorer: StreamRestorer, events: Iterable[SseEvent]) -> tuple[list[ParsedEvent], GatewayError | None]:
    """Take events apart up to the end mark; return the error that ended them, too: what came before counts."""
    read: list[ParsedEvent] = []
    try:
        for event in events:
            read.append(restorer.read(event))
            if read[-1].done:
                break
    except GatewayError as error:
        return read, error
    return read, None


def _written(restorer: StreamRestorer, events: Iterable[Screened]) -> tuple[list[bytes], GatewayError | None]:
    """Return the frames of some events, and the error that ended them."""
    frames: list[bytes] = []
    try:
        for event in events:
            frames += restorer.write(event.event, event.late)
    except GatewayError as error:
        return frames, error
    return frames, None
