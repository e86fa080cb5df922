"""What programs say to people, in many languages: the messages of Django (BSD), none of which speaks of anybody.

Law: a message is whole, with what is filled in later left out or made a number; a word with a capital may be of any type
but a person.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Final

from tests.training.sources import Document

LANGUAGES: Final = ("de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "cs", "tr", "hr")
_FILLED: Final = re.compile(r"%(?:\(\w+\))?[a-z]|\{\w*\}")
_MARKED: Final = re.compile(r"<[^>]{1,80}>")
_GLUES: Final = ("\n", "\n", " ", "\n\n", "\n- ", " | ", "; ")


@cache
def messages(language: str) -> list[str]:
    """Return the messages in a language."""
    spec = find_spec("django")
    if spec is None or spec.origin is None:
        return []
    found: set[str] = set()
    for file in sorted(Path(spec.origin).parent.rglob(f"locale/{language}/LC_MESSAGES/django.mo")):
        with file.open("rb") as held:
            catalogue = gettext.GNUTranslations(held)._catalog  # type: ignore[attr-defined]
        found |= {_MARKED.sub("", text).strip() for key, text in catalogue.items() if key}
    return sorted(text for text in found if len(text) > 1)


def said(chance: Random, language: str) -> Document:
    """Return some messages as one document."""
    held, glue = messages(language), chance.choice(_GLUES)
    texts = [
        _FILLED.sub(lambda _: str(chance.randint(1, 999)), each)
        for each in chance.choices(held, k=chance.randint(1, 9))
    ]
    change = chance.choice([str, str, str, str.title, str.upper])
    return Document(
        pieces=((change(glue.join(texts)), ""),), language=language,
        open=frozenset({"LOCATION", "ORGANIZATION", "DATE_TIME", "NRP"}), source="catalogue",
    )  # fmt: skip


def catalogue(chance: Random, count: int) -> Iterator[Document]:
    """Yield so many documents, of all languages by turns."""
    for number in range(count):
        yield said(chance, LANGUAGES[number % len(LANGUAGES)])
