"""The ``x-cloister-…`` headers of answers that are no exchange: a list of models, a path that is not served.

Law: every answer to an application has them. Those of an exchange are its own; the identifier of any other answer is on
no record.
"""

from __future__ import annotations

from collections.abc import Iterable

from gateway.core.ports import Ids

Fields = list[tuple[bytes, bytes]]


def marked(headers: Iterable[tuple[bytes, bytes]], status: int, ids: Ids) -> Fields:
    """Return the headers of an answer with those that are missing."""
    found = list(headers)
    if any(name == b"x-cloister-exchange" for name, _ in found):
        return found
    return [
        *found,
        (b"x-cloister-exchange", str(ids.new()).encode()),
        (b"x-cloister-policy", b""),
        (b"x-cloister-decision", b"permit" if status < 400 else b"deny"),
        (b"x-cloister-entities", b""),
        (b"server-timing", b""),
    ]
