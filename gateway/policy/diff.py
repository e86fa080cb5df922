"""What changes, in words.

Law: pure. Two versions are compared by what they do, defaults filled in, so that a change of form is none. What is
looked for in texts (deny-lists) is counted and not told; what is let through is told, because it leaves as it is. What
a file says stands on one line, in quotes where it is no plain name, so that no word of a file is taken for one of ours.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from gateway.core.findings import ENTITY_TYPES
from gateway.policy.load import Document

_FEW: Final = 4
"""Entity types that are named one by one; more that change alike are counted."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9_./:@-]+")
_RULE: Final = {"operator": "pseudonymise", "threshold": 0.5, "keep_last": 0}
_SPEC: Final[dict[str, Any]] = {
    "mode": "enforce",
    "floor": False,
    "languages": ["en"],
    "internal_domains": [],
    "suspicious_encoding": "off",
    "media": "refuse",
    "allow": {},
    "responses": {},
    "recognizers": [],
}
_ALLOW: Final[dict[str, Any]] = {"values": [], "patterns": []}
_RESPONSES: Final = {"restore": True, "restore_in_urls": "internal", "restore_in_tools": "always", "screen": "off"}


def differences(before: Sequence[Document], after: Sequence[Document]) -> tuple[str, ...]:
    """Return what the second set does otherwise than the first, a line each; nothing where they do the same."""
    old, new = ({(each.kind, each.name): each for each in given} for given in (before, after))
    lines: list[str] = []
    for kind, name in sorted(old.keys() | new.keys()):
        was, now = old.get((kind, name)), new.get((kind, name))
        head = f'{kind} "{name}"'
        if now is None:
            lines.append(f"{head}: removed")
        elif was is None:
            lines.append(f"{head}{_for(now.spec)}: added{_does(kind, now.spec)}")
        else:
            lines += [f"{head}{_for(now.spec)}: {line}" for line in _changes(kind, was.spec, now.spec)]
    return (*lines, *_lost(before, after))


def _lost(before: Sequence[Document], after: Sequence[Document]) -> Iterator[str]:
    """Yield what goes for everybody whom no document names."""
    if _is_for_all(before, "RedactionPolicy") and not _is_for_all(after, "RedactionPolicy"):
        yield "nothing is for everybody any more: what no document matches is refused, unless another scope's does"
    if _is_for_all(before, "RetentionPolicy") and not _is_for_all(after, "RetentionPolicy"):
        yield "nothing says any more how long everybody's data are kept: audit events stay"


def _is_for_all(documents: Sequence[Document], kind: str) -> bool:
    return any(
        document.kind == kind
        and document.spec.get("mode", "enforce") in {"enforce", "governance", "compliance"}
        and not document.spec.get("floor")
        and not _for(document.spec)
        for document in documents
    )


def _does(kind: str, spec: Mapping[str, Any]) -> str:
    """Say what a new document does with entities: each operator, and to which types."""
    if kind != "RedactionPolicy":
        return ""
    alike: dict[str, list[str]] = {}
    for name in _types(spec):
        alike.setdefault(_operator(_rule(spec, name)), []).append(name)
    told = (f"{operator} {_named(names)}" for operator, names in alike.items() if operator != "keep")
    mode = spec.get("mode", "enforce")
    said = [*([] if mode == "enforce" else [f"in mode {mode}"]), *(["as a floor"] if spec.get("floor") else []), *told]
    return f", {'; '.join(said)}" if said else ", which keeps everything"


def _types(*specs: Mapping[str, Any]) -> list[str]:
    return sorted({*ENTITY_TYPES, *(name for spec in specs for name in _own(spec))})


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= _FEW else f"{len(names)} entity types ({', '.join(names[:_FEW])}, …)"


def _for(spec: Mapping[str, Any]) -> str:
    """Say whom a document is for, where that is not everybody."""
    named = [
        f"{kind[:-1]} {', '.join(map(_name, names))}"
        for kind, names in spec.get("match", {}).items()
        if names and "*" not in names
    ]
    return f" for {' and '.join(named)}" if named else ""


def _changes(kind: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if kind != "RedactionPolicy":
        yield from _plain("", _by_data(was), _by_data(now))
        return
    if was.get("match", {}) != now.get("match", {}):
        yield f"match: {_shown(was.get('match', {}))} → {_shown(now.get('match', {}))}"
    yield from _entities(was, now)
    old, new = {**_SPEC, **was}, {**_SPEC, **now}
    for name in ("mode", "floor", "languages", "internal_domains", "suspicious_encoding", "media"):
        yield from _plain(name, old[name], new[name])
    yield from _false_findings(old["allow"].get("findings", {}), new["allow"].get("findings", {}))
    for name, filled in (("allow", _ALLOW), ("responses", _RESPONSES)):
        told = [{**filled, **{key: said[name][key] for key in said[name] if key in filled}} for said in (old, new)]
        yield from _plain(name, *told)
    yield from _recognizers(old["recognizers"], new["recognizers"])


def _false_findings(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(was.keys() | now.keys()):
        yield from _plain(f"allow.findings.{name}", was.get(name, []), now.get(name, []))


def _by_data(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return what says how long data stay by what data they are."""
    rules = {each["data"]: {key: each[key] for key in each if key != "data"} for each in spec.get("rules", [])}
    return {key: spec[key] for key in spec if key != "rules"} | rules


def _entities(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """Yield how rules for entity types change; those that change alike together."""
    alike: dict[str, list[str]] = {}
    for name in _types(was, now):
        if (change := _rule_change(_rule(was, name), _rule(now, name))) is not None:
            alike.setdefault(change, []).append(name)
    for change, names in alike.items():
        yield f"{_named(names)}: {change}"


def _own(spec: Mapping[str, Any]) -> list[str]:
    return [each["supported_entity"] for each in spec.get("recognizers", [])]


def _rule(spec: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {**_RULE, **spec.get("defaults", {}), **((spec.get("entities") or {}).get(name) or {})}


def _rule_change(was: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """Say how a rule changes. What a kept type's threshold would be does nothing."""
    told = []
    if _operator(was) != _operator(now):
        told.append(f"{_operator(was)} → {_operator(now)}")
    if was["threshold"] != now["threshold"] and {was["operator"], now["operator"]} != {"keep"}:
        told.append(f"threshold {was['threshold']:g} → {now['threshold']:g}")
    return ", ".join(told) or None


def _operator(rule: Mapping[str, Any]) -> str:
    shows = rule["operator"] == "mask" and rule["keep_last"]
    return f"{rule['operator']} but for the last {rule['keep_last']}" if shows else str(rule["operator"])


def _recognizers(was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield which recognizers come, go and change. What they look for stays untold."""
    old, new = ({each["name"]: each for each in given} for given in (was, now))
    for name in sorted(old.keys() | new.keys()):
        if name not in new or name not in old:
            yield f"recognizer {_quoted(name)} {'removed' if name not in new else 'added'}"
        elif old[name] != new[name]:
            yield f"recognizer {_quoted(name)} changed: {', '.join(_keys_changed(old[name], new[name]))}"


def _keys_changed(was: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in was.keys() | now.keys() if was.get(key) != now.get(key))


def _plain(name: str, was: Any, now: Any) -> Iterator[str]:  # noqa: ANN401 - any plain value
    """Yield how values change, the keys of mappings one by one."""
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for key in sorted(was.keys() | now.keys()):
            yield from _plain(f"{name}.{key}" if name else key, was.get(key), now.get(key))
    elif isinstance(was, list) and isinstance(now, list):
        yield f"{name}: {', '.join(_moved(was, now)) or 'in another order'}"
    else:
        yield f"{name}: {_shown(was)} → {_shown(now)}"


def _moved(was: Sequence[Any], now: Sequence[Any]) -> Iterable[str]:
    yield from (f"+ {_shown(each)}" for each in now if each not in was)
    yield from (f"- {_shown(each)}" for each in was if each not in now)


def _shown(value: Any) -> str:  # noqa: ANN401 - any plain value
    match value:
        case None:
            return "(not set)"
        case bool():
            return str(value).lower()
        case str():
            return value if value.isidentifier() or value == "*" else _quoted(value)
        case float() | int():
            return f"{value:g}"
        case list():
            return f"[{', '.join(map(_shown, value))}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_shown(inner)}" for key, inner in value.items()) + "}"
        case _:
            message = f"no plain value: {type(value).__name__}"
            raise AssertionError(message)


def _name(text: str) -> str:
    """Write a name as it is where it cannot be taken for anything else."""
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Write a text so that it ends where it ends, and a terminal shows all of it to whoever is to approve."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode()
        for each in json.dumps(text, ensure_ascii=False)
    )
