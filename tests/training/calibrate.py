"""What scores mean: ``python -m tests.training.calibrate CORPORA``.

Law: a share is measured on documents that no model has learnt from: of our own, and for what the model finds, as many of
collections. It never falls where the score rises (pool adjacent violators). What little is known of one rule is weighed against what is known of all: they count as ``PRIOR``
findings more.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.calibration import RULES, SHIPPED, Calibration, Knots
from gateway.detect.raw import NAMES
from gateway.detect.scanner import Scanner
from gateway.eval import office
from gateway.eval.corpus import Document, Span
from gateway.eval.labels import Labels
from gateway.eval.score import Page
from gateway.eval.sides import Found
from tests.training.sources import TUNE, read

FOLDER: Final = Path(__file__).parent / "calibration"
FEWEST, KNOWN, PRIOR = 20, 60, 20
MODELLED: Final = frozenset({"LOCATION", "ORGANIZATION", "PERSON"})
UNMARKED: Final = frozenset({"DATE_TIME", "NRP", "URL"})
"""Types that the documents do not mark: nobody can tell which of them are right."""

_HEAD: Final = """\
# The share of findings that were right, by recognizer and score: a name of a recognizer, with a type where it is the
# model; "rules" are all others together. Made by `python -m tests.training.calibrate CORPORA`.
"""


class Block(NamedTuple):
    """Findings of neighbouring scores: the lowest, their sum, how many are right, and how many they are."""

    low: float
    scores: float
    right: float
    found: float

    @property
    def share(self) -> float:
        """The share that is right, as if one more were and one more were not."""
        return (self.right + 1) / (self.found + 2)

    def plus(self, other: Block) -> Block:
        """Return both as one."""
        sums = (mine + its for mine, its in zip(self[1:], other[1:], strict=True))
        return Block(min(self.low, other.low), *sums)


Levels = dict[float, Block]
"""Findings by score."""


def levels(rated: Iterable[tuple[float, bool]]) -> Levels:
    """Count findings. rated: scores, and whether they were right."""
    counted: Levels = {}
    for score, right in rated:
        level = round(score, 2)
        counted[level] = counted.get(level, Block(level, 0, 0, 0)).plus(Block(level, score, right, 1))
    return counted


def isotonic(counted: Levels, fewest: int = FEWEST, *, steps: bool = False) -> list[tuple[float, float]]:
    """Return knots: mean scores, or the lowest where shares are steps, and shares that never fall.

    fewest: findings of each.
    """
    blocks: list[Block] = []
    for level in sorted(counted):
        blocks.append(counted[level])
        while len(blocks) > 1 and (blocks[-2].found < fewest or blocks[-2].share >= blocks[-1].share):
            blocks[-2:] = [blocks[-2].plus(blocks[-1])]
    if len(blocks) > 1 and blocks[-1].found < fewest:
        blocks[-2:] = [blocks[-2].plus(blocks[-1])]
    return [(each.low if steps else round(each.scores / each.found, 3), round(each.share, 3)) for each in blocks]


def weighed(counted: Levels, others: Knots) -> Levels:
    """Return what is known of one rule together with what is known of all."""
    known = Calibration({RULES: others})
    return {
        level: counted.get(level, Block(level, 0, 0, 0)).plus(
            Block(level, level * PRIOR, known.of("", "", level) * PRIOR, PRIOR)
        )
        for level in {*counted, *(score for score, _ in others)}
    }


def collected(root: Path) -> Iterator[Document]:
    """Yield the documents of collections that a model is tuned on; of an unknown type is what none of ours is."""
    for source in TUNE:
        for each in read(root, source):
            ends = list(accumulate(len(piece) for piece, _ in each.pieces))
            spans = (
                Span(start=end - len(piece), end=end, label="MISC" if kind == "?" else kind)
                for end, (piece, kind) in zip(ends, each.pieces, strict=True)
                if kind
            )
            yield Document(text=each.text, spans=tuple(spans), language=each.language)


def rated(
    scanner: Scanner, documents: Iterable[Document], kinds: Collection[str]
) -> Iterator[tuple[str, str, float, bool]]:
    """Yield recognizer, type and score of findings, and whether each is right. Another's value is not judged."""
    labels = Labels(mapped={}, wanted=frozenset(ENTITY_TYPES), only=frozenset())
    for document in documents:
        best: dict[tuple[str, str, int, int], float] = {}
        for kind, start, end, score, name in scanner.scan([document.text], sorted(kinds))[0]:
            best[name, kind, start, end] = max(score, best.get((name, kind, start, end), 0))
        found = {key: Found(key[2], key[3], key[1]) for key in best}
        page = Page(document, list(found.values()), labels)
        for key, score in best.items():
            known, right = page.rated(found[key])
            if known and (right or not page.in_gold(found[key])):
                yield key[0], key[1], score, right


def shares(findings: Iterable[tuple[str, str, float, bool]]) -> dict[str, Knots]:
    """Return the knots of the model's types, of each rule that enough is known of, and of all of them."""
    known: defaultdict[str, list[tuple[float, bool]]] = defaultdict(list)
    for name, kind, score, right in findings:
        for key in (f"{name} {kind}",) if name == NAMES else (name, RULES):
            known[key].append((score, right))
    counted = {name: levels(each) for name, each in sorted(known.items()) if len(each) >= KNOWN}
    others = isotonic(counted[RULES], steps=True)
    return {
        name: isotonic(each) if name.startswith(NAMES) else isotonic(weighed(each, others), steps=True)
        for name, each in counted.items()
        if name != RULES
    } | {RULES: others}


def written(table: Mapping[str, Knots]) -> str:
    """Return the file."""
    parts = [f'["{name}"]\nscores = {_column(knots, 0)}\nshares = {_column(knots, 1)}' for name, knots in table.items()]
    return _HEAD + "\n" + "\n\n".join(parts) + "\n"


def _column(knots: Sequence[tuple[float, float]], at: int) -> str:
    return "[" + ", ".join(f"{knot[at]:.3f}" for knot in knots) + "]"


def main() -> None:
    """Write what the documents show."""
    scanner, chance = Scanner("embedded", "", Calibration({})), Random(1)
    own = list(rated(scanner, [*office.documents(), *office.documents(FOLDER)], ENTITY_TYPES.keys() - UNMARKED))
    others = [each for each in rated(scanner, collected(Path(sys.argv[1])), MODELLED) if each[0] == NAMES]
    fewer = min(len(others), sum(name == NAMES for name, *_ in own))
    SHIPPED.write_text(written(shares([*own, *chance.sample(others, fewer)])), encoding="utf-8")


if __name__ == "__main__":
    main()
