"""Holding a document against the schema.

Law: every mistake of a document is reported, with its place; a suggestion is made where a word is close to one that
would have been right.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from rapidfuzz import fuzz, process

from gateway.core.errors import Misconfigured
from gateway.core.findings import ENTITY_TYPES, LITERAL, SUSPICIOUS
from gateway.core.occurrences import SHORTEST
from gateway.core.retention import Period
from gateway.keys import trusted_keys
from gateway.policy.patterns import fault
from gateway.policy.schema import (
    ENTITY_TYPE,
    KINDS,
    Anything,
    ByEntity,
    Check,
    Either,
    Fields,
    Flag,
    Items,
    Node,
    Number,
    Text,
)
from gateway.policy.tree import Entry, Place, Report, Value

_CLOSE: Final = 65
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_TOOL: Final = re.compile(r"[^\s*?](?:[^*?\r\n\t]{0,510}[^\s*?])?")
_DOMAIN: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")


def kind_of(document: Value, report: Report) -> str | None:
    """Return the document's kind; report one that is missing or unknown."""
    if not isinstance(document.data, tuple):
        report.add(document.place, "CL1005", "a document must be a mapping")
        return None
    for entry in document.data:
        if entry.key == "kind":
            if entry.value.data in KINDS:
                return str(entry.value.data)
            message = f"unknown kind {_quoted(entry.value.data)}"
            report.add(entry.value.place, "CL1006", message, _closest(str(entry.value.data), KINDS))
            return None
    report.add(document.place, "CL1004", 'key "kind" is missing', "RedactionPolicy or RetentionPolicy")
    return None


def validate(value: Value, node: Node, report: Report, where: str) -> None:
    """Report what is wrong with a value. where: what it belongs to, for the message."""
    match node:
        case Text():
            _text(value, node, report, where)
        case Number():
            _number(value, node, report, where)
        case Flag():
            _flag(value, node, report, where)
        case Items():
            _items(value, node, report, where)
        case Fields():
            _fields(value, node, report, where)
        case ByEntity():
            _by_entity(value, node, report, where)
        case Either():
            _either(value, node, report, where)
        case Anything():
            pass


def _text(value: Value, node: Text, report: Report, where: str) -> None:
    if not isinstance(value.data, str):
        report.add(value.place, "CL1005", f"{where} must be text", "quote it" if value.data is not None else "")
        return
    if node.choices and value.data not in node.choices:
        message = f"{where} cannot be {_quoted(value.data)}"
        report.add(
            value.place, "CL1006", message, _closest(value.data, node.choices) or "one of " + ", ".join(node.choices)
        )
    elif node.enforced and value.data not in node.enforced:
        message = f"{where}: {_quoted(value.data)} is not enforced by this version"
        report.add(value.place, "CL3001", message, "use " + " or ".join(node.enforced[:6]))
    elif node.check:
        _CHECKS[node.check](value, report)


def _number(value: Value, node: Number, report: Report, where: str) -> None:
    kinds = (int,) if node.whole else (int, float)
    if isinstance(value.data, bool) or not isinstance(value.data, kinds):
        report.add(value.place, "CL1005", f"{where} must be a {'whole ' if node.whole else ''}number")
    elif not node.low <= value.data <= node.high:
        report.add(value.place, "CL2002", f"{where} must be from {node.low:g} to {node.high:g}")


def _flag(value: Value, node: Flag, report: Report, where: str) -> None:
    if not isinstance(value.data, bool):
        report.add(value.place, "CL1005", f"{where} must be true or false")
    elif node.enforced is not None and value.data is not node.enforced:
        report.add(value.place, "CL3001", f"{where}: {str(value.data).lower()} is not enforced by this version")


def _items(value: Value, node: Items, report: Report, where: str) -> None:
    if not isinstance(value.data, list):
        report.add(value.place, "CL1005", f"{where} must be a list")
        return
    if node.empty and value.data:
        report.add(value.data[0].place, "CL3001", f"{where} is not enforced by this version", "leave the list empty")
        return
    for item in value.data:
        validate(item, node.of, report, f"an item of {where}")


def _fields(value: Value, node: Fields, report: Report, where: str) -> None:
    for entry in _mapping(value, report, where):
        inner = node.keys.get(entry.key)
        if inner is None:
            message = f"unknown key {_quoted(entry.key)} in {where}"
            report.add(entry.place, "CL1003", message, _closest(entry.key, node.keys))
        else:
            validate(entry.value, inner, report, entry.key)
    present = {entry.key for entry in _mapping(value, None, where)}
    for name in node.required:
        if name not in present and isinstance(value.data, tuple):
            report.add(value.place, "CL1004", f'key "{name}" is missing in {where}')


def _by_entity(value: Value, node: ByEntity, report: Report, where: str) -> None:
    for entry in _mapping(value, report, where):
        if entry.key not in report.entity_types:
            message = f"unknown entity type {_quoted(entry.key)}"
            report.add(entry.place, "CL2001", message, _closest(entry.key.upper(), report.entity_types))
            continue
        validate(entry.value, node.of, report, entry.key)
        parts = {part.key: part for part in _mapping(entry.value, None, "")}
        if "keep_last" in parts and ("operator" not in parts or parts["operator"].value.data != "mask"):
            report.add(parts["keep_last"].place, "CL2005", 'only operator "mask" takes "keep_last"')


def _either(value: Value, node: Either, report: Report, where: str) -> None:
    is_other = isinstance(value.data, str if isinstance(node.other, Text) else tuple)
    validate(value, node.other if is_other else node.of, report, where)


def _mapping(value: Value, report: Report | None, where: str) -> list[Entry]:
    if isinstance(value.data, tuple):
        return list(value.data)
    if report:
        report.add(value.place, "CL1005", f"{where} must be a mapping")
    return []


def _check_pattern(value: Value, report: Report) -> None:
    if problem := fault(value.data):
        report.add(value.place, "CL2003", f"the pattern {problem}")


def _check_domain(value: Value, report: Report) -> None:
    if len(value.data) > 253 or not _DOMAIN.fullmatch(value.data):
        report.add(value.place, "CL2004", f"{_quoted(value.data)} is no domain name", "lower case, such as corp.local")


def _check_period(value: Value, report: Report) -> None:
    try:
        Period.parse(value.data)
    except ValueError as error:
        report.add(value.place, "CL2006", str(error))


def _check_name(value: Value, report: Report) -> None:
    if not _NAME.fullmatch(value.data):
        report.add(value.place, "CL1006", "a name is 1 to 63 letters, digits, '.', '_' and '-'")


def _check_tool(value: Value, report: Report) -> None:
    if not _TOOL.fullmatch(value.data):
        detail = f"{_quoted(value.data)} is no tool's name: names are compared whole, and 'default' is for all others"
        report.add(value.place, "CL2011", detail)


def _check_entity(value: Value, report: Report) -> None:
    if not re.fullmatch(ENTITY_TYPE, value.data) or value.data in {LITERAL, SUSPICIOUS}:
        message = f"{_quoted(value.data)} is no entity type: 3 to 62 capitals, digits and '_', such as BADGE_NUMBER"
        report.add(value.place, "CL2001", message, _closest(value.data.upper(), ENTITY_TYPES))


def _check_value(value: Value, report: Report) -> None:
    if len(value.data.strip()) < SHORTEST:
        report.add(value.place, "CL2012", f"a value that is looked for has {SHORTEST} characters or more")


def _check_key(value: Value, report: Report) -> None:
    try:
        trusted_keys([value.data])
    except Misconfigured as error:
        report.add(value.place, "CL2014", error.detail.removeprefix("Public key 1: "))


_CHECKS: Final[dict[Check, Any]] = {
    "pattern": _check_pattern,
    "domain": _check_domain,
    "period": _check_period,
    "name": _check_name,
    "tool": _check_tool,
    "entity": _check_entity,
    "value": _check_value,
    "key": _check_key,
}


def _closest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion, or "" where nothing is close."""
    best = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return f'did you mean "{best[0]}"?' if best else ""


def _quoted(value: object) -> str:
    return f'"{str(value)[:60]}"'


def first_place(document: Value, *path: str) -> Place:
    """Return where the value at a path of keys stands, or the deepest key of the path that there is."""
    place = document.place
    for name in path:
        entry = next((entry for entry in _mapping(document, None, "") if entry.key == name), None)
        if entry is None:
            return place
        document, place = entry.value, entry.place
    return place
