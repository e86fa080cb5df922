import random
import re

import pytest
import re2
import regex
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer import predefined_recognizers as presidio

from gateway.detect.patterns import Prefilter, needs, widened
from gateway.detect.patterns import _views as views

STOCK = [
    kind()
    for kind in vars(presidio).values()
    if isinstance(kind, type)
    and issubclass(kind, PatternRecognizer)
    and kind not in {PatternRecognizer, presidio.UrlRecognizer}  # whose pattern takes the square of the text's length
]
VALUES = (
    "536-22-8147",
    "943 476 5919",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "AB123456C",
    "ABCPL1234C",
    "M-AB 1234",
    "00:1B:44:11:3A:B7",
    "192.168.14.77",
    "fe80::1",
    "12345678Z",
    "880101-1234567",
    "131052-308T",
    "Steuer-ID 12345678911",
    "\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "\u017f1234567D",
    "\u212aL123456A",
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
)
GLUE = (
    " ",
    "",
    "-",
    "\n",
    "\u00bd",
    "\u0301",
    "\u00e9",
    "\u3000",
    "\x0b",
    "\x1c",
    "\x00",
    "\u2013",
    "x",
    "9",
    "\u8eab",
)


def texts(count: int) -> list[str]:
    chance = random.Random(11)
    return [
        "".join(chance.choice(GLUE) + mixed(chance) for _ in range(chance.randint(1, 4))) + chance.choice(GLUE)
        for _ in range(count)
    ]


def mixed(chance: random.Random) -> str:
    value = chance.choice(VALUES)
    if chance.random() < 0.5:
        return value
    alike = {"A": "ABCXYZ", "a": "abcxyz", "0": "0123456789"}
    return "".join(
        chance.choice(alike["0" if each.isdecimal() else "A" if each.isupper() else "a"]) if each.isalnum() else each
        for each in value
    )


@pytest.mark.parametrize("count", [100, pytest.param(100_000, marks=[pytest.mark.slow, pytest.mark.timeout(7200)])])
def test_what_is_left_out_finds_nothing(count: int) -> None:
    prefilter = Prefilter(STOCK)
    left_out = 0
    for text in texts(count):
        candidates = set(prefilter.candidates(text))
        for index, recognizer in enumerate(STOCK):
            if index not in candidates:
                left_out += 1
                assert recognizer.analyze(text, recognizer.supported_entities) == [], (recognizer.name, text)

    assert left_out > 30 * count


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
        ("[^x][a\u00e9]\u00e9", "(?s:.)(?s:.)[_]"),
        (r"\u00e9\u212ak\u0130", "[_](?s:.)k(?s:.)"),
        ("\u00b0\u2116\u0665\u00a0", "[\x7f][\x7f][0][ ]"),
        ("a{,3}", "a{0,3}"),
        ("a(?i)b", "(?i)ab"),
    ],
)
def test_a_need_is_wider_than_its_pattern(pattern: str, wide: str) -> None:
    assert widened(pattern) == wide


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


def test_a_recognizer_may_name_what_it_needs() -> None:
    class Named(EntityRecognizer):
        needs = ("(?i)patient",)

        def load(self) -> None: ...

        def analyze(self, text: str, entities: list[str], nlp_artifacts: object = None) -> list[RecognizerResult]: ...

    class Unnamed(Named):
        needs = None

    prefilter = Prefilter([Named(["X"]), Unnamed(["Y"])])

    assert prefilter.candidates("Patient 7") == [0, 1]
    assert prefilter.candidates("order 7") == [1]


def test_a_pattern_that_cannot_be_said_is_always_run() -> None:
    odd = PatternRecognizer("X", patterns=[Pattern("odd", r"\p{L}+", 0.5)])

    assert needs(odd) is None
    assert Prefilter([odd]).candidates("1") == [0]


def test_a_pass_that_fails_leaves_nobody_out() -> None:
    class Failing:
        def Match(self, view: bytes) -> None:  # noqa: N802 - RE2's name
            return None

    prefilter = Prefilter(STOCK)
    prefilter._set = Failing()

    assert prefilter.candidates("nothing") == list(range(len(STOCK)))


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
