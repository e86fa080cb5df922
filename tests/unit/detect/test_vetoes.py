"""What no person can be, and the names that must never be taken for it."""

from __future__ import annotations

import pytest

from gateway.detect.vetoes import is_person


def judged(example: str) -> bool:
    before, value, behind = example.replace("\u27e7", "\u27e6").split("\u27e6")
    return is_person(before + value + behind, len(before), len(before + value))


@pytest.mark.parametrize(
    "example",
    [
        "⟦Invoice⟧ 2025-0117",
        "⟦El Sr⟧. Torrents",
        "⟦Thanks, Mr⟧. Osei",
        "Exma. ⟦Senhora⟧",
        "titulada por V. ⟦Exa⟧.",
        "Norme: ⟦Lgs⟧. 81",
        "⟦Augenmottagningen, Sjukhuset Norra⟧",
        "CC: ⟦Personeelsadministratie⟧",
        "dipl. ⟦Steuerexpertin⟧",
        "⟦Gastroskopie⟧ ohne Befund",
        "telefono ⟦Xiaomi Redmi⟧",
        "open ⟦Wireshark⟧ first",
        "to the ⟦Travel Desk⟧",
        "⟦Visa Officer⟧, room 2",
        "52 anos, ⟦COSTUREIRA⟧",
        "dipl. ⟦Elektriker⟧",
        "⟦Handover⟧ at six",
        "⟦Betreff⟧: Termin",
        "⟦Předmět⟧: Faktura",
        "⟦Mit freundlichen Grüßen⟧",
        "⟦Yours sincerely⟧",
        "⟦Sayg\u0131lar\u0131mla⟧",
        "⟦Votre⟧ matricule",
        "ab ⟦Montag krankgeschrieben⟧",
        "⟦Diese Zuständigkeit⟧ liegt hier",
        "die ⟦Betriebsanweisung⟧",
        "eine ⟦Mitgliedschaft⟧",
        "die ⟦Produktion⟧",
        "⟦DB_PASSWORD⟧=x",
        "call ⟦getUserName⟧ now",
        "⟦os.environ⟧ holds it",
        "⟦fetchAll()⟧",
        "⟦RM2-5425⟧",
        "on ⟦Wednesday⟧",
        "im ⟦Dezember⟧",
        "with ⟦Kubernetes⟧",
        "a ⟦VW Passat⟧",
        "⟦Parkinson⟧'s disease",
        "⟦Morbus Crohn⟧",
        "⟦maladie de Crohn⟧",
        "⟦Ordre du⟧ jour",
        "⟦verheiratet⟧",
        "in the ⟦Motorola⟧",
        "⟦Poszkodowana⟧: nikt",
        "⟦Kaution⟧ gezahlt",
        "w ⟦Listopadzie⟧",
        "⟦Ibuprofen⟧ dwa razy",
        "⟦atendente⟧: bom dia",
        "Estimado ⟦Cliente⟧,",
    ],
)
def test_what_cannot_be_a_name_is_nobody(example: str) -> None:
    assert not judged(example)


@pytest.mark.parametrize(
    "example",
    [
        "⟦Maria Gonzalez⟧",
        "met ⟦Parkinson⟧ today",
        "⟦Mark Price⟧",
        "⟦Hartung⟧",
        "⟦Jung⟧",
        "⟦McDonald⟧",
        "⟦MacLeod⟧",
        "⟦DeVito⟧",
        "⟦O'Brien⟧",
        "⟦Anna Montag⟧",
        "⟦Vos⟧ belde",
        "ruft ⟦Domenica⟧ an",
        "⟦Sana⟧ rang",
        "Signor ⟦Gentile⟧",
        "⟦April⟧ said",
        "⟦Grace Hopper⟧",
        "⟦Le⟧ called",
        "⟦Hans⟧",
        "⟦anna⟧",
        "⟦von björn⟧",
        "⟦J. R. Kowalski⟧",
        "⟦GABRIEL MÜLLER⟧",
        "⟦王小明⟧",
        "⟦Herr Weiß⟧",
        "⟦Kunde Schmidt⟧",
        "⟦Senhora Albuquerque⟧",
        "⟦Mr Cook⟧",
        "⟦El Tayeb⟧",
        "⟦Good Morning Hafizah⟧",
        "⟦Hofmeister⟧",
    ],
)
def test_a_name_is_never_hidden(example: str) -> None:
    assert judged(example)


def test_no_word_is_in_both_lists() -> None:
    from gateway.detect import vetoes

    assert vetoes._NEVER.isdisjoint(vetoes._HALF)


def test_given_names_are_in_no_list() -> None:
    from gateway.detect import vetoes

    names = "anna maria jan eva tom peter piotr lena julia julio lucia marta thomas sofia emma noah liam omar fatima"

    assert vetoes._NEVER.isdisjoint(names.split())
