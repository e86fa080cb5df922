import math

import pytest

from gateway.policy.scalars import is_old_boolean, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("NULL", None),
        ("true", True),
        ("False", False),
        ("7", 7),
        ("+7", 7),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        (".5", 0.5),
        ("-1.5e3", -1500.0),
        ("1.", 1.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("9" * 5000, math.inf),
    ],
    ids=lambda value: str(value)[:10],
)
def test_what_the_core_schema_says(text: str, value: object) -> None:
    assert plain(text) == value
    assert type(plain(text)) is type(value)


@pytest.mark.parametrize("text", ["yes", "off", "tRue", "2027-01-31", "12:30", "1_000", "1,5", "0b1", "e3", "=", "."])
def test_all_else_is_text(text: str) -> None:
    assert plain(text) == text


def test_what_is_not_a_number_is_one_that_no_bounds_hold() -> None:
    assert math.isnan(plain(".nan"))  # type: ignore[arg-type]


def test_old_booleans() -> None:
    assert all(map(is_old_boolean, ("yes", "No", "ON", "off", "y", "N")))
    assert not any(map(is_old_boolean, ("true", "false", "yess", "")))
