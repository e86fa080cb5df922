"""Cases of policies, tried: what becomes of each text, and what of that was expected otherwise.

Law: a case goes through the stages that serve, in their order: detection, the decision, the replacement, the last look,
the look at an answer and its restoring. Only hashes are not a gateway's own: they are keyed by a word, so that they are
the same everywhere. A policy counts as tested when it had a say in some case.
"""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision
from gateway.core.errors import ResponseBlocked
from gateway.core.escapes import unescaped
from gateway.core.policy import Policy
from gateway.core.ports import Aside, Asker, Detector
from gateway.core.problem import Failure
from gateway.core.sensitive import Sensitive
from gateway.eval.cases import NONE, Candidate, Case, Fate, Suite, read_suites
from gateway.eval.here import KeyedByWord
from gateway.eval.placements import LENSES
from gateway.exchange.screen import Screen
from gateway.policy import decide
from gateway.policy.resolve import resolve
from gateway.restore import restore
from gateway.transform import Transformed, apply

T = TypeVar("T")

_ASKER: Final[Asker] = ("eval", "eval")
_KEYED: Final = frozenset(lens.endpoint for lens in LENSES.values() if lens.keyed)
_NOTHING: Final = frozenset[str]()
_MARKED: Final = 4000
_MARKED_LINES: Final = 40
"""Characters and lines up to which letters are compared, which takes time that grows faster than they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a case. wrong: the lines that differ of each thing that was expected otherwise, by its name."""

    case: Case
    wrong: Mapping[str, tuple[str, ...]] = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A suite that was tried. used: the policies that had a say."""

    suite: Suite
    outcomes: tuple[Outcome, ...]
    used: frozenset[tuple[str, int]]

    @property
    def failed(self) -> list[Outcome]:
        """The cases that came out otherwise."""
        return [each for each in self.outcomes if each.wrong]


async def _at_once(_size: int, work: Callable[[], T]) -> T:
    return work()


@dataclass(frozen=True, slots=True)
class _Means:
    """What a case is tried by, and as whose."""

    detector: Detector
    asker: Asker
    aside: Aside


async def tried(
    suite: Suite, detector: Detector, *, only: str = "", asker: Asker = _ASKER, aside: Aside = _at_once
) -> Tried:
    """Try the cases of a suite, those alone whose name holds ``only``. aside: how long work is done."""
    outcomes: list[Outcome] = []
    used: set[tuple[str, int]] = set()
    means = _Means(detector, asker, aside)
    for case in suite.cases:
        if only.lower() not in case.name.lower():
            continue
        began = time.perf_counter()
        found = resolve(suite.policies, case.target, shadow=case.shadow)
        if found is None:
            came = Fate(decision=NONE)
        else:
            used |= {(filed.file, filed.line) for filed in (found.chosen, *found.floors)}
            came = await _came(case, found.chosen.policy.name, found.policy, means)
        wrong = await _wrong(case.expected, came, aside)
        outcomes.append(Outcome(case=case, wrong=wrong, seconds=time.perf_counter() - began))
    return Tried(suite=suite, outcomes=tuple(outcomes), used=frozenset(used))


async def _came(case: Case, name: str, policy: Policy, means: _Means) -> Fate:
    """Return all that becomes of a case."""
    text = unescaped(case.text)  # as every lens reads it
    segment = Segment(pointer="/text", kind=PartKind.TEXT, text=Sensitive(text))
    decision = decide(policy, await means.detector.analyze((segment,), policy, asker=means.asker))
    safe, result = await means.aside(len(text), partial(_made_safe, case, segment, decision))
    return Fate(
        policy=name,
        decision=decision.effect.value,
        findings=_values(text, decision),
        blocked=decision.blocked,
        result=result,
        restored=await _restored(case, segment, safe, policy, means) if safe else None,
    )


def _made_safe(case: Case, segment: Segment, decision: Decision) -> tuple[Transformed | None, str | None]:
    """Return what is made of a text, and the text as it leaves; nothing of what is blocked."""
    safe = _safe(case, segment, decision)
    return safe, _leaving(case.text, segment.text.reveal(), safe) if safe else None


def _values(text: str, decision: Decision) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for segment in (*decision.findings, *decision.suspicious):
        for each in segment:
            found.setdefault(each.entity_type, set()).add(text[each.start : each.end])
    return {name: frozenset(values) for name, values in found.items()}


def _safe(case: Case, segment: Segment, decision: Decision) -> Transformed | None:
    if decision.blocked:
        return None
    keyed = case.target.endpoint in _KEYED
    return apply(decision, (segment,), tenant=case.target.tenant, fingerprints=KeyedByWord(), keyed=keyed)


def _leaving(written: str, text: str, safe: Transformed) -> str:
    """Return a text as it leaves, after the last look: as it was written, where nothing of it was replaced."""
    made = safe.texts[0].reveal()
    body = json.dumps([written if made == text else made])
    return str(json.loads(safe.replacements.clean(body.encode()))[0])


async def _restored(case: Case, request: Segment, safe: Transformed, policy: Policy, means: _Means) -> str | None:
    """Return an answer as it comes back, None where there is none, or the policy blocks it."""
    if case.answer is None:
        return None
    tools = frozenset({case.tool} - {""})
    screen = Screen(means.detector, policy, (request,), safe.table, tools=tools, joined=_NOTHING, asker=means.asker)
    try:
        screened = await screen.whole(_said(case.answer, case.tool))
    except ResponseBlocked:
        return None
    restoring = partial(restore, screened, safe.table, policy, tools=tools, joined=_NOTHING)
    texts, _ = await means.aside(len(case.answer), restoring)
    return texts[-1].reveal()


def _said(answer: str, tool: str) -> tuple[Segment, ...]:
    """Return the pieces of an answer: a text, or the name of a tool and what it is called with."""
    if not tool:
        return (Segment(pointer="/content", kind=PartKind.TEXT, text=Sensitive(answer)),)
    return (
        Segment(pointer="/call/name", kind=PartKind.NAME, text=Sensitive(tool)),
        Segment(pointer="/call/arguments", kind=PartKind.ARGUMENTS, text=Sensitive(answer)),
    )


async def _wrong(expected: Fate, came: Fate, aside: Aside) -> dict[str, tuple[str, ...]]:
    """Return what differs, line by line, of all that was expected."""
    names = [each.name for each in fields(Fate) if getattr(expected, each.name) is not None]
    pairs = {name: (getattr(expected, name), getattr(came, name)) for name in names}
    unequal = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {name: await aside(_MARKED, partial(_differing, *pair)) for name, pair in unequal.items()}


def _differing(expected: object, came: object) -> tuple[str, ...]:
    """Return the lines that differ, with marks under the letters where two are close, unless there is much of them."""
    old, new = _lines(expected), _lines(came)
    if len(old) + len(new) > _MARKED_LINES or sum(map(len, (*old, *new))) > _MARKED:
        first = _alike(old, new)
        last = _alike(old[first:][::-1], new[first:][::-1])
        return (
            *(f"- {line}" for line in old[first : len(old) - last]),
            *(f"+ {line}" for line in new[first : len(new) - last]),
        )
    return tuple(line.rstrip("\n") for line in difflib.ndiff(old, new) if not line.startswith("  "))


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many lines two texts have in common at their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (mine, others) in pairs if mine != others), min(len(one), len(other)))


def _lines(value: object) -> list[str]:
    """Lay a value out: a text as it is, and what is by type a line each."""
    match value:
        case None:
            return ["(none)"]
        case Mapping():
            return sorted(line for name, each in value.items() for line in _named(name, each)) or ["(none)"]
        case _:
            return str(value).split("\n")


def _named(name: str, value: object) -> list[str]:
    values = value if isinstance(value, frozenset) else [value]
    return [f"{name}: {json.dumps(each, ensure_ascii=False)}" for each in values]


def failures(tries: Sequence[Tried], *, require_tests: bool = False) -> list[Failure]:
    """Return the cases that came out otherwise; and the policies that had a say in none, where all need one."""
    failed = [_failure(each.suite.file, outcome) for each in tries for outcome in each.failed]
    return failed + (_untested(tries) if require_tests else [])


def _failure(file: str, outcome: Outcome) -> Failure:
    lines = [line for about, lines in outcome.wrong.items() for line in (f"{about}:", *lines)]
    case = outcome.case
    return Failure(
        file=file,
        line=case.line,
        column=case.column,
        name=case.name,
        about=tuple(outcome.wrong),
        lines=tuple(lines),
    )


def _untested(tries: Sequence[Tried]) -> list[Failure]:
    there = {(each.file, each.line): each for tried in tries for each in tried.suite.policies if each.mode != "off"}
    untested = there.keys() - {place for tried in tries for place in tried.used}
    return [
        Failure(file=file, line=line, column=1, name=f'policy "{there[file, line].policy.name}" decides no case')
        for file, line in sorted(untested)
    ]


async def failing(
    candidate: Candidate, cases: Sequence[Path], detector: Detector, *, require_tests: bool = False
) -> list[Failure]:
    """Return what a candidate fails of the cases in files and folders: nothing, if it may be taken into force.

    Raise ``PolicyInvalid`` or ``ProtocolError`` where a file cannot be used.
    """
    tries = [await tried(suite, detector) for suite in read_suites(cases, candidate)]
    return failures(tries, require_tests=require_tests)
