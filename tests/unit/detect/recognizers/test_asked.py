"""Questions on one line and their answers on the next."""

from __future__ import annotations

import re

import pytest

from gateway.detect.recognizers.asked import ASKED


@pytest.mark.parametrize(
    "text",
    [
        " and name pls\n[14:03:15] eva: ",
        ", please?\n",
        "?\n14:03 eva roe: sure, ",
        " bitte\n> ",
        "?\n- ja, ",
        "?\nleonie 10:18: ",
        "?\nleonie (10:18): ",
    ],
)
def test_it_reaches_to_the_answer(text: str) -> None:
    match = re.match(ASKED, text + "12")

    assert match
    assert match.end() == len(text)


@pytest.mark.parametrize("text", [" is known.\n12", "? 12", "\n\n12", " 12\nplease"])
def test_what_asks_nothing_reaches_nowhere(text: str) -> None:
    assert re.match(ASKED, text) is None


def test_it_looks_at_no_more_than_a_line_or_two() -> None:
    match = re.match(ASKED, "?\n" + "a" * 100_000)

    assert match
    assert match.end() < 200
