"""A spaCy pipeline as what finds names.

Law: it is loaded from a local folder and never fetched, and forgets the words of a block of texts afterwards. What has
no white space for longer than a word can be is cut first: the time of spaCy's tokenizer grows with its square.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final, cast

import spacy

from gateway.core.errors import Misconfigured
from gateway.detect.raw import Name

_SCORE: Final = 0.85
"""A pipeline does not say how sure it is."""

_RUN: Final = re.compile(r"(\S{50,99})[^\w\s]|(\S{99})\S")
"""A run without white space, to its last punctuation mark within 100 characters."""


class SpacyModel:
    """The pipeline of a folder. Raise ``Misconfigured`` where there is none, or none that knows names."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "meta.json").is_file():
            detail = (
                f'detect.model: no spaCy model at {folder}. Name the folder of one, or set detect.engine = "embedded".'
            )
            raise Misconfigured(detail)
        self._pipeline: Any = spacy.load(folder)
        if not self._pipeline.has_pipe("ner"):
            detail = f"detect.model: the model at {folder} has no entity recognizer (a pipe named ner). Name another."
            raise Misconfigured(detail)

    def block(self) -> AbstractContextManager[object]:
        """Forget the words that are met in the block when it ends."""
        return cast("AbstractContextManager[object]", self._pipeline.memory_zone())

    def names(self, text: str) -> Iterator[Name]:
        """Yield what the pipeline finds."""
        for found in self._pipeline.get_pipe("ner")(self._pipeline.make_doc(_cut(text))).ents:
            yield Name(found.start_char, found.end_char, found.label_, _SCORE)


def _cut(text: str) -> str:
    """Return the text, as long as it was, with spaces in every long run."""
    return _RUN.sub(lambda run: f"{run[1] or run[2]} ", text)
