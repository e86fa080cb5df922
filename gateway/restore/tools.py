"""Which tool calls of an answer get real values.

Law: a tool that the request did not declare gets none, nor does one that the policy denies them: neither in its
arguments nor in its name. The ids of calls are a model server's own, and never get any.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from gateway.core.content import PartKind, last_name
from gateway.core.policy import ToolRule

_ARGUMENTS: Final = frozenset({"arguments", "arguments_again"})
"""The arguments of a call, and the same where an event without a name repeats them."""


def name_beside(channel: str) -> str | None:
    """Return the channel or pointer of the name of the call that these arguments belong to."""
    head, slash, last = channel.rpartition("/")
    return f"{head}/name" if slash and last in _ARGUMENTS else None


def arguments_beside(channel: str) -> str:
    """Return the channel of the arguments that a name decides over."""
    return f"{channel.rpartition('/')[0]}/arguments"


def awaits_name(channel: str, kind: PartKind, names: Mapping[str, str]) -> bool:
    """Tell whether the name that decides over a text has not come yet."""
    beside = name_beside(channel) if kind is PartKind.ARGUMENTS else None
    return beside is not None and beside not in names


def may_restore(
    channel: str, kind: PartKind, names: Mapping[str, str], declared: frozenset[str], rule: ToolRule
) -> bool:
    """Tell whether values go into a text. names: the restored names of calls, by channel or pointer."""
    beside = name_beside(channel) if kind is PartKind.ARGUMENTS else None
    if beside is None:
        return True
    name = names.get(beside, "")
    return name in declared and rule.permits(name)


def may_be_called(place: str, name: str, declared: frozenset[str], rule: ToolRule) -> bool:
    """Tell whether a name may be restored to this. place: channel or pointer, which says whether it is a name."""
    return last_name(place) == "name" and name in declared and rule.permits(name)
