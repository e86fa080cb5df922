import pytest

from gateway.core.decision import Decision, Effect
from gateway.core.errors import RequestBlocked
from gateway.core.policy import Policy


def decision(effect: Effect) -> Decision:
    policy = Policy(name="p", digest="0" * 64, entities={})
    return Decision(effect=effect, policy=policy, findings=(), operators=(), counts={}, blocked={"US_SSN": 1})


def test_a_permit_lets_pass() -> None:
    decision(Effect.PERMIT).require_permit()


def test_a_denial_says_which_types() -> None:
    with pytest.raises(RequestBlocked) as raised:
        decision(Effect.DENY).require_permit()

    assert raised.value.counts == {"US_SSN": 1}
