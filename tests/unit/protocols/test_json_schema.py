from typing import Any

from gateway.core.content import PartKind
from gateway.protocols.pointer import Place
from gateway.protocols.reader import Reader
from gateway.protocols.shapes import Schema


def taken(schema: Any) -> list[tuple[str, str, str]]:
    reader = Reader(frozenset())
    reader.read(Schema(), schema, Place("/s", "/s"))
    return [(segment.pointer, segment.kind.value, segment.text.reveal()) for segment in reader.segments]


def test_keywords_types_and_formats_are_fixed() -> None:
    assert (
        taken(
            {
                "type": ["object", "null"],
                "format": "date-time",
                "$schema": "http://json-schema.org/draft-07/schema#",
                "additionalProperties": False,
                "minLength": 3,
                "items": [{"type": "string"}, True],
            }
        )
        == []
    )


def test_property_names_are_keys_and_required_names_are_text() -> None:
    assert taken({"properties": {"Alma": {"type": "string"}}, "required": ["Alma"]}) == [
        ("/s/properties/Alma", "key", "Alma"),
        ("/s/required/0", "schema", "Alma"),
    ]


def test_a_property_may_be_named_like_a_keyword() -> None:
    assert taken({"properties": {"type": {"properties": {"enum": {"enum": ["x"]}}}}}) == [
        ("/s/properties/type", "key", "type"),
        ("/s/properties/type/properties/enum", "key", "enum"),
        ("/s/properties/type/properties/enum/enum/0", "value", "x"),
    ]


def test_every_string_that_is_not_fixed_is_text() -> None:
    found = {text for _, _, text in taken(
        {
            "type": "alma", "format": "b", "title": "c", "description": "d", "pattern": "e", "const": "f", "default": {"g": "h"},
            "examples": ["i"], "$ref": "#/$defs/j", "$comment": "k", "anyOf": [{"const": "l"}], "not": {"const": "m"},
            "dependentRequired": {"n": ["o"]}, "definitions": {"p": {"const": "q"}}, "properties": "r", "items": "s",
            "patternProperties": {"t": True}, "allOf": ["u"], "dependentSchemas": {"v": ["w"]}, "required": {"x": "y"},
        }
    )}  # fmt: skip
    assert found == {"alma", "#/$defs/j", *"bcdefghiklmnopqrstuvwxy"}


def test_a_key_that_is_no_keyword_is_free_and_so_is_its_value() -> None:
    assert taken({"x-owner": {"type": "string", "n": 4111111111111111}}) == [
        ("/s/x-owner", "key", "x-owner"),
        ("/s/x-owner/type", "key", "type"),
        ("/s/x-owner/type", "value", "string"),
        ("/s/x-owner/n", "key", "n"),
        ("/s/x-owner/n", "number", "4111111111111111"),
    ]


def test_kinds() -> None:
    assert {kind for _, kind, _ in taken({"properties": {"a": {"title": "b", "maximum": 12345678}}})} == {
        PartKind.KEY,
        PartKind.SCHEMA,
        PartKind.NUMBER,
    }
