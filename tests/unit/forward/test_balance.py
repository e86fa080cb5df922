from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from gateway.forward.balance import ranked


@dataclass(frozen=True)
class One:
    name: str
    weight: int = 1
    outstanding: int = 0
    chosen: int = 0


def names(*candidates: One) -> str:
    return "".join(one.name for one in ranked(candidates))


def test_the_least_busy_comes_first() -> None:
    assert names(One("a", outstanding=3), One("b", outstanding=1), One("c", outstanding=2)) == "bca"


def test_weight_counts_also_at_rest() -> None:
    assert names(One("a"), One("b", weight=2)) == "ba"
    assert names(One("a"), One("b", weight=2, outstanding=2)) == "ab"


def test_equals_take_turns() -> None:
    assert names(One("a", chosen=7), One("b", chosen=5), One("c", chosen=6)) == "bca"


def test_nobody_is_no_choice() -> None:
    assert ranked([]) == []


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 200))
def test_work_is_shared_by_weight(weights: list[int], requests: int) -> None:
    outstanding, chosen = [0] * len(weights), [0] * len(weights)
    for turn in range(1, requests + 1):
        pool = [One(str(i), w, outstanding[i], chosen[i]) for i, w in enumerate(weights)]
        best = int(ranked(pool)[0].name)
        outstanding[best] += 1
        chosen[best] = turn

    for load, weight in zip(outstanding, weights, strict=True):
        assert abs(load - requests * weight / sum(weights)) <= len(weights)
