"""Addresses on lines of their own."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.blocks import blocks, under


def test_a_line_of_code_and_town_tells_the_line_above() -> None:
    text = "Jan Roe\nAn den Buchen 4b\n33014 Bad Driburg\n\nDear Jan"

    assert [(kind, text[low:high]) for kind, low, high in blocks(text)] == [
        ("POSTAL_CODE", "33014"),
        ("STREET_ADDRESS", "An den Buchen 4b"),
    ]


@pytest.mark.parametrize(
    "text", ["33014 Bad Driburg", "x = 3;\n33014 Bad Driburg", "Total: 4\n33014 Units sold in May"]
)
def test_a_line_without_a_block_tells_nothing(text: str) -> None:
    assert list(blocks(text)) == []


def test_a_code_below_a_street_may_stand_in_another_column() -> None:
    text = "LEJER   Elmevej 9\nside 2  5000  ODENSE\nside 3  5001  ODENSE"

    assert [text[low:high] for low, high in under(text, {text.index("\n")})] == ["5000"]
    assert list(under(text, {len(text)})) == []
