from gateway.core.policy import ToolRule


def test_what_is_denied_gets_no_values_and_what_is_allowed_does() -> None:
    rule = ToolRule(default=False, allow=frozenset({"search", "send"}), deny=frozenset({"send"}))

    assert [name for name in ("search", "send", "other") if rule.permits(name)] == ["search"]
    assert [name for name in ("send", "other") if ToolRule(deny=frozenset({"send"})).permits(name)] == ["other"]
    assert ToolRule().permits("any")
