"""Made-up texts with values of every type: sentences, tables, code, logs and noise, and what mutations make of them.

Law: a seed gives the same texts again; no text is anybody's.
"""

from __future__ import annotations

import gzip
import json
import string
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

from gateway.eval.planted import KINDS, Planted, planted

WORDS: Final = [
    "the",
    "of",
    "a",
    "to",
    "and",
    "in",
    "is",
    "for",
    "on",
    "with",
    "order",
    "please",
    "see",
    "page",
    "from",
    "we",
    "it",
    "by",
    "call",
    "he",
    "was",
    "are",
    "note",
    "item",
    "row",
]
HARMLESS: Final = (
    *("2024-05-15", "12:30:45", "v1.12.3", "12.345,67", "0x3fa9", "550e8400-e29b-41d4-a716-446655440000", "ISO 9001"),
    *(
        "1995/1996",
        "x[4] = 17;",
        "#12345",
        "100%",
        "4.5 GB",
        "INV-2291",
        "https://example.org/a?b=17",
        "192.168.0.0/16",
    ),
)
BETWEEN: Final = (" ", "\n", ", ", "; ", "\t", " | ", "  ", ": ", " x")
_GLUE: Final = ("A", "7", "_", "-", ".", "é", "№", '"', "(", "/", "\u0661")
_MARKS: Final = " -./_\u00a0\u2013"
_DIGITS: Final = string.digits


def generated(chance: Random) -> str:
    """Draw a text."""
    return chance.choice(_SHAPES)(chance)


def corpora(folder: Path, limit: int) -> Iterator[str]:
    """Yield texts of the collections in a folder, none longer than limit."""
    for file in sorted(folder.glob("*/*.jsonl.gz")):
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line)["text"][:limit] for line in lines)


def mutated(value: str, chance: Random) -> str:
    """Return a value with up to two slips of the pen."""
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2))):
        value = chance.choice(_SLIPS)(value, chance)
    return value


def _drawn(chance: Random) -> Planted:
    return planted(chance.choice(KINDS), chance)


def _sentence(chance: Random) -> str:
    one = _drawn(chance)
    words = " ".join(chance.choices(WORDS, k=chance.randrange(8)))
    return f"{words} {one.said(mutated(one.value, chance))}"


def _alone(chance: Random) -> str:
    """A value among words that say nothing of it."""
    pieces = [mutated(_drawn(chance).value, chance) for _ in range(chance.randint(1, 4))]
    pieces += chance.choices((*WORDS, *HARMLESS), k=chance.randint(1, 8))
    chance.shuffle(pieces)
    return chance.choice(BETWEEN).join(pieces)


def _several(chance: Random) -> str:
    return chance.choice(BETWEEN).join(_sentence(chance) for _ in range(chance.randint(2, 4)))


def _columns(chance: Random) -> str:
    one = _drawn(chance)
    head = one.sentence.partition("{}")[0].strip(" .:-") or "value"
    rows = [mutated(planted(one.kind, chance).value, chance) for _ in range(chance.randint(1, 4))]
    comma = chance.choice((",", ";", "\t", " | "))
    lines = [comma.join(("id", head, "note")), *(comma.join((str(at), row, "ok")) for at, row in enumerate(rows, 1))]
    return "\n".join(lines)


def _code(chance: Random) -> str:
    one = _drawn(chance)
    name = chance.choice(("value", "number", one.kind.lower(), "x"))
    return chance.choice(
        (
            '{name} = "{}"',
            '{{"{name}": "{}", "n": 3}}',
            "<{name}>{}</{name}>",
            "{name}: {}",
            "?{name}={}&p=2",
            "// {name} {}",
        )
    ).format(mutated(one.value, chance), name=name)


def _log(chance: Random) -> str:
    line = f"2026-0{chance.randint(1, 9)}-1{chance.randrange(10)}T0{chance.randrange(10)}:30:{chance.randint(10, 59)}Z INFO"
    return (
        f"{line} took {chance.randrange(900)} ms id={mutated(_drawn(chance).value, chance)} ip={_drawn(chance).value}"
    )


def _noise(chance: Random) -> str:
    letters = chance.choice((_DIGITS + " -", string.ascii_uppercase + _DIGITS, string.printable))
    return "".join(chance.choices(letters, k=chance.randint(5, 60)))


_SHAPES: Final = (_sentence, _sentence, _sentence, _alone, _several, _columns, _code, _log, _noise)


def _changed(value: str, chance: Random) -> str:
    at = chance.randrange(len(value))
    new = chance.choice(_DIGITS) if value[at] in _DIGITS else chance.choice(string.ascii_letters)
    return f"{value[:at]}{new}{value[at + 1 :]}"


def _dropped(value: str, chance: Random) -> str:
    at = chance.randrange(len(value))
    return value[:at] + value[at + 1 :] or value


def _parted(value: str, chance: Random) -> str:
    at = chance.randrange(len(value) + 1)
    return value[:at] + chance.choice(_MARKS) + value[at:]


def _respaced(value: str, chance: Random) -> str:
    return value.replace(" ", chance.choice(_MARKS)) if " " in value else value.replace("-", chance.choice((" ", "")))


_SLIPS: Final[tuple[Callable[[str, Random], str], ...]] = (
    _changed,
    _dropped,
    _parted,
    _respaced,
    lambda value, _: value.lower(),
    lambda value, _: value.upper(),
    lambda value, chance: chance.choice(_GLUE) + value,
    lambda value, chance: value + chance.choice(_GLUE),
    lambda value, _: "".join(filter(str.isalnum, value)) or value,
)
