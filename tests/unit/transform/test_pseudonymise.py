import hashlib
from typing import Any

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.pseudonym import PLACEHOLDER
from gateway.transform.pseudonymise import Found, Names, crockford


def names(*found: tuple[str, str, Operator]) -> Names:
    fingerprints: Any = None
    made = Names(tenant="t", fingerprints=fingerprints)
    made.give(Found(entity_type=kind, text=text, operator=OperatorConfig(operator=op)) for kind, text, op in found)
    return made


P = Operator.PSEUDONYMISE


def test_two_values_never_share_a_placeholder() -> None:
    made = names(("PERSON", "Bob", P), ("PERSON", "Eve", P), ("SECRET", "Bob1", P), ("SECRET", "bob1", P))

    assert made.replacements == {"Bob": "<PERSON_1>", "Eve": "<PERSON_2>", "Bob1": "<SECRET_1>", "bob1": "<SECRET_2>"}


def test_one_value_has_one_placeholder_in_all_its_spellings() -> None:
    made = names(("CREDIT_CARD", "4111 1111", P), ("CREDIT_CARD", "4111-1111", P))

    assert set(made.replacements.values()) == {"<CREDIT_CARD_1>"}


def test_the_stronger_operator_holds_for_the_whole_value() -> None:
    made = names(("PERSON", "Bob", P), ("PERSON", "BOB", Operator.REDACT))

    assert set(made.replacements.values()) == {"[PERSON]"}


def test_literals_count_on_their_own() -> None:
    made = names(("PERSON", "Bob", P))

    assert [made.literal("<X_1>"), made.literal("<Y_1>"), made.literal("<X_1>")] == [
        "<LITERAL_1>",
        "<LITERAL_2>",
        "<LITERAL_1>",
    ]
    assert made.table().get("<LITERAL_2>").original.reveal() == "<Y_1>"  # type: ignore[union-attr]


class Prints:
    """A keyed hash of the value, in lower case."""

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return hashlib.sha256(f"{tenant} {entity_type} {value.lower()}".encode()).hexdigest()


def keyed(tenant: str, *values: str) -> Names:
    made = Names(tenant=tenant, fingerprints=Prints(), keyed=True)
    made.give(Found(entity_type="PERSON", text=value, operator=OperatorConfig(operator=P)) for value in values)
    return made


def test_keyed_placeholders_are_the_same_in_every_request_of_a_tenant_and_in_no_other() -> None:
    one, other, elsewhere = keyed("t", "Bob", "Eve"), keyed("t", "Eve"), keyed("u", "Eve")

    assert one.replacements["Eve"] == other.replacements["Eve"]
    assert len({*one.replacements.values(), *elsewhere.replacements.values()}) == 3
    assert all(PLACEHOLDER.fullmatch(name) for name in one.replacements.values())
    assert one.table().get(one.replacements["Eve"]).original.reveal() == "Eve"  # type: ignore[union-attr]
    assert PLACEHOLDER.fullmatch(one.literal("<X_1>"))


def test_65_bits_are_written_in_13_characters() -> None:
    assert crockford("f" * 64) == "Z" * 13
    assert crockford("0" * 64) == "0" * 13
    assert crockford("8" + "0" * 63) == "G" + "0" * 12


def test_a_value_with_two_masks_shows_what_both_show() -> None:
    fingerprints: Any = None
    for first, second, shown in [(4, 2, "*****89"), (2, 4, "*****89"), (4, None, "*******")]:
        made = Names(tenant="t", fingerprints=fingerprints)
        other = (
            OperatorConfig(operator=P) if second is None else OperatorConfig(operator=Operator.MASK, keep_last=second)
        )
        one = OperatorConfig(operator=Operator.MASK, keep_last=first)
        made.give(Found(entity_type=kind, text="3456789", operator=op) for kind, op in [("A", one), ("B", other)])

        assert made.replacements == {"3456789": shown}
