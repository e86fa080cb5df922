"""Texts that clients join: where each begins."""

from __future__ import annotations

import pytest

from gateway.core.content import PartKind
from gateway.protocols import Joined

TEXT = PartKind.TEXT


def test_a_text_begins_where_the_one_before_it_is_at_that_time() -> None:
    joined, read = Joined[str](active=True), ["a"]

    assert joined.before("/0/text", TEXT) is None
    joined.begun("/0/text", TEXT, lambda: "".join(read))
    read.append("b")
    assert joined.before("/1/text", TEXT) == "ab"


def test_a_text_that_comes_again_begins_where_it_began_at_first() -> None:
    joined = Joined[str](active=True)
    for place in ("0/text", "1/text", "again/0/text"):
        joined.before(place, TEXT)
        joined.begun(place, TEXT, lambda place=place: place)  # type: ignore[misc]

    assert joined.before("again/0/text", TEXT) is None
    assert joined.before("again/1/text", TEXT) == "0/text"


@pytest.mark.parametrize(
    ("active", "place", "kind"),
    [(False, "/1/text", TEXT), (True, "/1/thinking", TEXT), (True, "/1/text", PartKind.NAME)],
)
def test_other_texts_begin_afresh(active: bool, place: str, kind: PartKind) -> None:
    joined = Joined[str](active=active)
    joined.begun("/0/text", TEXT, lambda: "a")

    assert joined.before(place, kind) is None
