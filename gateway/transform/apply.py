"""A decision, applied to the segments.

Law: a value that was found once is replaced wherever it stands in the request, on token boundaries. Direct findings
come first, unless a known value holds them; then propagated ones; then what is left of a value that one of these cuts,
so that no part of it stays; then inbound look-alikes. None overlaps another.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import TypeVar

from gateway.core.content import Segment
from gateway.core.decision import Decision
from gateway.core.findings import Findings, RecognizerResult
from gateway.core.occurrences import Occurrence, Occurrences, settled
from gateway.core.operators import OperatorConfig, stricter
from gateway.core.policy import Policy
from gateway.core.ports import Fingerprints
from gateway.core.pseudonym import PseudonymTable
from gateway.core.residue import Replacements
from gateway.core.sensitive import Sensitive
from gateway.core.tokens import Tokens
from gateway.transform.lookalikes import Span, look_alikes, rebuild
from gateway.transform.pseudonymise import Found, Names

Place = tuple[int, int]
"""The number of a segment, and where something begins in it."""

Stretch = TypeVar("Stretch", tuple[int, int], Occurrence)
"""Where something begins in a text, and where it ends, first of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transformed:
    """What may leave, and what it takes to come back. texts: one for each segment, in order."""

    texts: tuple[Sensitive[str], ...]
    table: PseudonymTable
    replacements: Replacements


def apply(
    decision: Decision, segments: Sequence[Segment], *, tenant: str, fingerprints: Fingerprints, keyed: bool = False
) -> Transformed:
    """Replace what was found in the segments. keyed: placeholders are the same in every request of the tenant."""
    texts = [segment.text.reveal() for segment in segments]
    names = Names(tenant=tenant, fingerprints=fingerprints, keyed=keyed)
    cut = [Tokens(text) for text in texts]
    used = _used_members(texts, cut, decision.findings)
    found = [
        placed
        for number, (text, findings, operators) in enumerate(
            zip(texts, decision.findings, decision.operators, strict=True)
        )
        for finding, operator in zip(findings, operators, strict=True)
        for placed in _found((number, text), finding, operator, decision.policy, used)
    ]
    names.give(_showing_no_more([each for _, each in sorted(found, key=lambda placed: placed[0])]))
    replacements = Replacements(names.replacements)
    safe = [_safe(*each, names, replacements) for each in zip(texts, cut, decision.findings, strict=True)]
    return Transformed(
        texts=tuple(Sensitive(text) for text in safe),
        table=names.table(),
        replacements=replacements,
    )


def _found(
    numbered: tuple[int, str],
    finding: RecognizerResult,
    operator: OperatorConfig,
    policy: Policy,
    used: Mapping[str, Place],
) -> Iterator[tuple[Place, Found]]:
    """Yield a finding, and those that it was made of whose value stands by itself elsewhere, each with its place.

    The place of such a part is where it stands elsewhere first, if that is later: so what is said after this finding
    changes no number that was given before.
    """
    number, text = numbered
    place = (number, finding.start)
    yield place, Found(entity_type=finding.entity_type, text=text[finding.start : finding.end], operator=operator)
    for member in finding.members:
        if elsewhere := used.get(value := text[member.start : member.end]):
            operator = policy.entities[member.entity_type].at(member.score)
            yield max(place, elsewhere), Found(entity_type=member.entity_type, text=value, operator=operator)


def _showing_no_more(found: Sequence[Found]) -> Sequence[Found]:
    """Return what was found, where no mask of a larger value shows the end of one within that is hidden elsewhere."""
    if not any(each.operator.keep_last for each in found):
        return found
    done: dict[str, OperatorConfig] = {}
    for each in found:
        done[each.text] = stricter(done.get(each.text, each.operator), each.operator)
    known = Occurrences(done)
    return [
        replace(
            each, operator=reduce(stricter, (done[value] for value in known.firsts(Tokens(each.text))), each.operator)
        )
        if each.operator.keep_last
        else each
        for each in found
    ]


def _used_members(texts: Sequence[str], cut: Sequence[Tokens], findings: Findings) -> dict[str, Place]:
    """Return the values within larger findings that stand elsewhere too, and where first: the others need nothing.

    One that was also found by itself comes behind that, which gives its type; what is done with it holds there too.
    """
    values = dict.fromkeys(
        text[member.start : member.end]
        for text, each in zip(texts, findings, strict=True)
        for finding in each
        for member in finding.members
    )
    if not values:
        return {}
    members, used = Occurrences(values), dict[str, Place]()
    for number, (tokens, each) in enumerate(zip(cut, findings, strict=True)):
        for value, start in members.firsts(tokens, [Occurrence(found.start, found.end, "") for found in each]).items():
            used.setdefault(value, (number, start))
        for found in each:
            if (value := texts[number][found.start : found.end]) in values:
                used.setdefault(value, (number, found.end))
    return used


def _safe(
    text: str, tokens: Tokens, findings: Sequence[RecognizerResult], names: Names, replacements: Replacements
) -> str:
    direct = [Occurrence(found.start, found.end, text[found.start : found.end]) for found in findings]
    every = replacements.known.every(tokens)
    places = _places(tokens, direct, replacements.known, settled(every))
    spans = [Span(place.start, place.end, replacements.by_original[place.value]) for place in places]
    rest = list(_rest(text, every, places))
    spans += [Span(each.start, each.end, names.part(each.value, text[each.start : each.end])) for each in rest]
    taken = sorted([*places, *rest]) if rest else places
    spans += [Span(start, end, names.literal(text[start:end])) for start, end in _apart(look_alikes(text), taken)]
    return rebuild(text, sorted(spans, key=lambda span: span.start), names.literal)


def _places(
    text: Tokens, direct: Sequence[Occurrence], known: Occurrences, propagated: list[Occurrence]
) -> list[Occurrence]:
    """Return where values stand: what was found, known values that hold all of it that they touch, and the others.

    propagated: where known values stand, whatever was found there.
    """
    if not direct:
        return propagated
    whole = [place for place in propagated if _holds(place, direct)]
    firm = sorted([*whole, *_apart(direct, whole)])
    return sorted([*firm, *known.places(text, firm)])


def _rest(text: str, every: Sequence[Occurrence], places: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """Yield what places leave of the values that stand somewhere, in order and apart, from letter to letter."""
    edges = {(place.start, place.end) for place in places}
    cut = sorted(left for value in every if (value.start, value.end) not in edges for left in _uncovered(value, places))
    done = 0
    for left in cut:
        held = [at for at in range(max(left.start, done), left.end) if text[at].isalnum()]
        if held:
            done = held[-1] + 1
            yield Occurrence(held[0], done, left.value)


def _uncovered(value: Occurrence, places: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """Yield the stretches of a value that are in no place."""
    at, number = value.start, bisect_right(places, value.start, key=lambda place: place.end)
    while number < len(places) and places[number].start < value.end:
        if at < places[number].start:
            yield Occurrence(at, places[number].start, value.value)
        at, number = places[number].end, number + 1
    if at < value.end:
        yield Occurrence(at, value.end, value.value)


def _holds(place: Occurrence, direct: Sequence[Occurrence]) -> bool:
    """Whether a place is larger than what was found in it, and cuts nothing that was."""
    first = bisect_right(direct, place.start, key=lambda found: found.end)
    last = bisect_left(direct, place.end, key=lambda found: found.start)
    if first == last:
        return False
    start, end = direct[first].start, direct[last - 1].end
    return place.start <= start and end <= place.end and (start, end) != (place.start, place.end)


def _apart(spans: Sequence[Stretch], places: Sequence[Occurrence]) -> Iterator[Stretch]:
    """Yield the spans that touch none of the places. Both are in order."""
    following = iter(places)
    place = next(following, None)
    for span in spans:
        while place is not None and place.end <= span[0]:
            place = next(following, None)
        if place is None or place.start >= span[1]:
            yield span
