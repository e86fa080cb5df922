from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.policy.report import Report
from gateway.policy.tree import MOST_DOCUMENTS, MOST_VALUES, UNREAD, Entry, Value, documents


def read(text: str) -> Any:
    report = Report("f.yaml", text)
    found = documents(text, report)
    assert report.problems == []
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ("word", "word"),
        ("'7'", "7"),
        ('"yes"', "yes"),
        ("~", None),
    ],
)
def test_plain_values(text: str, value: object) -> None:
    entry = read(f"key: {text}\n").data[0]

    assert isinstance(entry, Entry)
    assert (entry.key, entry.value.data) == ("key", value)


def test_places_count_from_one() -> None:
    outer = read("a:\n  bc: [1, two]\n").data[0]
    inner = outer.value.data[0]

    assert (inner.place.line, inner.place.column, inner.place.length) == (2, 3, 2)
    assert [(item.place.line, item.place.column) for item in inner.value.data] == [(2, 8), (2, 11)]


def faults(text: str) -> tuple[list[Value], list[tuple[int, int, str]]]:
    report = Report("f.yaml", text)
    found = documents(text, report)
    return found, [(problem.line, problem.column, problem.code) for problem in report.problems]


def test_a_word_takes_its_quotes_and_a_text_the_rest_of_its_line() -> None:
    outer = read("'a': \"b c\"\nd: |  \n  text\n  more\ne: one\n  two\n").data

    assert [(entry.place.column, entry.place.length) for entry in outer] == [(1, 3), (1, 1), (1, 1)]
    assert [(entry.value.place.column, entry.value.place.length) for entry in outer] == [(6, 5), (4, 3), (4, 3)]
    assert [entry.value.data for entry in outer] == ["b c", "text\nmore\n", "one two"]


def test_a_block_begins_at_its_first_key_and_what_is_empty_at_its_own() -> None:
    outer = read("first:\n  inner: 1\nempty:\nlast: [1]\n").data

    assert [(entry.value.place.line, entry.value.place.column) for entry in outer] == [(2, 3), (3, 1), (4, 7)]
    assert [entry.value.place.length for entry in outer] == [5, 5, 1]


def test_words_without_quotes_are_told_from_texts() -> None:
    assert [entry.value.bare for entry in read("a: off\nb: 'off'\nc: 1\n").data] == [True, False, True]


def test_a_value_is_found_by_its_path_and_made_plain() -> None:
    value = read("a: {b: [1, {c: two}], d: null}\n")

    assert value.at("a", "b").items[0].data == 1
    assert value.at("a", "x", "y") is None
    assert (value.entries[0].key, value.items) == ("a", [])
    assert value.plain() == {"a": {"b": [1, {"c": "two"}], "d": None}}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("a: &x 1\nb: *x\n", [(1, 4, "CL1007"), (2, 4, "CL1007")]),
        ("a: &x\n  b: 1\n", [(1, 4, "CL1007")]),
        ("a: &x !y {b: 1}\n", [(1, 4, "CL1007")]),
        ("&x a: 1\n", [(1, 1, "CL1007")]),
        ("*x : 1\n", [(1, 1, "CL1007")]),
        ("a: !!str 1\n", [(1, 4, "CL1007")]),
        ("<<: {b: &x 1}\n", [(1, 1, "CL1007"), (1, 9, "CL1007")]),
        ("<<: *x\n", [(1, 1, "CL1007")]),
        ("? [a]\n: 1\n", [(1, 3, "CL1005")]),
        ("%TAG ! tag:x,2027:\n---\na: 1\n", [(2, 1, "CL1007")]),
        ('a: "\\ud800"\nb: "\\udfff"\n', [(1, 4, "CL1013"), (2, 4, "CL1013")]),
        ('a: 1\nb: "\\U00110000"\n', [(2, 5, "CL1013")]),
    ],
)
def test_what_is_refused_is_told_in_its_place_and_the_rest_is_read(text: str, places: list[object]) -> None:
    assert faults(text + "last: 1\n")[1] == places


def test_what_is_refused_leaves_a_hole() -> None:
    (found,), _ = faults("a: *x\nb: !y z\nc: &d 1\n")

    assert [entry.value.data for entry in found.entries] == [UNREAD, UNREAD, 1]
    assert [entry.value.is_whole for entry in found.entries] == [False, False, True]
    assert not found.is_whole
    assert (found.entries[2].value.place.column, found.entries[2].value.place.length) == (7, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("---\n" * (MOST_DOCUMENTS + 1), (MOST_DOCUMENTS + 1, 1, "CL1009")),
        ("- a\n" * (MOST_VALUES + 1), (MOST_VALUES, 3, "CL1009")),
        ("[" * 100, (1, 33, "CL1001")),
        ("".join(f"{' ' * depth}a:\n" for depth in range(40)), (33, 33, "CL1001")),
    ],
    ids=["documents", "values", "brackets", "blocks"],
)
def test_of_what_is_too_much_nothing_is_kept(text: str, place: tuple[int, int, str]) -> None:
    assert faults(text) == ([], [place])


def test_after_mistakes_enough_no_further_document_is_read() -> None:
    assert len(faults("--- '\n" * 1000)[1]) == MOST_DOCUMENTS


@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"])
def test_lines_end_in_three_ways(breaks: str) -> None:
    assert faults(breaks.join(["a: 1", "b: *x", "c: [", ""]))[1] == [(2, 4, "CL1007"), (3, 4, "CL1001")]


def test_what_other_yaml_takes_for_a_line_is_none() -> None:
    assert faults("a: x\x85y\u2028z\nb: *x\n")[1] == [(2, 4, "CL1007")]


@given(st.text("ab:-[]{}'\"|>&*!%@#?,<~ \n\t\\.01", max_size=60))
def test_whatever_a_text_is_it_is_read_or_told(text: str) -> None:
    report = Report("f.yaml", text)
    found = documents(text, report)

    assert report.problems or all(value.plain() is not UNREAD for value in found)
    for problem in report.problems:
        assert 1 <= problem.line <= len(report.lines)
        assert 1 <= problem.column <= len(report.lines[problem.line - 1]) + 1


def test_a_value_is_reached_by_its_keys() -> None:
    document = read("a: {b: [1, {c: two}]}\n")

    assert document.plain() == {"a": {"b": [1, {"c": "two"}]}}
    assert document.at() is document
    assert [value and value.plain() for value in (document.at("a", "b"), document.at("a", "b", "c"))] == [
        [1, {"c": "two"}],
        None,
    ]
    assert document.at("x", "y") is None
