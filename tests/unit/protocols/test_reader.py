import re
from typing import Any

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols.json_text import Json
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader, digits_of
from gateway.protocols.shapes import (
    Document,
    Dropped,
    Either,
    Flag,
    Free,
    ListOf,
    Number,
    Record,
    Refused,
    Schema,
    Served,
    Shape,
    Table,
    Tagged,
    Text,
    Words,
)
from gateway.protocols.template import fill

NAME = re.compile("[a-z]+")
ARGUMENTS = Document(inner=Free(kind=PartKind.ARGUMENTS), kind=PartKind.TEXT)


def read(shape: Shape, value: Json) -> list[tuple[str, str, str]]:
    reader = Reader(frozenset({"temperature"}))
    reader.read(shape, value, Place())
    return [(segment.pointer, segment.kind.value, segment.text.reveal()) for segment in reader.segments]


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Flag(), True),
        (Number(low=0, high=2), 0.5),
        (Number(low=0, high=2, whole=True), 2),
        (Words(frozenset({"a"})), "a"),
        (Served(NAME, ""), "abc"),
        (Text(), ""),
        (Schema(), True),
        (Record(fields={"a": Text()}), {"a": None}),
        (Record(fields={"a": Refused("no", unless=(False,))}), {"a": False}),
        (Record(fields={"a": Dropped()}), {"a": {"anything": "at all"}}),
    ],
)
def test_what_holds_no_text_gives_none(shape: Shape, value: Json) -> None:
    assert read(shape, value) == []


@pytest.mark.parametrize(
    ("shape", "value", "why", "where"),
    [
        (Flag(), 1, "true or false", ""),
        (Number(low=0, high=2), "1", "A number", ""),
        (Number(low=0, high=2), True, "A number", ""),
        (Number(low=0, high=2), 3, "from 0 to 2", ""),
        (Number(low=0, high=2, whole=True), 0.5, "An integer", ""),
        (Words(frozenset({"a"})), "Alma", "one of: a", ""),
        (Words(frozenset({"a"})), ["a"], "one of: a", ""),
        (Served(NAME, "a name"), "Alma", "a name", ""),
        (Served(NAME, "a name"), 1, "A string", ""),
        (Text(), 1, "A string", ""),
        (Text(pattern=NAME, says="a name"), "Alma", "a name", ""),
        (Schema(), "Alma", "A JSON Schema", ""),
        (Document(inner=Schema(), kind=PartKind.SCHEMA), '"Alma"', "A JSON Schema", "#"),
        (ARGUMENTS, '{"a":1,"a":"Alma"}', "ambiguous", ""),
        (ARGUMENTS, "[" * 70 + "]" * 70, "deeper", ""),
        (ARGUMENTS, {"a": "Alma"}, "A string", ""),
        (ListOf(item=Text(), most=1), "Alma", "A list", ""),
        (ListOf(item=Text(), most=1), ["a", "b"], "At most 1", ""),
        (ListOf(item=Text(), most=1), [1], "A string", "/0"),
        (Table(keys=NAME, says="small letters", value=Flag(), most=2), {"Alma": True}, "small letters", ""),
        (Table(keys=NAME, says="small letters", value=Flag(), most=2), {"alma": 1}, "true or false", "/*"),
        (Table(keys=NAME, says="", value=Flag(), most=0), {"alma": True}, "At most 0", ""),
        (Record(fields={}), ["Alma"], "An object", ""),
        (Record(fields={}), {"Alma": 1}, "does not know", ""),
        (Record(fields={}), {"temperature": 1}, "'temperature'", ""),
        (Record(fields={"a": Text()}, needs=frozenset({"a"})), {}, "needed", "/a"),
        (Record(fields={"a": Text()}, needs=frozenset({"a"})), {"a": None}, "needed", "/a"),
        (Record(fields={"a": Refused("not here")}), {"a": "Alma"}, "not here", "/a"),
        (Record(fields={"a": Refused("not here", unless=(False,))}), {"a": 0}, "not here", "/a"),
        (Tagged(tag="t", variants={}, refused={"x": "no x"}), {"t": "x"}, "no x", "/t"),
        (Tagged(tag="t", variants={"y": Record(fields={})}, refused={}), {"t": "Alma"}, "one of: y", "/t"),
        (Tagged(tag="t", variants={"y": Record(fields={})}, refused={}), {}, "one of: y", "/t"),
        (Tagged(tag="t", variants={"y": Record(fields={})}, refused={}), {"t": ["y"]}, "one of: y", "/t"),
        (Either({str: Text(), list: Free()}), 1, "a string or a list", ""),
        (Either({int: Free()}), True, "an integer", ""),
    ],
)  # fmt: skip
def test_what_a_shape_does_not_foresee_is_refused(shape: Shape, value: Any, why: str, where: str) -> None:
    with pytest.raises(ProtocolError, match=why) as caught:
        read(shape, value)
    assert caught.value.pointer == where
    assert "Alma" not in caught.value.message


def test_free_json_gives_every_string_key_and_number() -> None:
    value: Json = {"Alma": ["x", "", 482913, 4.5, True, None, {"": {"b": -41.0}}]}
    assert read(Free(), value) == [
        ("/Alma", "key", "Alma"),
        ("/Alma/0", "value", "x"),
        ("/Alma/2", "number", "482913"),
        ("/Alma/3", "number", "4.5"),
        ("/Alma/6//b", "key", "b"),
        ("/Alma/6//b", "number", "-41"),
    ]


def test_short_numbers_of_a_schema_or_of_the_protocol_are_no_text() -> None:
    assert read(Schema(), {"maxLength": 482913, "minimum": 1234567}) == [("/minimum", "number", "1234567")]
    assert read(Number(low=0, high=10**9), 482913) == []


@pytest.mark.parametrize(
    ("number", "text"), [(41, "41"), (-41, "-41"), (4.1e15, "4100000000000000"), (1.5, "1.5"), (1e300, "1e+300")]
)
def test_whole_numbers_are_read_without_point_or_exponent(number: float, text: str) -> None:
    assert digits_of(number) == text


def test_json_in_a_string_is_read_inside() -> None:
    assert read(ARGUMENTS, '{"city": "Z\\u00fcrich", "n": 1234567}') == [
        ("#/city", "key", "city"),
        ("#/city", "arguments", "Zürich"),
        ("#/n", "key", "n"),
        ("#/n", "number", "1234567"),
    ]


@pytest.mark.parametrize("text", ["hello", '{"cut', "{'a': 1}"])
def test_what_no_parser_reads_as_json_is_one_text(text: str) -> None:
    assert read(ARGUMENTS, text) == [("", "text", text)]


@pytest.mark.parametrize(
    "text", [r'{"a": "Z\u00fcrich"}', r"Result: {'a': 'Z\u00fcrich', 'a': 1,}", r"\\u005a\u00fcrich", r"a\/Z\u00fcrich"]
)
def test_escapes_are_undone_where_something_changes_and_else_stay(text: str) -> None:
    for shape in (Text(), ARGUMENTS, Free()):
        reader = Reader(frozenset())
        template = reader.read(shape, text, Place())
        texts = [segment.text for segment in reader.segments]
        (zurich,) = [each for each in texts if "Zürich" in each.reveal()]
        changed = [Sensitive(each.reveal().replace("Zürich", "<X>")) for each in texts]

        assert "\\u" not in zurich.reveal()
        assert fill(template, reader.segments, texts) == text or shape is ARGUMENTS
        assert "<X>" in str(fill(template, reader.segments, changed))


def test_what_is_read_apart_is_not_joined_with_its_neighbours() -> None:
    call = Record(fields={"name": Text(), "input": Free()}, apart=True)
    items: Json = [{"name": "n", "input": {"k": "v"}}]
    reader = Reader(frozenset())
    reader.read(ListOf(item=call, most=9, joined=True), items, Place())

    assert {segment.text.reveal(): segment.whole for segment in reader.segments} == {
        "n": "",
        **dict.fromkeys("kv", "/0/input"),
    }


def test_a_piece_knows_what_it_is_read_with() -> None:
    shape = Record(
        fields={
            "content": ListOf(item=Record(fields={"text": Text()}), most=9, joined=True),
            "stop": ListOf(item=Text(), most=9),
            "arguments": ARGUMENTS,
            "metadata": Free(),
            "schema": Schema(),
        }
    )
    value: Json = {
        "content": [{"text": "a"}],
        "stop": ["b"],
        "arguments": '{"c": ["d"]}',
        "metadata": {"e": {"f": 1}},
        "schema": {"title": "g"},
    }
    reader = Reader(frozenset())
    reader.read(shape, value, Place())

    assert {segment.text.reveal(): segment.whole for segment in reader.segments} == {
        "a": "/content",
        "b": "",
        **dict.fromkeys("cd", "/arguments#"),
        **dict.fromkeys("ef1", "/metadata"),
        "g": "/schema",
    }


def test_a_segment_knows_who_speaks() -> None:
    shape = Tagged(
        tag="role",
        variants={"user": Record(fields={"role": Words(frozenset({"user"})), "content": Text()})},
        refused={},
    )
    reader = Reader(frozenset())
    reader.read(shape, {"role": "user", "content": "x"}, Place())
    assert [segment.role for segment in reader.segments] == ["user"]


def test_there_is_a_most_to_the_pieces_of_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.protocols.reader.MOST_SEGMENTS", 2)
    with pytest.raises(ProtocolError, match="more than 2 pieces"):
        read(Free(), ["a", "b", "c"])


def test_an_object_without_its_tag_is_what_the_shape_says() -> None:
    shape = Tagged(tag="t", variants={"y": Record(fields={"a": Text()})}, refused={}, otherwise="y")

    assert read(shape, {"a": "Alma"}) == [("/a", "text", "Alma")]
    with pytest.raises(ProtocolError):
        read(shape, {"t": None, "a": "Alma"})
