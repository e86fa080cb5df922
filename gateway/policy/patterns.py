"""Regular expressions in policies: which are safe to run on every value.

Law: a pattern must compile, must not match the empty text, and must not repeat what itself repeats: such a pattern can
take time that grows exponentially with the text.
"""

from __future__ import annotations

import re
import re._constants as constants
import re._parser as parser
from typing import Any, Final

_LONGEST: Final = 500
_REPEATS: Final = (constants.MAX_REPEAT, constants.MIN_REPEAT)


def fault(pattern: str) -> str:
    """Return what is wrong with a pattern, in words that follow "the pattern", or ""."""
    if len(pattern) > _LONGEST:
        return f"is longer than {_LONGEST} characters"
    try:
        compiled = re.compile(pattern)
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return "does not compile"
    if compiled.fullmatch(""):
        return "matches the empty text"
    if _nested(tree, inside=False):
        return "repeats what itself repeats, and can run for ever"
    return ""


def _nested(tree: Any, *, inside: bool) -> bool:  # noqa: ANN401 - the parser's own nodes
    """Whether an unbounded repeat stands inside another."""
    for kind, argument in tree:
        unbounded = kind in _REPEATS and argument[1] is constants.MAXREPEAT
        if unbounded and inside:
            return True
        if any(_nested(part, inside=inside or unbounded) for part in _parts(argument)):
            return True
    return False


def _parts(argument: Any) -> list[Any]:  # noqa: ANN401 - likewise
    """The sub-patterns of a node, however deep its arguments hide them."""
    if isinstance(argument, parser.SubPattern):
        return [argument]
    if isinstance(argument, list | tuple):
        return [part for item in argument for part in _parts(item)]
    return []
