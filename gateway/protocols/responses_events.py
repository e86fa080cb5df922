"""The events of a stream of responses.

Law: an event is made anew by its type, from the tables below; a type that is in none ends the stream, for nobody knows
where its text is. A text comes in pieces, on a channel of its own, and then whole, up to four times: whole texts are
``repeated``, so that each is restored by itself and comes out as its pieces did.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gateway.core.content import Delta, PartKind
from gateway.core.errors import BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols import reply
from gateway.protocols.joined import AGAIN
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent
from gateway.protocols.responses_items import FIELDS, ItemTaker, item_id, kind_of
from gateway.protocols.responses_reply import ENDED, response, totals
from gateway.protocols.template import Slot, Template


@dataclass(frozen=True, slots=True)
class _Stem:
    """Events about one kind of text: ``.delta`` and ``.done``. index: the field with the number of its part."""

    kind: str
    index: str = ""


_TEXTS: Final[Mapping[str, _Stem]] = {
    "response.output_text": _Stem("output_text", "content_index"),
    "response.refusal": _Stem("refusal", "content_index"),
    "response.reasoning_text": _Stem("reasoning_text", "content_index"),
    "response.reasoning_summary_text": _Stem("summary_text", "summary_index"),
    "response.function_call_arguments": _Stem("arguments"),
}
_PARTS: Final[Mapping[str, str]] = {
    "response.content_part": "content_index",
    "response.reasoning_summary_part": "summary_index",
}
_ITEM: Final = "response.output_item"
_BEGINS: Final = frozenset({"response.created", "response.in_progress"})
_ENDS: Final = frozenset({"response.completed", "response.incomplete"})
_FAILS: Final = ("response.failed", "error")
_KNOWN: Final = (
    _BEGINS
    | _ENDS
    | {f"{stem}.{last}" for stem in _TEXTS for last in ("delta", "done")}
    | {f"{stem}.{last}" for stem in (*_PARTS, _ITEM) for last in ("added", "done")}
)


def read_event(data: bytes, *, json_content: bool) -> ParsedEvent:
    """Take one event of a stream apart."""
    body = reply.read_data(data)
    kind = body.get("type")
    if kind in _FAILS:
        detail = "It stopped in the middle of the answer."
        raise BackendUnavailable(detail)
    if not isinstance(kind, str) or kind not in _KNOWN:
        reply.fail("The stream has an event that this gateway does not know.")
    taker = ItemTaker(json_content=json_content)
    stem, _, last = kind.rpartition(".")
    head: dict[str, Template] = {"type": kind, "sequence_number": reply.count(body.get("sequence_number"))}
    if stem in _TEXTS:
        return _text(taker, body, head, _TEXTS[stem], whole=last == "done")
    if stem in _PARTS:
        return _part(taker, body, head, _PARTS[stem], whole=last == "done")
    if stem == _ITEM:
        return _item(taker, body, head, whole=last == "done")
    return _response(taker, body, head, ends=kind in _ENDS)


def carrier(event: ParsedEvent, channel: str, text: Sensitive[str]) -> ParsedEvent:
    """Return an event that brings nothing but ``text`` on ``channel``.

    It bears the number of ``event``, before which it goes: who remembers nothing cannot number a stream anew, and
    clients read the numbers of streams that they take up again, which this gateway does not offer.
    """
    known = event.body if isinstance(event.body, dict) else {}
    item, *_ = path = channel.split("/")
    stem, found = next((stem, found) for stem, found in _TEXTS.items() if found.kind == path[-1])
    body: dict[str, Template] = {
        "type": f"{stem}.delta",
        "sequence_number": known.get("sequence_number", 0),
        "item_id": item_id(found.kind, int(item)),
        "output_index": int(item),
        "delta": Slot(index=0),
    }
    if found.index:
        body[found.index] = int(path[1])
    deltas = (Delta(channel=channel, kind=PartKind.TEXT, text=text),)
    return ParsedEvent(body=_with_logprobs(body, found.kind), deltas=deltas, closes=(), usage={})


def _text(
    taker: ItemTaker, body: Mapping[str, Json], head: Mapping[str, Template], stem: _Stem, *, whole: bool
) -> ParsedEvent:
    """Read the piece of a text, or the end of one.

    The arguments of a call have no name beside them, here or at their end: who was called, the beginning of the item
    has said. So the name that vLLM adds to their end stays behind.
    """
    item = reply.index(body, "output_index")
    part = {stem.index: reply.index(body, stem.index)} if stem.index else {}
    channel = "/".join(str(step) for step in (item, *part.values(), stem.kind))
    field = FIELDS.get(stem.kind, stem.kind) if whole else "delta"
    again = f"{channel}_again" if stem.kind == "arguments" else f"{AGAIN}{channel}"
    taken: dict[str, Template] = {
        **head,
        "item_id": item_id(stem.kind, item),
        "output_index": item,
        **part,
        field: taker.text(body.get(field), f"/{field}", again if whole else channel),
    }
    return ParsedEvent(
        body=_with_logprobs(taken, stem.kind),
        deltas=taker.deltas(repeated=whole),
        closes=(channel,) if whole else (),
        usage={},
    )


def _part(
    taker: ItemTaker, body: Mapping[str, Json], head: Mapping[str, Template], index: str, *, whole: bool
) -> ParsedEvent:
    """Read the beginning of a part, with which its first text would come, or its end."""
    item, number, part = reply.index(body, "output_index"), reply.index(body, index), reply.one(body.get("part"))
    channel = f"{item}/{number}"
    taken: dict[str, Template] = {
        **head,
        "item_id": item_id(kind_of(part), item),
        "output_index": item,
        index: number,
        "part": taker.part(part, "/part", f"{AGAIN}{channel}" if whole else channel),
    }
    closes = (f"{channel}/{kind_of(part)}",) if whole else ()
    return ParsedEvent(body=taken, deltas=taker.deltas(repeated=whole), closes=closes, usage={})


def _item(taker: ItemTaker, body: Mapping[str, Json], head: Mapping[str, Template], *, whole: bool) -> ParsedEvent:
    """Read the beginning of an item, with which the name and the id of a call come whole, or its end."""
    index = reply.index(body, "output_index")
    item = taker.item(reply.one(body.get("item")), index, "/item", f"{AGAIN if whole else ''}{index}")
    return ParsedEvent(
        body={**head, "output_index": index, "item": item},
        deltas=taker.deltas(repeated=whole),
        closes=(f"{index}",) if whole else (f"{index}/name", f"{index}/call_id"),
        usage={},
    )


def _response(taker: ItemTaker, body: Mapping[str, Json], head: Mapping[str, Template], *, ends: bool) -> ParsedEvent:
    found = reply.one(body.get("response"))
    if ends and found.get("status") not in ENDED:
        reply.fail("The stream ends with a response that is not finished.")
    taken = response(taker, found, AGAIN)
    return ParsedEvent(
        body={**head, "response": taken},
        deltas=taker.deltas(repeated=True),
        closes=("",) if ends else (),
        done=ends,
        usage=totals(found),
    )


def _with_logprobs(body: dict[str, Template], kind: str) -> dict[str, Template]:
    return body | {"logprobs": []} if kind == "output_text" else body
