import time

import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.checksums import luhn
from gateway.detect.patterns import needs
from gateway.detect.prefilter import Prefilter
from gateway.detect.recognizers.americas import AMERICAS
from gateway.detect.recognizers.asia import ASIA
from gateway.detect.recognizers.elsewhere import ELSEWHERE
from gateway.detect.recognizers.europe import EUROPE
from gateway.detect.recognizers.issued import ALONE, LED, Row, compact, issued, words

ROWS = (*EUROPE, *AMERICAS, *ASIA, *ELSEWHERE)
EVERY = issued(ROWS)


def found(row: Row, text: str) -> list[tuple[str, float]]:
    (recognizer,) = issued([row])
    return [(text[each.start : each.end], each.score) for each in recognizer.analyze(text, [row.type])]


def test_a_form_scores_as_the_row_says() -> None:
    row = Row(type="CA_SIN", alone=["###-###-###"], led=["#########"], check=luhn, words="sin")

    assert found(row, "123-456-782 and 123456782") == [("123-456-782", ALONE), ("123456782", LED)]
    assert found(row, "123-456-783 and 123456783") == []


def test_a_crowded_number_needs_its_word() -> None:
    row = Row(type="IN_AADHAAR", alone=["#### ####"], words="uid")

    assert found(row, "1234 5678") == [("1234 5678", ALONE)]
    assert {score for _, score in found(row, "1234 5678 9012")} == {LED}


def test_letters_are_of_either_case_where_something_vouches_for_them() -> None:
    vouched = Row(type="ES_NIF", alone=[r"\d{8}[A-Z]"], check=lambda number: number == "12345678Z", words="dni")
    strict = Row(type="IN_PAN", alone=[r"[A-Z]{5}\d{4}[A-Z]"], words="pan")
    exact = Row(type="BIC_CODE", led=["[A-Z]{8}1?"], words="bic", exact=True)

    assert found(vouched, "x 12345678z") == [("12345678z", ALONE)]
    assert found(strict, "abcpe1234f ABCPE1234F") == [("ABCPE1234F", ALONE)]
    assert found(exact, "delivery DELIVERY 1") == [("DELIVERY", LED)]


def test_a_tilde_is_a_space_or_hyphen_or_nothing() -> None:
    row = Row(type="ES_NIE", alone=[r"[XYZ]~\d{7}~[A-Z]"], words="nie")

    for spelled in ("X1234567L", "X-1234567-L", "X 1234567 L", "X\u00a01234567\u2011L"):
        assert [value for value, _ in found(row, f"({spelled})")] == [spelled]


@pytest.mark.parametrize(
    ("number", "plain"),
    [("X-1234567-L", "X1234567L"), ("\u0661 2", "12"), ("\u00d1&1", "\u00d1&1"), ("\u212a1", ""), ("\u00e91", "")],
)
def test_what_is_checked_is_ascii(number: str, plain: str) -> None:
    assert compact(number) == plain


def test_letters_that_no_check_knows_are_no_number() -> None:
    row = Row(type="IT_FISCAL_CODE", alone=[r"\w{3}\d"], check=luhn, words="cf")

    assert found(row, "\u0661\u0662\u212a4") == []


def test_words_are_compared_as_context_is() -> None:
    assert list(words("USt-IdNr., Sozialversicherungsnummer")) == ["ust idnr", "sozialversicherungsnummer"]
    assert list(words("sin, the tax number")) == [" sin ", "tax number"]
    assert list(words("\u8eab\u4efd\u8bc1")) == ["\u8eab\u4efd\u8bc1"]


def test_no_word_is_left_empty_by_what_context_leaves_out() -> None:
    empty = {row.type for row in ROWS if not all(word.strip() for word in words(row.words))}

    assert empty == set()


def test_every_need_is_known_and_wide_enough() -> None:
    assert [each.name for each in EVERY if needs(each) is None] == []

    prefilter = Prefilter(EVERY)
    texts = [
        "nothing",
        "n 12345678901",
        "\u53f712345678Z",
        "ab 123 456 789",
        "X\u20111234567\u00a0L",
        "\u00e9 943 476 5919",
        "\u0661" * 11,
    ]
    for text in texts:
        candidates = prefilter.candidates(text)
        for index, recognizer in enumerate(EVERY):
            if index not in candidates:
                assert recognizer.analyze(text, []) == [], (recognizer.name, text)


def test_prose_without_digits_runs_none_of_them_but_what_looks_like_a_banks_code() -> None:
    text = "Dear colleague, thank you for the long letter about the meeting; we shall answer it soon."

    assert Prefilter(EVERY).candidates(text) == []


def test_every_type_is_named_and_described() -> None:
    assert {row.type for row in ROWS} <= ENTITY_TYPES.keys()
    assert all(row.alone or row.led for row in ROWS)


@pytest.mark.parametrize("unit", ["1", "A1", "A", "12 ", "123-", "1.2.", "AB12 34 56 ", "\u53f71", "A" * 17 + " "])
def test_hostile_text_makes_no_more_findings_than_it_has_characters(unit: str) -> None:
    text = unit * 2000

    for recognizer in EVERY:
        assert len(recognizer.analyze(text, [])) <= len(text)


def seconds(text: str) -> float:
    began = time.process_time()
    for recognizer in EVERY:
        recognizer.analyze(text, [])
    return time.process_time() - began


@pytest.mark.parametrize("unit", ["1", "A1", "1.2.", "A-1-", "AB12 34 56 ", "AAA000101 ", "RSSMRA85T10A56", "\u53f71"])
def test_hostile_text_takes_time_in_proportion(unit: str) -> None:
    """Eight times as much would take sixty-four times as long if each place were read on to the end."""
    small, large = ((unit * size)[:size] for size in (8_000, 64_000))

    assert min(seconds(large + each) for each in "xy") < 30 * max(seconds(small + each) for each in "xyz")
