"""Whole documents of our own, as people write them: forms, chats, minutes, files; many without anybody.

Law: a file of ``documents`` holds those of one language. ``=== genre`` begins one, ``{{LABEL=value}}`` is what its
label says, and ``{{!value}}`` is anything but a person. Every value is invented.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.training.sources import LABELS, UNSURE, Document

FOLDER: Final = Path(__file__).parent / "documents"
_HEAD: Final = re.compile(r"^=== .+\n", re.MULTILINE)
_MARK: Final = re.compile(r"\{\{(?:(?P<label>[A-Z_]+)=|!)(?P<value>[^{}]+)\}\}")
_UNMARKED: Final = frozenset({"DATE_TIME", "LOCATION", "NRP", "ORGANIZATION"})
"""Types that are not marked everywhere."""


def documents() -> Iterator[Document]:
    """Yield all of them."""
    for file in sorted(FOLDER.glob("*.txt")):
        for text in _HEAD.split(file.read_text(encoding="utf-8"))[1:]:
            pieces = tuple(_pieces(text.rstrip("\n")))
            yield Document(pieces=pieces, language=file.stem, open=_UNMARKED, source="written")


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    for mark in _MARK.finditer(text):
        label = mark["label"]
        if at < mark.start():
            yield text[at : mark.start()], ""
        yield mark["value"], _kind(label) if label else "!"
        at = mark.end()
    if text[at:]:
        yield text[at:], ""


def _kind(label: str) -> str:
    return LABELS.get(label, "?" if label in UNSURE else "")
