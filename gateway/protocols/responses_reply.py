"""What a response, whole or inside an event of its stream, may bring back.

Law: items, status, counts, and nothing of the request. vLLM repeats the cleaned request in every response: its
instructions, metadata, user, tools, schemas. The client has them, uncleaned; so here they are empty, in the form that
the official SDK reads (``tools: []``, ``metadata: {}``, the rest null), and no placeholder comes back in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from gateway.core.errors import BackendUnavailable
from gateway.protocols import reply
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedReply
from gateway.protocols.responses_items import ItemTaker, one_of
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import Template

ENDED: Final = ("completed", "incomplete")
"""How a response has ended that is of any use."""

_REASONS: Final = vocabulary("max_output_tokens content_filter")
_CHOICES: Final = vocabulary("none auto required")
_COUNTS: Final = ("input_tokens", "output_tokens", "total_tokens")
_DETAILS: Final[Mapping[str, tuple[str, ...]]] = {
    "input_tokens_details": ("cached_tokens", "cache_write_tokens"),
    "output_tokens_details": ("reasoning_tokens",),
}
_UNREPEATED: Final[Mapping[str, Template]] = {
    "error": None,
    "instructions": None,
    "max_output_tokens": None,
    "metadata": {},
    "previous_response_id": None,
    "reasoning": None,
    "temperature": None,
    "text": None,
    "tools": [],
    "top_p": None,
    "user": None,
}


def read_reply(raw: bytes, *, json_content: bool) -> ParsedReply:
    """Take a whole response apart."""
    body = reply.read_body(raw)
    taker = ItemTaker(json_content=json_content)
    if body.get("status") == "failed":
        detail = "It gave up on the answer."
        raise BackendUnavailable(detail)
    if body.get("status") not in ENDED:
        reply.fail("The reply is not a finished response.")
    taken = response(taker, body, "")
    return ParsedReply(body=taken, segments=taker.segments(), usage=totals(body))


def response(taker: ItemTaker, body: Mapping[str, Json], channel: str) -> dict[str, Template]:
    """Take a response apart. The lens writes the ids. channel: what its items' channels begin with."""
    items = [
        taker.item(item, i, f"/output/{i}", f"{channel}{i}") for i, item in enumerate(reply.several(body.get("output")))
    ]
    return {
        "id": None,
        "object": "response",
        "created_at": reply.count(body.get("created_at")),
        "model": reply.model(body.get("model")),
        "status": one_of(frozenset(ENDED), body.get("status"), "in_progress"),
        "incomplete_details": _incomplete(body.get("incomplete_details")),
        "output": list(items),
        "parallel_tool_calls": body.get("parallel_tool_calls") is not False,
        "tool_choice": one_of(_CHOICES, body.get("tool_choice"), "auto"),
        "usage": cast("Template", _usage(body)),
        **_UNREPEATED,
    }


def totals(body: Mapping[str, Json]) -> dict[str, int]:
    """Return the counts that are on record."""
    counts = _usage(body) or {}
    return reply.totals({name: counts[name] for name in _COUNTS if name in counts})


def _usage(body: Mapping[str, Json]) -> dict[str, Json] | None:
    """Return the counts of tokens, each of which the SDK needs."""
    found = body.get("usage")
    if not isinstance(found, dict):
        return None
    counts: dict[str, Json] = {name: reply.count(found.get(name)) for name in _COUNTS}
    for name, parts in _DETAILS.items():
        details = found.get(name)
        known = details if isinstance(details, dict) else {}
        counts[name] = {part: reply.count(known.get(part)) for part in parts}
    return counts


def _incomplete(details: Json) -> Template:
    if not isinstance(details, dict):
        return None
    return {"reason": one_of(_REASONS, details.get("reason"), "max_output_tokens")}
