from random import Random

from gateway.eval.cast import Cast, lists


def cast(seed: int = 1, language: str = "de") -> Cast:
    return Cast(language, Random(seed))


def test_a_number_means_the_same_person_in_every_form() -> None:
    people = cast()
    given, family = people.value("PERSON", 1, ("given",)), people.value("PERSON", 1, ("family",))

    assert people.value("PERSON", 1, ()) == f"{given} {family}"
    assert people.value("PERSON", 1, ("reversed",)) == f"{family}, {given}"
    assert people.value("PERSON", 1, ("initial",)) == f"{given[0]}. {family}"
    assert people.value("PERSON", 1, ("given", "lower")) == given.lower()
    assert people.value("PERSON", 1, ("upper",)) == f"{given} {family}".upper()


def test_an_address_is_made_of_the_persons_name() -> None:
    for seed in range(30):
        people = cast(seed)
        people.value("PERSON", 1, ())
        local, _, _ = people.value("EMAIL_ADDRESS", 1, ()).partition("@")

        assert local.isascii()
        assert local == local.lower()


def test_values_without_a_number_are_new_and_places_are_one() -> None:
    people = cast()

    assert len({people.value("DEVICE_ID", 0, ()) for _ in range(5)}) == 5
    assert people.value("LOCATION", 0, ()) == people.value("LOCATION", 0, ())


def test_a_town_has_its_own_postal_code() -> None:
    for language, drawn in lists().items():
        if language != "world":
            assert len(drawn["cities"]) == len(drawn["postal"]), language


def test_what_was_written_by_hand_is_filled_once() -> None:
    people = cast()
    number = people.literal("K-######")

    assert number != "K-######"
    assert people.literal("K-######") == number


def test_a_seed_gives_the_same_cast() -> None:
    labels = ("PERSON", "EMAIL_ADDRESS", "USERNAME", "CREDIT_CARD", "MAC_ADDRESS", "VEHICLE_ID", "IP_ADDRESS")
    first, again = cast(7), cast(7)

    assert [first.value(label, 1, ()) for label in labels] == [again.value(label, 1, ()) for label in labels]
