"""What a document must hold to that its shape cannot say.

Law: each rule looks at what it needs alone, so that a mistake elsewhere in a document hides none of these. A tenant's
policies may name that tenant and no other, and not ``*``. No two documents have equal right to a request.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Final

from gateway.core.actor import PLATFORM
from gateway.core.retention import Period
from gateway.policy.patterns import FLAGS
from gateway.policy.report import Report
from gateway.policy.resolve import EVERY, Match
from gateway.policy.suggest import meant
from gateway.policy.tree import Entry, Value
from gateway.policy.validate import first_place

_CYCLE: Final = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that may have mistakes, which go to the report. text: of its file."""

    kind: str
    value: Value
    report: Report


def declared(document: Value) -> Iterator[str]:
    """Yield the entity types that the recognizers of a document find; what is no type is reported elsewhere."""
    for each in _items(document, "spec", "recognizers"):
        entity = each.at("supported_entity")
        if entity and isinstance(entity.data, str):
            yield entity.data


def check(draft: Draft, scope: str) -> None:
    """Report what is wrong with one document by itself."""
    _check_scope(draft.value, draft.report, scope)
    if draft.kind == "RetentionPolicy":
        _check_retention(draft.value, draft.report)
    elif draft.kind == "RedactionPolicy":
        _check_recognizers(draft.value, draft.report)


def check_together(drafts: Sequence[Draft], scope: str) -> None:
    """Report documents that have one name, or equal right to some request."""
    names: dict[tuple[str, str], Draft] = {}
    for draft in drafts:
        name = draft.value.at("metadata", "name")
        if name and isinstance(name.data, str) and names.setdefault((draft.kind, name.data), draft) is not draft:
            draft.report.add(name.place, "CL1011", f"another {draft.kind} has this name")
    controls = [draft for draft in drafts if draft.kind == "ChangeControl"]
    for draft in controls[1:]:
        message = f"{_named(controls[0])} says already how these policies are changed"
        draft.report.add(first_place(draft.value, "kind"), "CL2015", message, "leave one of them out")
    _check_apart([draft for draft in drafts if draft.kind != "ChangeControl"], scope)


def _check_apart(drafts: Sequence[Draft], scope: str) -> None:
    """Report two documents of a kind and mode, none a floor, that match some request as exactly."""
    rivals: dict[tuple[str, str], list[tuple[Draft, Match]]] = {}
    for draft in drafts:
        match, mode = match_of(draft.value, scope), _mode(draft)
        if match and mode:
            rivals.setdefault((draft.kind, mode), []).append((draft, match))
    for (other, theirs), (draft, mine) in (pair for each in rivals.values() for pair in combinations(each, 2)):
        if mine.meets(theirs):
            place = first_place(draft.value, "spec", "match")
            there = f"{other.report.file}:{first_place(other.value, 'spec', 'match').line}"
            message = f"{_named(draft)} and {_named(other)} ({there}) match the same requests with equal rank"
            draft.report.add(place, "CL2009", message, "name an app, a model or an endpoint in one of them")


def match_of(document: Value, scope: str) -> Match | None:
    """Return what a document matches, None where that cannot be told."""
    given = document.at("spec", "match")
    names = {entry.key: tuple(item.data for item in entry.value.items) for entry in given.entries} if given else {}
    if (given and not given.entries) or names.keys() - {"tenants", "apps", "models", "endpoints"}:
        return None
    if not all(isinstance(name, str) for listed in names.values() for name in listed):
        return None
    return Match(**{"tenants": EVERY if scope == PLATFORM else (scope,), **names})


def _mode(draft: Draft) -> str:
    """Return the mode in which a document keeps others of its rank out: a floor and what is off keep none."""
    floor, mode = draft.value.at("spec", "floor"), draft.value.at("spec", "mode")
    if (floor and floor.data is not False) or (mode and mode.data == "off"):
        return ""
    return str(mode.data) if mode else "enforce"


def _named(draft: Draft) -> str:
    name = draft.value.at("metadata", "name")
    return f'"{name.data}"' if name else "a document"


def _check_scope(document: Value, report: Report, scope: str) -> None:
    tenants = document.at("spec", "match", "tenants")
    if scope != PLATFORM and tenants and [each.data for each in tenants.items] != [scope]:
        place = first_place(document, "spec", "match", "tenants")
        message = "a tenant's policy matches its own tenant alone"
        report.add(place, "CL2008", message, f"leave the key out, or write [{scope}]")


def _check_recognizers(document: Value, report: Report) -> None:
    """Refuse recognizers that find nothing, that share a name, or whose flags RE2 does not have."""
    seen: set[str] = set()
    for each in _items(document, "spec", "recognizers"):
        if each.entries and not any(map(_finds, each.entries)):
            place = first_place(each, "name")
            report.add(place, "CL2013", "it finds nothing", 'give it "patterns" or a "deny_list"')
        name, flags = each.at("name"), each.at("global_regex_flags")
        if name and isinstance(name.data, str):
            if name.data in seen:
                report.add(name.place, "CL2013", "another recognizer of this policy has its name")
            seen.add(name.data)
        if flags and isinstance(flags.data, int) and 0 <= flags.data <= 26 and flags.data & ~sum(FLAGS):
            message = "flags are 2 (any case), 8 (lines) and 16 (a dot is any character), added up"
            report.add(flags.place, "CL2002", message)


def _finds(entry: Entry) -> bool:
    """Tell whether an entry holds something to find, or is so wrong that this is told elsewhere."""
    return entry.value.data != [] and bool(meant(entry.key, ("patterns", "deny_list")))


def _check_retention(document: Value, report: Report) -> None:
    """Accept one rule for each kind of data, where it is enforced or holds by construction; refuse the rest."""
    seen: set[str] = set()
    for rule in _items(document, "spec", "rules"):
        data = rule.at("data")
        if data is None or data.data not in ("audit", "transcripts", "pseudonyms"):
            continue
        if data.data in seen:
            report.add(rule.place, "CL2010", f"a second rule for {data.data}", "leave one of them out")
        seen.add(data.data)
        (_check_audit if data.data == "audit" else _check_content)(rule, report)


def _check_audit(rule: Value, report: Report) -> None:
    least, last = rule.at("keep_at_least"), rule.at("delete_after")
    if rule.at("keep") or least is None or last is None:
        message = 'the audit rule needs "keep_at_least" and "delete_after", and no "keep"'
        report.add(rule.place, "CL1004", message)
        return
    shorter, longer = _period(least), _period(last)
    if shorter and longer and not _covers(longer, shorter):
        message = '"delete_after" may end before "keep_at_least"'
        report.add(last.place, "CL2007", message, f"at least {shorter}")


def _check_content(rule: Value, report: Report) -> None:
    wrong = next((entry for entry in rule.entries if entry.key in {"keep_at_least", "delete_after"}), None)
    keep = rule.at("keep")
    kept = _period(keep) if keep else None
    place = wrong.place if wrong else keep.place if keep else rule.place
    if wrong or keep is None or (kept and str(kept) != "P0D"):
        report.add(place, "CL3001", "this version keeps nothing of it, and enforces no other rule", "write keep: P0D")


def _period(value: Value) -> Period | None:
    try:
        return Period.parse(value.data) if isinstance(value.data, str) else None
    except ValueError:
        return None


def _covers(longer: Period, shorter: Period) -> bool:
    """Whether one period ends no earlier than another, whatever day of a leap cycle both begin on."""
    days = (_CYCLE + timedelta(days=day) for day in range(4 * 366))
    return all(longer.after(day) >= shorter.after(day) for day in days)


def _items(document: Value, *path: str) -> list[Value]:
    found = document.at(*path)
    return found.items if found else []
