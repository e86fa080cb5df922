"""What is valid and hardly meant: warnings.

Law: a warning keeps no policy from being applied. What is said of a document is true of it beside the others that are
given, which are those of one scope. No value that is looked for or let through is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Final

from gateway.core.actor import PLATFORM
from gateway.core.errors import Problem
from gateway.policy.lint_finding import FINDING
from gateway.policy.load import Document, Source, in_order
from gateway.policy.meaning import Meaning
from gateway.policy.reach import Standing, is_alone, taken_by
from gateway.policy.report import Place, Report
from gateway.policy.rules import match_of
from gateway.policy.tree import Value
from gateway.policy.validate import first_place

LONGEST_IN_SHADOW: Final = timedelta(days=30)
"""How long a document may be tried in shadow before somebody is asked whether it was forgotten."""


def lint(documents: Sequence[Document]) -> tuple[Problem, ...]:
    """Return warnings about the documents of a scope, sorted by file and place."""
    reports: dict[Source, Report] = {}
    for kind in ("RedactionPolicy", "RetentionPolicy"):
        alike = [document for document in documents if document.kind == kind]
        standings = [_standing(document) for document in alike]
        for document, standing in zip(alike, standings, strict=True):
            report = reports.setdefault(document.source, Report(document.file, document.source.text))
            _look_around(document, standing, standings, report)
            if kind == "RedactionPolicy":
                _look_into(document, report)
    return in_order(problem for report in reports.values() for problem in report.problems)


def in_shadow(documents: Iterable[Document]) -> list[Document]:
    """Return the documents that are tried in shadow."""
    return [each for each in documents if each.kind == "RedactionPolicy" and each.spec.get("mode") == "shadow"]


def forgotten(documents: Iterable[Document], ages: Mapping[str, timedelta]) -> list[Problem]:
    """Return warnings about documents in shadow. ages: how long each has been so, by name, where that is known."""
    reports: dict[Source, Report] = {}
    for document in in_shadow(documents):
        age = ages.get(document.name, timedelta())
        if age > LONGEST_IN_SHADOW:
            report = reports.setdefault(document.source, Report(document.file, document.source.text))
            message = f'"{document.name}" has been in shadow for {age.days} days'
            report.add(_mode(document), "CL4018", message, "take it into force, or remove it")
    return [problem for report in reports.values() for problem in report.problems]


def _standing(document: Document) -> Standing:
    match = match_of(document.value, document.scope)
    if match is None:
        message = "a valid document says what it matches"
        raise AssertionError(message)
    mode = document.spec.get("mode", "enforce") if document.kind == "RedactionPolicy" else "enforce"
    return Standing(name=document.name, match=match, mode=mode, floor=bool(document.spec.get("floor")))


def _look_around(document: Document, mine: Standing, all_of_them: Sequence[Standing], report: Report) -> None:
    """Warn of what can be told of a document beside the others."""
    place = first_place(document.value, "spec", "match")
    if mine.mode == "off":
        _warn_off(document, report)
        return
    match = document.value.at("spec", "match")
    for entry in match.entries if match else ():
        if entry.value.data == []:
            report.add(entry.value.place, "CL4001", f'"{mine.name}" matches no request: "{entry.key}" is empty')
            return
    if not mine.floor and (takers := taken_by(mine, all_of_them)):
        chosen = _listed(takers)
        report.add(place, "CL4001", f'"{mine.name}" is never chosen: for all that it matches {chosen} comes before it')
    if mine.mode == "shadow" and document.scope == PLATFORM and is_alone(mine, all_of_them):
        message = "in shadow, and for some of these requests no policy is in force: they are refused"
        report.add(_mode(document), "CL4012", message, "keep one in force beside it")


def _listed(found: Sequence[str], most: int = 3) -> str:
    shown = [f'"{name}"' for name in found[:most]]
    return " or ".join([*shown, "another"] if len(found) > most else shown)


def _mode(document: Document) -> Place:
    mode = document.value.at("spec", "mode")
    return mode.place if mode else first_place(document.value, "spec")


def _warn_off(document: Document, report: Report) -> None:
    report.add(_mode(document), "CL4002", f'"{document.name}" is off: it does nothing', "remove it; the history has it")


def _look_into(document: Document, report: Report) -> None:
    """Warn of what can be told of a document by itself."""
    meaning = Meaning(document)
    if document.spec.get("mode") != "off":
        for rule in (*_RULES, *FINDING):
            rule(meaning, report)


def _thresholds_of_what_is_kept(meaning: Meaning, report: Report) -> None:
    entities = meaning.at("entities")
    for entry in entities.entries if entities else ():
        threshold = entry.value.at("threshold")
        if threshold and meaning.keeps(entry.key):
            message = f"{entry.key} is kept, from whatever score"
            report.add(threshold.place, "CL4004", message, "leave the threshold out")
    general = meaning.at("defaults", "threshold")
    named = meaning.spec.get("entities") or {}
    inherit = [name for name in meaning.types if "threshold" not in (named.get(name) or {})]
    if general and all(map(meaning.keeps, inherit)):
        report.add(general.place, "CL4004", "all that this threshold is for is kept", "leave it out")


def _what_nothing_comes_back_for(meaning: Meaning, report: Report) -> None:
    restore = meaning.at("responses", "restore")
    if restore and restore.data is False:
        for key in ("restore_in_urls", "restore_in_tools"):
            if found := meaning.at("responses", key):
                message = f'nothing is restored, so that "{key}" has no effect'
                report.add(found.place, "CL4004", message, "leave it out")
    elif restore and not meaning.is_floor and not any(meaning.pseudonymised()):
        message = "nothing is pseudonymised, so that nothing comes back"
        report.add(restore.place, "CL4005", message, "write restore: false")


def _web_addresses(meaning: Meaning, report: Report) -> None:
    urls, domains = meaning.at("responses", "restore_in_urls"), meaning.items("internal_domains")
    if urls and urls.data == "always" and domains:
        message = "values come back into web addresses of any host: internal_domains have no effect"
        report.add(urls.place, "CL4006", message, "write internal")
    elif urls and urls.data == "always" and not meaning.is_floor:
        report.add(urls.place, "CL4006", "values come back into web addresses of any host", "write internal")
    elif domains and "never" in (meaning.response("restore_in_urls", "internal"), _never(meaning)):
        place = first_place(meaning.document.value, "spec", "internal_domains")
        report.add(place, "CL4004", "nothing is restored into web addresses, inside or out", "leave them out")


def _never(meaning: Meaning) -> str:
    return "" if meaning.response("restore", default=True) else "never"


def _tools(meaning: Meaning, report: Report) -> None:
    tools = meaning.at("responses", "restore_in_tools")
    default = tools.at("default") if tools else None
    if tools is None or default is None:
        return
    allowed, denied = meaning.items(*_TOOLS, "allow"), meaning.items(*_TOOLS, "deny")
    refused = {each.data for each in denied}
    for each in allowed:
        if each.data in refused:
            report.add(each.place, "CL4014", "this tool is denied as well, which holds", "remove it from one list")
        elif default.data == "always":
            report.add(each.place, "CL4014", "every tool that is not denied gets values", "leave it out")
    for each in denied if default.data == "never" else ():
        if each.data not in {other.data for other in allowed}:
            report.add(each.place, "CL4014", "no tool that is not allowed gets values", "leave it out")


_TOOLS: Final = ("responses", "restore_in_tools")


def _floors(meaning: Meaning, report: Report) -> None:
    floor = meaning.at("floor")
    if floor is None or not meaning.is_floor:
        return
    if not meaning.at("defaults", "operator"):
        message = "this floor acts on every entity type, also on those that it does not name"
        report.add(floor.place, "CL4010", message, "say defaults: {operator: keep}, or another operator")
    elif meaning.keeps_all and not any(map(_is_strict, _settings(meaning))):
        report.add(floor.place, "CL4011", "this floor keeps everything, and so tightens nothing", "name what it is for")


def _settings(meaning: Meaning) -> list[Value]:
    """Return what a document says beside its entities that a floor may tighten."""
    responses = meaning.at("responses")
    found = [entry.value for entry in responses.entries] if responses else []
    return found + [each for key in ("media", "suspicious_encoding") if (each := meaning.at(key))]


def _is_strict(value: Value) -> bool:
    """Tell whether a setting is any but the laxest."""
    return value.data not in (True, "always", "off", "allow-data-urls")


_RULES: Final[tuple[Callable[[Meaning, Report], None], ...]] = (
    _thresholds_of_what_is_kept,
    _what_nothing_comes_back_for,
    _web_addresses,
    _tools,
    _floors,
)
