"""A policy in shadow, over the pipeline of fakes: the shadow blocks whoever is found."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.decision import Decision
from gateway.core.errors import DetectionUnavailable, RequestBlocked
from gateway.core.findings import ENTITY_TYPES, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.exchange.shadow import compared
from gateway.exchange.values import Values
from gateway.policy import decide
from tests.doubles.world import World


def policy(**operators: Operator) -> Policy:
    rules = {
        name: EntityRule(operator=OperatorConfig(operator=operators.get(name, Operator.KEEP)), threshold=0.5)
        for name in ENTITY_TYPES
    }
    return Policy(name="next", digest="cd" * 32, entities=rules)


BLOCKING = policy(PERSON=Operator.BLOCK)


async def test_what_it_would_have_done_is_on_record_and_nothing_else_changes(
    world: World, pipeline: Any, call: Callable[..., Any]
) -> None:
    plain = await pipeline.run(call())
    sent, order, made = world.sent, world.order[:], call()
    world.shadowed = BLOCKING

    reply = await pipeline.run(made)

    assert (reply.body.reveal()[:20], world.sent) == (plain.body.reveal()[:20], sent)
    assert [step for step in world.order[len(order) :] if step != "detect"] == [s for s in order if s != "detect"]
    name = world.recorded_values[0][0]
    assert name.startswith("hmac-sha256:")
    assert world.notes["shadow"] == {
        "policy": "cd" * 32,
        "decision": "deny",
        "entities": {"PERSON": 1},
        "blocked": {"PERSON": 1},
        "changes": [{"type": "PERSON", "from": "pseudonymise", "to": "block", "count": 1, "examples": [name]}],
    }
    assert dict(made.progress.headers())["x-cloister-policy"] == "ab" * 6


async def test_a_request_that_is_refused_has_a_shadow_too(world: World, pipeline: Any, call: Any) -> None:
    world.operator, world.shadowed = Operator.BLOCK, policy(PERSON=Operator.REDACT)

    with pytest.raises(RequestBlocked):
        await pipeline.run(call())

    assert world.notes["shadow"]["decision"] == "permit"


@pytest.mark.parametrize(
    ("error", "code"), [(DetectionUnavailable(), "detection_unavailable"), (KeyError(), "internal_error")]
)
async def test_a_failure_of_the_shadow_is_not_the_exchanges(
    world: World, pipeline: Any, call: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, code: str
) -> None:
    find = world.analyze

    async def analyze(segments: Any, asked: Policy, *, asker: Any) -> Any:
        if asked is BLOCKING:
            raise error
        return await find(segments, asked, asker=asker)

    world.shadowed = BLOCKING
    monkeypatch.setattr(world, "analyze", analyze)

    await pipeline.run(call())

    assert world.notes["shadow"] == {"policy": "cd" * 32, "failed": code}


async def test_nobody_waits_for_it_when_the_client_has_gone(
    world: World, pipeline: Any, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, ended = world.analyze, asyncio.Event()

    async def analyze(segments: Any, asked: Policy, *, asker: Any) -> Any:
        if asked is BLOCKING:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()
        return await find(segments, asked, asker=asker)

    async def send(*_: Any) -> Any:
        sending.set()
        await asyncio.Event().wait()

    sending = asyncio.Event()
    world.shadowed = BLOCKING
    monkeypatch.setattr(world, "analyze", analyze)
    monkeypatch.setattr(world, "send", send)
    task = asyncio.create_task(pipeline.run(call()))
    await sending.wait()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
    assert "shadow" not in world.notes


def decided(made: Policy, *places: tuple[int, int, str]) -> Decision:
    found = [RecognizerResult(entity_type=kind, start=a, end=b, score=0.9, recognizer="r") for a, b, kind in places]
    return decide(made, (tuple(found),))


def by_place(decision: Decision) -> Values:
    return tuple(tuple(f"{each.entity_type} {each.start}" for each in found) for found in decision.findings)


def test_what_only_one_of_them_touches_is_a_change_and_what_both_do_alike_is_none() -> None:
    live = decided(policy(PERSON=Operator.MASK, US_SSN=Operator.REDACT), (0, 3, "PERSON"), (5, 9, "US_SSN"))
    places = ((0, 3, "PERSON"), (5, 9, "US_SSN"), (12, 14, "AGE"), (20, 24, "AGE"))
    shadow = decided(policy(US_SSN=Operator.REDACT, AGE=Operator.MASK), *places)

    assert compared(live, shadow, by_place)["changes"] == [
        {"type": "AGE", "from": "keep", "to": "mask", "count": 2, "examples": ["AGE 12", "AGE 20"]},
        {"type": "PERSON", "from": "mask", "to": "keep", "count": 1, "examples": ["PERSON 0"]},
    ]
    assert compared(live, replace(live), by_place)["changes"] == []


@pytest.mark.parametrize(
    ("live", "shadow", "changes"), [("flag", "block", [("flag", "block")]), ("flag", "flag", []),
                                    ("off", "flag", [("off", "flag")]), ("flag", "off", [("flag", "off")])]
)  # fmt: skip
def test_what_hides_text_is_a_change_as_in_a_replay(live: Any, shadow: Any, changes: list[tuple[str, str]]) -> None:
    policies = [replace(policy(), suspicious_encoding=each) for each in (live, shadow)]
    hidden = [((4, 20, "SUSPICIOUS_ENCODING"),) if each.suspicious_encoding != "off" else () for each in policies]
    one, other = (decided(made, *places) for made, places in zip(policies, hidden, strict=True))

    assert compared(one, other, by_place)["changes"] == [
        {"type": "SUSPICIOUS_ENCODING", "from": was, "to": would, "count": 1, "examples": []} for was, would in changes
    ]
