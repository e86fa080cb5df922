"""Text from an exchange travels only inside ``Sensitive``.

Law: a ``Sensitive`` value refuses every way of becoming text by accident (``repr``, ``str``, ``format``, pickling,
JSON); the one way out is ``reveal()``, which only the files named in ``tests/house/test_reveal_sites.py`` may call.
"""

from __future__ import annotations

from typing import Final, Generic, NoReturn, TypeVar

T = TypeVar("T")

_MASK: Final = "<sensitive>"


class Sensitive(Generic[T]):
    """A value that must not be logged, raised or stored in clear."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value. Each caller is on the list of reveal sites."""
        return self._value

    def __repr__(self) -> str:
        return _MASK

    __str__ = __repr__

    def __format__(self, format_spec: str) -> str:
        return _MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and self._value == other._value

    def __hash__(self) -> int:
        return hash((Sensitive, self._value))

    def __reduce__(self) -> NoReturn:
        message = "a Sensitive value is never serialised"
        raise TypeError(message)
