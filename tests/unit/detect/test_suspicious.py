import base64
from time import process_time

import pytest

from gateway.core.findings import SUSPICIOUS
from gateway.detect.suspicious import suspicions


def found(text: str) -> list[tuple[str, str]]:
    """Return why what is suspicious."""
    return [(name.removeprefix("Suspicion:"), text[start:end]) for _, start, end, _, name in suspicions(text)]


def tags(text: str) -> str:
    return "".join(chr(0xE0000 + ord(each)) for each in text)


HIDDEN = [
    (tags("john"), "tags", tags("john")),
    ("\U0001f3f4" + tags("john smith"), "tags", tags("john smith")),
    ("x\ufe01\ufe02\U000e0101\U000e0110y", "tags", "\ufe01\ufe02\U000e0101\U000e0110"),
    ("j\u200bo\u200dh\u2060n", "sprinkled", "\u200bo\u200dh\u2060n"),
    ("ok" + "\u200b\u200c" * 8, "sprinkled", "\u200b\u200c" * 8),
    ("\u202ehtimS nhoJ\u202c", "turned", "\u202e"),
    ("jo\u2067hn\u2069", "turned", "\u2067"),
    ("Jоhn", "mixed", "Jоhn"),
    ("Ѕcope@corp", "mixed", "Ѕcope"),
    ("ꓙohn", "mixed", "ꓙohn"),
    ("moc.elpmaxe@nhoj", "backwards", "moc.elpmaxe@nhoj"),
    ("gro.elpmaxe.liam@htims.nhoj", "backwards", "gro.elpmaxe.liam@htims.nhoj"),
    ("nhoJ htimS", "names", "nhoJ htimS"),
    ("j o h n  s m i t h", "apart", "j o h n  s m i t h"),
    ("j-o-h-n", "apart", "j-o-h-n"),
    ("S.m.i.t.h.o", "apart", "S.m.i.t.h.o"),
    ("J0hn Sm1th", "leet", "J0hn Sm1th"),
    ("john@ex4mple.c0m", "leet", "@ex4mple.c0m"),
    ("john (4t) example", "leet", "(4t)"),
]

CLEAN = [
    "Встреча в четверг, IT-отдел и USB-кабель; HTMLка, Excelем и iPhone\u2019ом, PDFы.",
    "NFκB, IFNγR1, PPARγ, α-helix, 5 μm, kΩ, Δt, σx and νmax; IκBα binds.",
    "Die Donau\u00addampf\u00adschiff\u00adfahrt und die Wetter\u00adlage der Groß\u00adstadt",
    "a path/\u200bthat/\u200bmay/\u200bbreak and one zero\u200bwidth",
    "جلسه می\u200cشود و نمی\u200cدانم می\u200cروند \u202b(IBM)\u202c",
    "call \u202d+49 30 1234567\u202c or \u2068Anna\u2069",
    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f ❤\ufe0f 👩\u200d💻 1\ufe0f\u20e3",
    "C O N T R A C T and S U M M A R Y, a b c d e f g, q-w-e, x-y-z-w, b-b-but, a-c-e-g, g f e d c b a",
    "y n n y n y n y, 0 0 0 0 x w v u t s r, U.S.A., e.g., i.e., w.r.t., J. R. R. Tolkien, the p-value of A-B-C",
    "if (x==y) { groupA groupB } camelCase someValue iOS macOS openSUSE eBay, typeA typeB and planB",
    "ten.boom@corp.example, moc.smith@example.com, com.example.app@1.2.3, user@moc.example.org",
    "Log4j, K8s and H2O; B2B for Web3 users, Windows 10 Pro; Covid19 Test2 Python3 Numpy2",
    "continue=https%25253A%25252F%25252Fexample.org%25252Fpath&x=%2525",
    "550e8400-e29b-41d4-a716-446655440000 sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "John Smith wrote to john.smith@example.com: 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00.",
]


@pytest.mark.parametrize(("hidden", "why", "place"), HIDDEN)
def test_what_hides_is_told_with_its_place(hidden: str, why: str, place: str) -> None:
    assert (why, place) in found(f"It is {hidden} as agreed.")


@pytest.mark.parametrize("text", CLEAN)
def test_what_has_an_innocent_use_is_not(text: str) -> None:
    assert found(text) == []


def test_findings_are_of_one_type_and_sure() -> None:
    assert {(kind, score) for kind, _, _, score, _ in suspicions("Jоhn j-o-h-n moc.elpmaxe@nhoj")} == {
        (SUSPICIOUS, 1.0)
    }


def test_a_code_is_told_too() -> None:
    twice = base64.b64encode(base64.b64encode(b"write to john.smith@example.com")).decode()

    assert found(f"see {twice}.") == [("layers", twice)]


def test_there_is_an_end_to_what_is_told() -> None:
    assert len(found("Jоhn " * 1000)) == 50


HOSTILE = [
    "j ", "j-", "a.", "Jо", "оb", "о", "\u200ba", "\u202e", "\u2067a", "\U000e0041", "aB ", "aaaB ", "J0hn ", "0a",
    "moc.", "moc.a@", "@a.c0m", "(4t", "%252541", "Zm9v", "MFRG", "<~", "<~87cUR", "A0000", "sbe ", "naq sbe ", "41 ", " ",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_the_text(piece: str) -> None:
    def took(characters: int) -> float:
        text = (piece * (characters // len(piece) + 1))[:characters]
        times = []
        for _ in range(3):
            began = process_time()
            list(suspicions(text))
            times.append(process_time() - began)
        return min(times)

    assert took(64_000) < 32 * took(8_000) + 0.05
