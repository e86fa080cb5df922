"""Telephone numbers by the words before them, whether or not a country's plan has them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.dialled import dialled
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [dialled()]
EXAMPLES = [
    "dir. ⟦4471 1820⟧, direkte ⟦44 71 18 20⟧, direct: ⟦0471 118204⟧, diretto ⟦044 7118204⟧",
    "tel. ⟦585 555 913⟧, Tel ⟦2054/123456⟧, dir: ⟦44711820⟧, direct ⟦+49 30 5550199⟧",
    "Kargo ⟦0532 555 01 88⟧, takip ⟦0532 555 01 88⟧",
    "Telefon: ⟦0231/5550 441⟧",
    "Tel. (Büro) ⟦030 555 0199⟧".replace("(Büro) ", ""),
    "mobil ⟦22 55 51 90⟧, fax ⟦22 55 51 91⟧",
    "Phone number is ⟦(212) 555-0143 ext. 17⟧",
    '"telefon": "⟦555 201 300⟧"',
    "Tél. : ⟦01 99 00 55 12⟧",
    "cel ⟦(11) 95555-0188⟧",
    "Durchwahl ⟦5550-4471⟧",
    "dahili: ⟦555 01 44⟧",
    "T: ⟦020 555 01 44⟧ F: ⟦020 555 01 45⟧",
    "ring til Bodil Kragh på ⟦73 55 51 44⟧.",
    "Kan du ringe ham op? ⟦2255 5190⟧ efter kl. 16.",
    "appelez le ⟦04 99 55 51 20⟧ demain",
    "zadzwoń pod numer ⟦600 555 010⟧",
    "liga para ⟦253 555 099⟧",
    "fale com a gestora pelo ⟦253 555 099⟧",
    "llámame al ⟦655 550 123⟧",
    "bel me op ⟦06 5555 0188⟧",
    "rufen Sie uns an: ⟦0511 555 0122⟧",
    "beni arayın ⟦0532 555 01 88⟧",
    "zavolejte mi na ⟦777 555 012⟧",
    "ring mig på ⟦070-555 01 88⟧",
    "WhatsApp ⟦+34 655 550 123⟧",
    "Eva Roe, ⟦+420 555 012 345⟧",
    "Jan Roe (⟦0522-55 51 20⟧)",
    "Umut ⟦532 555 01 88⟧, Ana ⟦655 55 01 23⟧, Kari ⟦412 55 567⟧, Asha ⟦98755 43210⟧",
    "mum ⟦06 5555 0188⟧, dad ⟦0803 555 9962⟧, Aino ⟦040 555 4567⟧, Bo, ⟦238 555 118⟧",
    "SIM             | ⟦776 555 448⟧, PUK 40918273",
    "Fra ⟦28 55 51 94⟧ til viceværten, Bodil Kragh, ⟦97 55 51 52⟧.",
    "Bodil Kragh, ⟦2255 5190⟧; hun ringede fra privat nr. ⟦2255 5191⟧",
    "Upoważniona: córka Ewa Roe, ⟦25 555 44 10⟧",
    "dzwoń do Ewy z biura, ⟦12 555 73 19⟧",
    "Esposa Ivone Roe acompanha, ⟦938 555 118⟧.",
    "le chiavi da Nino il custode, ⟦347.5550923⟧.",
    "Asst. Manager\nDID ⟦6555 8812⟧ | 71 Long Road",
    "call me back at ⟦five one three 555 2290⟧ any time",
    "Agent: What number to call?\nCaller: ⟦oh seven seven double oh, five five five, one four seven⟧.",
    "rufen Sie an unter ⟦null drei null fünf fünf fünf eins zwei⟧",
    "Jan Roe (Durchwahl ⟦-231⟧), Nebenstelle ⟦417⟧",
    "name,phone\nEva,⟦555201300⟧\nJan,⟦555201301⟧",
]
HARMLESS = [
    "dir 20240101, direct 20240101, dir: 20240101, dir 2024-01-01, dir 2024 2025, dir 44711820, tel 2024/123456",
    "tel 1998/123456, tel 2031/123456",
    "dir. 2027/118, dir 2027, direct 41 flights, dir. A 44",
    "Tel. am 12.03.2024 um 10:15 Uhr, tel. 2024-05-01",
    "mobile 250 000 EUR, phone 1 200 000 kr",
    "call the clerk on 12.03.2024, call 3 times",
    "call(0171234567); ring = 12345678",
    "We rang and got 120 000 000 kr. for it",
    "Ref AB/04471/2024 and 0,5 + 12345678",
    "0 280 158 117, 12 345 678, 4006381333931",
    "telling 123456, telegram 1234567",
    "phone 12345",
    "600 000 000 people, 512 300 400 Kč, 28 55 51 94 km, 25 555 44 10 €",
    "00000010  7f 45 4c 46 02 01 01 00, 46 02 01 01 00, 31 22 44 55 66 77",
    "zam\u00f3wienie 60 55 34 56, varenr. 28 55 51 94, best.nr 28 55 51 94, sag 28 55 51 94, Vertrag 655 55 01 23",
    "objedn\u00e1vka 776 555 448, encomenda 912 555 678, modelo 600 55 34 56, stok kodu 532 555 01 88",
    "Art. 60 55 34 56, ref 28 55 51 94, obj. 777 555 448, <final> 0639 0645 0649",
    "no. 776 555 448, A 28 55 51 94, 1.776 555 448, 776 555 448 2",
    "we did 120 000 steps, did 2019 2020 differ",
    "the years were, 2019 2020; call one or two of them, call three people",
    "ext 6204, wew. 44, interno 2207, dahili 4118, anknytning 310",
    "it was called one, one, one, one, one, one, one",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_found_by_its_word(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "PHONE_NUMBER") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text: str) -> None:
    assert found(RECOGNIZERS, text, "PHONE_NUMBER") == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize(
    "unit",
    [
        "tel ",
        "call a ",
        "1 ",
        "+1",
        "(0",
        "01 23 ",
        "tel. 1",
        "t: 0",
        "phone (",
        "ring x",
        "call one ",
        "28 55 ",
        "SIM   ",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
