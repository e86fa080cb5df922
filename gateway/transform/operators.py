"""What stands in place of a value that is never restored.

Law: nothing here can be read as a placeholder.
"""

from __future__ import annotations

from typing import Final

_MASK: Final = "*"
_HASH_DIGITS: Final = 16


def mask(value: str, keep_last: int) -> str:
    """Replace every letter and digit but the last ``keep_last`` by ``*``; white space and ``-`` stay, the rest goes.

    A value that has no more of them than would be kept is hidden whole.
    """
    known = sum(character.isalnum() for character in value)
    hidden = known - keep_last if known > keep_last else known
    shown = []
    for character in value:
        if character.isalnum():
            shown.append(_MASK if hidden > 0 else character)
            hidden -= 1
        else:
            shown.append(character if character in " -" else _MASK)
    return "".join(shown)


def redact(entity_type: str) -> str:
    """Name the type in place of the value."""
    return f"[{entity_type}]"


def hashed(entity_type: str, fingerprint: str) -> str:
    """Name the type and 64 bits of the value's keyed hash."""
    return f"[{entity_type}:{fingerprint[:_HASH_DIGITS]}]"
