"""Names in lists and tables of things, and people in the same places."""

from __future__ import annotations

import pytest

from gateway.detect import shelves
from gateway.detect.shelves import is_shelved


def judged(example: str) -> bool:
    before, value, behind = example.replace("]]", "[[").split("[[")
    return is_shelved(before + value + behind, len(before), len(before + value))


@pytest.mark.parametrize(
    "example",
    [
        "Shelf: [[Robin]] 3, bin 8",
        "Van: [[Clara]], tracker",
        "Medication: [[Lorvana]] 10 mg",
        "Medikation: Tavurin 5, [[Karlotta]] abends",
        "Kuchen: [[Anna Luise]], Apfel",
        "Fruit: Gala, [[Lady Jane]]",
        "L\u00e9ky \u2013 Lektura: Nad [[Olga]], dva d\u00edly",
        "Farver (udv.): [[Astrid]], sort",
        "vini: Corvina, [[Santa Teresa]]",
        "Nr\tArtikel\tMenge\n1\t[[Konrad]] Hocker\t3",
        "Nr\tArtikel\tMenge\n1\tHocker\t3\n2\t[[Konrad Adler]]\t3\n",
        "| No | Description | Qty |\n|----|-----|---|\n| 1 | [[Martha]] | 2 |",
        "Lp;Nazwa towaru;Cena\n1;[[Zofia]];20",
        "[[Tosca]] (l'opera) stasera",
        "the new [[Amelia]] (the database), down",
        "mit [[Bertha]] (Kartenspiel)",
        "Clara (a mesma uva), [[Rosa]] (casta)".replace("casta", "uva"),
    ],
)
def test_what_is_listed_as_a_thing_is_nobody(example: str) -> None:
    assert judged(example)


@pytest.mark.parametrize(
    "example",
    [
        "Medication: Lorvana 10 mg. [[Anna]] called",
        "Contact: [[Anna]]",
        "Diagnose: Grippe\nArzt: [[Meier]]",
        "Nr\tName\tArtikel\n1\t[[Konrad]]\tHocker",
        "Nr\tArtikel\n1\t[[Konrad]]",
        "Artikel\tNr\tMenge\nwith [[Konrad]]",
        "Nr\tArtikel\tMenge\n\nNr\tx\ty\n1\t[[Konrad]]\t3",
        "[[Konrad]]\tArtikel\tMenge",
        "driven by [[Ida Stone]] (Larch Software Ltd.)",
        "[[Ida]] (34)",
        "[[Ida]] (Einkauf)",
    ],
)
def test_who_stands_beside_things_stays_somebody(example: str) -> None:
    assert not judged(example)


def test_no_more_is_looked_at_than_is_bounded() -> None:
    rows = "Nr\tArtikel\tMenge\n" + "1\tx\t2\n" * 2_000
    text = f"{rows}1\tKonrad\t2"
    start = text.index("Konrad")

    assert shelves._head(text, start) == "x"
    assert not is_shelved("Kuchen: " + "x " * 5_000 + "Anna", 10_008, 10_012)
