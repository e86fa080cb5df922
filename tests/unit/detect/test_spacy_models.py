from pathlib import Path

import pytest
import spacy

from gateway.core.errors import Misconfigured
from gateway.detect import spacy_models
from gateway.detect.raw import Name
from gateway.detect.spacy_models import SpacyModel


def test_a_missing_model_is_named_and_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"detect\.model"):
        SpacyModel(tmp_path / "nowhere")


def test_a_model_without_a_recognizer_of_names_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")

    with pytest.raises(Misconfigured, match=r"detect\.model.*ner"):
        SpacyModel(tmp_path / "blank")


def test_what_it_finds_lies_in_the_text(spacy_model: Path) -> None:
    model, text = SpacyModel(spacy_model), "Yesterday Maria Gonzalez came."

    with model.block():
        assert list(model.names(text)) == [Name(10, 24, "PERSON", 0.85)]


def test_words_are_forgotten_after_the_block(spacy_model: Path) -> None:
    model = SpacyModel(spacy_model)
    known = len(model._pipeline.vocab.strings)

    with model.block():
        list(model.names("Xylophar Quendrith met Vorimand Esselbrook."))
        assert len(model._pipeline.vocab.strings) > known
    assert len(model._pipeline.vocab.strings) == known


@pytest.mark.parametrize("run", ["+", "'s", "\U0001f600", "()", "a", "$1", "_", "5km"])
def test_a_run_without_white_space_is_cut_for_the_tokenizer(run: str) -> None:
    text = (run * 8000)[:8000]
    cut = spacy_models._cut(text)

    assert len(cut) == len(text)
    assert max(map(len, cut.split())) <= 100


@pytest.mark.parametrize("text", ["", "Maria Gonzalez lives in Berlin.", "a" * 99, "x" * 40 + "-" + "y" * 40])
def test_what_can_be_a_word_is_not_cut(text: str) -> None:
    assert spacy_models._cut(text) == text
