import uuid
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.exchange import time_of, uuid7


@given(st.integers(0, (1 << 48) - 1), st.binary(min_size=10, max_size=10))
def test_a_uuid7_has_its_version_its_variant_and_its_time(millis: int, chance: bytes) -> None:
    made = uuid7(millis, chance)

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == millis


def test_the_example_of_rfc_9562() -> None:
    """Appendix A.6: 0x017F22E279B0, rand_a 0xCC3, rand_b 0x18C4DC0C0C07398F."""
    chance = (0xCC3 << 62 | 0x18C4DC0C0C07398F & (1 << 62) - 1).to_bytes(10, "big")

    assert uuid7(0x017F22E279B0, chance) == uuid.UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    assert time_of(uuid.UUID("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")) == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 1 << 40), st.binary(min_size=10, max_size=10)), min_size=2))
def test_they_sort_by_time(made: list[tuple[int, bytes]]) -> None:
    ordered = sorted(uuid7(millis, chance) for millis, chance in made)

    assert [identifier.int >> 80 for identifier in ordered] == sorted(millis for millis, _ in made)
