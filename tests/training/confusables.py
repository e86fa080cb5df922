"""The letters that look Latin, of Unicode's data for security mechanisms (UTS #39, ``confusables.txt``).

    python -m tests.training.confusables CONFUSABLES gateway/detect/confusables.txt

Law: a rule says which letters are taken, never a hand. Unicode gives each character that looks like another a
prototype; a letter is taken where that is a letter of ASCII, or the small capital of one, and where its writing has
enough such letters that words can be spelled in them. What Unicode leaves out and a reader does not is ``ADDED``.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

ADDED: Final[Mapping[str, str]] = {
    "\u03c7": "x",
    "\u043c": "m",
    "\u04cf": "l",
    "\u051a": "Q",
    "\u13cc": "U",
}
"""Chi, like nothing to Unicode; a small ``em``, which it takes for a turned ``w``; a small palochka, for a dotless ``i``;
a capital of which it knows the small letter alone; and a Cherokee letter in which it sees a stroke."""

FEWEST: Final = 6
"""Different letters of a writing that look Latin: fewer spell no name."""

_ROW: Final = re.compile(r"([0-9A-F]{4,6}) ;\t([0-9A-F]{4,6}) ;\tMA\t# \( .* \) (.+?) \u2192 ([^\t\u2192]+)")
_VERSION: Final = re.compile(r"# Version: ([0-9.]+)")
_WRITING: Final = re.compile(
    r"(?!FULLWIDTH)(?:(?:SMALL )?(?P<roman>ROMAN) NUMERAL|(?P<script>[A-Z]+)(?: .*)?(?: LETTER | SYLLABICS | SYMBOL$)"
    r"|(?P<mathematics>MATHEMATICAL) (?!.*DIGIT).* [A-Z]{2,}$)"
)
"""Wide letters, and Latin ones of mathematics, are not meant: compatibility (NFKC) makes ASCII of them."""

_PHONETIC: Final = ((0x0250, 0x02AF), (0x1D00, 0x1DBF), (0xA730, 0xA731), (0xAB30, 0xAB6F))
"""Latin letters that no language is spelled in, as a rule: of phonetics, and small capitals."""

_SMALL_CAPITALS: Final = re.compile("LATIN LETTER SMALL CAPITAL ([A-Z])")
_KRA: Final = "LATIN SMALL LETTER KRA"
_HEAD: Final = """\
# Letters that look like one of ASCII: that letter, and those that may stand for it, as code points.
# Written by tests/training/confusables.py from confusables.txt of Unicode {version} (UTS #39).
# Unicode data: Copyright (c) 1991-2024 Unicode, Inc., Unicode License v3, https://www.unicode.org/license.txt
"""


class Lookalike(NamedTuple):
    """A letter, the writing that it is of, and the one of ASCII that it looks like."""

    letter: str
    writing: str
    latin: str


def table(source: str) -> str:
    """Return the file that the gateway reads, of the text of Unicode's."""
    taken = {each.letter: each.latin for each in _spelling(list(_lookalikes(source)))} | ADDED
    rows: defaultdict[str, list[str]] = defaultdict(list)
    for letter, latin in sorted(taken.items()):
        rows[latin].append(f"{ord(letter):04X}")
    lines = [f"{latin} {codes}" for latin in sorted(rows) for codes in textwrap.wrap(" ".join(rows[latin]), 116)]
    version = _VERSION.search(source)
    return _HEAD.format(version=version[1] if version else "?") + "\n".join(lines) + "\n"


def _lookalikes(source: str) -> Iterator[Lookalike]:
    for code, prototype, name, its_name in _ROW.findall(source):
        writing, letter = _WRITING.match(name), chr(int(code, 16))
        latin = _latin(chr(int(prototype, 16)), its_name.strip(), small="SMALL" in name)
        if writing and latin and not letter.isascii() and (writing["script"] != "LATIN" or _phonetic(letter)):
            yield Lookalike(letter, str(writing[writing.lastgroup or 0]), latin)


def _latin(prototype: str, name: str, *, small: bool) -> str:
    """Return the letter of ASCII that a prototype is, "" if it is none. Unicode's for a capital ``I`` is ``l``."""
    if prototype == "l":
        return "l" if small else "I"
    if prototype.isascii():
        return prototype if prototype.isalpha() else ""
    small_capital = _SMALL_CAPITALS.fullmatch(name)
    return small_capital[1].lower() if small_capital else "k" * (name == _KRA)


def _phonetic(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _PHONETIC)


def _spelling(found: list[Lookalike]) -> Iterator[Lookalike]:
    """Yield those of writings that have enough of them."""
    letters: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        letters[each.writing].add(each.latin.lower())
    return (each for each in found if len(letters[each.writing]) >= FEWEST)


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(table(Path(sys.argv[1]).read_text(encoding="utf-8-sig")), encoding="ascii")
