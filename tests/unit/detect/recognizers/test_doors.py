"""Codes of doors, safes, padlocks and boxes of keys, in a dozen languages."""

from __future__ import annotations

import re

import pytest

from gateway.detect.recognizers.doors import DOORS, LOCKED, TOLD
from gateway.detect.recognizers.secrets import SecretRecognizer
from tests.doubles.examples import growth, left_out, plain

SECRETS = SecretRecognizer()
EXAMPLES = [
    "Padlock code: \u27e66183\u27e7   Shed alarm: \u27e640217\u27e7",
    "key safe \u27e68821\u27e7, round the back",
    "garage door combination \u27e612-40-07\u27e7",
    "the code is \u27e67715#\u27e7, shut it well",
    "Schl\u00fcssel im Keller. Tresor \u27e65520\u27e7.",
    "T\u00fcrcode \u27e6A4471\u27e7",
    "Schl\u00fcsselbox: \u27e62290\u27e7",
    "le code c \u27e662B18\u27e7, sinon sonner",
    "bo\u00eete \u00e0 cl\u00e9s : \u27e65561\u27e7, code du portail \u27e6B3390\u27e7",
    "combinaci\u00f3n del candado: \u27e64410\u27e7, caja fuerte \u27e688123\u27e7",
    "codice del cancello \u27e63319#\u27e7, lucchetto \u27e6771\u27e7",
    "sleutelkluisje code \u27e66630\u27e7, hangslot: \u27e69914\u27e7",
    "c\u00f3digo do port\u00e3o \u27e65527\u27e7; cadeado \u27e64041\u27e7",
    "kod do bramy \u27e64433\u27e7, sejf: \u27e670012\u27e7",
    "Nyckelsk\u00e5p kod \u27e68107\u27e7, portkod \u27e65512\u27e7",
    "n\u00f8gleboks i sk\u00e5ret, kode \u27e66612\u27e7. alarmen: \u27e63342\u27e7",
    "k\u00f3d od br\u00e1ny \u27e69021\u27e7, trezor \u27e64415\u27e7",
    "kap\u0131 kodu \u27e65519\u27e7, asma kilit \u27e6303\u27e7",
    "door: ⟦5519#⟧, gate is ⟦7730⟧ then hash, alarm off with ⟦9031⟧.",
    "T\u00fcrcode ⟦4471B⟧, Code Haust\u00fcr: ⟦5512⟧, Alarm scharf/unscharf ⟦7719⟧",
    "the code for the back door is ⟦C7719⟧; senha do alarme ⟦8814⟧",
    "boksen st\u00e5r ved d\u00f8ren, rigtig kode \u27e688210\u27e7",
]
HARMLESS = [
    "door opened, error code 5003; gate closed, exit code 1370",
    "code postal 75001, kod pocztowy 12345, zip code 94103",
    "the code was reviewed in 2024",
    "Tresor 2000 GmbH, Safe 2 of 3",
    "door code of conduct 2024-2025",
    "haus 4711, port 8443, hall 1204, kasa 5512",
    "alarm 3 of 1200, alarm at 14:30",
    "alarm 5512 raised, alarms with 5512 events, door 4471, gate 12",
    "HTTP code 4040, product code 88210",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_code_is_found(example: str) -> None:
    text, values = plain(example)
    found = {text[each.start : each.end] for each in SECRETS.analyze(text, ["SECRET"])}

    assert [value for value in values if value not in found] == []
    assert not left_out([SECRETS], text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_numbers_stay(text: str) -> None:
    assert SECRETS.analyze(text, ["SECRET"]) == []


@pytest.mark.parametrize("words", ["door code", "code de la porte", "kod do sejfu", "alarm pin"])
def test_a_thing_goes_with_its_code_in_either_order(words: str) -> None:
    assert re.fullmatch(f"(?i){DOORS}", words)


@pytest.mark.parametrize("word", ["Padlock", "Tresor", "k\u0142\u00f3dka", "kluisje"])
def test_what_is_there_to_be_locked_needs_no_code(word: str) -> None:
    assert re.fullmatch(f"(?i){LOCKED}", word)
    assert re.fullmatch(f"(?i){TOLD}", word)


@pytest.mark.parametrize("unit", ["safe ", "code de la ", "door x", "key box ", "padlock 1"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(SECRETS, unit) < 9
