from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.exchange import ENDPOINTS
from gateway.core.policy import Policy, Target
from gateway.policy.reach import Standing, is_alone, taken_by
from gateway.policy.resolve import EVERY, Filed, Match, resolve


def standing(name: str, mode: str = "enforce", *, floor: bool = False, **match: tuple[str, ...]) -> Standing:
    return Standing(name=name, match=Match(**match), mode=mode, floor=floor)


CRM = standing("crm", apps=("crm",))


@pytest.mark.parametrize(
    ("others", "takers"),
    [
        ([], []),
        ([standing("all")], []),
        ([standing("chat", apps=("crm",), endpoints=ENDPOINTS[:1])], []),
        ([standing("most", apps=("crm",), endpoints=ENDPOINTS[:-1])], []),
        ([standing("every", apps=("crm",), endpoints=ENDPOINTS)], ["every"]),
        ([standing("every", mode="shadow", apps=("crm",), endpoints=ENDPOINTS)], []),
        ([standing("model", apps=("crm",), models=("small",))], []),
        (
            [
                standing("one", apps=("crm",), endpoints=ENDPOINTS[:3]),
                standing("two", apps=("crm",), endpoints=ENDPOINTS[3:]),
            ],
            ["one", "two"],
        ),
        ([standing("floor", floor=True, apps=("crm",), endpoints=ENDPOINTS)], []),
        ([standing("floor", floor=True, apps=("crm",))], []),
    ],
)
def test_a_document_is_taken_by_those_that_are_more_exact_for_all_of_it(
    others: list[Standing], takers: list[str]
) -> None:
    assert taken_by(CRM, [CRM, *others]) == takers


def test_a_shadow_stands_before_what_is_as_exact_and_in_force() -> None:
    shadow = standing("next", "shadow", apps=("crm",))

    assert taken_by(shadow, [shadow, CRM]) == []
    assert taken_by(CRM, [shadow, CRM]) == []


@pytest.mark.parametrize(
    ("others", "alone"),
    [
        ([], True),
        ([standing("other", apps=("hr",))], True),
        ([standing("all")], False),
        ([standing("crm", apps=("crm",))], False),
        ([standing("small", models=("small",))], True),
        ([standing("off", "off")], True),
        ([standing("shadow", "shadow")], True),
        ([standing("every", apps=("crm",), endpoints=ENDPOINTS)], False),
        ([standing("floor", floor=True)], False),
    ],
)
def test_a_shadow_is_alone_where_something_of_it_has_no_policy_in_force(others: list[Standing], alone: bool) -> None:
    shadow = standing("next", "shadow", apps=("crm",))

    assert is_alone(shadow, [shadow, *others]) is alone


def test_of_very_many_ways_to_match_nothing_is_said() -> None:
    many = tuple(f"app-{number}" for number in range(3000))
    mine, other = standing("a", apps=many), standing("b", apps=many, endpoints=ENDPOINTS)

    assert taken_by(mine, [mine, other]) == []


NAMES = st.lists(st.sampled_from(["*", "x", "y"]), min_size=1, max_size=2, unique=True).map(tuple)
PATHS = st.one_of(
    st.just(EVERY), st.just(ENDPOINTS), st.lists(st.sampled_from(ENDPOINTS), min_size=1, unique=True).map(tuple)
)
MATCHES = st.builds(Match, tenants=st.just(EVERY), apps=NAMES, models=NAMES, endpoints=PATHS)


@given(st.lists(st.tuples(MATCHES, st.booleans()), min_size=1, max_size=5))
def test_what_is_said_never_to_be_chosen_is_never_chosen(given_: list[tuple[Match, bool]]) -> None:
    """The resolver, asked about every request that can be told apart, is the judge."""
    made = [
        Standing(name=str(number), match=match, mode="enforce", floor=floor)
        for number, (match, floor) in enumerate(given_)
    ]
    filed = [
        Filed(policy=Policy(name=each.name, digest="", entities={}), match=each.match, floor=each.floor)
        for each in made
    ]
    targets = [
        Target(tenant="t", app=app, model=model, endpoint=path) for app, model, path in product("xyz", "xyz", ENDPOINTS)
    ]
    chosen = {found.chosen.policy.name for target in targets if (found := resolve(filed, target))}
    ranks = [{each.rank(target) for each in made} for target in targets]
    apart = all(
        len(found - {None}) == sum(each.rank(target) is not None for each in made)
        for found, target in zip(ranks, targets, strict=True)
    )

    for each in made:
        if apart:
            assert bool(taken_by(each, made)) == (each.name not in chosen)
        elif taken_by(each, made):
            assert each.name not in chosen
