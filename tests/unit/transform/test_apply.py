from typing import Any

import pytest

from gateway.core.operators import Operator

P = Operator.PSEUDONYMISE


def said(made: Any) -> list[str]:
    return [text.reveal() for text in made.texts]


def test_numbers_count_by_type_in_the_order_of_the_findings(transformed: Any) -> None:
    made = transformed(
        ["Bob met Eve", "Eve wrote to a@b.c"],
        (0, "Bob", "PERSON", P),
        (0, "Eve", "PERSON", P),
        (1, "a@b.c", "EMAIL_ADDRESS", P),
    )

    assert said(made) == ["<PERSON_1> met <PERSON_2>", "<PERSON_2> wrote to <EMAIL_ADDRESS_1>"]


def test_a_value_found_once_is_replaced_everywhere(transformed: Any) -> None:
    made = transformed(["Bob, Bobby", "for Bob!", "bob"], (0, "Bob", "PERSON", P))

    assert said(made) == ["<PERSON_1>, Bobby", "for <PERSON_1>!", "bob"]


def test_spellings_of_one_value_share_a_placeholder_and_come_back_as_the_first(transformed: Any) -> None:
    made = transformed(["John Smith", "JOHN SMITH"], (0, "John Smith", "PERSON", P), (1, "JOHN SMITH", "PERSON", P))

    assert said(made) == ["<PERSON_1>", "<PERSON_1>"]
    assert made.table.get("<PERSON_1>").original.reveal() == "John Smith"


def test_the_first_type_wins_and_the_stronger_operator(transformed: Any) -> None:
    made = transformed(["Bob", "Bob"], (0, "Bob", "PERSON", P), (1, "Bob", "SECRET", Operator.REDACT))

    assert said(made) == ["[PERSON]", "[PERSON]"]
    assert len(made.table) == 0


def test_a_known_value_that_holds_what_was_found_comes_first(transformed: Any) -> None:
    made = transformed(
        ["4111-Zq9", "with 4111-Zq9 and 4111", "4111-Zq9x"],
        (0, "4111-Zq9", "SECRET", Operator.REDACT),
        (1, "4111", "CREDIT_CARD", P),
        (2, "4111", "CREDIT_CARD", P),
    )

    assert said(made) == ["[SECRET]", "with [SECRET] and <CREDIT_CARD_1>", "<CREDIT_CARD_1>-Zq9x"]


@pytest.mark.parametrize(
    ("operator", "keep_last", "shown"),
    [
        (Operator.MASK, 4, "**** **** **** 1111"),
        (Operator.MASK, 0, "**** **** **** ****"),
        (Operator.REDACT, 0, "[CREDIT_CARD]"),
    ],
)
def test_what_is_not_restored_is_in_no_table(transformed: Any, operator: Operator, keep_last: int, shown: str) -> None:
    made = transformed(
        ["4111 1111 1111 1111"], (0, "4111 1111 1111 1111", "CREDIT_CARD", operator), keep_last=keep_last
    )

    assert said(made) == [shown]
    assert len(made.table) == 0


def test_inbound_look_alikes_become_literals(transformed: Any) -> None:
    made = transformed(["Bob is <PERSON_1>, <X_2> and <PERSON_1>"], (0, "Bob", "PERSON", P))

    assert said(made) == ["<PERSON_1> is <LITERAL_1>, <LITERAL_2> and <LITERAL_1>"]


def test_history_that_grows_keeps_its_numbers(transformed: Any) -> None:
    before = transformed(["Bob and Eve"], (0, "Bob", "PERSON", P), (0, "Eve", "PERSON", P))
    after = transformed(
        ["Bob and Eve", "Zoe, Bob"], (0, "Bob", "PERSON", P), (0, "Eve", "PERSON", P), (1, "Zoe", "PERSON", P)
    )

    assert said(after)[0] == said(before)[0]
    assert said(after)[1] == "<PERSON_3>, <PERSON_1>"


def test_a_value_that_something_stronger_is_found_of_later_keeps_its_number_used(transformed: Any) -> None:
    texts, found = ["Bob and Eve", "pwd: Bob"], [(0, "Bob", "PERSON", P), (0, "Eve", "PERSON", P)]

    assert said(transformed(texts[:1], *found)) == ["<PERSON_1> and <PERSON_2>"]
    assert said(transformed(texts, *found, (1, "Bob", "SECRET", Operator.REDACT))) == [
        "[PERSON] and <PERSON_2>",
        "pwd: [PERSON]",
    ]


PARTS = {"Maria Gonzalez": ("Maria", "Gonzalez")}
MARIA = (0, "Maria Gonzalez", "PERSON", P)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Maria Gonzalez and Bob"], ["<PERSON_1> and <PERSON_2>"]),
        (["Maria Gonzalez and Bob", "Gonzalez!"], ["<PERSON_1> and <PERSON_2>", "<PERSON_3>!"]),
        (["Gonzalez: Maria Gonzalez and Bob", "Hi"], ["<PERSON_2>: <PERSON_1> and <PERSON_3>", "Hi"]),
        (["Gonzalez: Maria Gonzalez and Bob", "Maria"], ["<PERSON_2>: <PERSON_1> and <PERSON_3>", "<PERSON_4>"]),
        (["Maria Gonzalez and Bob", "Gonzalezes"], ["<PERSON_1> and <PERSON_2>", "Gonzalezes"]),
    ],
)
def test_parts_of_a_name_count_where_they_stand_and_change_no_earlier_number(
    transformed: Any, texts: list[str], expected: list[str]
) -> None:
    made = transformed(texts, MARIA, (0, "Bob", "PERSON", P), parts=PARTS)

    assert said(made) == expected


def test_a_longer_part_that_is_said_later_takes_no_earlier_number(transformed: Any) -> None:
    """Garcia stands in Garcia-Lopez, whoever is called so later."""
    texts, parts = ["Garcia-Lopez wrote to Eva Garcia, Bob and Garcia."], {"Eva Garcia": ("Eva", "Garcia")}
    found = [(0, "Eva Garcia", "PERSON", P), (0, "Bob", "PERSON", P)]
    before = transformed(texts, *found, parts=parts)
    parts["Ana Garcia-Lopez"] = ("Ana", "Garcia-Lopez")
    after = transformed([*texts, "Ana Garcia-Lopez"], *found, (1, "Ana Garcia-Lopez", "PERSON", P), parts=parts)

    assert said(before) == ["<PERSON_2>-Lopez wrote to <PERSON_1>, <PERSON_3> and <PERSON_2>."]
    assert said(after) == ["<PERSON_5> wrote to <PERSON_1>, <PERSON_3> and <PERSON_2>.", "<PERSON_4>"]


def test_a_hash_is_keyed_and_named(transformed: Any) -> None:
    (text,) = said(transformed(["Bob"], (0, "Bob", "PERSON", Operator.HASH)))

    assert text.startswith("[PERSON:")
    assert len(text) == len("[PERSON:]") + 16


def test_every_original_is_known_to_the_last_look(transformed: Any) -> None:
    made = transformed(["Bob 4111"], (0, "Bob", "PERSON", P), (0, "4111", "CREDIT_CARD", Operator.REDACT))

    assert made.replacements.clean(b'{"x":"Bob 4111"}') == b'{"x":"<PERSON_1> [CREDIT_CARD]"}'


def test_what_is_done_with_a_part_of_a_finding_is_done_where_it_was_found_by_itself(transformed: Any) -> None:
    texts = ["code 12-3456 it is", "12-3456"]
    found = [(0, "code 12-3456", "SECRET", Operator.REDACT), (1, "12-3456", "US_SSN", Operator.PSEUDONYMISE)]

    made = transformed(texts, *found, parts={"code 12-3456": ["12-3456"]})
    plain = transformed(texts, *found)

    assert said(made) == ["[SECRET] it is", "[US_SSN]"]
    assert said(plain) == ["[SECRET] it is", "<US_SSN_1>"]


def test_no_mask_shows_the_end_of_a_value_that_is_hidden_elsewhere(transformed: Any) -> None:
    texts, mask = ["219-09-9376", "and 219-09-9376", "not 219-09-1376"], Operator.MASK
    larger = ((1, texts[1], "BADGE", mask), (2, texts[2], "BADGE", mask))

    hidden = transformed(texts, (0, texts[0], "US_SSN", Operator.REDACT), *larger, keep_last=4)
    named = transformed(texts, (0, texts[0], "US_SSN", P), *larger, keep_last=4)

    assert said(hidden) == ["[US_SSN]", "[BADGE]", "*** ***-**-1376"]
    assert said(named) == ["<US_SSN_1>", "*** ***-**-****", "*** ***-**-1376"]


@pytest.mark.parametrize(
    ("operator", "left"),
    [(P, "<US_SSN_2>"), (Operator.REDACT, "[US_SSN]"), (Operator.MASK, "[US_SSN]"), (Operator.HASH, "[US_SSN]")],
)
def test_what_a_finding_leaves_of_a_value_that_it_cuts_is_hidden_too(
    transformed: Any, operator: Operator, left: str
) -> None:
    made = transformed(
        ["Nr 219-09-9376", "Nr and 219-09-9376."],
        (0, "219-09-9376", "US_SSN", operator),
        (1, "and 219-09", "BADGE", Operator.REDACT),
    )

    assert said(made)[1] == f"Nr [BADGE]-{left}."
    if operator is P:
        assert made.table.get(left).original.reveal() == "9376"


def test_nothing_stays_of_two_values_that_cut_each_other(transformed: Any) -> None:
    found = [(0, name, "PERSON", P) for name in ("Anna Maria", "Maria Lopez")]
    made = transformed(["Anna Maria, Maria Lopez", "Anna Maria Lopez is 40"], *found)

    assert said(made)[1] == "<PERSON_3> <PERSON_2> is 40"
    assert made.table.get("<PERSON_3>").original.reveal() == "Anna"


def test_what_is_cut_on_both_sides_is_hidden_on_both(transformed: Any) -> None:
    made = transformed(
        ["k l m n o", "j k l, n o p", "j k l m n o p"],
        (0, "k l m n o", "URL", Operator.REDACT),
        (1, "j k l", "AGE", Operator.REDACT),
        (1, "n o p", "AGE", Operator.REDACT),
    )

    assert said(made)[2] == "[AGE] [URL] [AGE]"


def test_signs_and_white_space_are_nothing_to_hide(transformed: Any) -> None:
    made = transformed(
        ["12 - 34", "x 12 - 34"], (0, "12 - 34", "BANK_ACCOUNT", Operator.REDACT), (1, "x 12", "AGE", Operator.REDACT)
    )

    assert said(made)[1] == "[AGE] - [BANK_ACCOUNT]"
