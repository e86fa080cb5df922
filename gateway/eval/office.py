"""Office documents of our own, as a test set: templates in ``documents``, filled by a seed.

A file holds the documents of one language. ``=== genre`` begins one. In it ``{{PERSON}}`` is a made-up value,
``{{PERSON#1.family}}`` a form of a value that returns, ``{{PERSON=Big Tommo}}`` one written by hand (``#`` a digit,
``¤`` a capital), and ``{{!INV-2291}}`` is harmless and must survive.

Law: nothing is trained on these templates, and a seed gives the same documents again, to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from gateway.eval.cast import DOCUMENTS, Cast
from gateway.eval.corpus import Document, Kind, Span

SEED: Final = 20_250
VARIANTS: Final = 3
"""How often each document with slots is filled."""

QUASI: Final = frozenset(
    {"AGE", "COORDINATES", "DATE_OF_BIRTH", "LOCATION", "ORGANIZATION", "POSTAL_CODE", "STREET_ADDRESS"}
)
"""Labels of what points at a person together with something else; all others do by themselves."""

_HEAD: Final = re.compile(r"^=== (.+)\n", re.MULTILINE)
_SLOT: Final = re.compile(
    r"\{\{(?:!(?P<harmless>[^{}]+)|(?P<label>[A-Z_]+)(?P<parts>(?:[.#]\w+)*)(?:=(?P<literal>[^{}]+))?)\}\}"
)


def documents(folder: Path = DOCUMENTS, *, seed: int = SEED, variants: int = VARIANTS) -> Iterator[Document]:
    """Yield the documents of every language of a folder; those without slots once."""
    for file in sorted(folder.glob("*.txt")):
        for place, (genre, template) in enumerate(templates(file.read_text(encoding="utf-8"))):
            times = variants if _needs_values(template) else 1
            for variant in range(times):
                chance = Random(f"{seed}/{file.stem}/{place}/{variant}")  # noqa: S311 - made-up values, the same again
                yield _filled(template, Cast(file.stem, chance), language=file.stem, genre=genre)


def templates(text: str) -> Iterator[tuple[str, str]]:
    """Yield genre and template of each document in a file."""
    _, *parts = _HEAD.split(text)
    yield from zip(parts[::2], (part.rstrip("\n") for part in parts[1::2]), strict=True)


def _needs_values(template: str) -> bool:
    return any(slot["label"] for slot in _SLOT.finditer(template))


def _filled(template: str, cast: Cast, *, language: str, genre: str) -> Document:
    pieces: list[str] = []
    spans: list[Span] = []
    harmless: list[tuple[int, int]] = []
    at = done = 0
    for slot in _SLOT.finditer(template):
        value = _value(slot, cast)
        pieces += [template[done : slot.start()], value]
        start = at + slot.start() - done
        at, done = start + len(value), slot.end()
        if slot["label"]:
            kind: Kind = "quasi" if slot["label"] in QUASI else "direct"
            spans.append(Span(start=start, end=at, label=slot["label"], kind=kind))
        else:
            harmless.append((start, at))
    text = "".join([*pieces, template[done:]])
    return Document(text=text, spans=tuple(spans), language=language, genre=genre, harmless=tuple(harmless))


def _value(slot: re.Match[str], cast: Cast) -> str:
    if slot["harmless"]:
        return slot["harmless"]
    if slot["literal"]:
        return cast.literal(slot["literal"])
    number = re.search(r"#(\d+)", slot["parts"])
    forms = tuple(re.findall(r"\.(\w+)", slot["parts"]))
    return cast.value(slot["label"], int(number[1]) if number else 0, forms)
