import random
import re

import pytest
import re2
import regex
from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer import predefined_recognizers as presidio

from gateway.detect.patterns import needs, options, views, widened

STOCK = [
    kind()
    for kind in vars(presidio).values()
    if isinstance(kind, type)
    and issubclass(kind, PatternRecognizer)
    and kind not in {PatternRecognizer, presidio.UrlRecognizer}  # whose pattern takes the square of the text's length
]


def test_the_needs_of_presidio_are_known_but_where_it_reads_the_text_its_own_way() -> None:
    assert {each.name for each in STOCK if needs(each) is None} == {"IbanRecognizer"}


@pytest.mark.parametrize(
    ("pattern", "wide"),
    [
        (r"\b\d{9}\b", r"\b\d{9}\b"),
        (r"(?<!\d)a(?!\w)?b", "ab"),
        (r"(?=(a(b)))c", "c"),
        (r"([:-])x\1", "(?:[:-])x(?:[:-])"),
        (r"(?P<sign>[+-])\d\1", r"(?:[+-])\d(?:[+-])"),
        ("[^x][a\u00e9]\u00e9", "(?s:.)(?:[a]|[_])[_]"),
        ("[\u00e9\u2013][ \u00c0-\u00d6,\u2013-]", "[_\x7f](?:[ ,-]|[_\x7f])"),
        ("[,-\u2013][\\\u2013][\u00e9^]", "(?s:.)(?s:.)(?s:.)"),
        (r"\u00e9\u212ak\u0130", "[_](?s:.)k(?s:.)"),
        ("\u00b0\u2116\u0665\u00a0", "[\x7f][\x7f][0][ ]"),
        ("a{,3}", "a{0,3}"),
        ("a(?i)b", "(?i)ab"),
    ],
)
def test_a_need_is_wider_than_its_pattern(pattern: str, wide: str) -> None:
    assert widened(pattern) == wide


@pytest.mark.parametrize("engine", [re, regex])
@pytest.mark.parametrize("flags", ["", "(?i)"])
@pytest.mark.parametrize(
    "letters",
    [
        "[a\u00e9]",
        "[\u212a\u017f]",
        "[\u0130]",
        "[\u0131x]",
        "[ \u00a0\u2013-]",
        "[A-Z\u00c0-\u00d6\u0118]",
        "[\u00c0-\u024f.]",
    ],
)
def test_what_stands_for_letters_matches_all_of_them(engine: object, flags: str, letters: str) -> None:
    wide = re2.compile(widened(flags + letters).encode("latin-1"), options())
    every = engine.compile(flags + letters)  # type: ignore[attr-defined]

    missed = [
        character
        for character in map(chr, range(0x3000))
        if every.match(character) and not any(wide.search(view) for view in views(character))
    ]
    assert missed == []


def test_flags_travel_with_the_pattern() -> None:
    assert widened("a", regex.I | regex.M | regex.S) == "(?ims)a"


@pytest.mark.parametrize(
    "pattern",
    ["a++", "(?>a)", r"\p{L}", "(?:a){e<=1}", r"a\Z", "(a", "a)", r"\2(a)", r"\x41", "a{2000}", "(?#a)", "["],
)
def test_what_re2_cannot_say_is_refused(pattern: str) -> None:
    with pytest.raises((ValueError, re2.error)):
        widened(pattern)


def test_other_flags_are_refused() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - it says nothing more
        widened("a b", regex.X)


def test_a_pattern_that_cannot_be_said_is_always_run() -> None:
    odd = PatternRecognizer("X", patterns=[Pattern("odd", r"\p{L}+", 0.5)])

    assert needs(odd) is None


@pytest.mark.parametrize("engine", [re, regex])
def test_a_copy_says_what_an_engine_says_of_each_character(engine: object) -> None:
    chance = random.Random(3)
    for code in (*range(0x250), 0x0301, 0x0663, 0x1C80, 0x2003, 0x2460, 0x10D40, *chance.sample(range(0xE000), 2000)):
        if 0xD800 <= code < 0xE000:
            continue
        wanted = tuple(bool(engine.match(kind, chr(code))) for kind in (r"\d", r"\s", r"\w"))  # type: ignore[attr-defined]

        assert wanted in {
            tuple(bool(re2.match(kind, view)) for kind in (rb"\d", rb"\s", rb"\w")) for view in views(chr(code))
        }, hex(code)
