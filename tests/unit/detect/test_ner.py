import shutil
from pathlib import Path

import pytest

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


def test_words_are_folded_for_context() -> None:
    engine = LocalNlpEngine("patterns", "")

    with engine.wanting(frozenset()):
        assert engine.process_text("Phone Number", "en").lemmas == ["phone", "number"]
