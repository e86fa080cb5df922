"""What the lenses of OpenAI's routes have in common: how a body is written, and what an error looks like.

Law: a body that leaves has its ``cache_salt`` from the gateway alone, and a reply's id is made of the exchange's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from gateway.core.errors import GatewayError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import errors, fields, json_text, reply, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader
from gateway.protocols.shapes import Record
from gateway.protocols.sse import frame


@dataclass(frozen=True, slots=True)
class OpenAiLens:
    """All of a lens but its tables. prefix: what the id of a reply begins with."""

    prefix: ClassVar[str]
    joined: ClassVar[bool] = False
    keyed: ClassVar[bool] = False

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``. cache_salt: keeps tenants' prefix caches apart."""
        body = cast("dict[str, Json]", template.fill(request.body, request.segments, texts))
        return json_text.encode({**body, "cache_salt": cache_salt} if cache_salt else body)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The reply's id is made of the exchange's."""
        return json_text.encode(self._identified(template.fill(reply.body, reply.segments, texts), exchange))

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        if event.done:
            return frame(reply.DONE)
        return frame(json_text.encode(self._identified(template.fill(event.body, event.deltas, texts), exchange)))

    def error(self, error: GatewayError) -> bytes:
        """Write OpenAI's error body."""
        return errors.openai_error(error)

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. No end mark follows it."""
        return frame(errors.openai_error(error))

    def _identified(self, body: Json, exchange: uuid.UUID | None) -> dict[str, Json]:
        return {**cast("dict[str, Json]", body), "id": f"{self.prefix}-{exchange or uuid.UUID(int=0)}"}


def taken(raw: bytes, shape: Record, known: frozenset[str]) -> tuple[dict[str, Json], ParsedRequest]:
    """Read a request by its table; return its body as it came, and what is left of it without its text."""
    body = json_text.decode(raw)
    reader = Reader(known)
    left = reader.read(shape, body, Place())
    asked = cast("dict[str, Json]", body)
    return asked, ParsedRequest(
        body=left,
        segments=tuple(reader.segments),
        model=cast("str", asked["model"]),
        streamed=bool(asked.get("stream")),
        json_content=asks_for_json(asked),
        tools=Sensitive(frozenset[str]()),
        dropped=tuple(reader.dropped),
        media=tuple(reader.media),
    )


def require_template_options(options: Json) -> None:
    """Raise ``ProtocolError`` where an option for the template is an argument of the call that renders it."""
    arguments = fields.TEMPLATE_CALL & options.keys() if isinstance(options, dict) else frozenset[str]()
    if arguments:
        raise ProtocolError(fields.ROUTES, pointer=f"/chat_template_kwargs/{min(arguments)}")


def asks_for_json(asked: Mapping[str, Json]) -> bool:
    """Tell whether the text of the answer is to be a JSON document."""
    match asked.get("response_format"):
        case {"type": "json_object" | "json_schema"}:
            return True
    match asked.get("structured_outputs"):
        case {"json": str() | dict()} | {"json_object": True}:
            return True
    return False
