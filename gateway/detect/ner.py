"""The language model that knows names, behind Presidio's ``NlpEngine``.

Law: a model is loaded from a local folder, and only if its files are those of its manifest. It runs only when a type
that it can find is wanted; otherwise the text is not even cut into words, since nothing else here reads them. What has
no white space for longer than a word can be is cut first: the time of spaCy's tokenizer grows with its square.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final

import spacy
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from gateway.core.errors import Misconfigured

EMBEDDED: Final = Path(__file__).parent / "model"
NER_TYPES: Final = frozenset({"PERSON", "ORGANIZATION", "LOCATION", "DATE_TIME", "NRP"})
_SCORE: Final = 0.85
_MANIFEST: Final = "SHA256SUMS"
_ESCAPE: Final = re.compile(r"\\+[\x01-\x06\"]")
_RUN: Final = re.compile(r"(\S{50,99})[^\w\s]|(\S{99})\S")
"""A run without white space, to its last punctuation mark within 100 characters."""


class LocalNlpEngine(NlpEngine):  # type: ignore[misc]  # Presidio is not typed
    """spaCy's entity recognizer, where there is one."""

    engine_name = "cloister"

    def __init__(self, engine: str, model: str) -> None:
        self._pipeline = _pipeline(engine, model)
        self._wanted = False

    @contextmanager
    def wanting(self, entities: frozenset[str]) -> Iterator[None]:
        """Run the model in the block if it can find what is wanted; forget the block's words afterwards."""
        self._wanted = self._pipeline is not None and bool(entities & NER_TYPES)
        with self._pipeline.memory_zone() if self._wanted else nullcontext():
            yield

    def load(self) -> None:
        """Do nothing: the model was loaded when the engine was made."""

    def is_loaded(self) -> bool:
        """Say yes."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Find names where they are wanted."""
        names = self._pipeline.get_pipe("ner")(self._pipeline.make_doc(_cut(text))).ents if self._wanted else ()
        return NlpArtifacts(
            entities=list(names),
            tokens=[],
            tokens_indices=[],
            lemmas=[],
            nlp_engine=self,
            language=language,
            scores=[_SCORE] * len(names),
        )

    def process_batch(self, texts: Any, language: str, **_: Any) -> Iterator[tuple[str, NlpArtifacts]]:  # noqa: ANN401 - Presidio's signature
        """Process one text after the other."""
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word: str, language: str) -> bool:  # noqa: ARG002 - likewise
        """Say no: no words are kept."""
        return False

    def is_punct(self, word: str, language: str) -> bool:  # noqa: ARG002 - likewise
        """Say no: no words are kept."""
        return False

    def get_supported_entities(self) -> list[str]:
        """Return the types that the model finds."""
        return sorted(NER_TYPES) if self._pipeline is not None else []

    def get_supported_languages(self) -> list[str]:
        """Return the one language."""
        return ["en"]


def _cut(text: str) -> str:
    """Return the text, as long as it was, with spaces for escapes (``core.escapes``) and in every long run."""
    text = _ESCAPE.sub(lambda escape: " " * len(escape[0]), text) if "\\" in text else text
    return _RUN.sub(lambda run: f"{run[1] or run[2]} ", text)


def _pipeline(engine: str, model: str) -> Any:  # noqa: ANN401 - spaCy is not typed
    match engine:
        case "patterns":
            return None
        case "spacy":
            return _load(Path(model))
        case _:
            _require_whole(EMBEDDED)
            return _load(EMBEDDED)


def _load(folder: Path) -> Any:  # noqa: ANN401 - likewise
    if not (folder / "meta.json").is_file():
        detail = f'detect.model: no spaCy model at {folder}. Name the folder of one, or set detect.engine = "embedded".'
        raise Misconfigured(detail)
    pipeline = spacy.load(folder)
    if not pipeline.has_pipe("ner"):
        detail = f"detect.model: the model at {folder} has no entity recognizer (a pipe named ner). Name another."
        raise Misconfigured(detail)
    return pipeline


def _require_whole(folder: Path) -> None:
    """Check every file against the manifest that ships with the model."""
    try:
        lines = (folder / _MANIFEST).read_text(encoding="ascii").splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        good = sums and all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == sums[name] for name in sums)
    except (OSError, ValueError):
        good = False
    if not good:
        detail = f"the embedded model at {folder} is missing or damaged: install the package again."
        raise Misconfigured(detail)
