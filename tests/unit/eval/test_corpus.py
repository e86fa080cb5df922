import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.eval import corpus
from gateway.eval.corpus import Document, Span, line, read, sample

SECRET = "Zebulon"


def written(folder: Path, *lines: Any) -> Path:
    file = folder / "c.jsonl"
    file.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return file


def test_offsets_count_code_points_and_more_entries_are_read_or_left(tmp_path: Path) -> None:
    file = written(tmp_path, {"text": "😀 Ann, 7", "spans": [[7, 8, "X", "NO_MASK", "e1"], [2, 5, "PERSON", "DIRECT"]]})

    (document,) = read([file])

    assert document.spans == (
        Span(start=2, end=5, label="PERSON", kind="direct"),
        Span(start=7, end=8, label="X"),
    )
    assert document.text[2:5] == "Ann"


@pytest.mark.parametrize("packed", [False, True])
def test_files_are_read_plain_or_packed_and_empty_lines_are_nothing(tmp_path: Path, packed: bool) -> None:
    file = tmp_path / "de" / "c"
    file.parent.mkdir()
    raw = b'{"text": "a", "spans": []}\n\n  \n{"text": "b", "spans": [], "lang": "fr"}'
    file.write_bytes(gzip.compress(raw) if packed else raw)

    assert [(each.text, each.language) for each in read([file])] == [("a", "de"), ("b", "fr")]


def test_a_document_survives_being_written(tmp_path: Path) -> None:
    document = Document(
        text="Ann: X-1",
        spans=(Span(start=0, end=3, label="PERSON", kind="direct"),),
        language="en",
        genre="chat",
        harmless=((5, 8),),
    )
    (tmp_path / "c").write_bytes(line(document))

    assert list(read([tmp_path / "c"])) == [document]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"{", "not a JSON object"),
        (b'{"text": "Zebulon \xe9", "spans": []}', "not a JSON object"),
        (b'{"text": "Zebulon"}', "not a JSON object"),
        (b'{"text": "Zebulon", "spans": [["0", 3, "PERSON"]]}', "not a JSON object"),
        (b'{"text": "Zebulon", "spans": [[0, 3]]}', "not a JSON object"),
        (b'{"text": "Zebulon", "spans": [[0, 3, ""]]}', "not a JSON object"),
        (b'{"text": "Zebulon", "spans": [[0, 8, "PERSON"]]}', "from 0 to 8 does not lie in a text of 7"),
        (b'{"text": "Zebulon", "spans": [[3, 3, "PERSON"]]}', "from 3 to 3"),
        (b'{"text": "Zebulon", "spans": [], "harmless": [[-1, 3]]}', "from -1 to 3"),
        (b'{"text": "' + b"Zebulon" * 20 + b'", "spans": []}', "longer than 100 bytes"),
    ],
)
def test_an_error_names_file_and_line_and_no_text(
    tmp_path: Path, broken: bytes, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "LONGEST", 100)
    file = tmp_path / "c.jsonl"
    file.write_bytes(b'{"text": "a", "spans": []}\n' + broken)

    with pytest.raises(ProtocolError) as caught:
        list(read([file]))

    assert f"{file}:2:1: " in caught.value.detail
    assert why in caught.value.detail
    assert SECRET not in caught.value.detail


def test_a_damaged_or_absent_file_is_named(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"text": "a", "spans": []}\n' * 200)
    (tmp_path / "c.gz").write_bytes(whole[:-20])

    with pytest.raises(ProtocolError, match="damaged gzip"):
        list(read([tmp_path / "c.gz"]))
    with pytest.raises(ProtocolError, match="No such file"):
        list(read([tmp_path / "none"]))


def test_a_sample_is_the_same_again_and_in_order() -> None:
    documents = [Document(text=str(number), spans=()) for number in range(50)]
    chosen = sample(documents, 10, seed=3)

    assert chosen == sample(documents, 10, seed=3)
    assert chosen == sorted(chosen, key=documents.index)
    assert len(chosen) == 10
    assert sample(documents, 10, seed=4) != chosen
    assert sample(documents, 0, seed=3) == sample(documents, 99, seed=3) == documents
