import re
from pathlib import Path
from random import Random

import pytest

pytest.importorskip("faker", reason="the kit's own tool")

from tests.training import documents as module
from tests.training.data import Disturber
from tests.training.documents import FOLDER, documents
from tests.training.sources import LABELS, UNSURE
from tests.training.tables import LANGUAGES

PLAIN = {
    "AGE", "BANK_ACCOUNT", "CASE_NUMBER", "CLAIM_NUMBER", "COORDINATES", "CREDIT_CARD", "CUSTOMER_ID", "DRIVER_LICENSE",
    "EMAIL_ADDRESS", "EMPLOYEE_ID", "HEALTH_ID", "IBAN_CODE", "IMEI", "IP_ADDRESS", "LICENSE_PLATE", "MAC_ADDRESS",
    "NATIONAL_ID", "PASSPORT", "PATIENT_ID", "PHONE_NUMBER", "POLICY_NUMBER", "SECRET", "TAX_ID", "VIN",
}  # fmt: skip


def read(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    (folder / "de.txt").write_text(text, encoding="utf-8")
    monkeypatch.setattr(module, "FOLDER", folder)
    (document,) = documents()
    return list(document.pieces)


def test_marks_are_what_they_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "=== brief\nAn {{PERSON=Jo Ott}},\n{{!Ott-Motor}} an {{STREET_ADDRESS=Weg 1}}, Nr. {{TAX_ID=12}}\n"
    assert read(tmp_path, text, monkeypatch) == [
        ("An ", ""),
        ("Jo Ott", "PERSON"),
        (",\n", ""),
        ("Ott-Motor", "!"),
        (" an ", ""),
        ("Weg 1", "?"),
        (", Nr. ", ""),
        ("12", ""),
    ]


def test_no_mark_is_left_in_a_text_and_every_label_is_known() -> None:
    for document in documents():
        assert "{{" not in document.text, document.text[:60]
        assert document.text.strip()
    marked = {
        label for file in FOLDER.glob("*.txt") for label in re.findall(r"\{\{([A-Z_]+)=", file.read_text("utf-8"))
    }
    assert marked <= PLAIN | UNSURE | LABELS.keys()


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"hr"}))
def test_every_language_has_documents_with_people_and_without(language: str) -> None:
    own = [each for each in documents() if each.language == language]
    peopled = [each for each in own if any(kind == "PERSON" for _, kind in each.pieces)]
    assert len(own) >= 30
    assert peopled
    assert len(peopled) < len(own)


def test_a_name_in_lower_case_is_swapped_for_one_in_lower_case() -> None:
    disturber = Disturber(Random(3), {})
    names: dict[str, str] = {}
    swapped = [disturber._renamed(name, names) for name in ("mirko wessels", "Mirko van Wessels", "MIRKO", "wessels")]
    assert swapped[0].islower()
    assert swapped[0].split()[0] != "mirko"
    assert swapped[0].split()[1] == swapped[3]
    assert " van " in swapped[1]
    assert swapped[2].isupper()
