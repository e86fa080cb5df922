from collections import Counter

import pytest

from gateway.eval.intervals import f2, share
from gateway.eval.score import Counts


def test_wilsons_interval_is_that_of_the_books() -> None:
    rate = share(8, 10)  # 0.4902 to 0.9433 in every textbook's example

    assert rate
    assert (rate.value, rate.of) == (0.8, 10)
    assert (round(rate.low, 4), round(rate.high, 4)) == (0.4902, 0.9433)


@pytest.mark.parametrize(("part", "edge"), [(0, "low"), (7, "high")])
def test_nothing_and_all_have_an_interval_too(part: int, edge: str) -> None:
    rate = share(part, 7)

    assert rate
    assert getattr(rate, edge) == part / 7
    assert rate.high - rate.low > 0.3


def test_there_is_no_share_of_nothing() -> None:
    assert share(0, 0) is None
    assert f2(Counter(), seed=1) is None
    assert f2(Counter({Counts(found=3): 2}), seed=1) is None
    assert f2(Counter({Counts(gold=3, hit=2): 2}), seed=1) is None


def test_f2_weighs_recall_twice() -> None:
    rate = f2(Counter({Counts(gold=10, hit=5, found=5, right=5): 1}), seed=1)

    assert rate
    assert rate.value == pytest.approx(5 * 1.0 * 0.5 / (4 * 1.0 + 0.5))


def test_nothing_right_is_nought() -> None:
    rate = f2(Counter({Counts(gold=10, found=5): 3}), seed=1)

    assert rate
    assert (rate.value, rate.low, rate.high) == (0, 0, 0)


def test_an_interval_narrows_with_documents_and_is_the_same_again() -> None:
    good, bad = Counts(gold=2, hit=2, found=2, right=2), Counts(gold=2, hit=1, found=2, right=1)
    few, many = f2(Counter({good: 5, bad: 5}), seed=1), f2(Counter({good: 500, bad: 500}), seed=1)

    assert few
    assert many
    assert few.low < many.low < many.value == few.value < many.high < few.high
    assert few == f2(Counter({good: 5, bad: 5}), seed=1)
