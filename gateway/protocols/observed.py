"""What becomes of each field of a reply, seen by sending one through its lens.

Law: nothing is claimed here: a reply, or an event of a stream, goes through the lens with its texts marked, and what
comes out is compared with what went in. ``specimens.json`` holds one of every reply and event with every field that
vLLM writes, each with a value of its own; recorded replies of the real server are held against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

from gateway.core.content import Delta, PartKind, Segment, last_name
from gateway.core.sensitive import Sensitive
from gateway.protocols.coverage import Row, Treatment
from gateway.protocols.lens import Lens
from gateway.protocols.reply import CALL_IDS
from gateway.protocols.sse import SseParser

Path = tuple[str, ...]
"""The way to a value: names, and ``*`` for items of a list."""

_MARK: Final = "\ue000"
"""A character of private use, put before each text that a lens takes out."""


def specimens(endpoint: str) -> tuple[Any, list[Any]]:
    """Return a whole reply of an endpoint, and the events of its stream."""
    found = _specimens()[endpoint]
    return found["reply"], found["events"]


def reply_rows(lens: Lens) -> Iterator[Row]:
    """Yield what becomes of each field of a whole reply."""
    yield from _rows(reply_treatments(lens, specimens(lens.endpoint)[0]), "")


def event_rows(lens: Lens) -> Iterator[Row]:
    """Yield what becomes of each field of a stream's events. path: the event's type first, where it has one."""
    for kind, treatments in event_treatments(lens, specimens(lens.endpoint)[1]).items():
        yield from _rows(treatments, f"{kind} " if kind else "")


def reply_treatments(lens: Lens, body: Any) -> dict[Path, Treatment]:  # noqa: ANN401 - any JSON
    """Return what becomes of each value of a whole reply."""
    reply = lens.reply(json.dumps(body).encode())
    return _compared(body, reply.segments, json.loads(lens.write_reply(reply, _marked(reply.segments))))


def event_treatments(lens: Lens, events: Sequence[Any]) -> dict[str, dict[Path, Treatment]]:
    """Return what becomes of each value of some events, by their types; what varies is left out only if always."""
    found: dict[str, dict[Path, Treatment]] = {}
    for event in events:
        parsed = lens.event(json.dumps(event).encode())
        [written] = SseParser().feed(lens.write_event(parsed, _marked(parsed.deltas)))
        kind = found.setdefault(str(event.get("type", "")), {})
        for path, treatment in _compared(event, parsed.deltas, json.loads(written.data)).items():
            if kind.get(path, Treatment.LEFT_OUT) is Treatment.LEFT_OUT:
                kind[path] = treatment
    return found


@cache
def _specimens() -> Mapping[str, Any]:
    return dict(json.loads(files("gateway.protocols").joinpath("specimens.json").read_bytes()))


def _marked(pieces: Sequence[Segment] | Sequence[Delta]) -> list[Sensitive[str]]:
    return [Sensitive(_mark(piece.text.reveal())) for piece in pieces]


def _mark(text: str) -> str:
    """Mark a text; of a JSON document, which may be read again, its values."""
    document = _document(text)
    if not document:
        return _MARK + text
    return json.dumps({key: _MARK + str(value) for key, value in document.items()}, ensure_ascii=False)


def _document(text: str) -> dict[str, Any]:
    """Return the object that a text holds, an empty one where it holds none."""
    try:
        found = json.loads(text) if text.startswith("{") else {}
    except ValueError:
        return {}
    return dict(found)


def _compared(before: Any, pieces: Sequence[Segment] | Sequence[Delta], after: Any) -> dict[Path, Treatment]:  # noqa: ANN401 - any JSON
    texts = {piece.text.reveal() for piece in pieces}
    inner = {value for text in texts for value in map(str, _document(text).values())}
    ids = {piece.text.reveal() for piece in pieces if _is_id(piece)}
    found: dict[Path, Treatment] = {}
    for path, place, value in _leaves(before):
        treatment = _treatment(value, _at(after, place), texts | inner)
        if treatment is Treatment.RESTORED and value in ids:
            treatment = Treatment.PASSED_ON
        if found.get(path, Treatment.LEFT_OUT) is Treatment.LEFT_OUT:
            found[path] = treatment
    return found


def _is_id(piece: Segment | Delta) -> bool:
    """Whether a text is the id of a call: no value is put into one, and one that is an identifier is not looked at."""
    place = piece.pointer if isinstance(piece, Segment) else piece.channel
    return piece.kind is PartKind.NAME and last_name(place) in CALL_IDS


def _treatment(value: Any, written: Any, texts: set[str]) -> Treatment:  # noqa: ANN401 - any JSON
    if written is None or written == "":
        return Treatment.LEFT_OUT
    if value in texts:
        return Treatment.RESTORED if _MARK in str(written) else Treatment.LEFT_OUT
    return Treatment.CHECKED if written == value else Treatment.MADE_ANEW


def _leaves(value: Any, path: Path = (), place: tuple[str | int, ...] = ()) -> Iterator[tuple[Path, Any, Any]]:  # noqa: ANN401 - any JSON
    """Yield every value that says something: how to tell its place, the place itself, and the value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key), (*place, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, "*"), (*place, index))
    elif value is not None and value != "":
        yield path, place, value


def _at(document: Any, place: Sequence[str | int]) -> Any:  # noqa: ANN401 - any JSON
    for step in place:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _rows(treatments: Mapping[Path, Treatment], prefix: str) -> Iterator[Row]:
    """Yield rows in order; of what is left out as a whole, the name of the whole."""
    told: set[Path] = set()
    for path, treatment in treatments.items():
        shown = path
        if treatment is Treatment.LEFT_OUT:
            shown = next(path[:size] for size in range(1, len(path) + 1) if _all_left_out(treatments, path[:size]))
        if shown not in told:
            told.add(shown)
            yield Row(f"{prefix}/{'/'.join(shown)}", treatment, "")


def _all_left_out(treatments: Mapping[Path, Treatment], head: Path) -> bool:
    return all(treatment is Treatment.LEFT_OUT for path, treatment in treatments.items() if path[: len(head)] == head)
