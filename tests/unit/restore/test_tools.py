from gateway.core.content import PartKind
from gateway.core.policy import ToolRule
from gateway.restore.tools import awaits_name, may_be_called, may_restore, name_beside

NEVER = ToolRule(default=False)
NAMES = {"0/tool_calls/0/name": "send", "/choices/0/message/tool_calls/0/function/name": "other"}


def test_a_name_stands_beside_its_arguments() -> None:
    assert name_beside("0/tool_calls/0/arguments") == "0/tool_calls/0/name"
    assert name_beside("0/arguments_again") == "0/name"
    assert name_beside("0/content") is None


def test_only_declared_tools_get_values() -> None:
    declared = frozenset({"send"})

    assert may_restore("0/tool_calls/0/arguments", PartKind.ARGUMENTS, NAMES, declared, ToolRule())
    assert not may_restore(
        "/choices/0/message/tool_calls/0/function/arguments", PartKind.ARGUMENTS, NAMES, declared, ToolRule()
    )
    assert not may_restore("0/tool_calls/1/arguments", PartKind.ARGUMENTS, NAMES, declared, ToolRule())


def test_the_policy_may_deny_a_declared_tool_its_values() -> None:
    declared = frozenset({"send"})
    rule = ToolRule(default=False, allow=frozenset({"send"}))

    assert may_restore("0/tool_calls/0/arguments", PartKind.ARGUMENTS, NAMES, declared, rule)
    assert not may_restore("0/tool_calls/0/arguments", PartKind.ARGUMENTS, NAMES, declared, NEVER)


def test_arguments_await_their_name_and_nothing_else_does() -> None:
    assert not awaits_name("0/tool_calls/0/arguments", PartKind.ARGUMENTS, NAMES)
    assert awaits_name("0/tool_calls/1/arguments", PartKind.ARGUMENTS, NAMES)
    assert not awaits_name("0/content", PartKind.ARGUMENTS, {})


def test_content_always_gets_values() -> None:
    assert may_restore("0/content", PartKind.TEXT, {}, frozenset(), NEVER)
    assert may_restore("0/content", PartKind.ARGUMENTS, {}, frozenset(), NEVER)


def test_a_name_is_restored_to_that_of_a_permitted_tool_alone() -> None:
    declared = frozenset({"send", "search"})
    rule = ToolRule(deny=frozenset({"send"}))

    assert may_be_called("0/tool_calls/0/name", "search", declared, rule)
    assert not may_be_called("0/tool_calls/0/name", "send", declared, rule)
    assert not may_be_called("0/tool_calls/0/name", "for Maria", declared, rule)
    assert not may_be_called("0/tool_calls/0/id", "search", declared, rule)
