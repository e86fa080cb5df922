"""YAML as values that know where they stand.

Law: nothing is built that the file does not spell out: anchors, aliases, tags and merge keys are refused before a value
is made, so that no small file becomes a large one; a file of too many documents or values is refused as early. A plain
word that YAML 1.1 reads as a boolean is a mistake, whatever this library would make of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, DocumentStartEvent, Event, NodeEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from gateway.core.errors import Problem
from gateway.core.findings import ENTITY_TYPES

LARGEST: Final = 256 * 1024
"""Bytes of the largest file."""

MOST_DOCUMENTS: Final = 100
"""Documents of one file."""

MOST_VALUES: Final = 10_000
"""Keys and values of one file."""

MOST_PROBLEMS: Final = 1000
"""Problems of one file that are reported."""

_DEEPEST: Final = 32
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BEYOND: Final = re.compile(r"\\U(?!000|0010)[0-9A-Fa-f]{8}")
_OLD_BOOLEANS: Final = frozenset({"yes", "no", "on", "off", "y", "n"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: line and column from 1, and how many characters it takes."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its place. data: str, int, float, bool, None, a list of values, or a tuple of entries."""

    data: Any
    place: Place

    def at(self, *path: str) -> Value | None:
        """Return the value at a path of keys, None where there is none."""
        found: Value | None = self
        for name in path:
            entries = found.data if found and isinstance(found.data, tuple) else ()
            found = next((entry.value for entry in entries if entry.key == name), None)
        return found

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


class Report:
    """Collects the problems of one file. found: how many there are, of which only the first are kept.

    entity_types: those that the present document may name.
    """

    def __init__(self, file: str, text: str) -> None:
        self.entity_types: Collection[str] = ENTITY_TYPES
        self.problems: list[Problem] = []
        self.found = 0
        self._file = file
        self._lines = text.splitlines()

    def add(self, place: Place, code: str, message: str, suggestion: str = "") -> None:
        """Add a problem at a place."""
        self.found += 1
        if self.found > MOST_PROBLEMS + 1:
            return
        if self.found > MOST_PROBLEMS:
            code, message, suggestion = "CL1014", f"more than {MOST_PROBLEMS} mistakes", "mend those above first"
        source = self._lines[place.line - 1] if 0 < place.line <= len(self._lines) else ""
        self.problems.append(
            Problem(
                file=self._file,
                line=place.line,
                column=place.column,
                code=code,
                message=message,
                source=source[:200],
                length=place.length,
                suggestion=suggestion,
            )
        )


def documents(text: str, report: Report) -> list[Value]:
    """Read the documents of a file; what is wrong with its form goes to the report."""
    if len(text.encode()) > LARGEST:
        report.add(Place(1, 1), "CL1009", f"larger than {LARGEST} bytes")
        return []
    if not _plain(text, report):
        return []
    try:
        nodes = [node for node in YAML(typ="safe", pure=True).compose_all(text) if node is not None]
    except YAMLError as error:
        _syntax(error, report)
        return []
    return [_value(node, report) for node in nodes]


def _plain(text: str, report: Report) -> bool:
    """Refuse tabs that indent, and whatever makes YAML more than a small tree of plain values."""
    if _tabs(text, report):
        return False
    depth = documents = values = 0
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            name = type(event).__name__
            depth += name.endswith("StartEvent") - name.endswith("EndEvent")
            documents += isinstance(event, DocumentStartEvent)
            values += isinstance(event, NodeEvent)
            if fault := _form(event) or _size(depth, documents, values):
                report.add(_start(event), *fault)
                return False
    except YAMLError as error:
        _syntax(error, report)
        return False
    except ValueError:  # ruamel.yaml hands such an escape to chr()
        report.add(_beyond(text), "CL1013", "an escape beyond Unicode is no character")
        return False
    return True


def _beyond(text: str) -> Place:
    before = text[: found.start()] if (found := _BEYOND.search(text)) else ""
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"), length=10)


def _tabs(text: str, report: Report) -> bool:
    for number, line in enumerate(text.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            report.add(Place(number, indent.index("\t") + 1), "CL1012", "a tab: indent with spaces")
    return bool(report.problems)


def _form(event: Event) -> tuple[str, str] | None:
    if isinstance(event, AliasEvent) or (isinstance(event, NodeEvent) and event.anchor):
        return "CL1007", "anchors and aliases are not used in policy files"
    if getattr(event, "tag", None):
        return "CL1007", "tags are not used in policy files"
    return None


def _size(depth: int, documents: int, values: int) -> tuple[str, str] | None:
    if depth > _DEEPEST:
        return "CL1001", f"nested deeper than {_DEEPEST} levels"
    if documents > MOST_DOCUMENTS:
        return "CL1009", f"more than {MOST_DOCUMENTS} documents in a file"
    if values > MOST_VALUES:
        return "CL1009", f"more than {MOST_VALUES} keys and values in a file"
    return None


def _syntax(error: YAMLError, report: Report) -> None:
    mark = error.problem_mark or error.context_mark if isinstance(error, MarkedYAMLError) else None
    place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
    what = (error.problem if isinstance(error, MarkedYAMLError) else None) or "not YAML"
    report.add(place, "CL1001", f"not valid YAML: {str(what).splitlines()[0][:80]}")


def _start(marked: Any) -> Place:  # noqa: ANN401 - events and nodes share their marks
    return Place(marked.start_mark.line + 1, marked.start_mark.column + 1)


def _value(node: Node, report: Report) -> Value:
    place = _start(node)
    match node:
        case MappingNode():
            return Value(tuple(_entries(node, report)), place)
        case SequenceNode():
            return Value([_value(item, report) for item in node.value], place)
        case ScalarNode():
            place = Place(place.line, place.column, max(1, len(str(node.value))))
            return Value(_scalar(node, place, report), place)
        case _:
            message = f"an unexpected node {type(node).__name__}"
            raise AssertionError(message)


def _entries(node: MappingNode, report: Report) -> Iterator[Entry]:
    seen = set()
    for key, value in node.value:
        place = Place(_start(key).line, _start(key).column, max(1, len(str(key.value))))
        if not isinstance(key, ScalarNode):
            report.add(place, "CL1005", "a key must be a word")
            continue
        if key.value == "<<":
            report.add(place, "CL1007", "merge keys are not used in policy files")
            continue
        word = _characters(key, place, report)
        if word in seen:
            report.add(place, "CL1002", f'key "{word}" stands twice')
            continue
        seen.add(word)
        yield Entry(word, place, _value(value, report))


def _characters(node: ScalarNode, place: Place, report: Report) -> str:
    """Return the text, which YAML may spell with escapes that are no characters."""
    text = str(node.value)
    if text.isascii() or not _SURROGATE.search(text):
        return text
    report.add(place, "CL1013", "half of a surrogate pair is no character", r"write \U and eight digits")
    return _SURROGATE.sub("\ufffd", text)


def _scalar(node: ScalarNode, place: Place, report: Report) -> Any:  # noqa: ANN401, PLR0911 - any scalar of YAML
    text = _characters(node, place, report)
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text.lower() in _OLD_BOOLEANS:
        report.add(place, "CL1008", f'"{text}" is read as a boolean by some: write true or false, or quote it')
        return text
    kind = node.ctag.suffix if node.ctag else ""
    if kind.endswith("null"):
        return None
    if kind.endswith("bool"):
        return text.lower() == "true"
    for make in (int, float):
        if kind.endswith(make.__name__):
            try:
                return make(text)
            except ValueError:
                return text
    return text
