"""Cases of policies, tried: what becomes of each text, and what of that was expected otherwise.

Law: a case goes through the stages that serve, in their order: detection, the decision, the replacement, the last look,
the look at an answer and its restoring. Only hashes are not a gateway's own: they are keyed by a word, so that they are
the same everywhere. A policy counts as tested when it had a say in some case.
"""

from __future__ import annotations

import difflib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Final

from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision
from gateway.core.errors import ResponseBlocked
from gateway.core.escapes import unescaped
from gateway.core.policy import Policy
from gateway.core.ports import Asker, Detector
from gateway.core.sensitive import Sensitive
from gateway.eval.cases import NONE, Candidate, Case, Fate, Suite, read_suites
from gateway.eval.here import KeyedByWord
from gateway.eval.placements import LENSES
from gateway.exchange.screen import Screen
from gateway.policy import decide
from gateway.policy.resolve import resolve
from gateway.restore import restore
from gateway.transform import Transformed, apply

_ASKER: Final[Asker] = ("eval", "eval")
_KEYED: Final = frozenset(lens.endpoint for lens in LENSES.values() if lens.keyed)
_NOTHING: Final = frozenset[str]()
_MARKED: Final = 4000
"""Characters up to which letters are compared, which takes time that grows faster than they do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a case. wrong: the lines that differ of each thing that was expected otherwise, by its name."""

    case: Case
    wrong: Mapping[str, tuple[str, ...]] = field(repr=False)
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that a person has to look at: a case that came out otherwise, or a policy without one.

    about: what came out otherwise; nothing of a policy. lines: "- " before what was expected, "+ " before what came.
    """

    file: str
    line: int
    column: int
    name: str
    about: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=(), repr=False)


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


async def tried(suite: Suite, detector: Detector, *, only: str = "") -> Tried:
    """Try the cases of a suite, those alone whose name holds ``only``."""
    outcomes: list[Outcome] = []
    used: set[tuple[str, int]] = set()
    for case in suite.cases:
        if only.lower() not in case.name.lower():
            continue
        began = time.perf_counter()
        found = resolve(suite.policies, case.target, shadow=case.shadow)
        if found is None:
            came = Fate(decision=NONE)
        else:
            used |= {(filed.file, filed.line) for filed in (found.chosen, *found.floors)}
            came = await _came(case, found.chosen.policy.name, found.policy, detector)
        outcomes.append(Outcome(case=case, wrong=_wrong(case.expected, came), seconds=time.perf_counter() - began))
    return Tried(suite=suite, outcomes=tuple(outcomes), used=frozenset(used))


async def _came(case: Case, name: str, policy: Policy, detector: Detector) -> Fate:
    """Return all that becomes of a case."""
    text = unescaped(case.text)  # as every lens reads it
    segment = Segment(pointer="/text", kind=PartKind.TEXT, text=Sensitive(text))
    decision = decide(policy, await detector.analyze((segment,), policy, asker=_ASKER))
    safe = _safe(case, segment, decision)
    return Fate(
        policy=name,
        decision=decision.effect.value,
        findings=_values(text, decision),
        blocked=decision.blocked,
        result=_leaving(case.text, text, safe) if safe else None,
        restored=await _restored(case, segment, safe, policy, detector) if safe else None,
    )


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


async def _restored(case: Case, request: Segment, safe: Transformed, policy: Policy, detector: Detector) -> str | None:
    """Return an answer as it comes back, None where there is none, or the policy blocks it."""
    if case.answer is None:
        return None
    tools = frozenset({case.tool} - {""})
    screen = Screen(detector, policy, (request,), safe.table, tools=tools, joined=_NOTHING, asker=_ASKER)
    try:
        screened = await screen.whole(_said(case.answer, case.tool))
    except ResponseBlocked:
        return None
    texts, _ = restore(screened, safe.table, policy, tools=tools, joined=_NOTHING)
    return texts[-1].reveal()


def _said(answer: str, tool: str) -> tuple[Segment, ...]:
    """Return the pieces of an answer: a text, or the name of a tool and what it is called with."""
    if not tool:
        return (Segment(pointer="/content", kind=PartKind.TEXT, text=Sensitive(answer)),)
    return (
        Segment(pointer="/call/name", kind=PartKind.NAME, text=Sensitive(tool)),
        Segment(pointer="/call/arguments", kind=PartKind.ARGUMENTS, text=Sensitive(answer)),
    )


def _wrong(expected: Fate, came: Fate) -> dict[str, tuple[str, ...]]:
    """Return what differs, line by line, of all that was expected."""
    names = [each.name for each in fields(Fate) if getattr(expected, each.name) is not None]
    pairs = {name: (getattr(expected, name), getattr(came, name)) for name in names}
    return {name: tuple(_differing(*pair)) for name, pair in pairs.items() if pair[0] != pair[1]}


def _differing(expected: object, came: object) -> Iterator[str]:
    """Yield the lines that differ, with marks under the letters where two are close, unless there is much of them."""
    old, new = _lines(expected), _lines(came)
    if sum(map(len, (*old, *new))) > _MARKED:
        yield from (
            line[0] + " " + line[1:] for line in list(difflib.unified_diff(old, new, n=0))[2:] if line[0] != "@"
        )
        return
    yield from (line.rstrip("\n") for line in difflib.ndiff(old, new) if not line.startswith("  "))


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
