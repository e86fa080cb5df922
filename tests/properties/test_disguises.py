"""Values in disguise are found, whatever type they are of, and exactly where they stand; clean text raises no alarm.

Law: each disguise is tried on each type that it can be put on, with values that are found without it; how many of how
many are found is printed (``pytest -s``).
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from random import Random
from time import process_time
from typing import Final

import pytest

import gateway.detect.scanner
from gateway.core.escapes import origins, unescaped
from gateway.core.findings import ENTITY_TYPES
from gateway.detect.readings import readings
from gateway.detect.scanner import Scanner
from gateway.detect.suspicious import suspicions
from gateway.eval.disguises import DISGUISES, Disguise, Group
from gateway.eval.issued import ISSUED, digits, iban, luhn

SEEDS: Final = 8
_THRESHOLD: Final = 0.4
_NAMES: Final = ("André Martin", "François Dubois", "John Smith", "Maria Gonzalez", "Peter Schmidt")


@cache
def scanner() -> Scanner:
    return Scanner("embedded", "")


def card(chance: Random) -> str:
    number = luhn("45" + digits(chance, 13))
    return " ".join(number[at : at + 4] for at in range(0, 16, 4))


def aadhaar(chance: Random) -> str:
    """Twelve digits that pass Verhoeff's check (Presidio's own, so that it need not be written twice)."""
    from presidio_analyzer.predefined_recognizers import InAadhaarRecognizer

    while True:
        number = str(chance.randint(2, 9)) + digits(chance, 11)
        if InAadhaarRecognizer().validate_result(number):
            return number


VALUES: Final[dict[str, Callable[[Random], str]]] = {
    "CREDIT_CARD": card,
    "IBAN_CODE": lambda chance: iban(chance, chance.choice(("de", "es", "pt", "pl"))),
    "EMAIL_ADDRESS": lambda chance: f"{chance.choice(('jane', 'h.scope', 'paxo'))}{digits(chance, 2)}@example.com",
    "PHONE_NUMBER": lambda chance: f"+49 30 {digits(chance, 7)}",
    "IP_ADDRESS": lambda chance: f"203.0.113.{chance.randint(100, 254)}",
    "MAC_ADDRESS": lambda chance: ":".join(f"{chance.randrange(256):02x}" for _ in range(6)),
    "US_SSN": lambda chance: f"5{digits(chance, 2)}-2{digits(chance, 1)}-8{digits(chance, 3)}",
    "ES_NIF": lambda chance: ISSUED["dni"](chance, date(1980, 1, 1)),
    "IN_AADHAAR": aadhaar,
    "SECRET": lambda chance: "AKIA" + "".join(chance.choice("ABCDEFGHJKLMNPQRSTUVWXYZ234567") for _ in range(16)),
    "PERSON": lambda chance: chance.choice(_NAMES),
}
SENTENCES: Final = {
    "PERSON": "Please write to {} today.",
    "US_SSN": "Her SSN: {} is on file.",
    "IN_AADHAAR": "Her aadhaar: {} is on file.",
}


UNDONE: Final = {name: each for name, each in DISGUISES.items() if each.group in {Group.NORMALISABLE, Group.DECODABLE}}


def written(disguise: Disguise, kind: str, value: str, chance: Random) -> str:
    return disguise.hide(sentence(kind, value) if disguise.whole else value, chance)


def found(text: str, kind: str) -> set[tuple[int, int]]:
    at = origins(text)
    (raw,) = scanner().scan([unescaped(text)], [kind])
    return {(at[start], at[end]) for _, start, end, score, _ in raw if score >= _THRESHOLD}


def sentence(kind: str, value: str) -> str:
    return SENTENCES.get(kind, "It is {} as agreed.").format(value)


def place(kind: str, value: str) -> tuple[int, int]:
    start = SENTENCES.get(kind, "It is {} as agreed.").index("{}")
    return start, start + len(value)


def trials(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield type, value and disguised value, of values that are found without a disguise."""
    disguise = UNDONE[name]
    for kind in (kind for kind in VALUES if disguise.group_for(kind) is disguise.group):
        for seed in range(SEEDS):
            chance = Random(f"{kind}/{seed}")
            value = VALUES[kind](chance)
            hidden = written(disguise, kind, value, chance)
            if hidden != value and place(kind, value) in found(sentence(kind, value), kind):
                yield kind, value, hidden


@pytest.mark.parametrize("name", UNDONE)
def test_a_value_in_disguise_is_found_where_it_stands(name: str) -> None:
    missed, tried = [], 0
    for kind, _, hidden in trials(name):
        tried += 1
        if place(kind, hidden) not in found(sentence(kind, hidden), kind):
            missed.append((kind, hidden))
    print(f"{name:20} {tried - len(missed):3} of {tried}")

    assert tried
    assert missed == []


@pytest.mark.parametrize("kind", VALUES)
def test_values_are_found_without_a_disguise(kind: str) -> None:
    values = [VALUES[kind](Random(f"{kind}/{seed}")) for seed in range(SEEDS)]

    assert any(place(kind, value) in found(sentence(kind, value), kind) for value in values)


CLEAN: Final = (
    "L\u2019équipe de Nantes a gagné\u00a0: 3\u202f000\u00a0€ de prime, n\u00ba\u00a012, et «\u00a0bravo\u00a0» à tous\u00a0!",
    "Die Donau\u00addampf\u00adschiff\u00adfahrt und die Wetter\u00adlage: S. 12\u201318, §\u00a05, 2\u00bd\u00a0kg, 30\u00a0°C.",
    "İstanbul\u2019da ılık bir gün; ışık, ığdır ve İzmir\u2019deki toplantı saat 14.30\u2019da.",
    "Příští týden v\u00a0úterý a\u00a0ve středu se sejdeme v\u00a0kanceláři č.\u00a05, ne v\u00a0zasedačce.",
    "W\u00a0czwartek o\u00a0godz. 9.15 omówimy budżet na II\u00a0kwartał (zł 12\u00a0500,00).",
    "La reunión es el jueves a las 10, 1.ª planta, sala n.º\u00a03; en este punto es todo.",
    "A reunião é na quinta-feira, às 15h30, na 2ª sala; custa R$\u00a01.234,56.",
    "Het overleg is donderdag\u2014of vrijdag\u2014om 9\u201311 uur; \u2018s middags niet.",
    "Встреча в четверг, с. 5\u20137, IT-отдел и USB-кабель, COVID-19, 5G-сеть, iPhone\u2019ом, 100\u00a0%.",
    "Η συνάντηση είναι την Πέμπτη· α-έλικα, 5\u00a0μm, CO\u2082, H\u2082O και x\u00b2+y\u00b2.",
    "会议在星期四举行，时间：下午３时。请看《手册》（第２版）第１２页！使用Python。Java也行。",
    "会議は木曜日です。スーパー・コーヒー、２０２４年５月、（第３版）！価格：１，２００円。",
    "الاجتماع يوم الخميس الساعة ١٠:٣٠، الصفحة ١٢، والميزانية ٤٥٠٠ ريال.",
    "جلسه پنجشنبه برگزار می\u200cشود؛ صفحه ۱۲ و ۱۳.",
    "बैठक गुरुवार को १०:३० बजे है, पृष्ठ १२।",
    "Cuộc họp diễn ra vào thứ Năm, phòng số 3",
    "The ﬁnal ofﬁce ﬂoor plan\u2122, 10\u2076 m\u00b2, page 4\u00b9, 3\u00d74, \u2460 ﬁrst \u2461 then",
    "https://example.org/My%20Annual%20Report?q=a%26b&copy=2&amp;x=%7B%22a%22%3A1%7D&lang=de+en",
    "<html><body><p>Hello&nbsp;there</p><td>12</td><td>34</td><br/><b>All</b> <i>good</i> &copy; 2024 &mdash; ok</body>",
    "for (int i = 0; i < 10 && a[i] != 0x40; ++i) { x |= 1 << i; y **= 2; } // a*b*c, `x`, __init__.py, \\d+\\.\\d+",
    "x = [4, 1, 1, 1, 2, 3, 5, 8, 1, 3, 2, 1]; y = {'a': 10, 'b': 2E5}; width=40px; a=20 b=30",
    "2024-05-15T10:30:45.123456Z INFO [worker-3] took 12 ms, id=550e8400-e29b-41d4-a716-446655440000 size=1_000_000",
    "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 md5 098f6bcd4621d373cade4e832627b4f6",
    "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + Random(5).randbytes(600)).decode(),
    "| **Q1** | **Q2** |\n|---|---|\n| 1.234.567 | 2.345.678 |\n- `make test` and **do not** push\n- 3*4*5, 2**10",
    "1995/1996/1997/1998, 12.345.678,90 and 1 234 567,89; 4 8 15 16 23 42; v1.2.3.4000-rc.1",
    "We met at example.com, at this point in time; look at the dot on the map; ca. 10 at 5 each.",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤\ufe0f 👩\u200d💻 1\ufe0f\u20e3 party 🎉 at 8",
    "Слово как по-английски how, а вот тест в Google — это сон; Excelем и HTMLку, PDFка, SMSки, твитнуть в Telegramе.",
    "ˈkɑː.pɪ.tl̩, /ɡɹeɪt ˈbɹɪ.tən/, [ʃtʁaːsə], pinyin: xuéxí, hěn hɑ̌o, ʋiʋi, kɔfi, Kapitel Ⅳ, ⅰ) und ⅱ)",
)


@pytest.mark.parametrize("text", CLEAN, ids=range(len(CLEAN)))
def test_clean_text_raises_no_further_alarm(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (with_readings,) = scanner().scan([text], list(ENTITY_TYPES))
    monkeypatch.setattr(gateway.detect.scanner, "readings", lambda _: ())
    (without,) = scanner().scan([text], list(ENTITY_TYPES))

    known = {(kind, start, end) for kind, start, end, score, _ in without if score >= _THRESHOLD}
    further = [
        (kind, text[start:end])
        for kind, start, end, score, _ in with_readings
        if score >= _THRESHOLD and not any(kind == one and low <= start and end <= high for one, low, high in known)
    ]
    assert further == []


@pytest.mark.parametrize("text", CLEAN, ids=range(len(CLEAN)))
def test_clean_text_hides_nothing(text: str) -> None:
    assert list(suspicions(text)) == []


@pytest.mark.parametrize(
    "text", ["Cuộc họp diễn ra ở Huế", "La réunion à côté, l\u2019été", "größer, Übung, José García"]
)
def test_with_accents_apart_the_same_is_found_as_composed(text: str) -> None:
    apart = unicodedata.normalize("NFD", text)
    (composed,) = scanner().scan([text], list(ENTITY_TYPES))
    (decomposed,) = scanner().scan([apart], list(ENTITY_TYPES))

    assert {text[start:end] for _, start, end, _, _ in composed} <= {
        unicodedata.normalize("NFC", apart[start:end]) for _, start, end, _, _ in decomposed
    }


HOSTILE: Final = {
    "less": "<",
    "ampersand": "&",
    "ampersand number": "&#1",
    "percent": "%",
    "percent digits": "%25",
    "equals": "=",
    "equals lines": "=\n",
    "stars": "*1",
    "backslashes": "\\",
    "at": "@",
    "at signs": "a@",
    "brackets": " [at] a",
    "dots": "a [dot] ",
    "digits": "1",
    "digits apart": "1 ",
    "digits in lines": "12\n",
    "groups": "1234.",
    "letters for digits": "1O",
    "capitals": "AB12 ",
    "words": "one two ",
    "base64": "QUJD",
    "base64 in lines": "QUJD" * 19 + "\n",
    "hexadecimal": "41 ",
    "zero-width": "\u200b",
    "accents": "a\u0336\u0336\u0336",
    "wide": "\uff21\uff0e",
    "look-alikes": "\u0430b ",
    "look-alikes alone": "\u0430",
    "comments": "<!--",
    "elements": "<b></b>",
    "tags": "\U000e0041",
    "names at": "a.a at ",
    "dashes": "a\u2013@",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_time_grows_with_the_text(name: str) -> None:
    piece = HOSTILE[name]

    def took(characters: int) -> float:
        text = (piece * (characters // len(piece) + 1))[:characters]
        times = []
        for _ in range(3):
            began = process_time()
            for _ in readings(text):
                pass
            times.append(process_time() - began)
        return min(times)

    small, large = took(8_000), took(64_000)

    assert large < 32 * small + 0.05
