from typing import Any

from gateway.core.operators import Operator, OperatorConfig
from gateway.transform.pseudonymise import Found, Names


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
