import pytest

from gateway.core.pseudonym import LONGEST_PLACEHOLDER, PLACEHOLDER, Pseudonym, PseudonymTable, normalise
from gateway.core.sensitive import Sensitive


@pytest.mark.parametrize(
    "text", ["<PERSON_1>", "<US_SSN_12>", "<A_1>", "<PERSON_7Q4KX2M9ABCDE>", "<LITERAL_9999999>", "<A1_B2_3>"]
)
def test_placeholders_match(text: str) -> None:
    assert PLACEHOLDER.fullmatch(text)


@pytest.mark.parametrize(
    "text",
    [
        "<PERSON_0>",
        "<PERSON_01>",
        "<person_1>",
        "<PERSON>",
        "<PERSON_>",
        "<_1>",
        "PERSON_1",
        "<1_1>",
        "<PERSON_1",
        "< A_1>",
    ],
)
def test_other_text_does_not(text: str) -> None:
    assert not PLACEHOLDER.search(text)


def test_the_longest_placeholder_is_the_longest_match() -> None:
    longest = "<" + "A" * 63 + "_" + "7" * 26 + ">"

    assert PLACEHOLDER.fullmatch(longest)
    assert len(longest) == LONGEST_PLACEHOLDER
    assert not PLACEHOLDER.search("<" + "A" * 64 + "_" + "7" * 26 + ">")


@pytest.mark.parametrize(
    ("entity_type", "one", "other", "same"),
    [
        ("PERSON", "John Smith", "JOHN  SMITH", True),
        ("PERSON", "John Smith", "John\nSmith", True),
        ("PERSON", "John Smith", "Jon Smith", False),
        ("EMAIL_ADDRESS", "Bob@Corp.local", "bob@corp.local", True),
        ("CREDIT_CARD", "4111 1111 1111 1111", "4111-1111-1111-1111", True),
        ("IBAN_CODE", "DE89 3704 0044 0532 0130 00", "de89370400440532013000", True),
        ("PHONE_NUMBER", "(212) 555-0143", "212.555.0143", True),
        ("SECRET", "Tr0ub4dor", "tr0ub4dor", False),
        ("SECRET", "a-b", "ab", False),
        ("PERSON", "\uff2aohn Smith", "John Smith", True),
        ("PERSON", "Maria Wei\u00df", "Maria Weiss", False),
        ("PERSON", "Rene\u0301", "Ren\u00e9", True),
        ("EMAIL_ADDRESS", "gro\u00df@corp.local", "gross@corp.local", False),
        ("SECRET", "x\u00b2", "x2", False),
    ],
)
def test_what_counts_as_the_same_value(entity_type: str, one: str, other: str, same: bool) -> None:
    assert (normalise(entity_type, one) == normalise(entity_type, other)) is same


def test_a_table_knows_its_own_placeholders_only() -> None:
    mine = Pseudonym(placeholder="<PERSON_1>", entity_type="PERSON", original=Sensitive("Maria"))
    table = PseudonymTable({"<PERSON_1>": mine})

    assert table.get("<PERSON_1>") == mine
    assert table.get("<PERSON_2>") is None
    assert (list(table), len(table)) == ([mine], 1)
    assert "Maria" not in repr(table)
