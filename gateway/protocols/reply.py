"""How replies of a model server are read, whatever the endpoint.

Law: a reply is not passed on but made anew from an allow-list: text as slots, counts as numbers, fixed words as
themselves. What is not on the list stays behind unread, token ids, log-probabilities, fingerprints and the prompt
included; what is on it and has another type than it should is an error of the model server's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, NoReturn, TypeGuard, cast

from gateway.core.content import Delta, PartKind, Segment
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.protocols import json_text
from gateway.protocols.fields import MODEL_NAME
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent
from gateway.protocols.shapes import vocabulary
from gateway.protocols.template import Slot, Template

CALL_IDS: Final = frozenset({"id", "call_id"})
"""Last names of the places of calls' ids, by which clients answer them: no value is put into one."""

DONE: Final = b"[DONE]"
"""What ends a stream of chat or of completions."""

_FINISH: Final = vocabulary("abort content_filter error function_call length repetition stop tool_calls")
_COUNTS: Final = ("prompt_tokens", "completion_tokens", "total_tokens")
_DETAILS: Final = ("prompt_tokens_details", "completion_tokens_details")
_DETAIL_COUNTS: Final = vocabulary(
    """accepted_prediction_tokens audio_tokens cached_tokens created_cache_tokens multimodal_tokens reasoning_tokens
    rejected_prediction_tokens text_tokens"""
)
_MOST_ITEMS: Final = 4096
_MOST_INDEX: Final = 100_000
_MOST_COUNT: Final = 10**12


class Piece(NamedTuple):
    """One text. pointer: where it stands in a whole reply. channel: what it goes on with in a stream."""

    pointer: str
    channel: str
    kind: PartKind
    text: Sensitive[str]


class Taker:
    """Takes text out of one reply or event."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []

    def take(self, value: Json, pointer: str, channel: str, kind: PartKind = PartKind.TEXT) -> Template:
        """Return a slot for a string; null and "" stay."""
        if value is None or value == "":
            return cast("Template", value)
        if not isinstance(value, str):
            fail("A text of the reply is not a string.")
        self.pieces.append(Piece(pointer, channel, kind, Sensitive(value)))
        return Slot(index=len(self.pieces) - 1)

    def stop_reason(self, reason: Json, pointer: str, channel: str) -> Template:
        """Take out a stop string, which is text; the number of a stop token stays."""
        if type(reason) is int:
            return reason
        return self.take(reason, f"{pointer}/stop_reason", f"{channel}/stop_reason")

    def segments(self) -> tuple[Segment, ...]:
        """Return what was taken out of a whole reply."""
        return tuple(
            Segment(pointer=piece.pointer, kind=piece.kind, text=piece.text, role="assistant", channel=piece.channel)
            for piece in self.pieces
        )

    def deltas(self, *, repeated: bool = False) -> tuple[Delta, ...]:
        """Return what was taken out of one event. repeated: all of it has come before."""
        return tuple(
            Delta(channel=piece.channel, kind=piece.kind, text=piece.text, repeated=repeated) for piece in self.pieces
        )


def fail(detail: str) -> NoReturn:
    """Raise ``BackendProtocolError``."""
    raise BackendProtocolError(detail)


def read_body(raw: bytes) -> dict[str, Json]:
    """Read a whole reply."""
    return one(json_text.decode(raw, error=BackendProtocolError))


def read_data(data: bytes) -> dict[str, Json]:
    """Read an event. The model server's own errors end the stream, without their text."""
    body = read_body(data)
    if body.get("error") is not None:
        detail = "It stopped in the middle of the answer."
        raise BackendUnavailable(detail)
    return body


def one(value: Json) -> dict[str, Json]:
    """Return the object that must stand here."""
    if isinstance(value, dict):
        return value
    fail("A part of the reply is not an object.")


def several(value: Json) -> list[dict[str, Json]]:
    """Return the objects whose list must stand here."""
    if isinstance(value, list) and len(value) > _MOST_ITEMS:
        fail("A part of the reply has too many items.")
    if isinstance(value, list):
        return [one(item) for item in value]
    fail("A part of the reply is not a list.")


def head(body: Mapping[str, Json], kind: str) -> dict[str, Template]:
    """Return what every reply and event of the OpenAI routes begins with. The lens writes the exchange's id."""
    return {"id": None, "object": kind, "created": count(body.get("created")), "model": model(body.get("model"))}


def same_head(event: ParsedEvent, kind: str) -> dict[str, Template]:
    """Return the beginning of an event of the lens's own making, dated like another."""
    known = event.body if isinstance(event.body, dict) else {}
    return {**head({}, kind), **{name: known[name] for name in ("created", "model") if name in known}}


def model(name: Json) -> str:
    """Return the name of a model that a request could bear, or ""."""
    return name if isinstance(name, str) and MODEL_NAME.pattern.fullmatch(name) else ""


def finish(reason: Json) -> str | None:
    """Return why a choice ended, None while it goes on."""
    if reason is None or (isinstance(reason, str) and reason in _FINISH):
        return reason
    fail("A reply ended for a reason that this gateway does not know.")


def index(item: Mapping[str, Json], name: str = "index") -> int:
    """Return the number of a choice, a tool call or an output item."""
    found = item.get(name, 0)
    if type(found) is int and 0 <= found < _MOST_INDEX:
        return found
    fail("A part of the reply has no index.")


def usage(found: Json) -> dict[str, Json] | None:
    """Return the token counts of the OpenAI routes."""
    if not isinstance(found, dict):
        return None
    counts: dict[str, Json] = {name: found[name] for name in _COUNTS if is_count(found.get(name))}
    for name in _DETAILS:
        if isinstance(details := found.get(name), dict):
            counts[name] = {
                key: value
                for key, value in details.items()
                if key in _DETAIL_COUNTS and (value is None or is_count(value))
            }
    return counts


def totals(counts: Mapping[str, Json] | None) -> dict[str, int]:
    """Return the counts that are on record."""
    return {name: value for name, value in (counts or {}).items() if type(value) is int}


def count(value: Json) -> int:
    """Return a number of tokens or seconds, 0 for what is none."""
    return value if is_count(value) else 0


def is_count(value: Json) -> TypeGuard[int]:
    """Tell whether something is a number of tokens."""
    return type(value) is int and 0 <= value <= _MOST_COUNT


END: Final = ParsedEvent(body=None, deltas=(), closes=("",), done=True, usage={})
"""The event ``[DONE]``."""
