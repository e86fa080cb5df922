import shutil
import time
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.detect import ner
from gateway.detect.ner import EMBEDDED, LocalNlpEngine


def test_a_damaged_model_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EMBEDDED, tmp_path / "model")
    name = (EMBEDDED / "SHA256SUMS").read_text(encoding="ascii").splitlines()[0].split("  ")[1]
    (tmp_path / "model" / name).write_bytes(b"other")
    monkeypatch.setattr(ner, "EMBEDDED", tmp_path / "model")

    with pytest.raises(Misconfigured, match="damaged"):
        LocalNlpEngine("embedded", "")


def test_a_model_without_its_manifest_is_not_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ner, "EMBEDDED", tmp_path)

    with pytest.raises(Misconfigured, match="missing or damaged"):
        LocalNlpEngine("embedded", "")


def test_a_missing_model_is_named_and_not_fetched(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"detect\.model"):
        LocalNlpEngine("spacy", str(tmp_path / "nowhere"))


def test_without_a_model_no_names_are_promised() -> None:
    engine = LocalNlpEngine("patterns", "")

    assert engine.get_supported_entities() == []
    with engine.wanting(frozenset({"PERSON"})):
        assert engine.process_text("Maria Gonzalez lives in Berlin.", "en").entities == []


def test_the_model_runs_only_where_its_types_are_wanted() -> None:
    engine = LocalNlpEngine("embedded", "")
    text = "Maria Gonzalez lives in Berlin."

    with engine.wanting(frozenset({"EMAIL_ADDRESS"})):
        assert engine.process_text(text, "en").entities == []
    with engine.wanting(frozenset({"PERSON"})):
        assert "Maria Gonzalez" in [name.text for name in engine.process_text(text, "en").entities]


def test_names_stand_where_they_are_said_to() -> None:
    engine = LocalNlpEngine("embedded", "")
    text = 'Please ask Maria Gonzalez, not \\"Erik Svensson\\".'

    with engine.wanting(frozenset({"PERSON"})):
        ((_, artifacts),) = engine.process_batch([text], "en")
    assert artifacts.entities
    assert [text[each.start_char : each.end_char] for each in artifacts.entities] == [
        each.text for each in artifacts.entities
    ]
    assert len(artifacts.scores) == len(artifacts.entities)


def test_an_escape_is_read_as_white_space() -> None:
    assert ner._blanked('a\\\\"b \\\x01c\\d') == "a   b   c\\d"


def test_backslashes_in_a_row_are_gone_through_once() -> None:
    def taken(length: int) -> float:
        start = time.perf_counter()
        ner._blanked("\\" * length)
        return time.perf_counter() - start

    assert min(taken(16_000) for _ in range(5)) < 10 * min(taken(4000) for _ in range(5)) + 0.02
