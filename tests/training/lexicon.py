"""Everyday words of many languages: ``python -m tests.training.lexicon FILE``.

Law: a word is one if it is among the most frequent of its language (wordfreq) and if the language's dictionary takes it
in lower case (hunspell), which leaves names out; German nouns have a capital, so there a dictionary's capital will do.
The first ``LISTED`` of a language go into the list of words, the others are only learned from.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from gateway.detect.words import COMMON, GIVEN, PLACE, SURNAME, small

Lexicon = dict[str, list[str]]
"""The everyday words of each language, the most frequent first, as they are written within a sentence."""

DICTIONARIES: Final = {
    "en": ("en_US", "en_GB"), "de": ("de_DE",), "fr": ("fr",), "es": ("es_ES",), "it": ("it_IT",), "nl": ("nl",),
    "pl": ("pl_PL",), "pt": ("pt_PT", "pt_BR"), "sv": ("sv_SE",), "da": ("da_DK",), "cs": ("cs_CZ",), "tr": ("tr_TR",),
    "hr": ("hr_HR",),
}  # fmt: skip
LISTED, HELD = 12_000, 40_000
"""Of the most frequent words of a language: those that are listed, and those that are held at all."""

SURE: Final = {GIVEN: 200, SURNAME: 1500, GIVEN | SURNAME: 200}
"""Of them, those that are everyday words even where somebody is called so."""

_ELSEWHERE: Final = {"hr": "sh"}
"""What wordfreq calls a language."""

_WORD: Final = re.compile(r"[^\W\d_]{3,24}")


def kept(words: Iterable[str], accepted: Mapping[str, bool]) -> Iterator[str]:
    """Yield words as they are written within a sentence. accepted: words that a dictionary knows."""
    for word in words:
        if word in accepted:
            yield word
        elif word.capitalize() in accepted:
            yield word.capitalize()


def frequent(language: str) -> list[str]:
    """Return the most frequent words of a language, in lower case."""
    from wordfreq import top_n_list

    return [
        word for word in top_n_list(_ELSEWHERE.get(language, language), HELD, wordlist="best") if _WORD.fullmatch(word)
    ]


def accepted_words(language: str, words: list[str]) -> dict[str, bool]:
    """Return those of the words that a dictionary of the language takes; of German, with a capital too."""
    forms = [*words, *(word.capitalize() for word in words)] if language == "de" else words
    taken: dict[str, bool] = {}
    for dictionary in DICTIONARIES[language]:
        command = ["hunspell", "-d", dictionary, "-i", "utf-8", "-l"]
        done = subprocess.run(command, input="\n".join(forms), text=True, capture_output=True, check=True)
        refused = set(done.stdout.split())
        taken |= {form: True for form in forms if form not in refused}
    return taken


def write_lexicon(file: Path) -> None:
    """Write the words of all languages, a language a line."""
    lines = []
    for language in DICTIONARIES:
        words = frequent(language)
        held = list(kept(words, accepted_words(language, words)))
        print(f"{language}: {len(held)} of {len(words)}", file=sys.stderr)
        lines.append(" ".join([language, *held]))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def read_lexicon(file: Path) -> Lexicon:
    """Read what ``write_lexicon`` wrote."""
    lines = (line.split() for line in file.read_text(encoding="utf-8").splitlines())
    return {language: words for language, *words in lines}


def _dotted(word: str) -> set[str]:
    """Return how a word with a dotless i reads where its first letter is a capital, and where all are."""
    return {small(word.capitalize()), small(word.upper())} if "\u0131" in word else set()


def listed(lexicon: Lexicon, known: Mapping[str, int], people: Collection[str]) -> Iterator[str]:
    """Yield the words that the list of words is to call everyday ones, in lower case.

    known: names and places. people: words of names that somebody was called by; they bar words that have a capital.
    """
    for words in lexicon.values():
        for rank, word in enumerate(words[:LISTED]):
            lower = word.lower()
            mask = known.get(lower, 0)
            if (lower != word and not mask and lower not in people) or (
                lower == word and rank < SURE.get(mask & (GIVEN | SURNAME), LISTED)
            ):
                yield lower
                yield from (other for other in _dotted(lower) if not known.get(other))


def without_names(lexicon: Lexicon, known: Mapping[str, int]) -> Lexicon:
    """Return the words that nobody is called, nor any place."""
    return {
        language: [word for word in words if not known.get(word.lower(), 0) & (GIVEN | SURNAME | PLACE)]
        for language, words in lexicon.items()
    }


def joined(known: Mapping[str, int], lexicon: Lexicon, people: Collection[str] = ()) -> dict[str, int]:
    """Return the list of words with the everyday ones of a lexicon."""
    return dict(known) | {word: known.get(word, 0) | COMMON for word in listed(lexicon, known, people)}


if __name__ == "__main__":
    write_lexicon(Path(sys.argv[1]))
