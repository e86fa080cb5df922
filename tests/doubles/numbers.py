"""Examples of a type of number, drawn by chance until its own rule takes one, and what must hold for each."""

import string
from collections.abc import Callable, Sequence
from functools import cache
from itertools import islice
from random import Random
from typing import NamedTuple

from gateway.detect.engine import Engine
from gateway.detect.ner import LocalNlpEngine
from gateway.detect.registry import make_engine

ENOUGH = 0.5
DRAWS = 60_000
NEUTRAL = "See {} in the list."


class Example(NamedTuple):
    """Spellings are patterns: ``#`` a digit, ``?`` a capital. weak: a changed digit passes as well, so nothing is said of it."""

    sentence: str
    alone: Sequence[str] = ()
    led: Sequence[str] = ()
    weak: bool = False


@cache
def engine() -> Engine:
    return make_engine(LocalNlpEngine("patterns", ""))


def spans(text: str, kind: str) -> list[str]:
    found = engine().analyze(text, frozenset({kind}))
    return [text[each.start : each.end] for each in found if each.score >= ENOUGH]


def drawn(kind: str, sentence: str, spelling: str, seed: int = 0) -> str:
    """Return a number that the sentence is searched for with success."""
    chance = Random(f"{kind}/{spelling}/{seed}")
    recognizers = [each for each in engine()._recognizers if kind in each.supported_entities]
    for _ in range(DRAWS):
        number = "".join(_FILLED.get(each, lambda _, each=each: each)(chance) for each in spelling)
        if any(each.analyze(number, [kind]) for each in recognizers) and number in spans(sentence.format(number), kind):
            return number
    raise AssertionError((kind, spelling))


_FILLED = {
    "#": lambda chance: chance.choice(string.digits),
    "?": lambda chance: chance.choice(string.ascii_uppercase),
}


def is_found(kind: str, example: Example) -> None:
    for spelling in (*example.alone, *example.led):
        for seed in range(3):
            drawn(kind, example.sentence, spelling, seed)


def needs_its_word(kind: str, example: Example) -> None:
    for spelling in example.alone:
        number = drawn(kind, NEUTRAL, spelling)
        assert number in spans(NEUTRAL.format(number), kind)
    for spelling in example.led:
        number = drawn(kind, example.sentence, spelling)
        assert spans(NEUTRAL.format(number), kind) == [], number


def is_no_part_of_more(kind: str, example: Example) -> None:
    for spelling in (*example.alone, *example.led):
        number = drawn(kind, example.sentence, spelling)
        for longer in (f"A{number}7", f"7{number}7", f"{number}A1", f"0.{number}"):
            assert number not in spans(example.sentence.format(longer), kind), longer


def changes_are_noticed(kind: str, example: Example) -> None:
    """Most numbers that differ in one digit are none."""
    for spelling in (*example.alone, *example.led):
        number = drawn(kind, example.sentence, spelling)
        changed = [
            f"{number[:place]}{(int(old) + 3) % 10}{number[place + 1 :]}"
            for place, old in enumerate(number)
            if old.isdigit()
        ]
        passed = [each for each in islice(changed, 20) if each in spans(example.sentence.format(each), kind)]
        assert len(passed) <= max(2, len(changed) // 4), (number, passed)


def share_noticed(rule: Callable[[str], bool], number: str) -> float:
    """Return of how many numbers that differ in one digit a rule says that they are none."""
    changed = [
        f"{number[:place]}{digit}{number[place + 1 :]}"
        for place, old in enumerate(number)
        for digit in "0123456789"
        if old.isdigit() and digit != old
    ]
    return sum(not _passes(rule, each) for each in changed) / len(changed)


def _passes(rule: Callable[[str], bool], number: str) -> bool:
    """Some changes leave the form, on which a rule may fail."""
    try:
        return rule(number)
    except ValueError:
        return False
