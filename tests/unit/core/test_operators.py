import itertools

import pytest

from gateway.core.operators import STRENGTH, Operator, OperatorConfig, stricter

ALL = [OperatorConfig(operator=each) for each in Operator if each is not Operator.MASK]
ALL += [OperatorConfig(operator=Operator.MASK, keep_last=shown) for shown in range(5)]


def shown(config: OperatorConfig) -> float:
    """Return how many characters of a long value whoever answers can read."""
    return {Operator.KEEP: float("inf"), Operator.MASK: config.keep_last}.get(config.operator, 0)


def test_operators_are_ordered_by_what_they_hide() -> None:
    assert sorted(STRENGTH, key=STRENGTH.__getitem__) == [
        Operator.KEEP,
        Operator.PSEUDONYMISE,
        Operator.MASK,
        Operator.HASH,
        Operator.REDACT,
        Operator.BLOCK,
    ]


@pytest.mark.parametrize(("one", "other"), list(itertools.product(ALL, ALL)))
def test_of_two_operators_nothing_is_lost(one: OperatorConfig, other: OperatorConfig) -> None:
    made = stricter(one, other)

    assert made == stricter(other, one)
    assert STRENGTH[made.operator] == max(STRENGTH[one.operator], STRENGTH[other.operator])
    assert shown(made) == min(shown(one), shown(other))
    assert stricter(made, one) == made
