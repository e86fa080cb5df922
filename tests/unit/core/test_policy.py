import re

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, EntityRule, ToolRule


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
