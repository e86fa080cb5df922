"""The language model that knows names, behind Presidio's ``NlpEngine``.

Law: the embedded model is loaded only if its files are those of its manifest. A model runs only when a type that it can
find is wanted; otherwise the text is not even cut into words, since nothing else here reads them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from gateway.core.errors import Misconfigured
from gateway.detect.raw import Name
from gateway.detect.tagger import Tagger

EMBEDDED: Final = Path(__file__).parent / "model"
NER_TYPES: Final = frozenset({"PERSON", "ORGANIZATION", "LOCATION", "DATE_TIME", "NRP"})
_MANIFEST: Final = "SHA256SUMS"
_ESCAPE: Final = re.compile(r"(?<!\\)\\++[\x01-\x06\"]")


class Model(Protocol):
    """What finds names in a text."""

    def block(self) -> AbstractContextManager[object]:
        """Hold what is met in a block of texts, and no longer."""
        ...

    def names(self, text: str) -> Iterable[Name]:
        """Return the names of a text."""
        ...


class Entity(NamedTuple):
    """A name, with what Presidio's recognizer asks of one."""

    text: str
    label_: str
    start_char: int
    end_char: int


class LocalNlpEngine(NlpEngine):  # type: ignore[misc]  # Presidio is not typed
    """The model, where there is one."""

    engine_name = "cloister"

    def __init__(self, engine: str, model: str) -> None:
        self._model = _model(engine, model)
        self._wanted = False

    @contextmanager
    def wanting(self, entities: frozenset[str]) -> Iterator[None]:
        """Run the model in the block if it can find what is wanted."""
        self._wanted = self._model is not None and bool(entities & NER_TYPES)
        with self._model.block() if self._model is not None and self._wanted else nullcontext():
            yield

    def load(self) -> None:
        """Do nothing: the model was loaded when the engine was made."""

    def is_loaded(self) -> bool:
        """Say yes."""
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Find names where they are wanted."""
        names = list(self._model.names(_blanked(text))) if self._model is not None and self._wanted else []
        return NlpArtifacts(
            entities=[Entity(text[each.start : each.end], each.kind, each.start, each.end) for each in names],
            tokens=[],
            tokens_indices=[],
            lemmas=[],
            nlp_engine=self,
            language=language,
            scores=[each.score for each in names],
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
        return sorted(NER_TYPES) if self._model is not None else []

    def get_supported_languages(self) -> list[str]:
        """Return the one language that recognizers are registered under."""
        return ["en"]


def _blanked(text: str) -> str:
    """Return the text, as long as it was, with spaces for escapes (``core.escapes``)."""
    return _ESCAPE.sub(lambda escape: " " * len(escape[0]), text) if "\\" in text else text


def _model(engine: str, model: str) -> Model | None:
    if engine == "patterns":
        return None
    if engine == "spacy":
        from gateway.detect.spacy_models import SpacyModel

        return SpacyModel(Path(model))
    _require_whole(EMBEDDED)
    return Tagger(EMBEDDED)


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
