"""How a request is read by its table and written again, whatever the endpoint.

Law: what a table does not foresee is refused; a body that leaves has its ``cache_salt`` from the gateway alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from gateway.core.errors import ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import fields, json_text, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedRequest
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader
from gateway.protocols.shapes import Record


def taken(raw: bytes, shape: Record, known: frozenset[str]) -> tuple[dict[str, Json], ParsedRequest]:
    """Read a request by its table; return its body as it came, and what is left of it without its text."""
    body = json_text.decode(raw)
    reader = Reader(known)
    left = reader.read(shape, body, Place())
    asked = cast("dict[str, Json]", body)
    _require_template_options(asked.get("chat_template_kwargs"))
    return asked, ParsedRequest(
        body=left,
        segments=tuple(reader.segments),
        model=cast("str", asked["model"]),
        streamed=bool(asked.get("stream")),
        json_content=_asks_for_json(asked),
        tools=Sensitive(frozenset[str]()),
        dropped=tuple(reader.dropped),
        media=tuple(reader.media),
    )


def written(request: ParsedRequest, texts: Sequence[Sensitive[str]], cache_salt: str = "") -> bytes:
    """Put the texts back, in the order of ``request.segments``. cache_salt: keeps tenants' prefix caches apart."""
    body = cast("dict[str, Json]", template.fill(request.body, request.segments, texts))
    return json_text.encode({**body, "cache_salt": cache_salt} if cache_salt else body)


def tool_names(asked: Mapping[str, Json]) -> frozenset[str]:
    """Return the names of the tools of a request that its table has read."""
    tools = cast("list[dict[str, Json]] | None", asked.get("tools")) or []
    functions = [cast("dict[str, str]", tool.get("function", tool)) for tool in tools]
    return frozenset(function["name"] for function in functions)


def _require_template_options(options: Json) -> None:
    """Raise ``ProtocolError`` where an option for the template is an argument of the call that renders it."""
    arguments = fields.TEMPLATE_CALL & options.keys() if isinstance(options, dict) else frozenset[str]()
    if arguments:
        raise ProtocolError(fields.ROUTES, pointer=f"/chat_template_kwargs/{min(arguments)}")


def _asks_for_json(asked: Mapping[str, Json]) -> bool:
    """Tell whether the text of the answer is to be a JSON document, by the fields that several endpoints have."""
    match asked.get("response_format"):
        case {"type": "json_object" | "json_schema"}:
            return True
    match asked.get("structured_outputs"):
        case {"json": str() | dict()} | {"json_object": True}:
            return True
    return False
