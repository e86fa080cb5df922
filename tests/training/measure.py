"""Measuring: ``python -m tests.training.measure CORPORA MODEL… [--sets report|tune]``, side by side in one run.

Law: models read the same texts one after the other in one process. A person is *masked* where every letter and digit of
its name lies in something that was found, of whatever type. Precision and recall are of places that agree to the
character, once titles, white space and marks at their ends are gone.
"""

from __future__ import annotations

import argparse
import re
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from gateway.detect.ner import Model
from gateway.detect.raw import Name
from tests.training.sources import TUNE, Document, Source, read

REPORT: Final = (
    Source(file="en/uner_ewt_test", language="en"),
    Source(file="en/uner_pud_test", language="en"),
    Source(file="en/gum_test_open", language="en"),
    Source(file="en/wnut17_dev", language="en"),
    Source(file="en/btc_h", language="en", handles=True),
    Source(file="en/tab144_dev", language="en"),
    Source(file="en/presidio_synth_v2", language="en"),
    Source(file="de/germeval14_test", language="de"),
    Source(file="de/uner_de_pud-ud-test", language="de"),
    Source(file="pt/uner_pt_bosque-ud-test", language="pt"),
    Source(file="pt/uner_pt_pud-ud-test", language="pt"),
    Source(file="fr/wikiann_test", language="fr", kept=(0, 3)),
    Source(file="nl/wikiann_test", language="nl", kept=(0, 3)),
    Source(file="da/uner_da_ddt-ud-test", language="da"),
    Source(file="sv/uner_sv_talbanken-ud-test", language="sv"),
    Source(file="hr/uner_hr_set-ud-test", language="hr"),
)
_EDGES: Final = " \n\r\t.,;:!?*_#\"'`()[]{}<>/\\=-|"
_TITLE: Final = re.compile(r"(?:(?:Mrs?|Ms|Miss|Dr|Prof|Sir|Justice|Judge|Herrn?|Frau|Sra?|Don)\b\.?\s*)+(?=\w)")
Place = tuple[int, int]


class Tally:
    """What a model found of a set."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.gold = self.given = self.right = self.masked = self.touching = 0

    def add(self, text: str, gold: Sequence[tuple[int, int, str]], found: Sequence[Name]) -> None:
        """Count a document, but for what lies where it is left open."""
        unsure = [(low, high) for low, high, kind in gold if kind == "?"]
        found = [each for each in found if all(each.end <= low or each.start >= high for low, high in unsure)]
        wanted = _places(text, ((low, high) for low, high, kind in gold if kind == self.kind))
        mine = _places(text, ((each.start, each.end) for each in found if each.kind == self.kind))
        covered = bytearray(len(text))
        for each in found:
            covered[each.start : each.end] = b"\1" * (each.end - each.start)
        self.gold += len(wanted)
        self.given += len(mine)
        self.right += len(wanted & mine)
        self.touching += sum(any(low < other[1] and other[0] < high for other in wanted) for low, high in mine)
        self.masked += sum(
            all(covered[at] or not text[at].isalnum() for at in range(low, high)) for low, high in wanted
        )

    def line(self) -> str:
        """Say it in a line: precision, recall, F, precision of those that touch one, masked."""
        precision, recall = self.right / max(self.given, 1), self.right / max(self.gold, 1)
        middle = 2 * precision * recall / max(precision + recall, 1e-9)
        figures = (precision, recall, middle, self.touching / max(self.given, 1), self.masked / max(self.gold, 1))
        return " ".join(f"{each * 100:5.1f}" for each in figures) + f"  n={self.gold}"


def _places(text: str, places: Iterable[Place]) -> set[Place]:
    """Return places without marks at their ends, of those that hold a letter or digit."""
    trimmed = {_trimmed(text, *place) for place in places}
    return {(low, high) for low, high in trimmed if any(map(str.isalnum, text[low:high]))}


def _trimmed(text: str, low: int, high: int) -> Place:
    if title := _TITLE.match(text, low, high):
        low = title.end()
    while low < high and text[low] in _EDGES:
        low += 1
    while high > low and text[high - 1] in _EDGES:
        high -= 1
    return low, high


def gold_of(document: Document) -> list[tuple[int, int, str]]:
    """Return the places of the types of a document, and those that are left open."""
    places, at = [], 0
    for piece, kind in document.pieces:
        if kind:
            places.append((at, at + len(piece), kind))
        at += len(piece)
    return places


def measured(model: Model, documents: Iterable[Document], kinds: Sequence[str]) -> tuple[list[Tally], float, int]:
    """Return what a model found, the seconds of processor time that it took, and the words that it read."""
    tallies, spent, words = [Tally(kind) for kind in kinds], 0.0, 0
    with model.block():
        for document in documents:
            text, before = document.text, time.process_time()
            found = list(model.names(text))
            spent += time.process_time() - before
            words += len(text.split())
            for tally in tallies:
                tally.add(text, gold_of(document), found)
    return tallies, spent, words


def model_of(folder: Path) -> Model:
    """Load a model: a spaCy pipeline, or one of ours."""
    if (folder / "meta.json").is_file():
        from gateway.detect.spacy_models import SpacyModel

        return SpacyModel(folder)
    from gateway.detect.tagger import Tagger

    return Tagger(folder)


def main() -> None:
    """Measure the models on the sets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--sets", choices=["report", "tune"], default="report")
    parser.add_argument("--kinds", default="PERSON")
    args = parser.parse_args()
    models = [(folder.name, model_of(folder)) for folder in args.models]
    spent, words = dict.fromkeys((name for name, _ in models), 0.0), 0
    print("set, model, type: precision, recall, F, touching precision, masked")
    for source in REPORT if args.sets == "report" else TUNE:
        documents = [
            each
            for number, each in enumerate(read(args.corpora, source))
            if number % max(1, round(1 / source.part)) == 0
        ]
        for name, model in models:
            tallies, seconds, count = measured(model, documents, args.kinds.split(","))
            spent[name] += seconds
            for tally in tallies:
                print(f"{source.file:28} {name:9} {tally.kind:12} {tally.line()}", flush=True)
        words += count
    for name, seconds in spent.items():
        print(f"{name}: {words / seconds:,.0f} words a second of one processor")


if __name__ == "__main__":
    main()
