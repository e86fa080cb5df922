from typing import Any

import pytest

from gateway.policy.tree import Entry, Report, documents


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


def test_a_value_is_reached_by_its_keys() -> None:
    document = read("a: {b: [1, {c: two}]}\n")

    assert document.plain() == {"a": {"b": [1, {"c": "two"}]}}
    assert document.at() is document
    assert [value and value.plain() for value in (document.at("a", "b"), document.at("a", "b", "c"))] == [
        [1, {"c": "two"}],
        None,
    ]
    assert document.at("x", "y") is None
