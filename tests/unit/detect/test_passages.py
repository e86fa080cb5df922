from collections.abc import Sequence

import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.sensitive import Sensitive
from gateway.detect.passages import Passage, passages


def segment(text: str, pointer: str, kind: PartKind = PartKind.VALUE, whole: str = "/metadata") -> Segment:
    return Segment(pointer=pointer, kind=kind, text=Sensitive(text), whole=whole)


def parts(*texts: str) -> list[Segment]:
    return [segment(text, f"/content/{at}/text", PartKind.TEXT, "/content") for at, text in enumerate(texts)]


def found(passage: Passage, value: str, segments: Sequence[Segment], *, name: bool = True) -> list[str]:
    at = passage.text.index(value)
    places = passage.spread(at, at + len(value), name=name)
    return [segments[index].text.reveal()[low:high] for index, low, high in places]


DOCUMENT = [
    segment("password", "/metadata/password", PartKind.KEY),
    segment("Tr0ub4dor", "/metadata/password"),
    segment("codes", "/metadata/codes", PartKind.KEY),
    segment("482913", "/metadata/codes/0", PartKind.NUMBER),
    segment("x", "/metadata/codes/1"),
]


def test_a_text_stands_alone() -> None:
    alone = [segment("a", "/messages/0/content", PartKind.TEXT, ""), segment("b", "/user", PartKind.NAME, "")]

    assert [passage.text for passage in passages(alone)] == ["a", "b"]


def test_a_document_is_laid_out_in_lines_with_each_value_behind_its_key() -> None:
    (passage,) = passages(DOCUMENT)

    assert passage.text == "password: Tr0ub4dor\ncodes\n482913\nx"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Tr0ub4dor", ["Tr0ub4dor"]),
        ("r0ub", ["r0ub"]),
        ("codes", ["codes"]),
        ("password: Tr0ub4dor", ["Tr0ub4dor"]),
        ("dor\ncodes\n48", ["dor", "48"]),
        (": ", []),
    ],
)
def test_what_is_found_is_spread_over_the_pieces(value: str, expected: list[str]) -> None:
    (passage,) = passages(DOCUMENT)

    assert found(passage, value, DOCUMENT) == expected


def test_what_a_pattern_finds_in_a_key_and_beyond_takes_the_key_along() -> None:
    (passage,) = passages(DOCUMENT)

    assert found(passage, "word: Tr0ub4dor", DOCUMENT, name=False) == ["word", "Tr0ub4dor"]


def test_parts_are_read_alone_and_joined() -> None:
    texts = parts("my card 4111 1111", "1111", " 1111 and bob@", "corp.local")
    *alone, joined = passages(texts)

    assert [passage.text for passage in alone] == [each.text.reveal() for each in texts]
    assert found(joined, "4111 11111111 1111", texts) == ["4111 1111", "1111", " 1111"]
    assert found(joined, "bob@corp.local", texts) == ["bob@", "corp.local"]
    assert found(joined, "card", texts) == []
    assert found(joined, "card", texts, name=False) == ["card"]


def test_parts_are_joined_over_what_stands_between_them() -> None:
    first, last = parts("my card 4111 1111", "1111 1111")
    segments = [first, segment("send", "/content/1/name", PartKind.NAME, ""), *DOCUMENT, last]
    joined = next(passage for passage in passages(segments) if passage.seams)

    assert found(joined, "4111 11111111 1111", segments) == ["4111 1111", "1111 1111"]
    assert len([passage for passage in passages(segments) if "password" in passage.text]) == 1


@pytest.mark.parametrize(
    ("texts", "value", "expected"),
    [
        (("write to john\\u00", "40x.com now"), "john@x.com", ["john\\u00", "40x.com"]),
        (("john\\u0040x.c", "om now"), "john@x.com", ["john\\u0040x.c", "om"]),
        (("4111\\u", "0020", "1111 and more"), "4111 1111", ["4111\\u", "0020", "1111"]),
        (("http:\\", "/\\/x.y and more"), "//x.y", ["\\", "/\\/x.y"]),
    ],
)
def test_an_escape_over_parts_is_undone(texts: tuple[str, ...], value: str, expected: list[str]) -> None:
    segments = parts(*texts)
    (joined,) = [passage for passage in passages(segments) if passage.seams]

    assert found(joined, value, segments) == expected
    assert found(joined, "m now" if "m now" in joined.text else "more", segments, name=False)


def test_what_spans_long_parts_is_joined_whole() -> None:
    texts = parts("a" * 3000, "b" * 3000, "c")
    (joined,) = [passage for passage in passages(texts) if passage.seams]

    assert len(joined.text) == 6001
    assert joined.spread(2000, 6001, name=False) == [(0, 2000, 3000), (1, 0, 3000), (2, 0, 1)]


def test_one_part_has_no_seam() -> None:
    assert [passage.seams for passage in passages(parts("a"))] == [False]
