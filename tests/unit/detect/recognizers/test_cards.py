from collections.abc import Callable

import pytest

from gateway.core.policy import Policy
from gateway.detect.analyzer import TextAnalyzer
from gateway.detect.checksums import luhn
from gateway.detect.recognizers.cards import CardRecognizer


def numbers(beginning: str, length: int, count: int = 4) -> list[str]:
    """Return numbers of a length that pass the check."""
    body = length - len(beginning) - 1
    bodies = [beginning + str(7_315_246_908_123_457 + 11 * at)[:body].ljust(body, "3") for at in range(count)]
    return [f"{each}{last}" for each in bodies for last in range(10) if luhn(f"{each}{last}")]


def found(number: str) -> list[str]:
    text = f"See {number} in the list."
    return [text[each.start : each.end] for each in CardRecognizer().analyze(text, ["CREDIT_CARD"])]


@pytest.mark.parametrize(
    ("beginning", "length"),
    [("34", 15), ("37", 15), ("1", 15), ("6", 15), ("35", 16), ("4", 16), ("51", 16), ("36", 14), ("6011", 16)],
)
def test_a_card_is_found(beginning: str, length: int) -> None:
    for number in numbers(beginning, length):
        assert found(number) == [number]


@pytest.mark.parametrize("beginning", ["30", "35", "4", "49", "51", "55"])
def test_fifteen_digits_that_begin_as_a_longer_card_are_none(beginning: str) -> None:
    for number in numbers(beginning, 15):
        assert found(number) == []
        assert found(f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}") == []


def test_thirteen_digits_of_goods_are_none() -> None:
    for number in numbers("30118", 13):
        assert found(number) == []


def test_a_wrong_check_digit_is_noticed() -> None:
    for number in numbers("4", 16):
        assert found(number[:-1] + str((int(number[-1]) + 1) % 10)) == []


@pytest.mark.parametrize("text", ["IMEI {}", "The phone's IMEI number is {}.", '{{"imei": "{}"}}', "imei1={}"])
def test_a_device_is_told_by_its_word(text: str, policy: Callable[..., Policy]) -> None:
    every = policy("CREDIT_CARD", "IMEI")
    for number in (*numbers("35", 15), *numbers("49", 15), *numbers("86", 15)):
        (one,) = TextAnalyzer(engine="patterns", model="").analyze(text.format(number), every)

        assert one.entity_type == "IMEI"
