import random

import pytest
from presidio_analyzer import EntityRecognizer, Pattern, PatternRecognizer, RecognizerResult
from presidio_analyzer import predefined_recognizers as presidio

from gateway.detect.prefilter import Prefilter
from gateway.detect.recognizers.labels import Part

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


def test_any_of_several_needs_is_enough() -> None:
    parts = [Part(needs=("a1", "b2")), Part(needs=("word",)), Part(needs=("c3|x",)), Part(needs=())]
    prefilter = Prefilter(parts)

    assert prefilter.candidates("b2 and a word") == [0, 1]
    assert prefilter.candidates("x") == [2]
    assert prefilter.candidates("nothing") == []


def test_what_is_not_asked_for_is_left_out() -> None:
    prefilter = Prefilter([Part(needs=("a",)), Part(needs=("a",)), object()])

    assert prefilter.candidates("a", [1]) == [1]
    assert prefilter.candidates("b", [1, 2]) == [2]


def test_a_pattern_that_cannot_be_said_is_always_run() -> None:
    odd = PatternRecognizer("X", patterns=[Pattern("odd", r"\p{L}+", 0.5)])

    assert Prefilter([odd]).candidates("1") == [0]
