import re

from gateway.protocols.shapes import (
    Dropped,
    Either,
    Flag,
    ListOf,
    Number,
    Record,
    Schema,
    Served,
    Table,
    Tagged,
    Words,
    vocabulary,
    words_of,
)


def test_a_vocabulary_is_read_at_its_spaces() -> None:
    assert vocabulary(" a b\n c ") == {"a", "b", "c"}


def test_the_words_of_a_shape_are_its_field_names_tags_and_fixed_words() -> None:
    shape = Record(
        fields={
            "kind": Words(vocabulary("one two")),
            "items": ListOf(
                item=Tagged(tag="type", variants={"text": Record(fields={"body": Schema()})}, refused={"file": "no"}),
                most=2,
            ),
            "either": Either({str: Words(vocabulary("three")), dict: Record(fields={"inner": Flag()})}),
            "bias": Table(keys=re.compile("x"), says="", value=Number(low=0, high=1), most=1),
            "model": Served(re.compile("x"), ""),
            "gone": Dropped(),
        }
    )
    assert set(words_of(shape)) == vocabulary(
        "kind one two items type text body either three inner bias model gone",
    )
