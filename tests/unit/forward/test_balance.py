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


def home(prefix: str, *candidates: One) -> str:
    return ranked(candidates, prefix)[0].name


def test_a_conversation_goes_on_where_it_began() -> None:
    a, b, c = One("a"), One("b"), One("c")
    for number in range(50):
        began = home(f"{number}", a, b, c)
        busier = [One(one.name, outstanding=3 if one.name == began else 0, chosen=9) for one in (c, b, a)]

        assert home(f"{number}", *busier) == began
        assert {one.name for one in ranked(busier, f"{number}")} == {"a", "b", "c"}


def test_conversations_are_spread_and_stay_when_another_backend_goes() -> None:
    a, b, c = One("a"), One("b"), One("c")
    homes = {f"{number}": home(f"{number}", a, b, c) for number in range(300)}

    assert all(60 < list(homes.values()).count(name) < 140 for name in "abc")
    assert all(home(prefix, a, b) == name for prefix, name in homes.items() if name != "c")


def test_much_more_work_sends_a_conversation_elsewhere() -> None:
    began = home("x", One("a"), One("b"))
    crowd = [One(name, outstanding=9 if name == began else 0) for name in "ab"]

    assert home("x", *crowd) != began


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
