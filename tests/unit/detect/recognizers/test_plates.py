"""Number plates by their words, their forms and the vehicles before them, and what only looks like them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.plates import plates
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = plates()
EXAMPLES = [
    "iveco ⟦KR 4BX11⟧, tel",
    "anotei, ⟦RTA2B48⟧, um onix prata; ⟦AB12 CDE⟧ a Vauxhall",
    "TATA ACE / ⟦KA 04 MB 5118⟧, ⟦MH-12-AB-4471⟧ at dock 3, reg. ⟦TN09BX4471⟧",
    "registration ⟦AP12A1234⟧, placa ⟦ap12ab1234⟧, the vehicle came back as ⟦KA04MB5118⟧",
    "the van ⟦TN09BX4471⟧ and the truck ⟦PB 4 A 2019⟧",
    "el camión (⟦TLX 418⟧) llegó, o furgão (⟦ABX 4471⟧), le véhicule (⟦BX 4471⟧)",
    "GEGNER: JAN ROE, ⟦LL-447 BX⟧, SKODA FABIA; ⟦W-44718 B⟧, Toyota Yaris; ⟦BX12 KDV⟧, Mazda 3",
    "scooter targato ⟦FK 20817⟧, registration ⟦LK07 XYZ⟧",
    "plate number ⟦ABC 1234⟧",
    "Kennzeichen: ⟦M-AB 1234⟧",
    "Kfz-Kennzeichen ⟦B XY 99⟧",
    "immatriculé ⟦AB-123-CD⟧",
    "matrícula: ⟦4884 PBS⟧",
    "targata ⟦ZM 459 AH⟧",
    "kenteken ⟦12-ABC-3⟧",
    "nr rejestracyjny ⟦WX 4AB12⟧",
    "matrícula ⟦AA-12-BB⟧",
    "reg.nr ⟦BHX 12A⟧",
    "registreringsnummer ⟦AB 12 345⟧",
    "plaka: ⟦34 ABC 123⟧",
    "RZ: ⟦1AB 2345⟧",
    "der Wagen, ⟦M-AB 1234⟧, fuhr weiter",
    "the van ⟦AB12 CDE⟧ was parked",
    '{"licensePlate": "⟦K-CD 4410⟧"}',
    "reg ⟦ab12 cde⟧, placa ⟦abc1d23⟧",
    "the Corsa (⟦AB12 CDE⟧) is still there",
    "jadący Fordem Focusem (⟦WGM 40199⟧)",
    "DEN OPEL ASTRA (⟦HA-PT 2299⟧) GETROFFEN",
    "en Golf, ⟦AB 12 345⟧, holdt stille",
    "Skoda Octavia 1.6 TDI, ⟦1AB 2345⟧",
    "una Fiat Panda targata ⟦AB 123 CD⟧",
    "Renault Clio immatriculée ⟦AB-123-CD⟧",
    "un Seat León con matrícula ⟦1234 BCD⟧",
    "een VW Polo (⟦12-ABC-3⟧)",
    "Volvo V70 med reg.nr ⟦ABC 12A⟧",
    "Fiat Egea (⟦34 ABC 123⟧)",
    "Toyota Corolla, ⟦191-D-12345⟧",
    "Unfallgegner: Jan Roe, ⟦HG-M 961⟧",
    "rego ⟦BX-31-KD⟧, kent. ⟦47-KBD-2⟧, rej. ⟦WX 2210F⟧, Matric. ⟦B-4410-XD⟧",
    "Kenteken . . . . . . : ⟦K 417 XB⟧",
    "she left it (⟦LK19 VXB⟧) in Leeds, and ⟦BK-318-VD⟧ came",
    "⟦DK418XB⟧ and ⟦BK 318 VD⟧ at the gate, ⟦4418 KBD⟧, ⟦4418KBD⟧",
    "op 3 mei: ⟦47-KBD-2⟧ en ⟦1-KBD-447⟧, ⟦K-417-BX⟧",
    "stav: ⟦4AB 2210⟧; ⟦VD 318 447⟧; ⟦HB 47 KD GP⟧",
    "⟦34 kbd 447⟧ plakalı araç, varevognen ⟦BD 31 447⟧, bilen ⟦kxd31b⟧ står fel",
    "le do la panda ⟦dk418xb⟧, la furgo ⟦4418 kbd⟧ en doble fila",
    "the van ⟦lk19 vxb⟧, le kangoo ⟦bk-318-vd⟧",
    "Firmabilen ⟦BD 31 447⟧ skal til syn, bilen (⟦KXD31B⟧) står",
    "Şoför geldi mi, ⟦34 KBD 447⟧ nerede; firmanın kamyonu ⟦34 KBD 448⟧",
    "tym autem ⟦WX 2210F⟧, white Hilux ⟦HB 47 KD GP⟧ outside",
]
HARMLESS = [
    "AP12A1234 was sold, PB 4 A 2019 and KA04MB5118 as well, UP-4-B-2019, DL 1 CAB 2019",
    "una Vespa GTS 300 rossa",
    "a FORD F-150 WHI, Mercedes S-350 BLU, den E-220 CDI",
    "TS 09 UB 55 of the norm, NL91 ABNA 0417 1643 00",
    "LDL 171 mg/dl, HDL 44 mg/dl, RTA2B48, a part",
    "registration is open until 5 PM, registration 2025",
    "DIN EN ISO 9001, USB-C 3.1, HDMI 2.1, M8 25 Nm",
    "index 4 of list A1, Markt 5",
    "SKU AB-123-CD in stock, SKU M-AB 1234, part GK-417-TZ, ref 4719 LKV",
    "the 2013 NFL Draft, 1666 BGB, 1200 KRW, 4000 GHZ, 4400 KWH, FLIGHT MH17 HAD LANDED",
    "ab-123-cd, dk418xb and 4418kbd, x/4418KBD, #4418KBD, v4418KBD-2, DE 12 345, AG 123 456",
    "pallet GK-417-TZ, Serie K-417-BX, Zeichnung 12-KRS-3, contrat FK-318-TW, invoice BK-318-VD, shelf 1-KBD-447",
    "bearings 6306 LLB and 6305DDC, 3000 LKR, taxi off 12 SEC 30",
    "the van 2500 kms, auto 1200 kgs, golf 2019 mhd",
    "2024 DKK, FR 318 447,50, 4418 KBD/2",
    "FAHRZEUG: VW GOLF VII VARIANT 1.6 TDI",
    "VW Golf, TDI 150, BMW X3 (PS 190), Audi A4 (2016), Golf GTI 230",
    "the Transit on 12 MAY 2024, Clio 1998 CCM",
    "a focus (EUR 1200), partner: AB 12",
    "paid by card AB12 CDE",
    "taxi 25 EUR 300 km, bus 10 at 12:30, driver 25 JAN 2024",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_found(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "LICENSE_PLATE") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found(RECOGNIZERS, text, "LICENSE_PLATE") == []


def test_what_they_need_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize(
    "unit",
    [
        "A1 ",
        "plate A",
        "AB-12 ",
        "golf a ",
        "VW ",
        "golf, mit mit ",
        "reg ",
        "4418 KBD ",
        "van a ",
        "AB12 ",
        "Kenteken . . ",
    ],
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
