import pytest

from gateway.core.errors import ProtocolError
from gateway.core.findings import ENTITY_TYPES
from gateway.eval.labels import FAMILIES, IGNORED, LABELS, Labels, family, mapping, types

EVERYTHING = frozenset(ENTITY_TYPES)


def labels(wanted: frozenset[str] = EVERYTHING, *only: str, **mapped: str) -> Labels:
    return Labels(mapped=mapped, wanted=wanted, only=frozenset(only))


@pytest.mark.parametrize(
    ("label", "entity"),
    [
        ("PERSON", "PERSON"),
        ("PERSON_NAME", "PERSON"),
        ("GPE", "LOCATION"),
        ("SOCIAL_SECURITY_NUMBER", "NATIONAL_ID"),
        ("US_SSN", "NATIONAL_ID"),
        ("PASSWORD", "SECRET"),
        ("MISC", ""),
        ("MEDICATION_NAME", ""),
    ],
)
def test_labels_of_the_known_collections_mean_entities(label: str, entity: str) -> None:
    assert labels().entity(label) == entity


def test_what_the_policy_keeps_is_not_judged_and_what_nobody_knows_is() -> None:
    some = labels(frozenset({"PERSON"}))

    assert some.entity("PERSON") == "PERSON"
    assert some.entity("ORGANIZATION") == ""
    assert some.entity("SHOE_SIZE") == "SHOE_SIZE"


def test_a_wider_type_is_right_but_does_not_stand_for_the_entity() -> None:
    assert "LOCATION" in types("STREET_ADDRESS")
    assert labels(frozenset({"LOCATION"})).entity("STREET_ADDRESS") == ""


def test_some_labels_can_be_judged_alone_and_others_mapped() -> None:
    assert labels(EVERYTHING, "GPE").entity("PERSON") == ""
    assert labels(EVERYTHING, "GPE").entity("GPE") == "LOCATION"
    assert labels(EVERYTHING, MISC="PERSON").entity("MISC") == "PERSON"


def test_families_hold_types_that_there_are_and_none_twice() -> None:
    members = [name for names in FAMILIES.values() for name in names]

    assert set(members) <= ENTITY_TYPES.keys()
    assert len(members) == len(set(members))
    assert all(family(name) == entity for entity, names in FAMILIES.items() for name in names)
    assert not IGNORED & LABELS.keys()


def test_a_map_names_a_type_or_a_family() -> None:
    assert mapping(["WHO=PERSON", "SSN=US_SSN", "N=NATIONAL_ID"]) == {
        "WHO": "PERSON",
        "SSN": "NATIONAL_ID",
        "N": "NATIONAL_ID",
    }


@pytest.mark.parametrize("pair", ["WHO", "WHO=", "=PERSON", "WHO=SHOE"])
def test_a_map_of_something_else_is_refused(pair: str) -> None:
    with pytest.raises(ProtocolError, match="--map"):
        mapping([pair])
