"""OpenAI's Responses protocol, as vLLM 0.32.0 speaks it.

Law: what may stand in a request is in ``responses_fields``, what comes back in ``responses_reply`` and
``responses_events``. Every request that leaves says ``store: false``, for vLLM stores what does not say so where its
store is switched on; every id that comes back, but those of calls, is made of the exchange's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, cast

from gateway.core.errors import GatewayError
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_text, responses_events, responses_fields, responses_reply, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.openai import OpenAiLens
from gateway.protocols.request import taken, tool_names
from gateway.protocols.shapes import Record
from gateway.protocols.sse import frame
from gateway.protocols.template import Template

_Object = dict[str, Json]


@dataclass(frozen=True, slots=True)
class ResponsesLens(OpenAiLens):
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/responses"
    shape: ClassVar[Record] = responses_fields.REQUEST
    inert: ClassVar[frozenset[str]] = responses_fields.INERT
    joined: ClassVar[frozenset[str]] = frozenset({"output_text"})
    prefix: ClassVar[str] = "resp"

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        asked, request = taken(raw, self.shape, responses_fields.KNOWN)
        body = cast("dict[str, Template]", request.body)
        return replace(
            request,
            body={**body, "store": False},
            json_content=request.json_content or _asks_for_json(asked),
            tools=Sensitive(tool_names(asked)),
        )

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        return responses_reply.read_reply(raw, json_content=json_content)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The ids are made of the exchange's."""
        body = cast("_Object", template.fill(reply.body, reply.segments, texts))
        return json_text.encode(_identified_response(body, exchange))

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        return responses_events.read_event(data, json_content=json_content)

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        body = cast("_Object", template.fill(event.body, event.deltas, texts))
        return frame(json_text.encode(_identified_event(body, exchange)), str(body["type"]))

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        return self.write_event(responses_events.carrier(event, channel, text), [text], exchange=exchange)

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. Where in the stream it stands, a lens without memory cannot tell: 0."""
        body: _Object = {
            "type": "error",
            "code": error.code,
            "message": error.message,
            "param": error.pointer or None,
            "sequence_number": 0,
        }
        return frame(json_text.encode(body), "error")


def _identified_event(body: _Object, exchange: uuid.UUID | None) -> _Object:
    found: _Object = {}
    if "item_id" in body:
        found["item_id"] = _item_id(body["item_id"], exchange)
    if "item" in body:
        found["item"] = _identified_item(body["item"], exchange)
    if "response" in body:
        found["response"] = _identified_response(cast("_Object", body["response"]), exchange)
    return body | found


def _identified_response(body: _Object, exchange: uuid.UUID | None) -> _Object:
    items = [_identified_item(item, exchange) for item in cast("list[Json]", body["output"])]
    return body | {"id": f"resp_{exchange or uuid.UUID(int=0)}", "output": cast("Json", items)}


def _identified_item(item: Json, exchange: uuid.UUID | None) -> _Object:
    known = cast("_Object", item)
    return known | {"id": _item_id(known["id"], exchange)}


def _item_id(own: Json, exchange: uuid.UUID | None) -> str:
    """Return an id that no other response has, of the kind and the number of the item."""
    kind, _, index = str(own).partition("_")
    return f"{kind}_{exchange or uuid.UUID(int=0)}_{index}"


def _asks_for_json(asked: Mapping[str, Json]) -> bool:
    match asked.get("text"):
        case {"format": {"type": "json_object" | "json_schema"}}:
            return True
    return False
