import gzip
import json
from pathlib import Path

import pytest

from tests.training.sources import Document, Source, joined_marks, read


def corpus(folder: Path, *documents: dict[str, object]) -> Path:
    (folder / "xx").mkdir()
    with gzip.open(folder / "xx/made.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in documents)
    return folder


def labelled(text: str, *values: tuple[str, str]) -> dict[str, object]:
    return {
        "text": text,
        "spans": [[text.index(value), text.index(value) + len(value), kind] for value, kind in values],
    }


def pieces(folder: Path, document: dict[str, object], **options: object) -> tuple[tuple[str, str], ...]:
    (only,) = read(corpus(folder, document), Source(file="xx/made", language="en", **options))  # type: ignore[arg-type]
    assert only.text == document["text"]
    return only.pieces


@pytest.mark.parametrize(
    ("label", "kind"),
    [("PERSON", "PERSON"), ("PERSON_NAME", "PERSON"), ("GPE", "LOCATION"), ("TIMESTAMP", "DATE_TIME"), ("MISC", "?")],
)
def test_labels_become_types(tmp_path: Path, label: str, kind: str) -> None:
    assert pieces(tmp_path, labelled("see Xanthia now", ("Xanthia", label))) == (
        ("see ", ""),
        ("Xanthia", kind),
        (" now", ""),
    )


def test_other_labels_are_no_type(tmp_path: Path) -> None:
    assert pieces(tmp_path, labelled("pin 1234", ("1234", "PASSWORD"))) == (("pin 1234", ""),)


def test_the_longest_of_spans_that_overlap_stays(tmp_path: Path) -> None:
    document = labelled("Bank of Yarrow", ("Yarrow", "LOCATION"), ("Bank of Yarrow", "ORGANIZATION"))

    assert pieces(tmp_path, document) == (("Bank of Yarrow", "ORGANIZATION"),)


def test_words_of_a_name_stand_for_it_where_a_collection_labels_it_once(tmp_path: Path) -> None:
    document = labelled("Ina Zell came. Zell left.", ("Ina Zell", "PERSON_NAME"))

    assert pieces(tmp_path, document, repeat=True)[2:] == (("Zell", "PERSON"), (" left.", ""))


def test_names_of_accounts_are_left_open(tmp_path: Path) -> None:
    document = labelled("RT @ina_zell: hi Ina", ("ina_zell", "PERSON"))

    assert pieces(tmp_path, document, handles=True) == (("RT ", ""), ("@ina_zell", "?"), (": hi Ina", ""))


def test_a_part_by_hash_and_the_rest_are_the_whole(tmp_path: Path) -> None:
    folder = corpus(tmp_path, *(labelled(f"text {number}") for number in range(50)))
    one, two = (list(read(folder, Source(file="xx/made", language="en", kept=kept))) for kept in ((0, 7), (7, 10)))

    assert one
    assert two
    assert len(one) + len(two) == 50


def test_languages_that_are_not_trained_are_left_out(tmp_path: Path) -> None:
    folder = corpus(tmp_path, {"text": "a", "spans": [], "lang": "th"}, {"text": "b", "spans": [], "lang": "de"})

    assert [each.language for each in read(folder, Source(file="xx/made", language=""))] == ["de"]


def test_marks_are_put_where_writers_put_them() -> None:
    document = Document(pieces=(("He said ( twice ) : ", ""), ("Ina Zell", "PERSON"), (" , it 's `` done '' .", "")))

    assert joined_marks(document).text == "He said (twice): Ina Zell, it's done."
