"""OpenAI's chat protocol, as vLLM 0.32.0 speaks it.

Law: what may stand in a request is in ``chat_fields``, what comes back in a reply is in ``chat_reply``; here the two
meet bytes. A lens is a value without memory, so that one serves every exchange at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from gateway.core.errors import GatewayError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import chat_fields, chat_reply, errors, json_text, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader
from gateway.protocols.sse import frame


@dataclass(frozen=True, slots=True)
class ChatLens:
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/chat/completions"
    inert: ClassVar[frozenset[str]] = chat_fields.INERT

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        body = json_text.decode(raw)
        reader = Reader(chat_fields.KNOWN)
        taken = cast("dict[str, template.Template]", reader.read(chat_fields.REQUEST, body, Place()))
        asked = cast("dict[str, Json]", body)
        _require_template_options(asked.get("chat_template_kwargs"))
        return ParsedRequest(
            body=taken,
            segments=tuple(reader.segments),
            model=cast("str", asked["model"]),
            streamed=bool(asked.get("stream")),
            json_content=_asks_for_json(asked),
            tools=Sensitive(_tool_names(asked)),
            dropped=tuple(reader.dropped),
        )

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``. cache_salt: keeps tenants' prefix caches apart."""
        body = cast("dict[str, Json]", template.fill(request.body, request.segments, texts))
        return json_text.encode({**body, "cache_salt": cache_salt} if cache_salt else body)

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        return chat_reply.read_reply(raw, json_content=json_content)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The reply's id is made of the exchange's."""
        return json_text.encode(_identified(template.fill(reply.body, reply.segments, texts), exchange))

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        return chat_reply.read_event(data, json_content=json_content)

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        if event.done:
            return frame(chat_reply.DONE)
        return frame(json_text.encode(_identified(template.fill(event.body, event.deltas, texts), exchange)))

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        return self.write_event(chat_reply.carrier(event, channel, text), [text], exchange=exchange)

    def error(self, error: GatewayError) -> bytes:
        """Write OpenAI's error body."""
        return errors.openai_error(error)

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. No end marker follows it."""
        return frame(errors.openai_error(error))


def _identified(body: Json, exchange: uuid.UUID | None) -> dict[str, Json]:
    return {**cast("dict[str, Json]", body), "id": f"chatcmpl-{exchange or uuid.UUID(int=0)}"}


def _require_template_options(options: Json) -> None:
    """Raise ``ProtocolError`` where an option for the template is an argument of the call that renders it."""
    taken = chat_fields.TEMPLATE_CALL & options.keys() if isinstance(options, dict) else frozenset[str]()
    if taken:
        raise ProtocolError(chat_fields.ROUTES, pointer=f"/chat_template_kwargs/{min(taken)}")


def _asks_for_json(asked: Mapping[str, Json]) -> bool:
    """Tell whether the content of the answer is to be a JSON document."""
    match asked.get("response_format"):
        case {"type": "json_object" | "json_schema"}:
            return True
    match asked.get("structured_outputs"):
        case {"json": str() | dict()} | {"json_object": True}:
            return True
    return False


def _tool_names(asked: Mapping[str, Json]) -> frozenset[str]:
    tools = cast("list[dict[str, dict[str, str]]] | None", asked.get("tools")) or []
    return frozenset(tool["function"]["name"] for tool in tools)
