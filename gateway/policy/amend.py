"""False findings, written into policy files.

Law: lines are added and none is changed, so that comments and form stay whoever's they were. What was written is read
again, must be valid, and must say what it said before and the findings besides; where it would not, nothing is written,
and whoever asked is told what to add. Findings of a type that a document may not name are left to whoever declares it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from gateway.core.errors import ProtocolError
from gateway.core.findings import ENTITY_TYPES
from gateway.policy.load import Source, load
from gateway.policy.report import Place, Report
from gateway.policy.rules import declared
from gateway.policy.tree import Value, documents

Findings = Mapping[str, Sequence[str]]
"""By entity type, values as events name them."""

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_PATH: Final = ("spec", "allow", "findings")
_ITEM: Final = re.compile(r"[ ]*-[ ]+")


def with_findings(sources: Sequence[Source], wanted: Mapping[str, Findings], *, scope: str) -> list[Source]:
    """Return a scope's files whose policies let findings through. wanted: by the policies' names.

    Raise ``PolicyInvalid`` where files are not valid, or would not be, and ``ProtocolError``.
    """
    load(sources, scope=scope)
    made = [Source(source.file, _amended(source, wanted)) for source in sources]
    load(made, scope=scope)
    return made


def _amended(source: Source, wanted: Mapping[str, Findings]) -> str:
    before = _read(source.file, source.text)
    lines = _LINE.findall(source.text)
    added: list[tuple[int, list[str]]] = []
    expected = [document.plain() for document in before]
    for document, plain in zip(before, expected, strict=True):
        findings = _missing(document, wanted)
        added += _insertions(source, lines, document, findings) if findings else []
        _put(plain, findings)
    for at, texts in sorted(added, reverse=True):
        end = "\r\n" if lines[at].endswith("\r\n") else "\n"
        lines[at:at] = [text + end for text in texts]
    text = "".join(lines)
    if [document.plain() for document in _read(source.file, text)] != expected:
        raise _by_hand(source.file, before[0].place, wanted)
    return text


def _read(file: str, text: str) -> list[Value]:
    return documents(text, Report(file, text))


def _missing(document: Value, wanted: Mapping[str, Findings]) -> dict[str, list[str]]:
    """Return what a document is to let through and does not yet."""
    kind, name, there = document.at("kind"), document.at("metadata", "name"), document.at(*_PATH)
    if kind is None or kind.data != "RedactionPolicy" or name is None:
        return {}
    known = there.plain() if there and there.entries else {}
    types = ENTITY_TYPES.keys() | set(declared(document))
    found = {
        entity: [each for each in dict.fromkeys(values) if each not in known.get(entity, ())]
        for entity, values in wanted.get(str(name.data), {}).items()
        if entity in types
    }
    return {entity: values for entity, values in sorted(found.items()) if values}


def _put(plain: dict[str, Any], findings: Findings) -> None:
    """Add findings to what a document says, as they are to stand there."""
    if findings:
        there = plain["spec"].setdefault("allow", {}).setdefault("findings", {})
        there.update({entity: [*values, *there.get(entity, [])] for entity, values in deepcopy(dict(findings)).items()})


def _insertions(
    source: Source, lines: Sequence[str], document: Value, findings: Findings
) -> Iterator[tuple[int, list[str]]]:
    """Yield lines, each with the number of the line, from 0, before which they are to stand."""
    there = document.at(*_PATH)
    listed = {entry.key: entry.value for entry in there.entries} if there else {}
    for entity in findings.keys() & listed.keys():
        first = listed[entity].items[0].place if listed[entity].items else listed[entity].place
        lead = _lead(lines, first)
        if not _ITEM.fullmatch(lead):
            raise _by_hand(source.file, first, {"": findings})
        yield first.line - 1, [lead + json.dumps(each) for each in findings[entity]]
    if new := {entity: findings[entity] for entity in findings if entity not in listed}:
        yield _new_types(source, lines, document, new)


def _new_types(source: Source, lines: Sequence[str], document: Value, new: Findings) -> tuple[int, list[str]]:
    """Return lines for types of which nothing is let through yet, at the deepest mapping that there is."""
    depth = next(depth for depth in (3, 2, 1) if document.at(*_PATH[:depth]) is not None)
    place = _first_key(document.at(*_PATH[:depth])) or document.place
    lead = _lead(lines, place)
    if lead.strip(" "):
        raise _by_hand(source.file, place, {"": new})
    written = [lead + "  " * at + f"{key}:" for at, key in enumerate(_PATH[depth:])]
    inner = lead + "  " * (len(_PATH) - depth)
    for entity, values in new.items():
        written += [f"{inner}{entity}:", *(f"{inner}  - {json.dumps(each)}" for each in values)]
    return place.line - 1, written


def _first_key(value: Value | None) -> Place | None:
    return value.entries[0].place if value and value.entries else None


def _lead(lines: Sequence[str], place: Place) -> str:
    """Return what stands before a place in its line."""
    return lines[place.line - 1][: place.column - 1]


def _by_hand(file: str, place: Place, wanted: Mapping[str, Findings]) -> ProtocolError:
    entries = {entity: list(values) for findings in wanted.values() for entity, values in findings.items()}
    detail = f"{file}:{place.line}: nothing can be added here in lines of their own: add {json.dumps(entries)}"
    return ProtocolError(f"{detail} to spec.allow.findings by hand.")
