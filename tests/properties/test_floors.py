"""A floor is never relaxed, whatever stands beside it, in whatever order, and whoever wrote it.

Law: every comparison is of what is done with requests, field by field, not of how policies are written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random
from typing import Final

import pytest

from gateway.core.policy import Target
from gateway.policy import compile as compiling
from gateway.policy.active import Snapshot
from tests.properties import reference_policy as reference
from tests.properties.policy_answers import given, laxer
from tests.properties.random_policies import (
    HOSTS,
    SHIPPED,
    TARGETS,
    TENANTS,
    TOOLS,
    Filing,
    Finding,
    Spec,
    at_once,
    bundles,
    filings,
    finding,
    spec,
)

SETS: Final = pytest.mark.parametrize(
    "sets", [1000, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])]
)
ASKED: Final = 5
"""Requests of each set."""


@pytest.fixture
def few_types(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compile two types in place of a hundred: they say nothing of each other."""
    monkeypatch.setattr(compiling, "ENTITY_TYPES", dict.fromkeys(SHIPPED, ""))


def answer(snapshot: Snapshot, target: dict[str, str], findings: list[Finding]) -> Spec | None:
    found = snapshot.resolution(Target(**target))
    return found and (given(found, findings) or {}) | {"digest": found.policy.digest}


def known(answer: Spec, findings: list[Finding]) -> list[Finding]:
    """Return the findings of types that an answer knows."""
    return [each for each in findings if each[0] in SHIPPED or each[0] in answer["types"]]


def told(made: list[Filing], *more: object) -> str:
    return "\n".join([*(f"{each.scope} {each.name}: {json.dumps(each.spec)}" for each in made), *map(str, more)])


def floor_of(chance: Random, scope: str) -> Filing:
    """Return a floor that is in force."""
    return Filing(scope, "another", spec(chance, scope, floor=True) | {"mode": "enforce"})


@SETS
@pytest.mark.usefixtures("few_types")
def test_what_is_done_is_as_strict_as_each_floor_alone(sets: int) -> None:
    chance = Random(f"{sets} sets")
    held = 0
    for _ in range(sets):
        made = filings(chance)
        floors = [each for each in made if each.spec.get("floor") and each.spec.get("mode", "enforce") == "enforce"]
        snapshot = Snapshot(at_once(made))
        for target in chance.sample(TARGETS, ASKED):
            findings = [finding(chance) for _ in range(4)]
            for floor in floors:
                if reference.matches(floor.plain, target):
                    have = answer(snapshot, target, findings)
                    assert have, told(made, target)
                    alone = reference.decide([floor.spec], known(have, findings), TOOLS, HOSTS)
                    assert not laxer(have, alone), told(made, target, floor, findings, have, alone)
                    held += 1
    assert held > sets


@SETS
@pytest.mark.usefixtures("few_types")
def test_another_floor_makes_nothing_laxer(sets: int) -> None:
    chance = Random(f"{sets} sets")
    changed = 0
    for _ in range(sets):
        made = filings(chance)
        floor = floor_of(chance, chance.choice(["platform", *TENANTS]))
        before, after = Snapshot(at_once(made)), Snapshot(at_once([*made, floor]))
        for target in chance.sample(TARGETS, ASKED):
            findings = [finding(chance) for _ in range(4)]
            without = answer(before, target, findings)
            if without is None:
                continue
            held = answer(after, target, known(without, findings))
            assert held, told(made, floor, target)
            assert not laxer(held, without), told([*made, floor], target, findings, held, without)
            changed += held["digest"] != without["digest"]
    assert changed > sets // 2


@SETS
@pytest.mark.usefixtures("few_types")
def test_the_order_of_documents_says_nothing(sets: int) -> None:
    chance = Random(f"{sets} sets")
    for _ in range(sets):
        made = filings(chance)
        other = chance.sample(made, len(made))
        require_alike(Snapshot(at_once(made)), Snapshot(at_once(other)), chance, TARGETS, lambda: told(other))  # noqa: B023


@pytest.mark.parametrize("seed", range(20))
def test_it_says_nothing_in_which_files_they_stand(seed: int) -> None:
    chance = Random(seed)
    made = filings(chance)

    one, other = Snapshot(bundles(made)), Snapshot(bundles(made, chance))
    require_alike(one, other, chance, TARGETS, lambda: told(made))


@SETS
@pytest.mark.usefixtures("few_types")
def test_a_tenants_policies_say_nothing_of_another(sets: int) -> None:
    chance = Random(f"{sets} sets")
    for _ in range(sets):
        made = filings(chance)
        others = [target for target in TARGETS if target["tenant"] != "acme"]
        apart = Snapshot(at_once([each for each in made if each.scope != "acme"]))
        require_alike(Snapshot(at_once(made)), apart, chance, others, lambda: told(made))  # noqa: B023


def require_alike(
    one: Snapshot, other: Snapshot, chance: Random, targets: list[dict[str, str]], why: Callable[[], str]
) -> None:
    for target in chance.sample(targets, ASKED):
        findings = [finding(chance) for _ in range(4)]
        assert answer(one, target, findings) == answer(other, target, findings), f"{why()}\n{target}\n{findings}"
