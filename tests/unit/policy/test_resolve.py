from dataclasses import replace

import pytest

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, CustomRecognizer, EntityRule, Policy, ToolRule
from gateway.policy.resolve import Filed, Match, Mode, resolve
from tests.doubles.policies import target

KEEP, PSEUDONYMISE, MASK, REDACT, BLOCK = (
    OperatorConfig(operator=Operator(name)) for name in ("keep", "pseudonymise", "mask", "redact", "block")
)


def rule(operator: OperatorConfig, threshold: float = 0.5) -> EntityRule:
    return EntityRule(operator=operator, threshold=threshold)


PLAIN = rule(PSEUDONYMISE)


def policy(name: str, person: EntityRule = PLAIN, **fields: object) -> Policy:
    return Policy(name=name, digest=f"{name:0<64}", entities={"PERSON": person}, **fields)  # type: ignore[arg-type]


def filed(
    name: str,
    *,
    own: bool = False,
    floor: bool = False,
    mode: Mode = "enforce",
    person: EntityRule = PLAIN,
    **match: tuple[str, ...],
) -> Filed:
    return Filed(policy=policy(name, person), match=Match(**match), own=own, floor=floor, mode=mode)


def held(base: Policy, *floors: Policy) -> Policy:
    documents = [Filed(policy=base, match=Match(), own=True)]
    documents += [Filed(policy=floor, match=Match(), floor=True) for floor in floors]
    found = resolve(documents, target())
    assert found is not None
    return found.policy


EXACTER = [
    filed("all"),
    filed("tenant", tenants=("acme",)),
    filed("endpoint", endpoints=("/v1/embeddings",)),
    filed("model", models=("m",)),
    filed("app", apps=("crm",)),
    filed("own", own=True),
    filed("own model", own=True, models=("m",)),
    filed("own app", own=True, apps=("crm",)),
]


@pytest.mark.parametrize("count", range(1, len(EXACTER) + 1))
def test_the_most_exact_match_wins_and_a_tenants_own_comes_first(count: int) -> None:
    found = resolve(EXACTER[:count], target(endpoint="/v1/embeddings"))

    assert found is not None
    assert found.chosen is EXACTER[count - 1]


@pytest.mark.parametrize(
    "match",
    [{"tenants": ("other",)}, {"apps": ("hr",)}, {"models": ("n",)}, {"endpoints": ("/v1/responses",)}],
    ids=lambda match: next(iter(match)),
)
def test_what_does_not_match_says_nothing(match: dict[str, tuple[str, ...]]) -> None:
    assert resolve([filed("p", **match)], target()) is None
    assert resolve([filed("p", **match | {next(iter(match)): ("other", "*")})], target()) is not None


def test_what_is_off_says_nothing_and_a_shadow_only_in_shadow() -> None:
    documents = [filed("live"), filed("next", mode="shadow"), filed("old", mode="off", apps=("crm",))]
    live, shadow = resolve(documents, target()), resolve(documents, target(), shadow=True)

    assert live is not None
    assert shadow is not None
    assert (live.policy.name, shadow.policy.name) == ("live", "next")


def test_a_floor_gives_way_to_what_is_none_and_holds_all_the_same() -> None:
    documents = [filed("floor", floor=True, person=rule(BLOCK)), filed("plain", person=rule(REDACT))]
    found = resolve(documents, target())

    assert found is not None
    assert (found.chosen.policy.name, [each.policy.name for each in found.floors]) == ("plain", ["floor"])
    assert found.policy.entities["PERSON"].operator == BLOCK


def test_a_floor_takes_the_place_of_nothing_that_is_less_exact() -> None:
    cards = filed("cards", own=True, floor=True, apps=("crm",), person=rule(KEEP))
    found = resolve([filed("plain", person=rule(REDACT)), cards], target())

    assert found is not None
    assert (found.chosen.policy.name, found.floors) == ("plain", (cards,))
    assert found.policy.entities["PERSON"].operator == REDACT


def test_of_floors_alone_the_most_exact_is_chosen_and_all_hold() -> None:
    floors = [filed(name, floor=True, **match) for name, match in [("b", {}), ("app", {"apps": ("crm",)}), ("a", {})]]

    for order in (floors, floors[::-1]):
        found = resolve(order, target())
        assert found is not None
        assert (found.chosen.policy.name, [each.policy.name for each in found.floors]) == ("app", ["a", "b"])


def test_a_floor_alone_is_the_policy() -> None:
    found = resolve([filed("floor", floor=True)], target())

    assert found is not None
    assert (found.policy.name, found.floors) == ("floor", ())


@pytest.mark.parametrize(
    ("mine", "floor", "low", "high"),
    [
        (rule(KEEP), rule(REDACT, 0.7), None, REDACT),
        (rule(PSEUDONYMISE, 0.3), rule(BLOCK, 0.7), PSEUDONYMISE, BLOCK),
        (rule(BLOCK, 0.7), rule(PSEUDONYMISE, 0.3), PSEUDONYMISE, BLOCK),
        (rule(REDACT, 0.3), rule(PSEUDONYMISE, 0.7), REDACT, REDACT),
        (rule(OperatorConfig(operator=Operator.MASK, keep_last=4), 0.3), rule(PSEUDONYMISE, 0.3), MASK, MASK),
    ],
)
def test_at_each_score_the_stricter_of_those_holds_that_count_there(
    mine: EntityRule, floor: EntityRule, low: OperatorConfig | None, high: OperatorConfig
) -> None:
    made = held(policy("mine", mine), policy("floor", floor)).entities["PERSON"]

    assert (made.at(0.5) if made.threshold <= 0.5 else None) == low
    assert made.at(0.9) == high


def test_what_one_of_them_keeps_out_stays_out() -> None:
    mine = policy("mine", restore_in_urls="always", restore_in_tools=ToolRule(), media="allow-data-urls")
    floor = policy(
        "floor",
        restore=False,
        restore_in_urls="internal",
        internal_domains=("corp.local",),
        restore_in_tools=ToolRule(default=False, allow=frozenset({"find"})),
        screen="mask",
        suspicious_encoding="block",
    )
    made = held(mine, floor)

    assert (made.restore, made.restore_in_urls, made.internal_domains) == (False, "internal", ("corp.local",))
    assert (made.restore_in_tools.permits("find"), made.restore_in_tools.permits("send")) == (True, False)
    assert (made.screen, made.media, made.suspicious_encoding) == ("mask", "refuse", "block")


def test_a_domain_is_inside_where_both_say_so() -> None:
    one = policy("one", internal_domains=("corp.local", "a.example", "x.test"))
    other = policy("other", internal_domains=("hr.corp.local", "a.example", "notx.test"))

    assert held(one, other).internal_domains == ("a.example", "hr.corp.local")


def test_recognizers_of_a_floor_are_at_work_and_what_they_find_has_its_rule() -> None:
    badge = CustomRecognizer(name="Badges", entity_type="BADGE", deny_list=("B-1",))
    floor = replace(policy("floor", recognizers=(badge,)), entities={"BADGE": rule(BLOCK)})
    made = held(policy("mine"), floor)

    assert made.recognizers == (badge,)
    assert (made.entities["BADGE"].operator, made.entities["PERSON"].operator) == (BLOCK, PSEUDONYMISE)


def test_what_only_anothers_recognizers_find_is_asked_of_the_defaults() -> None:
    badge = replace(policy("mine"), entities={"BADGE": rule(KEEP), "PERSON": PLAIN})
    strict = replace(policy("floor"), others=rule(REDACT, 0.7))
    idle = policy("floor", others=rule(KEEP))
    made = held(badge, strict).entities["BADGE"]

    assert (made.threshold, made.operator) == (0.7, REDACT)
    assert not held(badge, idle).entities["BADGE"].acts
    assert held(strict, badge).entities["BADGE"] == made


def test_a_value_of_a_type_that_the_defaults_act_on_is_let_through_by_all_or_not_at_all() -> None:
    def allowing(*values: str, **fields: object) -> Policy:
        allow = (Allowance(types=frozenset({"PERSON"}), values=frozenset(values)),)
        return policy("one", allow=allow, **fields)

    badge = replace(
        policy("mine"),
        entities={"BADGE": rule(REDACT)},
        allow=(Allowance(types=frozenset({"BADGE"}), values=frozenset({"B-1", "B-2"})),),
    )

    made = held(badge, allowing("B-1", others=rule(REDACT)))
    idle = held(badge, allowing("B-1", others=rule(KEEP)))

    assert (made.allows("BADGE", "B-1"), made.allows("BADGE", "B-2")) == (True, False)
    assert idle.allows("BADGE", "B-2")


def test_a_value_is_let_through_where_all_that_act_on_its_type_let_it() -> None:
    def allowing(name: str, *values: str, types: tuple[str, ...] = ("PERSON",)) -> Policy:
        return policy(name, allow=(Allowance(types=frozenset(types), values=frozenset(values)),))

    both = held(allowing("mine", "Ann", "Bob"), allowing("floor", "Ann"))
    idle = held(allowing("mine", "Bob"), allowing("floor", types=("US_SSN",)))

    assert (both.allows("PERSON", "Ann"), both.allows("PERSON", "Bob")) == (True, False)
    assert idle.allows("PERSON", "Bob")


def test_a_policy_is_known_by_what_it_is_held_to() -> None:
    mine, floor, other = policy("mine"), policy("floor"), policy("other")

    assert held(mine).digest == mine.digest
    assert len({held(mine).digest, held(mine, floor).digest, held(mine, other).digest, held(floor, mine).digest}) == 4
    assert held(mine, floor, other).digest == held(mine, other, floor).digest
    assert len(held(mine, floor).digest) == 64


@pytest.mark.parametrize(
    ("mine", "other", "meets"),
    [
        (Match(), Match(), True),
        (Match(), Match(apps=("crm",)), False),
        (Match(apps=("crm", "hr")), Match(apps=("hr",)), True),
        (Match(apps=("crm",)), Match(apps=("hr",)), False),
        (Match(models=("m",)), Match(endpoints=("/v1/responses",)), False),
        (Match(models=("m", "*")), Match(), True),
    ],
)
def test_two_documents_meet_where_they_match_a_request_as_exactly(mine: Match, other: Match, meets: bool) -> None:
    assert mine.meets(other) is other.meets(mine) is meets
