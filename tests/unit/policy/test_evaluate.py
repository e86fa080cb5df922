from dataclasses import replace
from typing import Any

import pytest

from gateway.core.decision import Effect
from gateway.core.findings import RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.policy.evaluate import decide


def rule(operator: Operator, threshold: float = 0.5) -> EntityRule:
    return EntityRule(operator=OperatorConfig(operator=operator), threshold=threshold)


POLICY = Policy(
    name="p",
    digest="0" * 64,
    entities={
        "PERSON": rule(Operator.PSEUDONYMISE),
        "US_SSN": rule(Operator.BLOCK),
        "LOCATION": rule(Operator.KEEP),
        "PHONE_NUMBER": rule(Operator.MASK, 0.8),
    },
)


def found(kind: str, score: float = 0.9) -> RecognizerResult:
    return RecognizerResult(entity_type=kind, start=0, end=3, score=score, recognizer="r")


def test_what_is_kept_or_scores_too_low_is_left_out() -> None:
    decision = decide(POLICY, ((found("PERSON"), found("LOCATION"), found("PHONE_NUMBER", 0.7)), ()))

    assert decision.effect is Effect.PERMIT
    assert [[finding.entity_type for finding in segment] for segment in decision.findings] == [["PERSON"], []]
    assert decision.counts == {"PERSON": 1}


def test_a_score_at_the_threshold_counts() -> None:
    assert decide(POLICY, ((found("PHONE_NUMBER", 0.8),),)).counts == {"PHONE_NUMBER": 1}


def test_one_blocked_finding_denies() -> None:
    decision = decide(POLICY, ((found("PERSON"),), (found("US_SSN"), found("US_SSN"))))

    assert decision.effect is Effect.DENY
    assert decision.blocked == {"US_SSN": 2}


def test_operators_stand_beside_their_findings() -> None:
    decision = decide(POLICY, ((found("LOCATION"), found("PERSON")),))

    assert [config.operator for config in decision.operators[0]] == [Operator.PSEUDONYMISE]


@pytest.mark.parametrize(
    ("asked", "effect", "blocked"),
    [("flag", Effect.PERMIT, {}), ("block", Effect.DENY, {"SUSPICIOUS_ENCODING": 1})],
)
def test_what_is_suspicious_is_counted_and_not_replaced(asked: Any, effect: Effect, blocked: dict[str, int]) -> None:
    policy = replace(POLICY, suspicious_encoding=asked)
    decision = decide(policy, ((found("PERSON"), found("SUSPICIOUS_ENCODING")), ()))

    assert decision.effect is effect
    assert decision.counts == {"PERSON": 1, "SUSPICIOUS_ENCODING": 1}
    assert decision.blocked == blocked
    assert [[each.entity_type for each in segment] for segment in decision.findings] == [["PERSON"], []]
    assert [[each.entity_type for each in segment] for segment in decision.suspicious] == [["SUSPICIOUS_ENCODING"], []]


def test_where_nothing_is_suspicious_nothing_is_said_of_it() -> None:
    assert decide(POLICY, ((found("PERSON"),),)).suspicious == ()


def test_what_is_made_of_several_shows_no_more_than_any_of_them_may() -> None:
    def masking(keep_last: int) -> EntityRule:
        return EntityRule(operator=OperatorConfig(operator=Operator.MASK, keep_last=keep_last), threshold=0.5)

    policy = replace(POLICY, entities=POLICY.entities | {"PHONE_NUMBER": masking(4), "CRYPTO": masking(3)})
    parts = [found("CRYPTO"), found("PERSON")]
    made = [replace(found("PHONE_NUMBER"), members=tuple(parts[:count])) for count in range(3)]

    operators = decide(policy, (tuple(made),)).operators[0]

    assert [config.operator for config in operators] == [Operator.MASK] * 3
    assert [config.keep_last for config in operators] == [4, 3, 0]
