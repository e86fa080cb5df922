"""What a lens says about a request, a reply and an event of a stream.

Law: a lens takes the text out and leaves a template in which every piece of text is a numbered slot; ``segments[i]``
(or ``deltas[i]``) belongs to slot ``i``, and so does the i-th of the texts that are written back. Nothing but fixed
vocabulary, checked numbers and the names of models remains in the template.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from gateway.core.content import Delta, Segment
from gateway.core.errors import GatewayError
from gateway.core.sensitive import Sensitive
from gateway.protocols.media import Media
from gateway.protocols.shapes import Record
from gateway.protocols.template import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRequest:
    """A request without its text.

    json_content: the client asked for an answer that is a JSON document. tools: names of the declared tools, as the
    client spelled them. dropped: pointers, as they may be shown, of fields that were left out. media: images, which
    nobody has looked at.
    """

    body: Template
    segments: tuple[Segment, ...]
    model: str
    streamed: bool
    json_content: bool
    tools: Sensitive[frozenset[str]]
    dropped: tuple[str, ...] = ()
    media: tuple[Media, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedReply:
    """A whole reply without its text. usage: token counts by name."""

    body: Template
    segments: tuple[Segment, ...]
    usage: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEvent:
    """One event of a stream without its text.

    closes: channels that end with this event, its own deltas included; a name closes all channels beneath it too
    (``0`` closes ``0/content``), and "" closes all. done: the stream ends with it. usage: empty on most events.
    """

    body: Template
    deltas: tuple[Delta, ...]
    closes: tuple[str, ...]
    done: bool = False
    usage: Mapping[str, int]

    def last(self) -> tuple[bool, ...]:
        """Tell for each delta whether no text follows it on its channel."""
        places = {delta.channel: place for place, delta in enumerate(self.deltas)}
        return tuple(
            places[delta.channel] == place and (delta.repeated or self.ends(delta.channel))
            for place, delta in enumerate(self.deltas)
        )

    def ends(self, channel: str) -> bool:
        """Tell whether no text follows on this channel."""
        return any(name in ("", channel) or channel.startswith(f"{name}/") for name in self.closes)


class Lens(Protocol):
    """One wire format. A lens is a value: it remembers nothing between calls."""

    endpoint: ClassVar[str]
    shape: ClassVar[Record]
    """What may stand in a request."""
    inert: ClassVar[frozenset[str]]
    """Field names and fixed words of the protocol: a string that equals one as a whole is no text."""
    joined: ClassVar[frozenset[str]]
    """Clients join the texts of an answer, so that what one of them begins goes on in the next."""
    keyed: ClassVar[bool]
    """Placeholders tell values apart over requests, too: what comes of a text is compared with what came of others."""

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        ...

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``."""
        ...

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        ...

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The reply's id is made of the exchange's."""
        ...

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        ...

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        ...

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        ...

    def error(self, error: GatewayError) -> bytes:
        """Write an error body in the protocol's shape."""
        ...

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. No end marker follows it."""
        ...
