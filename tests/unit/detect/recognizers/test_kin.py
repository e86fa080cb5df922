"""People by the word before them, and what else stands behind such words."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.detect.folding import folded
from gateway.detect.recognizers import kin
from gateway.detect.recognizers.people import PeopleRecognizer
from tests.doubles.examples import found, left_out, plain

RECOGNIZERS = [PeopleRecognizer()]


@pytest.mark.parametrize(
    "example",
    [
        "ska komma med mamma ⟦Farida⟧.",
        "ha ⟦wietske⟧, ik ben ziek",
        "> hoi ⟦quxette⟧, dank",
        "[09:12] +45 20: hej ⟦ejnar⟧!".replace("+45 20", "bo_k"),
        "tot morgen. x ⟦joy⟧",
        "bis dann\nlg ⟦ejnar⟧\nPS",
        "it is ⟦nur quxitah binte osmanli⟧, passport",
        "⟦Ravindo s/o Maniamoo⟧ came",
        "his surname is ⟦s/o Maniamoo⟧ here",
        "daj dane: ⟦nguyen thi mai⟧, mail",
        "⟦PHAM  VAN  LOC⟧ |",
        "i'm ⟦tan quxi ling⟧ nric",
        "alla figlia, ⟦Grazia Wenzlini⟧, tel.",
        "La hija (⟦Graciela⟧, 11 5846) llama",
        "TEL. DO ŻONY (⟦BOŻENA⟧): brak",
        "attn ⟦Olufemi⟧, room 3",
        "SIERŻ. ⟦IGOR MAZURKIEWICZ⟧ zeznał",
        "Jagdpächter ⟦Hinnerk Behnsen⟧ kam",
        "MADAM  ⟦BLESSING⟧ at desk 3".replace("BLESSING", "CHIOMA"),
        "Przyjmujący: ⟦Kinga Wrotkowska⟧, login",
        "ou ma blonde ⟦Noémie⟧ répond",
        "é minha esposa ⟦josefa⟧, ela tem 41 anos",
        "e a minha filha ⟦zuleimara⟧, ela estuda",
        "pod opiekę córki ⟦Oksany Wysockiej⟧, tel.",
        "ACCOMPAGNATO DAL PADRE ⟦DERVISHI ARBEN⟧, CELL.",
        "driftsvagt: ring, backup ⟦Aneta⟧",
        "la controparte è tale ⟦De Angelis⟧, patente",
        "della carta del direttore ⟦Morandini⟧ da sostituire",
        "operada pelo dr. ⟦Brandão⟧.",
        "dohoda s panem ⟦Vrabcem⟧ platí",
        "Adjuster: ⟦Odunsi⟧, lic.",
        "Vyřizuje: ⟦Hladíková⟧",
        "Zapsal : ⟦Radim Kolář⟧",
        "Sprawę prowadzi: ⟦Bogna Wilk⟧",
        "YAKINI: ⟦TUNCAY ERDİNÇ⟧",
        "2. GIVEN NAMES .... ⟦CHIDIMMA⟧\n3. SIN",
        "ROZENÁ           : ⟦LAKATOVÁ⟧",
        "MAIDEN NAME\t⟦ODUYA⟧",
        "née : ⟦Lefebvre⟧",
        "Protokoll: ⟦Wenz⟧",
        "boa tarde meu nome é ⟦erivaldo⟧ tudo bem",
        "yes my name is ⟦gwenllian achterveld⟧ that's it",
        "Guten Tag, mein Name ist ⟦Ulrike Wenz⟧.",
        "hon heter ⟦al-masri⟧ i efternamn",
        "sonra ⟦sevda⟧ hanıma yaz",
        "⟦Tuncay Erdinç⟧ Bey'e verildi",
        "görüşme ⟦Nilüfer⟧ Hanım ile",
    ],
)
def test_a_name_is_found_by_the_word_before_it(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "PERSON") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize(
    "text",
    [
        "the mother Monday, the father Invoice",
        "hi there, hallo zusammen,\nhej alla, see\nhoi hoi,",
        "thanks mate\nthanks lots\nx kisses",
        "the bin is full, put it in the bin bag",
        "bin ich doch\nyirmi ocak bin dokuz yüz",
        "s/o yesterday, an a/p invoice team",
        "i'm feeling sick and i'm going home",
        "je suis malade jeudi, ich bin krank heute",
        "la mamma, domani, torna; la mamma, Grazia torna",
        "das ist nicht. Der Schlüssel fehlt",
        "mother. Yesterday it rained",
        "my name is not known",
        "Vyřizuje: oddělení",
        "Protokoll: Sitzung vom Montag",
        "Handler: getUserName",
        "MADRE TERAPIA DOMICILIARE",
        "genç hanım geldi, bir bey de",
        "esposa minha, marido novo",
        "deputy: none\nparent: null",
        "https://x.example/mother:80/",
        "Herrn\nDr.",
        "Reporting officer: PC 17",
        "skiljer sig från andra",
        "ein Dr. phil. aus der Stadt",
        "die Frau des Vaters",
    ],
)
def test_other_words_there_are_nobody(text: str) -> None:
    assert found(RECOGNIZERS, text, "PERSON") == []


@pytest.mark.parametrize("name", ["kin", "signers"])
def test_the_lists_are_folded_and_say_each_word_once(name: str) -> None:
    file = Path(kin.__file__).with_name(f"{name}.txt")
    words = [word for line in file.read_text(encoding="utf-8").splitlines() if line[:1] != "#" for word in line.split()]

    assert sorted(set(words)) == sorted(words)
    assert all(word == folded(word) for word in words)


def test_work_does_not_grow_with_the_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kin, "_KIN", frozenset())
    monkeypatch.setattr(kin, "_LABELS", frozenset())

    assert found(RECOGNIZERS, "mamma Farida, Vyřizuje: Hladíková", "PERSON") == []
