"""Findings that overlap.

Law: the result is sorted and apart, and every character of every finding is covered by it. Findings that overlap become
one, over all that they cover, of the type with the strongest operator among them, so that nothing weaker beside it
undoes a rule; then of the highest score, the longest, the first, and of equals by name, so that every process settles
alike. It keeps what it was made of, so that it can be decided to show no more than any of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gateway.core.findings import RecognizerResult
from gateway.core.operators import STRENGTH, OperatorConfig, stricter
from gateway.core.policy import EntityRule


def settle(findings: Iterable[RecognizerResult], rules: Mapping[str, EntityRule]) -> tuple[RecognizerResult, ...]:
    """Return the findings without overlaps."""
    settled: list[RecognizerResult] = []
    group: list[RecognizerResult] = []
    end = 0
    for finding in sorted(findings, key=lambda found: (found.start, -found.end, found.entity_type, found.recognizer)):
        if group and finding.start >= end:
            settled.append(_one(group, rules))
            group = []
        group.append(finding)
        end = max(end if len(group) > 1 else 0, finding.end)
    if group:
        settled.append(_one(group, rules))
    return tuple(settled)


def apart(findings: Iterable[RecognizerResult]) -> Iterator[RecognizerResult]:
    """Yield findings of one type in order; of those that overlap the first, and of these the longest."""
    end = 0
    for finding in sorted(findings, key=lambda found: (found.start, -found.end, found.recognizer)):
        if finding.start >= end:
            yield finding
            end = finding.end


def _one(group: list[RecognizerResult], rules: Mapping[str, EntityRule]) -> RecognizerResult:
    best = max(group, key=lambda found: (_strength(found, rules), found.score, found.end - found.start, -found.start))
    start, end = min(found.start for found in group), max(found.end for found in group)
    return RecognizerResult(
        entity_type=best.entity_type,
        start=start,
        end=end,
        score=best.score,
        recognizer=best.recognizer,
        members=(
            *_others(group, (start, end), _operator(best, rules), rules),
            *(m for each in group for m in each.members),
        ),
    )


def _others(
    group: list[RecognizerResult], place: tuple[int, int], done: OperatorConfig, rules: Mapping[str, EntityRule]
) -> Iterator[RecognizerResult]:
    """Yield what stands elsewhere than all of it, or hides what would be shown."""
    for found in group:
        if (found.start, found.end) != place or stricter(done, _operator(found, rules)) != done:
            yield found


def _strength(found: RecognizerResult, rules: Mapping[str, EntityRule]) -> int:
    return STRENGTH[_operator(found, rules).operator]


def _operator(found: RecognizerResult, rules: Mapping[str, EntityRule]) -> OperatorConfig:
    return rules[found.entity_type].at(found.score)
