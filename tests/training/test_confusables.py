"""The table of letters that look Latin is what the generator makes, and the rules of the generator are those it names."""

import os
from pathlib import Path

import pytest

from gateway.detect import lookalikes
from tests.training.confusables import ADDED, FEWEST, table

SHIPPED = Path(lookalikes.__file__).with_name("confusables.txt")
UNICODE = Path(os.environ.get("UNICODE_CONFUSABLES", "/usr/share/unicode/security/confusables.txt"))
ALPHABET = ("A", "B", "C", "E", "H", "K")


def line(letter: str, prototype: str, name: str, its_name: str) -> str:
    return f"{ord(letter):04X} ;\t{ord(prototype):04X} ;\tMA\t# ( {letter} \u2192 {prototype} ) {name} \u2192 {its_name}\t# \n"


def writing(name: str, count: int, first: int = 0x10A0) -> str:
    """Return lines for the capitals of a writing, of which so many look Latin."""
    return "".join(
        line(chr(first + at), latin, f"{name} CAPITAL LETTER NO{at}", f"LATIN CAPITAL LETTER {latin}")
        for at, latin in enumerate(ALPHABET[:count])
    )


def made(lines: str) -> dict[str, str]:
    """Return what the generator makes of some lines, without what it adds."""
    rows = [row.split() for row in table(f"# Version: 1.2.3\n{lines}").splitlines() if not row.startswith("#")]
    found = {chr(int(code, 16)): latin for latin, *codes in rows for code in codes}
    return {letter: latin for letter, latin in found.items() if letter not in ADDED}


@pytest.mark.skipif(not UNICODE.exists(), reason="needs confusables.txt of Unicode (UNICODE_CONFUSABLES)")
def test_the_shipped_table_is_what_the_generator_makes() -> None:
    assert SHIPPED.read_text(encoding="ascii") == table(UNICODE.read_text(encoding="utf-8-sig"))


def test_the_shipped_table_says_where_it_comes_from() -> None:
    head = [row for row in SHIPPED.read_text(encoding="ascii").splitlines() if row.startswith("#")]

    assert any("Unicode 16.0.0" in row for row in head)
    assert any("Unicode License" in row for row in head)


def test_what_is_added_is_shipped() -> None:
    assert {letter: lookalikes.LATIN[letter] for letter in ADDED} == ADDED


def test_a_writing_is_taken_whose_letters_spell_words() -> None:
    assert list(made(writing("SAMPLE", FEWEST)).values()) == list(ALPHABET)
    assert made(writing("SAMPLE", FEWEST - 1)) == {}


def test_a_small_capital_is_its_small_letter_and_kra_a_k() -> None:
    more = line("\u10f0", "\u1d00", "SAMPLE SMALL LETTER A", "LATIN LETTER SMALL CAPITAL A")
    more += line("\u10f1", "\u0138", "SAMPLE SMALL LETTER KA", "LATIN SMALL LETTER KRA")
    found = made(writing("SAMPLE", FEWEST) + more)

    assert (found["\u10f0"], found["\u10f1"]) == ("a", "k")


def test_a_capital_that_looks_like_an_l_is_an_i() -> None:
    more = line("\u10f0", "l", "SAMPLE CAPITAL LETTER I", "LATIN SMALL LETTER L")
    more += line("\u10f1", "l", "SAMPLE SMALL LETTER EL", "LATIN SMALL LETTER L")
    found = made(writing("SAMPLE", FEWEST) + more)

    assert (found["\u10f0"], found["\u10f1"]) == ("I", "l")


@pytest.mark.parametrize(
    "lines",
    [
        line("\u10f0", "A", "SAMPLE DIGIT NINE", "LATIN CAPITAL LETTER A"),
        line("\u10f0", "1", "SAMPLE LETTER ONE", "DIGIT ONE"),
        line("\u10f0", "\u0266", "SAMPLE SMALL LETTER H", "LATIN SMALL LETTER H WITH HOOK"),
        line("\u10f0", "A", "SAMPLE LETTER TWO", "LATIN CAPITAL LETTER A").replace("0041 ;", "0041 0042 ;"),
        line("\u0131", "i", "LATIN SMALL LETTER DOTLESS I", "LATIN SMALL LETTER I"),
        line("\uff21", "A", "FULLWIDTH LATIN CAPITAL LETTER A", "LATIN CAPITAL LETTER A"),
    ],
    ids=["no letter", "no Latin letter", "another Latin letter", "two letters", "of Turkish", "wide"],
)
def test_other_lines_are_left_out(lines: str) -> None:
    assert list(made(writing("SAMPLE", FEWEST) + lines).values()) == list(ALPHABET)
