"""The resolver, against a hundred lines that say what docs/policy.md says.

Law: each request is asked of both, field by field and finding by finding; of what differs the smallest case is printed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import combinations
from random import Random
from typing import Any

import pytest

from gateway.core.errors import PolicyInvalid
from gateway.core.policy import Target
from gateway.policy import compile as compiling
from gateway.policy.active import Snapshot
from tests.properties import reference_policy as reference
from tests.properties.policy_answers import given
from tests.properties.random_policies import (
    HOSTS,
    SHIPPED,
    TARGETS,
    TOOLS,
    Filing,
    Finding,
    Spec,
    at_once,
    bundles,
    filings,
    finding,
    rivals,
)

Asked = tuple[dict[str, str], bool, list[Finding]]
"""A target, whether it is asked about what is in shadow, and what was found."""


def expected(made: list[Filing], asked: Asked) -> Spec | None:
    """Return what the reference says of a request."""
    target, shadow, findings = asked
    resolved = reference.resolve([each.plain for each in made], target, shadow=shadow)
    if resolved is None:
        return None
    chosen, floors = resolved
    specs = [each["spec"] for each in (chosen, *floors)]
    own = {each["supported_entity"] for spec in specs for each in spec.get("recognizers", [])}
    found = [each for each in findings if each[0] in own or each[0] in SHIPPED]
    said = reference.decide(specs, found, TOOLS, HOSTS)
    return said | {"types": own, "chosen": chosen["name"], "floors": {each["name"] for each in floors}}


def request(chance: Random) -> Asked:
    return chance.choice(TARGETS), chance.random() < 0.3, [finding(chance) for _ in range(3)]


def differing(made: list[Filing], snapshot: Snapshot, asked: Asked) -> Spec:
    """Return where the two differ: what is expected, and what is given instead."""
    target, shadow, findings = asked
    want, have = expected(made, asked), given(snapshot.resolution(Target(**target), shadow=shadow), findings)
    if want == have:
        return {}
    if want is None or have is None:
        return {"all": (want, have)}
    return {key: (want[key], have[key]) for key in want if want[key] != have[key]}


def require_same(made: list[Filing], snapshot: Snapshot, asked: Asked) -> None:
    if differing(made, snapshot, asked):
        pytest.fail(told(*smallest(made, asked)))


def smallest(made: list[Filing], asked: Asked) -> tuple[list[Filing], Asked]:
    """Leave out documents, keys and findings, as long as what is left differs."""
    for less in smaller(made, asked):
        if differing(less[0], Snapshot(at_once(less[0])), less[1]):
            return smallest(*less)
    return made, asked


def smaller(made: list[Filing], asked: Asked) -> Iterator[tuple[list[Filing], Asked]]:
    target, shadow, findings = asked
    for at, filing in enumerate(made):
        yield made[:at] + made[at + 1 :], asked
        for spec in with_less(filing.spec):
            less = [*made[:at], Filing(filing.scope, filing.name, spec), *made[at + 1 :]]
            if not any(rivals(*pair) for pair in combinations(less, 2)):
                yield less, asked
    for at in range(len(findings)):
        yield made, (target, shadow, findings[:at] + findings[at + 1 :])


def with_less(spec: Spec) -> Iterator[Spec]:
    """Yield a mapping without one of its keys, or without one further in. What is declared stays."""
    for key, value in spec.items():
        if key not in {"recognizers", "default"}:
            yield {name: each for name, each in spec.items() if name != key}
        if isinstance(value, dict):
            yield from (spec | {key: less} for less in with_less(value))


def told(made: list[Filing], asked: Asked) -> str:
    lines = [f"{each.scope} {each.name}: {json.dumps(each.spec)}" for each in made]
    differences = differing(made, Snapshot(at_once(made)), asked).items()
    said = [f"{key}: {want} expected, {have} given" for key, (want, have) in differences]
    return "\n".join([*lines, f"asked: {asked}", *said])


@pytest.mark.parametrize("seed", range(50))
def test_files_are_resolved_as_the_document_says(seed: int) -> None:
    chance = Random(seed)
    made = filings(chance)
    snapshot = Snapshot(bundles(made, chance))

    for _ in range(40):
        require_same(made, snapshot, request(chance))


@pytest.mark.parametrize(
    ("sets", "requests"),
    [(200, 10), pytest.param(5000, 200, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])],
)
def test_random_requests_are_decided_as_the_document_says(
    sets: int, requests: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "ENTITY_TYPES", dict.fromkeys(SHIPPED, ""))  # types say nothing of each other
    chance = Random(f"{sets} sets")
    for _ in range(sets):
        made = filings(chance)
        snapshot = Snapshot(at_once(made))
        for _ in range(requests):
            require_same(made, snapshot, request(chance))


def test_what_is_asked_tells_much_apart() -> None:
    """Nothing is shown by requests that all come to the same."""
    chance = Random(1)
    seen: dict[str, set[str]] = {}
    for _ in range(600):
        said = expected(filings(chance), request(chance))
        for key, value in (said or {"all": None}).items():
            seen.setdefault(key, set()).add(repr(value))
        for each in said["findings"] if said else ():
            seen.setdefault("done", set()).add(repr(each))

    assert {"all", "denied", "restore"} <= seen.keys()
    assert len(seen["done"]) == 10  # nothing, masks that show 0 to 4, and the four others
    assert all(len(seen[key]) == count for key, count in [("denied", 2), ("restore", 2), ("screen", 3), ("media", 2)])
    assert min(len(seen[key]) for key in ("chosen", "floors", "findings", "tools", "hosts", "languages")) >= 3


@pytest.mark.parametrize("seed", range(60))
def test_what_could_be_chosen_with_equal_right_is_refused(seed: int) -> None:
    chance = Random(seed)
    made = [each for each in filings(chance, apart=False) if each.scope == "platform"][: 2 + seed % 2]
    may = any(equal(*pair, target) for pair in combinations(made, 2) for target in TARGETS)
    with pytest.raises(PolicyInvalid) if may else nullcontext() as raised:
        bundles(made)

    assert raised is None or {problem.code for problem in raised.value.problems} == {"CL2009"}


def equal(one: Filing, other: Filing, target: dict[str, str]) -> bool:
    """Whether two documents, none of them a floor, match a target with the same rank."""
    pair: list[dict[str, Any]] = [one.plain, other.plain]
    if any(each["spec"].get("floor") or each["spec"].get("mode") == "off" for each in pair):
        return False
    ranks = {reference.rank(each, target) for each in pair if reference.matches(each, target)}
    return all(reference.matches(each, target) for each in pair) and len(ranks) == 1
