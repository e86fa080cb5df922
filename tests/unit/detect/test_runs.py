import re

import pytest

from gateway.detect.runs import AFTER, BEFORE, Reader


def found(text: str, *forms: str) -> list[tuple[str, str, bool]]:
    runs = Reader(forms).read(text).runs
    return [(form, text[run.start : run.end], run.crowded) for form in forms for run in runs.get(form, ())]


def test_a_number_is_found_in_its_form_and_no_other() -> None:
    text = "first 943 476 5919, then 943-476-5919 and 9434765919."

    assert found(text, "### ### ####") == [("### ### ####", "943 476 5919", False)]
    assert found(text, "###-###-####") == [("###-###-####", "943-476-5919", False)]
    assert found(text, "##########") == [("##########", "9434765919", False)]
    assert found(text, "#### ### ###") == []


def test_its_digits_come_without_what_stands_between_them_and_in_ascii() -> None:
    (run,) = Reader(["###.###-##"]).read("x \u0661\u0662\u0663.456-78 y").runs["###.###-##"]

    assert (run.start, run.end, run.digits) == (2, 12, "12345678")


@pytest.mark.parametrize("sign", [" ", "\u00a0", "\u202f", "\u2009"])
def test_spaces_are_alike(sign: str) -> None:
    assert found(f"123{sign}456", "### ###") == [("### ###", f"123{sign}456", False)]


@pytest.mark.parametrize("sign", ["-", "\u2010", "\u2011", "\u2013", "\u2212"])
def test_hyphens_are_alike(sign: str) -> None:
    assert found(f"123{sign}456", "###-###") == [("###-###", f"123{sign}456", False)]


@pytest.mark.parametrize(
    "text",
    [
        "A123456",
        "123456B",
        "x_123456",
        "+123456",
        "0.123456",
        "7-123456",
        "123456.50",
        "123456/7",
        "\u00e9123456",
        "1234567",
    ],
)
def test_a_number_that_goes_on_is_none(text: str) -> None:
    assert found(text, "######") == []


@pytest.mark.parametrize(
    "text",
    [
        "123456.",
        "(123456)",
        "n=123456;",
        "id-123456",
        "\u53f7\u7801123456\u7684",
        "123456,50",
        "\n123456\n",
        "a/123456",
    ],
)
def test_a_number_that_stands_alone_counts(text: str) -> None:
    assert [value for _, value, _ in found(text, "######")] == ["123456"]


@pytest.mark.parametrize(
    ("text", "crowded"),
    [
        ("2345 6789 0124", False),
        ("2345 6789 0124 3456", True),
        ("1111 2345 6789 0124", True),
        ("2345 6789 0124 12/03", False),
        ("2345 6789 0124\n3456", False),
    ],
)
def test_more_groups_of_its_kind_make_it_crowded(text: str, crowded: bool) -> None:
    assert ("#### #### ####", "2345 6789 0124", crowded) in found(text, "#### #### ####")


def test_neighbours_do_not_crowd_a_number_without_spaces() -> None:
    assert found("4444 123-456 5555", "###-###") == [("###-###", "123-456", False)]


def test_forms_that_begin_alike_are_both_found() -> None:
    assert {value for _, value, _ in found("12-3456-78", "##-####", "##-####-##")} == {"12-3456-78"}
    assert {value for _, value, _ in found("12 3456 78", "## ####", "## #### ##")} == {"12 3456", "12 3456 78"}


def test_copies_have_the_length_of_the_text_and_its_places_hold_every_digit() -> None:
    text = "stra\u00dfe \u0130 \u53f7 abc 12 " + "x" * 100 + " 3"
    reading = Reader(["##"]).read(text)

    assert len(reading.exact) == len(reading.upper) == len(text)
    assert "ABC 12" in reading.upper
    assert "\u53f7" not in reading.exact
    assert len(reading.places) == 2
    assert all(any(low <= match.start() < high for low, high in reading.places) for match in re.finditer(r"\d", text))


def test_a_text_is_read_once_and_the_next_one_anew() -> None:
    reader = Reader(["###"])
    text = "n 123"

    assert reader.read(text) is reader.read(text)
    assert reader.read("n 456").runs["###"][0].digits == "456"


@pytest.mark.parametrize(
    ("text", "whole"),
    [(" 12 ", True), ("x12", False), ("+12", False), ("1.12", False), ("12.5", False), ("12. ", True)],
)
def test_patterns_are_bounded_likewise(text: str, whole: bool) -> None:
    assert bool(re.search(f"{BEFORE}12{AFTER}", text)) == whole


def test_the_work_grows_with_the_text() -> None:
    forms = ["### ### ###", "### ###", "###", "### ### ### ### ###"]
    counts = [len(Reader(forms).read("123 " * size).runs["### ### ###"]) for size in (1000, 2000)]

    assert counts == [998, 1998]
