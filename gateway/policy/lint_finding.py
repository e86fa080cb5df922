"""Warnings about what is looked for, and what is let through.

Law: as of ``lint``; the rules are its own, and stand here because they are about recognizers and lists alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from gateway.core.findings import ENTITY_TYPES
from gateway.core.policy import LANGUAGES
from gateway.policy.excerpt import Shown
from gateway.policy.meaning import Meaning
from gateway.policy.patterns import FLAGS, breadth, compiled, flag_letters, lets_all_through
from gateway.policy.report import Report
from gateway.policy.tree import Value

RAISED_BY: Final = 0.35
RAISED_TO: Final = 0.4
"""What a word of context adds to a score, and what it is then at least."""

_SHARED: Final = frozenset(
    {"app", "biz", "cloud", "co.uk", "com", "com.au", "com.br", "dev", "edu", "eu", "gov", "info", "int", "io", "mil"}
    | {"net", "online", "org", "xyz"}
)
"""Domains, beside those of countries, below which anybody may have one."""


def _allowed_and_denied(meaning: Meaning, report: Report) -> None:
    """Values that a recognizer looks for and the allow-list lets through."""
    values = {each.data for each in meaning.items("allow", "values")}
    patterns = [compiled(each.data) for each in meaning.items("allow", "patterns")]
    for recognizer in meaning.items("recognizers"):
        for each in _items(recognizer, "deny_list"):
            if each.data in values or any(pattern.fullmatch(each.data) for pattern in patterns):
                message = 'this value is looked for, and let through by "allow"'
                report.add(each.place, "CL4003", message, "remove it from one of the lists", shown="nothing")


def _recognizers_of_what_is_kept(meaning: Meaning, report: Report) -> None:
    for each in _at_work(meaning):
        entity = each.at("supported_entity")
        if entity and meaning.keeps(entity.data):
            report.add(entity.place, "CL4004", "what this recognizer finds is kept", "name an operator for it")
        for key, needed in (("deny_list_score", "deny_list"), ("global_regex_flags", "patterns")):
            found = each.at(key)
            if found and not _items(each, needed):
                report.add(found.place, "CL4004", f'without "{needed}" this has no effect', "leave it out")


def _allowance_of_what_is_kept(meaning: Meaning, report: Report) -> None:
    allow = meaning.at("allow")
    if allow and meaning.keeps_all and any(entry.value.items for entry in allow.entries):
        report.add(allow.place, "CL4004", "every type is kept, so that nothing need be let through", "leave it out")


def _types_that_nothing_finds(meaning: Meaning, report: Report) -> None:
    """Types of recognizers that are not enabled; all of the gateway's own are found."""
    off = {_entity(each) for each in meaning.items("recognizers")} - {_entity(each) for each in _at_work(meaning)}
    entities = meaning.at("entities")
    for entry in entities.entries if entities else ():
        if entry.key in off - ENTITY_TYPES.keys():
            message = f"{entry.key} is found by no recognizer that is enabled"
            report.add(entry.place, "CL4007", message, "enable the recognizer, or leave the type out")


def _languages(meaning: Meaning, report: Report) -> None:
    for recognizer in meaning.items("recognizers"):
        given = [recognizer.at("supported_language"), *_items(recognizer, "supported_languages")]
        for each in given:
            word = each.at("language") if each and each.entries else each
            if word and isinstance(word.data, str) and word.data not in LANGUAGES:
                message = "no model knows this language, and a recognizer is at work in every text"
                report.add(word.place, "CL4008", message, "leave it out")


def _broad_patterns(meaning: Meaning, report: Report) -> None:
    for recognizer, pattern, score in _scored(meaning):
        flags = recognizer.at("global_regex_flags")
        letters = flag_letters(flags.data if flags else sum(FLAGS))
        counts = float(score.data) >= meaning.rule(_entity(recognizer))["threshold"]
        if counts and (all_of := breadth(pattern.data, letters)):
            message = f"this pattern matches nearly all {all_of}"
            report.add(pattern.place, "CL4009", message, "make it longer or more exact", shown="nothing")
    for each in meaning.items("allow", "patterns"):
        if lets_all_through(each.data):
            message = "this pattern lets nearly everything through"
            report.add(each.place, "CL4009", message, "make it longer or more exact", shown="nothing")


def _scores(meaning: Meaning, report: Report) -> None:
    """Scores that stay below the threshold of their type, whatever stands nearby."""
    for recognizer, _, score in _scored(meaning):
        _compare(meaning, recognizer, score, report)
    for recognizer in _at_work(meaning):
        given = recognizer.at("deny_list_score")
        if given and _items(recognizer, "deny_list"):
            _compare(meaning, recognizer, given, report)


def _compare(meaning: Meaning, recognizer: Value, score: Value, report: Report) -> None:
    reached = float(score.data)
    if _has_context(recognizer):
        reached = min(1.0, max(reached + RAISED_BY, RAISED_TO))
    rule = meaning.rule(_entity(recognizer))
    if reached < rule["threshold"] and not meaning.keeps(_entity(recognizer)):
        message = f"what scores {reached:g} stays below the threshold {rule['threshold']:g} of its type"
        report.add(score.place, "CL4015", message, "raise the score, or lower the threshold")


def _has_context(recognizer: Value) -> bool:
    given = [recognizer, *_items(recognizer, "supported_languages")]
    return any(_items(each, "context") for each in given)


def _wildcards(meaning: Meaning, report: Report) -> None:
    for key in ("tenants", "apps", "models"):
        for each in meaning.items("match", key):
            if each.data != "*" and set(each.data) & set("*?"):
                report.add(each.place, "CL4013", "names are compared whole, signs included", 'write them out, or "*"')
    listed = [("deny_list", each) for at in meaning.items("recognizers") for each in _items(at, "deny_list")]
    for key, each in [*listed, *(("values", each) for each in meaning.items("allow", "values"))]:
        if each.data.startswith("*") or each.data.endswith("*"):
            message = f'an item of "{key}" is compared whole, its "*" included'
            report.add(each.place, "CL4013", message, 'use "patterns"', shown="nothing")


def _shared_domains(meaning: Meaning, report: Report) -> None:
    for each in meaning.items("internal_domains"):
        if each.data in _SHARED or (len(each.data) == 2 and each.data.isalpha()):
            message = "anybody may have a domain below this one"
            report.add(each.place, "CL4016", message, "write your own, such as corp.example")


def _repetitions(meaning: Meaning, report: Report) -> None:
    for values, shown in _lists(meaning):
        seen: set[str] = set()
        for each in values:
            if each.data in seen:
                report.add(each.place, "CL4017", "this stands twice in the list", "remove one", shown=shown)
            seen.add(each.data)


def _lists(meaning: Meaning) -> Iterator[tuple[list[Value], Shown]]:
    """Yield the lists of words, each with what may be shown of it."""
    for path in (
        *(("match", key) for key in ("tenants", "apps", "models", "endpoints")),
        ("languages",),
        ("internal_domains",),
        ("responses", "restore_in_tools", "allow"),
        ("responses", "restore_in_tools", "deny"),
    ):
        yield meaning.items(*path), "word"
    for key in ("values", "patterns"):
        yield meaning.items("allow", key), "nothing"
    findings = meaning.at("allow", "findings")
    for entry in findings.entries if findings else ():
        yield entry.value.items, "word"
    for recognizer in meaning.items("recognizers"):
        yield _items(recognizer, "deny_list"), "nothing"


def _at_work(meaning: Meaning) -> Iterator[Value]:
    """Yield the recognizers that are enabled."""
    for each in meaning.items("recognizers"):
        enabled = each.at("enabled")
        if enabled is None or enabled.data:
            yield each


def _scored(meaning: Meaning) -> Iterator[tuple[Value, Value, Value]]:
    """Yield each recognizer's patterns with their scores."""
    for recognizer in _at_work(meaning):
        for each in _items(recognizer, "patterns"):
            pattern, score = each.at("regex"), each.at("score")
            if pattern and score:
                yield recognizer, pattern, score


def _entity(recognizer: Value) -> str:
    found = recognizer.at("supported_entity")
    return str(found.data) if found else ""


def _items(value: Value, key: str) -> list[Value]:
    found = value.at(key)
    return found.items if found else []


FINDING: Final[tuple[Callable[[Meaning, Report], None], ...]] = (
    _allowed_and_denied,
    _recognizers_of_what_is_kept,
    _allowance_of_what_is_kept,
    _types_that_nothing_finds,
    _languages,
    _broad_patterns,
    _scores,
    _wildcards,
    _shared_domains,
    _repetitions,
)
"""The rules, each of which warns of one thing."""
