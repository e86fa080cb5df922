import shutil
from pathlib import Path

import pytest
import spacy

from gateway.core.errors import Misconfigured
from gateway.detect import ner
from gateway.detect.ner import EMBEDDED, LocalNlpEngine


def test_a_damaged_model_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EMBEDDED, tmp_path / "model")
    (tmp_path / "model" / "tokenizer").write_bytes(b"other")
    monkeypatch.setattr(ner, "EMBEDDED", tmp_path / "model")

    with pytest.raises(Misconfigured, match="damaged"):
        LocalNlpEngine("embedded", "")


def test_a_missing_model_is_named_and_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"detect\.model"):
        LocalNlpEngine("spacy", str(tmp_path / "nowhere"))


def test_without_a_model_no_names_are_promised() -> None:
    assert LocalNlpEngine("patterns", "").get_supported_entities() == []


def test_a_model_without_a_recognizer_of_names_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")

    with pytest.raises(Misconfigured, match=r"detect\.model.*ner"):
        LocalNlpEngine("spacy", str(tmp_path / "blank"))


def test_the_model_runs_only_where_its_types_are_wanted() -> None:
    engine = LocalNlpEngine("embedded", "")
    text = "Maria Gonzalez lives in Berlin."

    with engine.wanting(frozenset({"EMAIL_ADDRESS"})):
        assert engine.process_text(text, "en").entities == []
    with engine.wanting(frozenset({"PERSON"})):
        assert "Maria Gonzalez" in [name.text for name in engine.process_text(text, "en").entities]


@pytest.mark.parametrize("run", ["+", "'s", "\U0001f600", "()", "a", "$1", "_", "5km"])
def test_a_run_without_white_space_is_cut_for_the_tokenizer(run: str) -> None:
    text = (run * 8000)[:8000]
    cut = ner._cut(text)

    assert len(cut) == len(text)
    assert max(map(len, cut.split())) <= 100


@pytest.mark.parametrize("text", ["", "Maria Gonzalez lives in Berlin.", "a" * 99, "x" * 40 + "-" + "y" * 40])
def test_what_can_be_a_word_is_not_cut(text: str) -> None:
    assert ner._cut(text) == text
