"""The collections, as documents to train on.

Law: what a collection did not annotate is not taught as absent: where it has no label for a type, a word that could be
of that type may be (``Document.open``). Words of a name stand for it in the whole document where a collection labels it
once.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from zlib import crc32

TYPES: Final = ("PERSON", "ORGANIZATION", "LOCATION", "DATE_TIME", "NRP")
_NAMED: Final = frozenset({"DATE_TIME", "NRP"})
"""What collections of persons, organizations and places have no label for."""

LABELS: Final = {
    **{each: each for each in TYPES},
    "PERSON_NAME": "PERSON",
    "ORGANIZATION_NAME": "ORGANIZATION",
    "LOCATION_NAME": "LOCATION",
    "GPE": "LOCATION",
    "TIMESTAMP": "DATE_TIME",
    "DATE_OF_BIRTH": "DATE_TIME",
    "NATIONALITY": "NRP",
    "ETHNICITY": "NRP",
    "RELIGIOUS_BELIEF": "NRP",
    "POLITICAL_OPINION": "NRP",
}
UNSURE: Final = frozenset({"STREET_ADDRESS", "DEM", "MISC", "LATITUDE_LONGITUDE", "POSTAL_CODE", "USERNAME"})
"""Labels whose words may be of any type or none."""

_SPACED: Final = re.compile(
    r" ([,.;:!?)\]%\u201d])|([(\[$\u201e]) | (['\u2019](?:s|re|ve|ll|d|m|t)\b)| (n['\u2019]t\b)"
)
_QUOTES: Final = re.compile(r"(?:``|'')\s?|'{2,}")
_WORD: Final = re.compile(r"[^\W\d_]+")
_HANDLE: Final = re.compile(r"@ ?\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A collection. part: of its documents, what each variant of the data holds (above 1: several times)."""

    file: str
    language: str
    part: float = 1.0
    spaced: bool = False
    open: frozenset[str] = _NAMED
    repeat: bool = False
    silver: bool = False
    handles: bool = False
    """Names of accounts (``@somebody``) are labelled now so and now so."""
    kept: tuple[int, int] = (0, 10)
    """Of ten parts by hash, those that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text in pieces: each with its type, "" where it has none, "?" where that is unknown."""

    pieces: tuple[tuple[str, str], ...]
    language: str = "en"
    open: frozenset[str] = frozenset()
    silver: bool = False
    source: str = field(default="")

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(piece for piece, _ in self.pieces)


TRAIN: Final = (
    Source(file="en/uner_ewt_dev", language="en", part=3, kept=(0, 8)),
    Source(file="en/gum_train_open", language="en", open=frozenset({"NRP"})),
    Source(file="en/wnut17_train", language="en", spaced=True, part=1.5),
    Source(file="en/btc_a", language="en", spaced=True, handles=True),
    Source(file="en/btc_b", language="en", spaced=True, handles=True),
    Source(file="en/btc_e", language="en", spaced=True, handles=True),
    Source(file="en/btc_g", language="en", spaced=True, handles=True),
    Source(file="en/wikigold", language="en", spaced=True),
    Source(file="en/litbank_names", language="en", spaced=True, open=frozenset({"DATE_TIME", "NRP", "ORGANIZATION"})),
    Source(file="en/sec_FIN5", language="en", spaced=True),
    Source(file="en/sec_FIN3", language="en", spaced=True),
    Source(file="en/crossner", language="en", spaced=True),
    Source(file="en/tab144_train", language="en", open=frozenset({"NRP"})),
    Source(file="en/wikiann_train", language="en", spaced=True, part=0.5, silver=True),
    Source(file="de/germeval14_dev", language="de", spaced=True, part=2.5),
    Source(file="de/ler_dev", language="de", spaced=True, part=0.7),
    Source(file="de/wikiann_train", language="de", spaced=True, part=0.6, silver=True),
    Source(file="de/wikiann_dev", language="de", spaced=True, part=0.6, silver=True),
    Source(file="fr/wikiann_train", language="fr", spaced=True, part=0.7, silver=True),
    Source(file="fr/wikiann_dev", language="fr", spaced=True, part=0.7, silver=True),
    Source(file="nl/wikiann_train", language="nl", spaced=True, part=0.6, silver=True),
    Source(file="nl/wikiann_dev", language="nl", spaced=True, part=0.6, silver=True),
    Source(file="pt/uner_pt_bosque-ud-train", language="pt"),
    Source(file="hr/uner_hr_set-ud-train", language="hr", part=0.5),
    Source(file="da/uner_da_ddt-ud-train", language="da"),
    Source(file="sv/uner_sv_talbanken-ud-train", language="sv"),
    Source(file="zh/uner_zh_gsd-ud-train", language="zh"),
    Source(file="multi/pii_anon_clinical", language="", part=0.25, open=frozenset({"LOCATION", "NRP"}), repeat=True),
    Source(file="multi/pii_anon_technology", language="", part=0.35, open=frozenset({"LOCATION", "NRP"}), repeat=True),
)

TUNE: Final = (
    Source(file="en/uner_ewt_dev", language="en", kept=(8, 10)),
    Source(file="en/gum_dev_open", language="en"),
    Source(file="pt/uner_pt_bosque-ud-dev", language="pt"),
    Source(file="da/uner_da_ddt-ud-dev", language="da"),
    Source(file="en/wikiann_dev", language="en", part=0.1),
    Source(file="de/wikiann_test", language="de", part=0.1),
)

_LATIN_ONLY: Final = frozenset({"en", "de", "fr", "es", "it", "nl", "pt", "pl", "da", "sv", "hr", "zh"})


def read(root: Path, source: Source) -> Iterator[Document]:
    """Yield the documents of a collection."""
    with gzip.open(root / f"{source.file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            language = source.language or document["lang"]
            low, high = source.kept
            if language in _LATIN_ONLY and low <= crc32(document["text"].encode()) % 10 < high:
                spans = _spans(document["text"], document["spans"], repeat=source.repeat)
                if source.handles:
                    spans = _without_handles(document["text"], spans)
                pieces = tuple(_pieces(document["text"], spans))
                yield Document(
                    pieces=pieces, language=language, open=source.open, silver=source.silver, source=source.file
                )


def _spans(text: str, raw: list[list[object]], *, repeat: bool) -> list[tuple[int, int, str]]:
    """Return the spans that have a type or are unsure, the longest where some overlap."""
    spans: list[tuple[int, int, str]] = []
    for start, end, label, *_ in sorted(raw, key=lambda span: int(str(span[0])) - int(str(span[1]))):
        low, high = int(str(start)), int(str(end))
        kind = LABELS.get(str(label), "?" if label in UNSURE else "")
        if kind and all(high <= other[0] or low >= other[1] for other in spans):
            spans.append((low, high, kind))
    return sorted([*spans, *_again(text, spans)] if repeat else spans)


def _without_handles(text: str, spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    handles = [(found.start(), found.end(), "?") for found in _HANDLE.finditer(text)]
    kept = [span for span in spans if all(span[1] <= low or span[0] >= high for low, high, _ in handles)]
    return sorted([*kept, *handles])


def _again(text: str, spans: list[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    names = {word for low, high, kind in spans if kind == "PERSON" for word in _WORD.findall(text[low:high])}
    for word in _WORD.finditer(text):
        if (
            word[0] in names
            and len(word[0]) > 2
            and all(word.end() <= low or word.start() >= high for low, high, _ in spans)
        ):
            yield word.start(), word.end(), "PERSON"


def _pieces(text: str, spans: list[tuple[int, int, str]]) -> Iterator[tuple[str, str]]:
    at = 0
    for low, high, kind in spans:
        if text[at:low]:
            yield text[at:low], ""
        yield text[low:high], kind
        at = high
    if text[at:]:
        yield text[at:], ""


def joined_marks(document: Document) -> Document:
    """Return the document with its marks where writers put them, not apart."""

    def tidy(piece: str) -> str:
        return _SPACED.sub(lambda found: "".join(filter(None, found.groups())), _QUOTES.sub("", piece))

    pieces = tuple((tidy(piece), kind) for piece, kind in document.pieces)
    return Document(
        pieces=pieces, language=document.language, open=document.open, silver=document.silver, source=document.source
    )
