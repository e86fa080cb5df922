import random
from pathlib import Path

import pytest

from gateway.detect import joining
from gateway.detect.hints import Hints
from gateway.detect.joining import HINTS, WORD_HINTS, from_words, joined
from gateway.detect.views import View

NUMBERS = Hints({"numbers": HINTS})
WORDS = Hints({"words": WORD_HINTS})
CARD = "4532015112830366"
IBAN = "DE89370400440532013000"


@pytest.mark.parametrize(
    ("number", "read"),
    [
        ("4532.0151.1283.0366", CARD),
        ("4532/0151/1283/0366", CARD),
        ("4532_0151_1283_0366", CARD),
        ("4532+0151+1283+0366", CARD),
        ("4532 - 0151 - 1283 - 0366", CARD),
        ("4532*0151*1283*0366", CARD),
        ("4532` `0151` `1283` `0366", CARD),
        ("3782.822463.10005", "378282246310005"),
        ("4 5 3 2 0 1 5 1 1 2 8 3 0 3 6 6", CARD),
        ("4-5-3-2-0-1-5-1-1-2-8-3-0-3-6-6", CARD),
        ("453201**51**12830366", CARD),
        ("453201511\n2830366", CARD),
        ("4532 0151 12\r\n83 0366", CARD),
        ("4532 0151\n> 1283 0366", CARD),
        ("4532 0151 12\\\x0183 0366", CARD),
        ("4532O15ll283O366", CARD),
        ("4532 0I5l l2B3 0366", "4532 0151 1283 0366"),
        ("DE89.3704.0044.0532.0130.00", IBAN),
        ("DE89/3704/0044/0532/0130/00", IBAN),
        ("D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0", IBAN),
        ("DE89 37O4 OO44 0532 O130 OO", "DE89 3704 0044 0532 0130 00"),
        ("GB82 WEST 1234 S698 76S4 32", "GB82 WEST 1234 5698 7654 32"),
        ("NL91ABNAO417l643OO", "NL91ABNA0417164300"),
        ("DE89 3704 0044 05\n32 0130 00", IBAN),
        ("GB82.WEST.1234.5698.7654.32", "GB82WEST12345698765432"),
        ("RSS.MRA.80A01.H501U", "RSSMRA80A01H501U"),
    ],
)
def test_a_number_is_read_as_one(number: str, read: str) -> None:
    text = f"pay {number} please"
    view = joined(View.of(text))

    assert "numbers" in NUMBERS.of(text)
    assert view.text == f"pay {read} please"
    assert text[slice(*view.place(4, 4 + len(read)))] == number


@pytest.mark.parametrize(
    "text",
    [
        "in 1995/1996/1997/1998 and 2001-2002-2003-2004",
        "4532\n0151\n1283\n0366",
        "45320151\n12830366\n",
        "a\n4532 0151\n1283 0366\n9999 1111\nb",
        "1 0 0 1 0 1 1 0 1 0 0 1 0 1",
        "1 2 3 4 5 6 7 8 9",
        "1,234,567,890,123 and 3.14159265358979",
        "call 030 1234567 or 0800/1234567",
        "SOLO BOSS ISBN lolloliO",
        "2024-05-15 10:30:45.123 12345",
        "1_000_000",
        "8(?:00|33|44|55|66|77|88)",
        "call 212.555.0143 or 943.476.5919",
        "4532 0151 1283 0366, 4532-0151-1283-0366, 3782-822463-10005",
        "DE89 3704 0044 0532 0130 00",
        "1111 1111 1111 1111 1111 1111 1111 1111 1111 1111",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    view = View.of(text)

    assert joined(view).text == text


@pytest.mark.parametrize(
    "words",
    [
        "four five three two zero one five one one two eight three oh three six six",
        "Vier fünf drei zwei null eins fünf eins eins zwo acht drei null drei sechs sechs",
        "quatre, cinq, trois, deux, zéro, un, cinq, un, un, deux, huit, trois, zéro, trois, six, six",
        "cuatro-cinco-tres-dos-cero-uno-cinco-uno-uno-dos-ocho-tres-cero-tres-seis-seis",
        "quattro cinque tre due zero uno cinque uno uno due otto tre zero tre sei sei",
        "dört beş üç iki sıfır bir beş bir bir iki sekiz üç sıfır üç altı altı",
        "four 5 three 2 zero one five 1 one two eight three 0 three six six",
    ],
)
def test_words_are_read_as_digits(words: str) -> None:
    text = f"it is {words}."
    view = from_words(View.of(text))

    assert "words" in WORDS.of(text)
    assert view.text == f"it is {CARD}."
    assert text[slice(*view.place(6, 22))] == words


@pytest.mark.parametrize(
    "text", ["one, two, three, go", "one or two, six of them", "4 5 3 2 0 1 5 1 1 2 8 3 0 3 6 six"]
)
def test_few_words_are_words(text: str) -> None:
    assert from_words(View.of(text)).text == text


def test_every_language_has_ten_digits() -> None:
    lines = Path(joining.__file__).with_name("numerals.txt").read_text(encoding="utf-8").splitlines()
    words = [line.split()[1:] for line in lines if not line.startswith("#")]

    assert {len(each) for each in words} == {10}
    assert all(
        joining._NUMERALS[word] == str(at) for each in words for at, one in enumerate(each) for word in one.split("|")
    )


def test_no_way_changes_a_text_without_its_sign() -> None:
    chance = random.Random(2)
    changed = dict.fromkeys(joining._WAYS, 0)
    for _ in range(5000):
        text = written_apart(chance)
        for way, (pattern, reading) in joining._WAYS.items():
            if View.of(text).rewritten(pattern, reading).text != text:
                changed[way] += 1
                assert way in joining._SIGNS.of(text), (way, text)

    assert min(changed.values()) > 50, changed


def written_apart(chance: random.Random) -> str:
    """Return a number with signs between its groups, its digits or some of them, and letters for some."""
    number = chance.choice((CARD, IBAN, "378282246310005", "GB82WEST12345698765432", "RSSMRA85T10A562S"))
    if chance.random() < 0.3:
        number = "".join({"0": "O", "1": "l", "5": "S"}.get(each, each) for each in number)
    size, signs = chance.choice((1, 3, 4, 4, 6)), (" ", "-", ".", "*", "`", "_", "\n", "", " - ", "\\\x01")
    groups = [number[at : at + size] for at in range(0, len(number), size)]
    same = chance.choice(signs)
    return groups[0] + "".join((same if chance.random() < 0.9 else chance.choice(signs)) + each for each in groups[1:])
