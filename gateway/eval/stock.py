"""Presidio as it comes: its default recognizers, its default settings, and a spaCy model from a local folder.

Law: nothing of it is ours but what it cannot start without: the model is never downloaded, no public suffix list is
fetched, and every token has a lemma (its lower case), without which context words would never match. What it is asked
for is what the gateway's policy wants, so far as it knows that.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import gateway.detect.quiet  # noqa: F401 - before anything imports Presidio
from gateway.core.errors import Misconfigured

_LEMMAS: Final = "lower_case_lemmas"
_LANGUAGE: Final = "en"
_MODEL: Final = ("tok2vec", "ner")


class StockAnalyzer:
    """Finds what Presidio finds. wanted: the types that are asked for, of those that it knows; names: by its model."""

    def __init__(self, model: Path, wanted: Collection[str], *, names: bool = True) -> None:
        if not (model / "meta.json").is_file():
            detail = f"--stock-model: no spaCy model at {model}. Name the folder of one."
            raise Misconfigured(detail)
        from presidio_analyzer import AnalyzerEngine
        from presidio_analyzer.nlp_engine import NlpEngineProvider
        from spacy import Language

        Language.component(_LEMMAS, func=_lemmas)
        logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
        engine = NlpEngineProvider(
            nlp_configuration=_configuration(NlpEngineProvider().nlp_configuration, model)
        ).create_engine()
        for pipeline in engine.nlp.values():
            if not pipeline.has_pipe("lemmatizer"):
                pipeline.add_pipe(_LEMMAS, last=True)
            if not names:
                pipeline.select_pipes(disable=[each for each in pipeline.pipe_names if each in _MODEL])
        self._engine = AnalyzerEngine(nlp_engine=engine, supported_languages=[_LANGUAGE])
        self._wanted = sorted(set(wanted) & set(self._engine.get_supported_entities(_LANGUAGE)))

    def analyze(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        """Yield start, end, type and score of what is found, as it is given: it may overlap."""
        if not self._wanted:
            return
        for found in self._engine.analyze(text, language=_LANGUAGE, entities=self._wanted):
            yield found.start, found.end, found.entity_type, found.score


def _lemmas(doc: Any) -> Any:  # noqa: ANN401 - spaCy is not typed
    for token in doc:
        token.lemma_ = token.lower_
    return doc


def _configuration(default: dict[str, Any], model: Path) -> dict[str, Any]:
    """Return Presidio's own configuration with another model, and names for what that one calls otherwise."""
    names = default["ner_model_configuration"]
    mapping = {**names["model_to_presidio_entity_mapping"], "DATE_TIME": "DATE_TIME", "NRP": "NRP"}
    return {
        **default,
        "models": [{"lang_code": _LANGUAGE, "model_name": str(model)}],
        "ner_model_configuration": {**names, "model_to_presidio_entity_mapping": mapping},
    }
