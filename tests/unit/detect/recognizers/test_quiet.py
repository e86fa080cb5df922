"""Streets in small letters, as they stand in chats."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.addresses import AddressRecognizer
from gateway.detect.recognizers.quiet import is_unusual
from tests.doubles.examples import growth, left_out, plain

RECOGNIZER = AddressRecognizer()


@pytest.mark.parametrize(
    "example",
    [
        "14:08 kunde: ⟦an der bleiche 5⟧, 31134 hildesheim",
        "kunde: ⟦lindenweg 5⟧, 31134 hildesheim, tak: ⟦engtoften 12 b⟧, 8000 aarhus",
        "adres to ⟦os. zielone 12/4⟧, 20-418 lublin i ⟦kwiatowa 3 m. 4⟧, 20-418 lublin",
        "bo ⟦kyrkbacken 12 lgh 1103⟧ i mora, ⟦elmetoften 9, 2. tv⟧ i ribe",
        "Místo: ⟦Zahradnická 96⟧, Beroun",
        "Unfallort: ⟦Erlenkoppel 7⟧\nLugar del siniestro: ⟦Zubieta 41⟧\nMiejsce zdarzenia: ⟦Krochmalna 12⟧",
        "abita a lecco in ⟦via tremezzo 12⟧\nciao",
        "passo da ⟦via tremezzo 12b⟧, ok?",
        "adres ⟦krucza 118⟧, lublin",
        "bin jetzt an der ⟦erlenkoppel 7a⟧ in plön",
        "wohnt ⟦erlenkoppel 7⟧, glaub ich",
        "bydlí ⟦vrbenská 44⟧, dole",
        "bor på ⟦skovbrynet 8⟧, tror jeg",
        "he lives at ⟦tanyard rise 9⟧.",
        "mieszka ⟦Wrońskiego 12⟧, Radom",
        "zam. w Lublinie przy ⟦Krochmalnej 12⟧",
        "Besichtigung ⟦Am Uhlenhorst 12⟧ um 14 Uhr",
        "na adrese ⟦Zahradnická 112⟧, Brno",
        "levering ⟦Skovbrynet 8⟧, tak",
        "woont ⟦vlierbeek 21b⟧ in ede",
    ],
)
def test_it_is_found_where_somebody_lives(example: str) -> None:
    text, values = plain(example)
    found = {text[each.start : each.end] for each in RECOGNIZER.analyze(text, ["STREET_ADDRESS"])}

    assert [value for value in values if value not in found] == []
    assert not left_out([RECOGNIZER], text)


@pytest.mark.parametrize(
    "text",
    [
        "via email 3, via teams 2",
        "in der klasse 3b, an der kasse 4",
        "vive con 3 hijos, vive con dos perros 2",
        "address the issue 3, the address of server 12",
        "lives in krakow since 2019",
        "wohnt seit dem jahr 12 hier",
        "Termin Saal 4, Besichtigung Musterwohnung 3, Visit Ward 7",
        "bor i stuen 4 km væk",
        "Ort: Saal 3, Lugar: Sala 12\nLieu : Salle 4\nMiejsce: Hala 3\nPlats: Arena 12 2027",
        "teil 7, 12345 stück, karton 5, 20000 euro, kapitel 3, 1200 wörter",
        "die kasse 4, 2. tv-abend",
        "Místo: Zasedačka 4, Sted: Mødelokale 4\nLugar: Hotel Miramar 4\nYer: Toplantı Salonu 3",
        "Im Konferenzraum 3, Am Montag 12 Kisten, Zur Frage 4",
        "bor i Malmö 12 år, lives in Krakow 3 years",
    ],
)
def test_everyday_words_are_no_street(text: str) -> None:
    assert RECOGNIZER.analyze(text, ["STREET_ADDRESS"]) == []


def test_a_name_is_unusual_where_no_word_is_everyday() -> None:
    assert is_unusual("erlenkoppel 7a")
    assert not is_unusual("kasse 4")
    assert not is_unusual("via 4")


@pytest.mark.parametrize(
    "unit", ["via a ", "an der ", "lives at x ", "adres ", "an der am x 1, 11 ", "misto: Abcd ", "abcdefgh 1 lgh "]
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZER, unit) < 9
