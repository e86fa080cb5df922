"""Holding a document against the schema.

Law: every mistake of a document is reported once, with its place; a suggestion is made wherever something would have
been right. No message repeats more than the word that is wrong, and nothing of what the schema calls secret.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from gateway.core.operators import Operator
from gateway.core.values import epoch_in
from gateway.policy import hints
from gateway.policy.excerpt import Shown, quoted
from gateway.policy.forms import FORMS, Fault
from gateway.policy.report import Place, Report
from gateway.policy.scalars import is_old_boolean
from gateway.policy.schema import (
    KINDS,
    SPECS,
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
from gateway.policy.suggest import closest, did_you_mean, meant
from gateway.policy.tree import UNREAD, Entry, Value
from gateway.policy.vocabulary import home

MOST_PATTERNS: Final = 200
"""Patterns of one file: each is compiled, which may take milliseconds."""

MOST_EPOCHS: Final = 60
"""Months whose values one file marks as false: each found value is hashed for each of them."""

_IN_BRACKETS: Final = "put it in brackets: […]"
_EMPTY: Final = "it is empty: indent what belongs to it"
_FEW: Final = 8
"""Words that a suggestion lists."""


def kind_of(document: Value, report: Report) -> str | None:
    """Return the kind that a document is of, or was meant to be; None where it is no policy, which is reported."""
    if not isinstance(document.data, tuple):
        report.add(document.place, "CL1005", "a document must be a mapping", 'write "key: value"', shown="nothing")
        return None
    given = document.at("kind")
    if given is None or given.data is UNREAD or given.data is None:
        return _kind_by_keys(document.at("spec"))
    if kind := closest(str(given.data), KINDS):
        return kind
    report.add(given.place, "CL1006", f"unknown kind {quoted(given.data)}", "one of " + ", ".join(KINDS))
    return None


def _kind_by_keys(spec: Value | None) -> str:
    """Return the kind to which most keys belong, the first where none does."""
    said = {entry.key for entry in spec.entries} if spec else set()
    return max(SPECS, key=lambda kind: len(said & SPECS[kind].keys.keys()))


def validate(value: Value, node: Node, report: Report, where: str) -> None:
    """Report what is wrong with a value. where: what it belongs to, for the message."""
    if value.data is UNREAD or report.full:
        return
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
    shown: Shown = "nothing" if node.secret else "word"
    if not isinstance(value.data, str):
        is_switch = isinstance(value.data, bool) and node.choices
        hint = _one_of(str(value.data).lower(), node.choices) if is_switch else _as_text(value)
        report.add(value.place, "CL1005", f"{where} must be text", hint, shown=shown)
    elif (node.choices or node.enforced or node.check) and value.bare and len(value.data) > value.place.length:
        report.add(value.place, "CL1006", f"{where} goes on in the next line", "line up what follows", shown=shown)
    elif node.choices and value.data not in node.choices:
        report.add(value.place, "CL1006", f"{where} cannot be {quoted(value.data)}", _one_of(value.data, node.choices))
    elif value.bare and is_old_boolean(value.data):
        message = (
            f'"{value.data}" is read as true or false by some' if not node.secret else "some read it as true or false"
        )
        report.add(value.place, "CL1008", message, "quote it", shown=shown)
    elif node.enforced and value.data not in node.enforced:
        message = f"{where}: {quoted(value.data)} is not enforced by this version"
        report.add(value.place, "CL3001", message, _one_of(value.data, node.enforced))
    elif node.check and (fault := _fault(value.data, node.check, report)):
        report.add(value.place, *fault, shown=shown)


def _fault(text: str, check: Check, report: Report) -> Fault | None:
    """Return what is wrong with a text, of which the schema says no more than how to check it."""
    if check == "pattern":
        report.patterns += 1
        if report.patterns > MOST_PATTERNS:
            is_first = report.patterns == MOST_PATTERNS + 1
            return Fault("CL1009", f"more than {MOST_PATTERNS} patterns in a file") if is_first else None
    if check == "hash" and (epoch := epoch_in(text)) not in report.epochs:
        report.epochs.add(epoch)
        if len(report.epochs) == MOST_EPOCHS + 1:
            return Fault("CL1009", f"values of more than {MOST_EPOCHS} months in a file")
    return FORMS[check](text)


def _as_text(value: Value) -> str:
    if isinstance(value.data, list):
        return "write one, without brackets or a dash"
    return 'quote it, if it holds ": "' if value.entries else _EMPTY if value.data is None else "quote it"


def _one_of(word: str, choices: Collection[str]) -> str:
    best = next(iter(choices)) if len(choices) == 1 else closest(word, choices)
    return did_you_mean(best) or "one of " + ", ".join(choices)


def _number(value: Value, node: Number, report: Report, where: str) -> None:
    kinds = (int,) if node.whole else (int, float)
    if isinstance(value.data, bool) or not isinstance(value.data, kinds):
        hint = (
            hints.number(value.data, low=node.low, high=node.high, whole=node.whole)
            if isinstance(value.data, str)
            else ""
        )
        report.add(value.place, "CL1005", f"{where} must be a {'whole ' if node.whole else ''}number", hint)
    elif not node.low <= value.data <= node.high:
        hint = hints.between(value.data, low=node.low, high=node.high, whole=node.whole)
        report.add(value.place, "CL2002", f"{where} must be from {node.low:g} to {node.high:g}", hint)


_TRUE: Final = {"true": "true", "yes": "true", "on": "true", "y": "true", "1": "true"}
_FALSE: Final = {"false": "false", "no": "false", "off": "false", "n": "false", "0": "false"}


def _flag(value: Value, node: Flag, report: Report, where: str) -> None:
    if not isinstance(value.data, bool):
        word = str(value.data).lower() if isinstance(value.data, str | int) else ""
        best = (_TRUE | _FALSE).get(word) or closest(word, ("true", "false"))
        code = "CL1008" if value.bare and is_old_boolean(word) else "CL1005"
        report.add(value.place, code, f"{where} must be true or false", f"write {best}" if best else "")
    elif node.enforced is not None and value.data is not node.enforced:
        report.add(value.place, "CL3001", f"{where}: {str(value.data).lower()} is not enforced by this version")


def _items(value: Value, node: Items, report: Report, where: str) -> None:
    if not isinstance(value.data, list):
        shown: Shown = "nothing" if isinstance(node.of, Text) and node.of.secret else "word"
        hint = _EMPTY if value.data is None else _IN_BRACKETS
        report.add(value.place, "CL1005", f"{where} must be a list", hint, shown=shown)
    elif node.empty and value.data:
        report.add(value.data[0].place, "CL3001", f"{where} is not enforced by this version", "leave the list empty")
    else:
        for item in value.data:
            validate(item, node.of, report, f"an item of {where}")


def _fields(value: Value, node: Fields, report: Report, where: str) -> None:
    if not _is_mapping(value, report, where):
        return
    present: set[str] = set()
    for entry in _once(value, report):
        inner = node.keys.get(entry.key)
        if inner is None:
            present.add(_unknown(entry, node, report, where))
        else:
            present.add(entry.key)
            validate(entry.value, inner, report, entry.key)
    for name in node.required:
        if name not in present:
            message = f'key "{name}" is missing in {_named(where, report)}'
            report.add(value.place, "CL1004", message, f'add "{name}: {_example(node.keys[name])}"')


def _unknown(entry: Entry, node: Fields, report: Report, where: str) -> str:
    """Report an unknown key; return the one that was meant, if any."""
    best = meant(entry.key, node.keys)
    suggestion = did_you_mean(best) or _home(entry.key, report)
    if not suggestion:
        best = closest(entry.key, node.keys)
        suggestion = did_you_mean(best) or _known(entry.key, node.keys)
    if best or not _holds_secrets(node):
        message = f"unknown key {quoted(entry.key)} in {_named(where, report)}"
        report.add(entry.place, "CL1003", message, suggestion)
    else:  # what should have been a value, maybe
        report.add(entry.place, "CL1003", f"an unknown key in {_named(where, report)}", suggestion, shown="known")
    return best


def _holds_secrets(node: Fields) -> bool:
    parts = [inner.of if isinstance(inner, Items) else inner for inner in node.keys.values()]
    return any(isinstance(part, Text) and part.secret for part in parts)


def _home(key: str, report: Report) -> str:
    return 'it belongs under "entities"' if key in report.entity_types and report.kind else home(key, report.kind)


def _named(where: str, report: Report) -> str:
    """Return what a key stands in: of a document the name, which tells it from others of the file."""
    return report.label if report.label and where == "spec" else where


def _known(key: str, keys: Collection[str]) -> str:
    if key.isdigit():
        return "write a point in a decimal number, not a comma"
    return "one of " + ", ".join(keys) if len(keys) <= _FEW else ""


def _example(node: Node) -> str:
    return " or ".join(node.choices) if isinstance(node, Text) and node.choices else "…"


def _by_entity(value: Value, node: ByEntity, report: Report, where: str) -> None:
    if isinstance(value.data, list):
        report.add(value.place, "CL1005", f"{where} must be a mapping", "write each type as a key: PERSON: {}")
        return
    if not _is_mapping(value, report, where):
        return
    for entry in _once(value, report):
        if entry.key not in report.entity_types:
            best = closest(entry.key, report.entity_types)
            hint = did_you_mean(best) or home(entry.key, report.kind) or _own_type(entry.key)
            report.add(entry.place, "CL2001", f"unknown entity type {quoted(entry.key)}", hint)
            continue
        validate(entry.value, node.of, report, entry.key)
        _check_parameters(entry.value, report)


def _own_type(word: str) -> str:
    return "declare it by a recognizer of this document" if hints.ENTITY.fullmatch(word) else ""


def _check_parameters(rule: Value, report: Report) -> None:
    operator = rule.at("operator")
    for entry in rule.entries:
        if entry.key == "keep_last" and (operator is None or operator.data != Operator.MASK):
            message = 'only operator "mask" takes "keep_last"'
            report.add(entry.place, "CL2005", message, "write operator: mask, or leave it out")


def _either(value: Value, node: Either, report: Report, where: str) -> None:
    fitting = [each for each in (node.of, node.other) if isinstance(value.data, _form(each)[0])]
    if not fitting:
        message = f"{where} must be {_form(node.of)[1]} or {_form(node.other)[1]}"
        report.add(value.place, "CL1005", message, _EMPTY if value.data is None else "")
    elif alone := next((each for each in value.items if each.bare and each.data in _choices(node.other)), None):
        report.add(alone.place, "CL1006", f"{quoted(alone.data)} stands alone", "write it without brackets")
    elif isinstance(value.data, str) and _is_one_of_list(value.data, node.of):
        report.add(
            value.place, "CL1006", f"{where} must be {_form(node.of)[1]} or {_form(node.other)[1]}", _IN_BRACKETS
        )
    else:
        validate(value, fitting[0], report, where)


def _is_one_of_list(word: str, node: Node) -> bool:
    return isinstance(node, Items) and isinstance(node.of, Text) and word in node.of.enforced


def _choices(node: Node) -> tuple[str, ...]:
    return node.choices if isinstance(node, Text) else ()


def _form(node: Node) -> tuple[type, str]:
    """Return the type of a shape's data, and its name."""
    match node:
        case Items():
            return list, "a list"
        case Text():
            return str, f"one of {', '.join(node.choices)}" if len(node.choices) > 1 else "".join(
                node.choices
            ) or "text"
        case _:
            return tuple, "a mapping"


def _is_mapping(value: Value, report: Report, where: str) -> bool:
    """Tell whether a value is a mapping, and report if it is not."""
    if isinstance(value.data, tuple):
        return True
    is_operator = isinstance(value.data, str) and value.data in [operator.value for operator in Operator]
    hint = f"write {{operator: {value.data}}}" if is_operator else _EMPTY if value.data is None else ""
    report.add(value.place, "CL1005", f"{where} must be a mapping", hint, shown="known")
    return False


def _once(value: Value, report: Report) -> Iterator[Entry]:
    """Yield the entries of a mapping; of those with one key the first, and report the others."""
    seen: dict[str, Entry] = {}
    for entry in value.entries:
        first = seen.setdefault(entry.key, entry)
        if report.full:
            return
        if first is entry:
            yield entry
        else:
            message = f"key {quoted(entry.key)} stands twice"
            report.add(entry.place, "CL1002", message, f"line {first.place.line} has it too")


def first_place(document: Value, *path: str) -> Place:
    """Return where the value at a path of keys stands, or the deepest key of the path that there is."""
    place = document.place
    for name in path:
        entry = next((entry for entry in document.entries if entry.key == name), None)
        if entry is None:
            return place
        document, place = entry.value, entry.place
    return place
