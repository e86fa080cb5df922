import re

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, EntityRule, Policy, ToolRule
from gateway.core.values import by_epoch


def test_what_is_denied_gets_no_values_and_what_is_allowed_does() -> None:
    rule = ToolRule(default=False, allow=frozenset({"search", "send"}), deny=frozenset({"send"}))

    assert [name for name in ("search", "send", "other") if rule.permits(name)] == ["search"]
    assert [name for name in ("send", "other") if ToolRule(deny=frozenset({"send"})).permits(name)] == ["other"]
    assert ToolRule().permits("any")


def test_what_a_floor_brings_holds_from_its_own_score_on() -> None:
    mask, block = OperatorConfig(operator=Operator.MASK), OperatorConfig(operator=Operator.BLOCK)
    rule = EntityRule(operator=mask, threshold=0.3, further=((0.7, block),))

    assert [rule.at(score) for score in (0.3, 0.69, 0.7, 1.0)] == [mask, mask, block, block]


def test_patterns_are_asked_about_short_values_alone() -> None:
    allowed = Allowance(types=frozenset({"SECRET"}), values=frozenset({"B" * 300}), patterns=(re.compile("A+"),))

    assert [allowed.holds(value) for value in ("A" * 256, "A" * 257, "B" * 300, "B")] == [True, False, True, False]


def named(epoch: str, entity_type: str, value: str) -> str:
    return f"hmac-sha256:{epoch}:{value:0>32}"


def test_a_value_is_marked_in_any_month_and_for_its_type_alone() -> None:
    old, new = named("2026-01", "", "ab"), named("2026-11", "", "cd")
    allowed = Allowance(types=frozenset({"PERSON"}), findings={"PERSON": by_epoch([old, new])})

    assert [allowed.marks("PERSON", value, named) for value in ("ab", "cd", "ef")] == [True, True, False]
    assert not allowed.marks("AGE", "ab", named)
    assert [allowed.names("PERSON", each) for each in (old, old.replace("01:", "02:"), "", "ab")] == [
        True,
        *[False] * 3,
    ]
    assert not allowed.names("AGE", old)


def test_a_value_is_hashed_once_for_each_month_however_much_is_marked() -> None:
    asked: list[str] = []
    marked = by_epoch(named(f"2026-{month:02}", "", f"{value}") for month in (1, 2, 3) for value in range(500))

    def counting(epoch: str, entity_type: str, value: str) -> str:
        asked.append(epoch)
        return named(epoch, entity_type, value)

    assert not Allowance(types=frozenset({"AGE"}), findings={"AGE": marked}).marks("AGE", "x", counting)
    assert sorted(asked) == ["2026-01", "2026-02", "2026-03"]


def test_all_that_do_something_about_a_type_forgive_together() -> None:
    marked = {"PERSON": by_epoch([named("2026-11", "", "ab")])}
    mine = Allowance(types=frozenset({"PERSON", "AGE"}), findings=marked)
    ages, persons = Allowance(types=frozenset({"AGE"})), Allowance(types=frozenset({"PERSON"}))

    def forgives(*allow: Allowance, kind: str = "PERSON") -> bool:
        return Policy(name="p", digest="a" * 64, entities={}, allow=allow).forgives(kind, "ab", named)

    assert [forgives(mine), forgives(mine, ages), forgives(mine, mine)] == [True] * 3
    assert [forgives(), forgives(mine, persons), forgives(persons, mine), forgives(mine, kind="AGE")] == [False] * 4
