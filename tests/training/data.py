"""The data as numbers: documents, disturbed in several ways, cut into tokens with the tags that each may have.

Law: a variant is the whole data with other names, other cases and other layouts; a token may have several tags, where
its collection does not say.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from gateway.detect.words import COMMON, GIVEN, SURNAME, plain, tokens
from tests.training.catalogues import catalogue
from tests.training.documents import documents as written
from tests.training.lexicon import Lexicon, joined, read_lexicon, without_names, write_lexicon
from tests.training.names import NameMaker, known_words, write_words
from tests.training.sources import TRAIN, TYPES, Document, joined_marks, read
from tests.training.synthetic import Maker

TAGS: Final = ("O", *(f"{place}-{kind}" for kind in TYPES for place in "BI"))
ANY: Final = (1 << len(TAGS)) - 1
_BIT: Final = {tag: 1 << number for number, tag in enumerate(TAGS)}
_MAY_BE: Final = {"?": ANY, "!": ANY & ~(_BIT["B-PERSON"] | _BIT["I-PERSON"])}
"""What pieces may be whose type is unknown, or is any but a person."""

_GAP: Final = ""
"""Stands between documents."""

GAPS: Final = 12
WRITTEN_TIMES: Final = 9
"""How often a variant holds each document of our own, mostly with other names."""

NAMED_DOCUMENTS, NAMELESS_DOCUMENTS, CODE_PIECES, MESSAGES = 13_000, 13_000, 2500, 4000
_WORD: Final = re.compile(r"[^\W\d_]+")
_PARTICLES: Final = re.compile(r"(?:van|von|der|den|de|di|da|la|le|du|dos|al|el|bin|ter|zu|[A-Z])$")
_TIME: Final = re.compile(
    r"\d|(?:jan|feb|mar|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz]|janv|fév|avr|juin|juil|ao|mon|tue|wed|thu|fri|sat|sun"
    r"|today|yester|tomor|tonight|year|month|week|day|morning|evening|night|hour|ago|last|next|century|[12]\d)",
    re.IGNORECASE,
)
_NATION: Final = re.compile(r"\w*(?:an|ish|ese|ans|ch|sh|is|im|ims|ian|tholic|ic|sch|sche|schen|scher|er|ais|ois|és)$")
_AUTHORS: Final = re.compile(
    r"author|copyright|contribut|written|maintain|thanks|@|\bby [A-Z]|ann|credit", re.IGNORECASE
)
_WRAPS: Final = (
    ("> ", "\n> "), ("- ", "\n- "), ('{"text": "', " "), ("| ", " | "), ("<p>", "</p>\n<p>"), ("> > ", " "), ("* ", "\n* "),
    ("\t", "\n\t"), ('"', '"\n"'), ("#", "\n#"), ("User: ", "\n"), ("[2026-03-01 10:00] ", "\n"), ("// ", "\n// "),
    ("Summarise this:\n\n", "\n"), ("Q: ", "\nA: "), ("1. ", "\n2. "), ("    ", "\n    "),
)  # fmt: skip


class Disturber:
    """Changes documents by chance."""

    def __init__(self, chance: Random, known: dict[str, int]) -> None:
        self._chance, self._known = chance, known
        self._names = NameMaker(chance, invented=0.3)

    def disturbed(self, document: Document, *, spaced: bool = False, swapped: float = 0.4) -> Document:
        """Return a document that reads as another might have been written. swapped: how likely with other names."""
        chance = self._chance
        if spaced and chance.random() < 0.8:
            document = joined_marks(document)
        if chance.random() < swapped:
            document = self._swapped(document)
        draw = chance.random()
        if draw < 0.10:
            document = _each(document, str.lower)
        elif draw < 0.14:
            document = _each(document, str.upper)
        elif draw < 0.19:
            document = _each(document, lambda piece: re.sub(r"[.,;:!?]", "", piece))
        if chance.random() < 0.10:
            document = self._wrapped(document)
        return document

    def _swapped(self, document: Document) -> Document:
        self._names.settle(document.language)
        names: dict[str, str] = {}
        pieces = []
        for piece, kind in document.pieces:
            pieces.append((self._renamed(piece, names) if kind == "PERSON" else piece, kind))
        return replace(document, pieces=tuple(pieces))

    def _renamed(self, piece: str, names: dict[str, str]) -> str:
        words = _WORD.findall(piece)

        def other(word: re.Match[str]) -> str:
            if _PARTICLES.match(word[0]) or len(word[0]) < 3 or not (word[0][0].isupper() or piece.islower()):
                return word[0]
            if word[0] not in names:
                known = self._known.get(word[0].lower(), 0)
                given = (len(words) > 1 and word[0] == words[0]) or (
                    len(words) == 1 and known & (GIVEN | SURNAME) == GIVEN
                )
                made = self._names.given() if given else self._names.surname()
                names[word[0]] = made.upper() if word[0].isupper() else made.lower() if word[0].islower() else made
            return names[word[0]]

        return _WORD.sub(other, piece)

    def _wrapped(self, document: Document) -> Document:
        start, line = self._chance.choice(_WRAPS)
        pieces = [(start, "")] + [
            (piece.replace("\n", line) if not kind else piece, kind) for piece, kind in document.pieces
        ]
        return replace(document, pieces=tuple(pieces))


def _each(document: Document, change: object) -> Document:
    pieces = tuple((change(piece), kind) for piece, kind in document.pieces)  # type: ignore[operator]
    return replace(document, pieces=pieces)


def variant(root: Path, known: dict[str, int], words: Lexicon, seed: int, limit: float = 1.0) -> Iterator[Document]:
    """Yield all documents of a variant. words: everyday ones, that documents of our own are made of."""
    chance = Random(seed)
    disturber, maker = Disturber(chance, known), Maker(chance, words)
    documents: list[Document] = []
    for source in TRAIN:
        held = list(read(root, source))
        part = source.part * limit
        kept = [each for each in held for _ in range(int(part) + (chance.random() < part % 1))]
        documents += [disturber.disturbed(each, spaced=source.spaced) for each in kept]
    documents += [disturber.disturbed(maker.named()) for _ in range(int(NAMED_DOCUMENTS * limit))]
    documents += [disturber.disturbed(maker.nameless()) for _ in range(int(NAMELESS_DOCUMENTS * limit))]
    documents += [
        disturber.disturbed(each, swapped=0.85) for each in written() for _ in range(int(WRITTEN_TIMES * limit))
    ]
    documents += code(chance, known, int(CODE_PIECES * limit))
    documents += catalogue(chance, int(MESSAGES * limit))
    chance.shuffle(documents)
    yield from documents


def people(root: Path) -> set[str]:
    """Return the words of people's names in the collections, in lower case."""
    return {
        word.lower()
        for source in TRAIN
        for document in read(root, source)
        for piece, kind in document.pieces
        if kind == "PERSON"
        for word in _WORD.findall(piece)
    }


def code(chance: Random, known: dict[str, int], count: int) -> Iterator[Document]:
    """Yield pieces of this Python's own library that speak of nobody."""
    files = sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")) + sorted(
        Path(sysconfig.get_path("stdlib")).glob("[a-z]*/*.py")
    )
    files = [file for file in files if "site-packages" not in str(file) and "test" not in str(file)]
    while count:
        lines = chance.choice(files).read_text(encoding="utf-8", errors="ignore").splitlines()
        at = chance.randrange(max(len(lines) - 12, 1))
        text = "\n".join(lines[at : at + chance.randint(3, 14)])
        if text.strip() and not _AUTHORS.search(text) and not _two_names(text, known):
            count -= 1
            yield Document(pieces=((text, ""),), open=frozenset({"DATE_TIME"}), source="code")


def _two_names(text: str, known: dict[str, int]) -> bool:
    pairs = re.findall(r"\b([A-Z][a-z]+) ([A-Z][a-z]+)", text)
    return any(known.get(one.lower(), 0) & 3 and known.get(two.lower(), 0) & 3 for one, two in pairs)


class Encoder:
    """Turns documents into numbers of tokens and of the tags that they may have."""

    def __init__(self, known: dict[str, int]) -> None:
        self._known = known
        self.vocabulary: dict[str, int] = {_GAP: 0}

    def encode(self, documents: Iterable[Document]) -> tuple[np.ndarray, np.ndarray]:
        """Return the tokens of all documents, with gaps between, and their tags as bits."""
        rows: list[int] = []
        bits: list[int] = []
        for document in documents:
            ids, tags = self.one(document)
            rows += [*ids, *([0] * GAPS)]
            bits += [*tags, *([ANY] * GAPS)]
        return np.array(rows, np.int32), np.array(bits, np.uint16)

    def one(self, document: Document) -> tuple[list[int], list[int]]:
        """Return those of one document."""
        cut = tokens(document.text)
        vocabulary = self.vocabulary
        ids = [vocabulary.setdefault(plain(token), len(vocabulary)) for token in cut]
        return ids, list(self._tags(document, cut))

    def _tags(self, document: Document, cut: list[str]) -> Iterator[int]:
        ends = list(accumulate(len(piece) for piece, _ in document.pieces))
        number = at = 0
        begun = -1
        for token in cut:
            start = at + len(token) - len(token.lstrip() or token)
            at += len(token)
            while number < len(ends) - 1 and start >= ends[number]:
                number += 1
            kind = document.pieces[number][1] if document.pieces else ""
            if kind in _MAY_BE:
                yield _MAY_BE[kind]
            elif kind and token.strip():
                yield _BIT[f"{'I' if begun == number else 'B'}-{kind}"]
                begun = number
            elif kind and "\n" not in token:
                yield _BIT["O"] | _BIT[f"I-{kind}"]
            else:
                yield self._outside(document, token.strip())

    def _outside(self, document: Document, core: str) -> int:
        bits = _BIT["O"]
        if not core or not (core[0].isupper() or core[0].isdecimal() or document.open):
            return bits
        known = self._known.get(core.lower(), 0)
        if document.silver and core[0].isupper() and known & (GIVEN | SURNAME) and not known & COMMON:
            return ANY
        may = {
            "DATE_TIME": bool(_TIME.match(core)),
            "NRP": core[0].isupper() and bool(_NATION.match(core)),
            "LOCATION": core[0].isupper() or core[0].isdecimal(),
            "ORGANIZATION": core[0].isupper(),
        }
        for kind in document.open:
            bits |= (_BIT[f"B-{kind}"] | _BIT[f"I-{kind}"]) if may.get(kind) else 0
        return bits


def main(root: Path, folder: Path, variants: int, limit: float) -> None:
    """Write the vocabulary and the variants."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "lexicon.txt").is_file():
        write_lexicon(folder / "lexicon.txt")
    lexicon = read_lexicon(folder / "lexicon.txt")
    known = joined(known_words(each.text for source in TRAIN for each in read(root, source)), lexicon, people(root))
    write_words(known, folder / "words.txt")
    words, encoder = without_names(lexicon, known), Encoder(known)
    for number in range(variants):
        rows, bits = encoder.encode(variant(root, known, words, number + 1, limit))
        np.savez(folder / f"variant{number}.npz", rows=rows, bits=bits)
        print(f"variant {number}: {len(rows)} tokens, {len(encoder.vocabulary)} distinct", file=sys.stderr)
    (folder / "vocabulary.txt").write_text("\0".join(encoder.vocabulary), encoding="utf-8", newline="")
