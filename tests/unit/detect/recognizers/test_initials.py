"""Initials with surnames, and the letters and dots that are none."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.initials import initialled, paired
from tests.doubles.examples import plain


def values(text: str) -> list[str]:
    return [text[start:end] for start, end in initialled(text)]


@pytest.mark.parametrize(
    "example",
    [
        "Adjuster: ⟦M. Odunsi⟧, lic. on file",
        "⟦J. Kowalski⟧ FY2, bleep 17",
        "(⟦C. Winther-Abara⟧)",
        "Fdo.: ⟦R. de la Fuente⟧, MIR",
        "för ⟦H.-G. Lindqvist⟧ och ⟦E.M. Sjöstedt⟧",
        "Voor akkoord:\n⟦A. Bâ⟧",
        "⟦D. O'Leary⟧ rang",
        "SGT. ⟦L. KOWALSKI⟧, unit 4",
        "SIERŻ. ⟦T. WENZLIK⟧",
        "Ing. ⟦A. Wenzlik⟧ | cell",
        "⟦T. van der Velden⟧ belde",
        "⟦K. EL MANSOURI⟧".replace("EL ", "El "),
        "V. i. S. d. P.\n⟦V. Nováková⟧",
    ],
)
def test_an_initial_and_a_surname_are_a_person(example: str) -> None:
    text, expected = plain(example)

    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "A. Kowalski\nB. Novak\nC. Silva",
        "siehe Nr. A. Wenzlik",
        "I. Grundlagen\nII. Verfahren",
        "z. B. Müller, d. h. Meier",
        "U.S. Kowalski, P.O. Silva",
        "J. Biol. Chem. 2019",
        "E. coli, S. aureus",
        "H. Lundgren A/S, K. Meier GmbH",
        "see A. Table and B. Yesterday",
        "Z. n. Kowalski-Operation",
        "v. 3.J. 4",
        "M.Kvist@x.example",
        "art. N. Kowalski",
        "Montag, A. Montag",
    ],
)
def test_other_letters_with_dots_are_none(text: str) -> None:
    assert values(text) == []


def test_work_is_bounded_however_long_a_list_is() -> None:
    assert values("A. Aa\n" * 3000) == values("A. Aa\n" * 3000 + "\n")


def pairs(text: str) -> list[str]:
    return [text[start:end] for start, end in paired(text)]


@pytest.mark.parametrize(
    "example",
    [
        "1) 8.03 ⟦Ejnar Overgaard⟧ 190749",
        "Przyjmuje: ⟦Bożena Wilkoszewska⟧, dział kadr",
        "|⟦WIETSKE HOOGENDIJK⟧|",
        "devant nous, ⟦Wietske KERVELL'H⟧, gardien",
        "met ⟦Jorrit van der Zwaluw⟧ erbij",
        "<nome>⟦Kauê Nakashita⟧</nome>",
        "kutuda ⟦Hüsamettin Çiğdemlioğlu⟧ yazıyor",
        "with ⟦Olufemi  Adekoyade⟧ today",
    ],
)
def test_a_known_given_name_and_a_surname_are_a_person(example: str) -> None:
    text, expected = plain(example)

    assert pairs(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wietske yesterday, Wietske Invoice",
        "WIETSKE Hoogendijk",
        "Wietske HDIJK",
        "Wietske YESTERDAY",
        "Wietske Hoogendijk BV",
        "in zaal Wietske Hoogendijk",
        "wietske hoogendijk",
        "Quxette Hoogendijk",
        "eine Alfa Romeo Giulia",
        "Wietske\nHoogendijk",
    ],
)
def test_other_words_side_by_side_are_none(text: str) -> None:
    assert pairs(text) == []


def test_pairs_are_sought_in_bounded_work() -> None:
    assert len(pairs("Ejnar Overgaard, " * 2000)) == 2000
