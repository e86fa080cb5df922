"""Anthropic's Messages protocol, as vLLM 0.32.0 speaks it.

Law: what may stand in a request is in ``messages_fields``, what comes back is in ``messages_reply``; here the two meet
bytes. A lens is a value without memory. A message's id is made of the exchange's, and a stream ends with
``message_stop``.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, NoReturn, cast

from gateway.core.content import Segment
from gateway.core.errors import GatewayError
from gateway.core.sensitive import Sensitive
from gateway.protocols import errors, json_text, messages_fields, messages_reply, reply, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.request import taken, tool_names, written
from gateway.protocols.shapes import Record
from gateway.protocols.sse import frame


@dataclass(frozen=True, slots=True)
class AnthropicLens:
    """All that the two endpoints have in common."""

    inert: ClassVar[frozenset[str]] = messages_fields.INERT
    joined: ClassVar[frozenset[str]] = frozenset({"text"})
    keyed: ClassVar[bool] = False
    shape: ClassVar[Record]

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        asked, request = taken(raw, self.shape, messages_fields.KNOWN)
        segments = tuple(map(_with_the_system, request.segments))
        read = replace(request, segments=segments) if any(each.role == "system" for each in segments) else request
        return replace(read, json_content=_asks_for_json(asked), tools=Sensitive(tool_names(asked)))

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        body = cast("dict[str, Json]", template.fill(event.body, event.deltas, texts))
        if body["type"] == "message_start":
            body["message"] = _identified(body["message"], exchange)
        return frame(json_text.encode(body), event=str(body["type"]))

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        del event  # a delta bears no date
        return self.write_event(messages_reply.carrier(channel, text), [text], exchange=exchange)

    def error(self, error: GatewayError) -> bytes:
        """Write Anthropic's error body."""
        return errors.anthropic_error(error)

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. No end mark follows it."""
        return frame(errors.anthropic_error(error), event="error")


@dataclass(frozen=True, slots=True)
class MessagesLens(AnthropicLens):
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/messages"
    shape: ClassVar[Record] = messages_fields.REQUEST

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``.

        cache_salt: keeps tenants' prefix caches apart; vLLM takes it here as at its chat endpoint.
        """
        return written(request, texts, cache_salt)

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        return messages_reply.read_reply(raw, json_content=json_content)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The reply's id is made of the exchange's."""
        return json_text.encode(_identified(template.fill(reply.body, reply.segments, texts), exchange))

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        return messages_reply.read_event(data, json_content=json_content)


@dataclass(frozen=True, slots=True)
class CountTokensLens(AnthropicLens):
    """Implements ``lens.Lens``. A count comes whole: its requests never ask for a stream."""

    endpoint: ClassVar[str] = "/v1/messages/count_tokens"
    shape: ClassVar[Record] = messages_fields.COUNT_REQUEST

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``.

        cache_salt: left out; vLLM's schema has no such field here, and counting renders the prompt without the cache.
        """
        del cache_salt
        return written(request, texts)

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        del json_content
        return messages_reply.read_count(raw)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write the count. It has no id."""
        del exchange
        return json_text.encode(cast("dict[str, Json]", template.fill(reply.body, reply.segments, texts)))

    def event(self, data: bytes, *, json_content: bool = False) -> NoReturn:
        """Raise ``BackendProtocolError``: a count is no stream."""
        del data, json_content
        reply.fail("It streamed a count.")


def _identified(message: Json, exchange: uuid.UUID | None) -> dict[str, Json]:
    return {**cast("dict[str, Json]", message), "id": f"msg_{exchange or uuid.UUID(int=0)}"}


def _with_the_system(segment: Segment) -> Segment:
    """Return a segment, read with all that the system says: where a template has one place for it, vLLM joins it."""
    named = segment.pointer == "/system" or segment.whole == "/system"
    said = segment.role == "system" and "/content" in {segment.whole[-8:], segment.pointer[-8:]}
    return replace(segment, whole="/system") if named or said else segment


def _asks_for_json(asked: Mapping[str, Json]) -> bool:
    """Tell whether the text of the answer is to be a JSON document. vLLM takes an empty schema for none."""
    match asked.get("output_config"):
        case {"format": {"schema": dict() as schema}}:
            return bool(schema)
    return False
