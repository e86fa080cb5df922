"""YAML as values that know where they stand.

Law: nothing is built that the file does not spell out: anchors, aliases, tags and merge keys are refused, so that no
small file becomes a large one; of a file of too many documents or values nothing is kept. What is refused leaves a hole
(``UNREAD``), so that the rest is read; what is no YAML ends a document, and the next one is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from gateway.policy.characters import readable
from gateway.policy.report import Place, Report
from gateway.policy.scalars import plain
from gateway.policy.syntax import Reached, mistake

MOST_DOCUMENTS: Final = 100
"""Documents of one file."""

MOST_VALUES: Final = 10_000
"""Keys and values of one file."""

UNREAD: Final = object()
"""The data of a value that was refused before it was read: its mistake is reported already."""

_DEEPEST: Final = 32
_DOCUMENT: Final = re.compile(r"^---(?=\s)", re.MULTILINE)
_BREAK: Final = re.compile(r"\r\n|\r|\n")
_SIGILS: Final = re.compile(r"(?:[&!][^\s,\[\]{}]*\s*)+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BEYOND: Final = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its place.

    data: str, int, float, bool, None, a list of values, a tuple of entries, or ``UNREAD``. bare: a word without quotes.
    """

    data: Any
    place: Place
    bare: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those of a mapping; none of anything else."""
        return self.data if isinstance(self.data, tuple) else ()

    @property
    def items(self) -> list[Value]:
        """Those of a list; none of anything else."""
        return self.data if isinstance(self.data, list) else []

    def at(self, *path: str) -> Value | None:
        """Return the value at a path of keys, None where there is none."""
        found: Value | None = self
        for name in path:
            found = next((entry.value for entry in found.entries if entry.key == name), None) if found else None
        return found

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was refused."""
        parts = [*self.items, *(entry.value for entry in self.entries)]
        return self.data is not UNREAD and all(part.is_whole for part in parts)

    def plain(self) -> Any:  # noqa: ANN401 - any plain value
        """Return it without places: dictionaries, lists and scalars."""
        match self.data:
            case tuple():
                return {entry.key: entry.value.plain() for entry in self.data}
            case list():
                return [item.plain() for item in self.data]
            case scalar:
                return scalar


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    place: Place
    value: Value


def documents(text: str, report: Report) -> list[Value]:
    """Read the documents of a file; what is wrong with its form goes to the report."""
    readable_text = readable(text, report)
    return _Reader(readable_text, report).documents() if readable_text is not None else []


class _TooMuch(Exception):
    """The file is larger than files may be, in one of its ways."""

    def __init__(self, event: Event, code: str, message: str) -> None:
        super().__init__(message)
        self.event = event
        self.code = code
        self.message = message


class _Reader:
    """Makes values of the events of a text, of which each is looked at once."""

    def __init__(self, text: str, report: Report) -> None:
        self._text = text
        self._report = report
        self._found: list[Value] = []
        self._begun = self._broken = self._values = 0
        self._start(0)

    def _start(self, at: int) -> None:
        """Read from a place of the text on, with nothing open."""
        self._at = at
        self._above = len(_BREAK.findall(self._text, 0, at))
        self._events: Iterator[Event] = YAML(typ="safe", pure=True).parse(self._text[at:])
        self._open: list[CollectionStartEvent] = []
        self._last: Event | None = None

    def documents(self) -> list[Value]:
        """Return the documents, none where there are too many."""
        try:
            while not self._read():
                pass
        except _TooMuch as fault:
            self._report.add(self._place(fault.event), fault.code, fault.message, shown="nothing")
            return []
        return self._found

    def _read(self) -> bool:
        """Read up to the end, or to what is no YAML: go on with the document after that. Tell whether it is the end."""
        try:
            for event in self._events:
                if isinstance(event, DocumentStartEvent):
                    self._document(event)
        except MarkedYAMLError as error:
            self._tell(error)
            following = self._following(error)
            if following is not None:
                self._start(following)
            return following is None
        except ValueError:  # ruamel.yaml hands such an escape to chr(), and such a version to int()
            self._report.add(self._beyond(), "CL1013", "an escape beyond Unicode is no character", shown="nothing")
        return True

    def _following(self, error: MarkedYAMLError) -> int | None:
        """Return where the document after a mistake begins, None where there is none, or there were mistakes enough."""
        self._broken += 1
        reached = self._at + (error.problem_mark.index if error.problem_mark else 0)
        found = _DOCUMENT.search(self._text, max(reached, self._at + 1)) if self._broken < MOST_DOCUMENTS else None
        return found.start() if found else None

    def _document(self, event: DocumentStartEvent) -> None:
        self._begun += 1
        if self._begun > MOST_DOCUMENTS:
            raise _TooMuch(event, "CL1009", f"more than {MOST_DOCUMENTS} documents in a file")
        if event.version or event.tags:
            self._report.add(self._place(event), "CL1007", "directives are not used in policy files")
        value = self._value(next(self._events))
        if value.data is not None:
            self._found.append(value)

    def _value(self, event: Event) -> Value:
        """Return the value that an event begins."""
        self._last = event
        if isinstance(event, NodeEvent):
            self._values += 1
        if self._values > MOST_VALUES:
            raise _TooMuch(event, "CL1009", f"more than {MOST_VALUES} keys and values in a file")
        place, plain_form = self._form(event)
        match event:
            case ScalarEvent():
                return self._scalar(event, place) if plain_form else Value(UNREAD, place)
            case CollectionStartEvent():
                return self._collection(event, place)
            case _:
                return Value(UNREAD, place)

    def _form(self, event: Event) -> tuple[Place, bool]:
        """Return where a value stands, and whether it is written without aliases and tags, which are reported."""
        place = self._place(event)
        line = self._report.lines[place.line - 1]
        if isinstance(event, AliasEvent):
            self._report.add(
                place, "CL1007", "aliases are not used in policy files", "quote a text with *", shown="sign"
            )
            return place, False
        is_marked = isinstance(event, NodeEvent) and (event.anchor or getattr(event, "tag", None))
        sigils = _SIGILS.match(line, place.column - 1) if is_marked else None
        if sigils is None:
            return place, True
        width, what = len(sigils[0]), "anchors" if sigils[0].startswith("&") else "tags"
        here = replace(place, length=len(sigils[0].split()[0]))
        self._report.add(here, "CL1007", f"{what} are not used in policy files", "leave it out", shown="sign")
        is_tagged = "!" in sigils[0]
        return replace(place, column=place.column + width, length=max(1, place.length - width)), not is_tagged

    def _collection(self, event: CollectionStartEvent, place: Place) -> Value:
        self._open.append(event)
        if len(self._open) > _DEEPEST:
            raise _TooMuch(event, "CL1001", f"nested deeper than {_DEEPEST} levels")
        if isinstance(event, MappingStartEvent):
            entries = tuple(self._entries())
            length = entries[0].place.length if entries and not event.flow_style else 1
            value = Value(entries, replace(place, length=length))
        else:
            value = Value(list(self._items()), replace(place, length=1))
        self._open.pop()
        return value

    def _items(self) -> Iterator[Value]:
        while not isinstance(event := next(self._events), CollectionEndEvent):
            yield self._value(event)

    def _entries(self) -> Iterator[Entry]:
        while not isinstance(event := next(self._events), CollectionEndEvent):
            key = self._value(event)
            following = next(self._events)
            if isinstance(event, ScalarEvent) and not event.style and event.value == "<<":
                self._report.add(key.place, "CL1007", "merge keys are not used in policy files", "spell the keys out")
                if isinstance(following, AliasEvent):
                    continue
            value = self._value(following)
            if isinstance(following, ScalarEvent) and not following.style and not following.value:
                # what is empty stands, for the library, where the next word does
                value = replace(value, place=key.place)
            if isinstance(event, ScalarEvent) and key.data is not UNREAD:
                yield Entry(event.value, key.place, value)
            elif not isinstance(event, ScalarEvent | AliasEvent):
                self._report.add(key.place, "CL1005", "a key must be a word", shown="nothing")

    def _scalar(self, event: ScalarEvent, place: Place) -> Value:
        """Return a word, or a text in quotes, which may spell characters that there are not."""
        text = event.value
        if not text.isascii() and _SURROGATE.search(text):
            self._report.add(
                place,
                "CL1013",
                "half of a surrogate pair is no character",
                r"write \U and eight digits",
                shown="nothing",
            )
            return Value(UNREAD, place)
        return Value(text, place) if event.style else Value(plain(text), place, bare=True)

    def _place(self, event: Event) -> Place:
        """Return where an event begins, and what it takes of that line."""
        start, end = event.start_mark, event.end_mark
        line = self._above + start.line + 1
        width = (end.column if end.line == start.line else len(self._report.lines[line - 1])) - start.column
        return Place(line, start.column + 1, max(1, width))

    def _tell(self, error: MarkedYAMLError) -> None:
        """Report what is no YAML."""
        opened = next((each.start_mark for each in reversed(self._open) if each.flow_style), None)
        lines = self._report.lines[self._above :]
        found = mistake(error, Reached(lines, (opened.line, opened.column) if opened else None, self._last))
        place = Place(self._above + found.line + 1, found.column + 1, found.length)
        self._report.add(place, found.code, found.message, found.suggestion, shown="known")

    def _beyond(self) -> Place:
        """Return where an escape stands that is beyond Unicode."""
        for number, line in enumerate(self._report.lines[self._above :], self._above + 1):
            if found := _BEYOND.search(line):
                return Place(number, found.start() + 1, len(found[0]))
        return Place(self._above + 1, 1)
