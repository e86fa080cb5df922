"""Positions, and what only looks like them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.coordinates import coordinates
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = coordinates()
EXAMPLES = [
    "lat: ⟦52.5200⟧, lng: ⟦13.4050⟧",
    "found at ⟦48.13712, 11.57538⟧ yesterday",
    "⟦40.7128° N, 74.0060° W⟧",
    "⟦48°51'24\"N 2°21'03\"E⟧",
    '"latitude": ⟦48.1371⟧',
    "GPS ⟦51.3621 7.4619⟧, GPS: ⟦N 51.36214 E 7.46187⟧",
    "last fix ⟦51,36214 N, 7,46187 E⟧",
    "souřadnice: ⟦49.1951, 16.6068⟧",
]
HARMLESS = [
    "prices 12.3456 and 44.1234, loss 0.81234, 0.91234",
    "[0.12345, 0.22345, 0.32345]",
    "position 3.50, version 52.5200.13",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_found(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "COORDINATES") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found(RECOGNIZERS, text, "COORDINATES") == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["1.11111, ", "12\u00b0", "lat ", "GPS 1"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
