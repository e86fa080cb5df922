"""Parts of names, in round brackets of their own, and how far the names go around them."""

from __future__ import annotations

import pytest

from gateway.detect.whole import are_initials, whole


def grown(example: str) -> str:
    """Return the name that is found from the part in double brackets."""
    before, part, behind = example.replace("]]", "[[").split("[[")
    text = before + part + behind
    start, end = whole(text, len(before), len(before) + len(part))
    assert start <= len(before)
    assert end >= len(before) + len(part)
    return text[start:end]


@pytest.mark.parametrize(
    ("example", "name"),
    [
        ("signed J. [[Kowalski]] today", "J. Kowalski"),
        ("from T.M. [[Oduya]], cc", "T.M. Oduya"),
        ("per C.-J. El [[Mansouri]]:", "C.-J. El Mansouri"),
        ("Lieben Gruß\nK. [[Wenz]]", "K. Wenz"),
        ("Frau [[Ulrike]] von der Laage kam", "Ulrike von der Laage"),
        ("Sig.ra [[Bianca Toselli]] ved. Brunetti, via", "Bianca Toselli ved. Brunetti"),
        ("wie [[Winther]]-Abara sagt", "Winther-Abara"),
        ("wie Winther-[[Abara]] sagt", "Winther-Abara"),
        ("is [[Joost]] de Bruijn there", "Joost de Bruijn"),
        ("I dag ringer Torben [[Kvistgaard]] igen", "Torben Kvistgaard"),
        ("[[Anna]] Kvistgaard ringer", "Anna Kvistgaard"),
        ("PADRE DI [[ZEQIRI]] ARBEN, CELL.", "ZEQIRI ARBEN"),
        ("[[Osmar]] Kuikuro Filho; conta", "Osmar Kuikuro Filho"),
        ('("Fortunée [[Ilunga]]", 3)', "Fortunée Ilunga"),
        ("navn=Aviaja [[Lynge]] nr=3", "Aviaja Lynge"),
        ("med tale De [[Angelis]] alene", "De Angelis"),
        ("[[Marti]]n came", "Martin"),
        ("[[SOCORRO WENZLINA]] VDA. DE OSTRANDER (M", "SOCORRO WENZLINA VDA. DE OSTRANDER"),
        ("[[Solène]] KERVELL'H, gardien", "Solène KERVELL'H"),
        ("[[Rosli]] binte Kowalski, Kuala", "Rosli binte Kowalski"),
        ("INSP. L. [[WENZ]] here", "L. WENZ"),
        ("o vizinho [[Zélio]] Querido abriu a porta", "Zélio Querido"),
        ("testigo: [[Ximena Paz]] Blanco, vecina", "Ximena Paz Blanco"),
        ("komşumuz [[Abdülkadir]] Ateş dün geldi", "Abdülkadir Ateş"),
        ("a D. [[Maria]] do Céu votou", "D. Maria do Céu"),
        ("a [[María]] de la Luz no vino", "María de la Luz"),
    ],
)
def test_a_name_is_whole(example: str, name: str) -> None:
    assert grown(example) == name


@pytest.mark.parametrize(
    "example",
    [
        "met [[Kowalski]]. Anna came",
        "[[Kowalski]]\nAnna came",
        "[[Kowalski]] Telefon: 3",
        "er hat [[Zelina]] Bescheid gegeben und ist weg",
        "obrigada [[Zélia]] Pedido enviado",
        "o [[Zélio]] Querido Diário de bordo",
        "o vizinho [[Zélio]] do prédio",
        "[[Kowalski]] Kvistg: 3",
        "[[Kowalski]] Montag",
        "[[Kowalski]] GmbH",
        "the [[Petri]]-Dish here",
        "by [[Kowalski]] from Berlin",
        "by [[Kowalski]] de Berlin",
        "the U.S. [[Kowalski]]",
        "z. B. [[Kowalski]]",
        "A. [[Kowalski]]\nB. Something",
        "a mail von [[Kowalski]]",
        "[[Table]] Kowalski",
        "[[Kowalski]] DHL",
        "[[Anna]] DHLQ",
        "[[Quxette]] KVISTGAARD",
        "Nr. L. [[Kowalski]] here",
        "[[Kowalski]] kvistg@x.example",
        "[[Kowalski]]'s Law",
        "The [[Kowalski]] case",
    ],
)
def test_what_stands_beside_a_name_is_none_of_it(example: str) -> None:
    assert grown(example) == example.split("[[")[1].split("]]", maxsplit=1)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("J. ", True), ("J.R. ", True), ("j. ", False), ("S.A. ", False), ("U.S. ", False), ("T.C. ", False)],
)
def test_letters_with_dots_are_initials_but_for_abbreviations(text: str, expected: bool) -> None:
    assert are_initials(f"x {text}Kowalski", 2, 2 + len(text)) is expected


def test_a_name_grows_by_a_few_words_alone() -> None:
    text = "Torben " * 1000

    assert whole(text, 3500, 3506) == (3465, 3541)
