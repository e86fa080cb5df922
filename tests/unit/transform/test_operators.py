import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.findings import ENTITY_TYPES
from gateway.core.pseudonym import PLACEHOLDER
from gateway.transform.operators import hashed, mask, redact


@pytest.mark.parametrize(
    ("value", "keep_last", "masked"),
    [
        ("4111-1111", 4, "****-1111"),
        ("abc", 0, "***"),
        ("abc", 4, "***"),
        ("abc", 3, "***"),
        ("a-b", 2, "*-*"),
        ("a<b>c", 1, "****c"),
        ("", 2, ""),
    ],
)
def test_a_mask(value: str, keep_last: int, masked: str) -> None:
    assert mask(value, keep_last) == masked


@given(st.text(), st.integers(0, 4))
def test_a_mask_shows_no_more_than_it_may(value: str, keep_last: int) -> None:
    shown = mask(value, keep_last)

    assert len(shown) == len(value)
    assert sum(character.isalnum() for character in shown) <= keep_last
    assert "<" not in shown


@pytest.mark.parametrize("name", sorted(ENTITY_TYPES))
def test_nothing_is_read_as_a_placeholder(name: str) -> None:
    assert not PLACEHOLDER.search(redact(name))
    assert not PLACEHOLDER.search(hashed(name, "0" * 64))
