from random import Random

import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.eval import planted as module
from gateway.eval.planted import KINDS, Planted, planted
from tests.doubles.numbers import spans


def test_all_that_points_at_somebody_directly_is_planted() -> None:
    assert {"PERSON", "SECRET", "US_SSN", "VEHICLE_VIN", "CRYPTO"} <= set(KINDS)
    assert set(ENTITY_TYPES) - set(KINDS) == {
        *("AGE", "COORDINATES", "DATE_OF_BIRTH", "DATE_TIME", "LOCATION", "NRP", "ORGANIZATION", "POSTAL_CODE"),
        *("STREET_ADDRESS", "URL"),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_a_value_again(kind: str) -> None:
    assert planted(kind, Random(5)) == planted(kind, Random(5))
    assert len({planted(kind, Random(seed)).value for seed in range(20)}) > 1


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"PERSON", "PHONE_NUMBER"}))
def test_a_value_is_found_as_what_it_is(kind: str) -> None:
    value = planted(kind, Random(7))

    assert value.value in spans(value.said(value.value), kind)


def test_a_value_is_said_as_it_is_written() -> None:
    value = Planted("SECRET", "abc", "It is {}, {}.")

    assert value.said("a{}c") == "It is a{}c, a{}c."


def test_a_form_that_no_number_passes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_DRAWS", 10)
    monkeypatch.setitem(module._CHECKS, "UK_NHS", lambda _: False)

    with pytest.raises(ValueError, match="UK_NHS"):
        planted("UK_NHS", Random(1))
