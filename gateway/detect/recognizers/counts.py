"""Sums of money and heads of people, which stand where somebody's number might stand: ``claim 61 200 EUR``.

Law: what is dropped here is a leak if it was somebody's, so that it must have the form of a sum, or of a count. A code
with a letter or a hyphen is neither, nor are eight digits in a row before a currency; nor is a number that the currency
of another sum only follows (``48213377 EUR 1.200,00``). Behind a word for number (``customer no``), decimals alone tell
a sum.
"""

from __future__ import annotations

import re
from typing import Final

_CURRENCY: Final = re.compile(
    r" ?(?:EUR|USD|GBP|CHF|PLN|CZK|SEK|DKK|NOK|BRL|MXN|INR|TRY|TL|[Ee]uros?|kr\.?|[Zz]\u0142|[Kk]\u010d"
    r"|tys\.|tis\.|mio\.?|mln\.?|[\u20ac\u00a3$\u20ba\u20b9])(?![^\W_]| {0,3}\d)"
)
"""What stands behind a sum of money, and no digit behind it."""

_DECIMAL: Final = re.compile(r"\d{1,7}[.,]\d{1,2}|\d{1,3}(?:[ .,\u00a0]\d{3}){1,4}[.,]\d\d")
_PLAIN: Final = re.compile(r"\d{1,6}|\d{1,3}(?:[ .,\u00a0]\d{3}){1,4}")

_MANY: Final = re.compile(
    r"(?:customer|client|subscriber|policyholder|member|student|passenger|participant|travell?er|donor|borrower|payer"
    r"|applicant|candidate|tenant|buyer|shopper|learner|pupil|rider|guest|delegate|debtor|creditor"
    r"|abonne|adherent|assure|etudiant|passager|usager|locataire|cliente|socio|abonado|asegurado|alumno|estudiante"
    r"|pasajero|participante|associado|segurado|passageiro|formando|inquilino|deelnemer|cursist|bewoner|reiziger"
    r"|huurder)s"
    r"|titulares|clienti|soci|passegger[oi]|student[ei]n?|intestatari|inquilini|klanten|leerlingen|mitglieder|passagiere?n?"
    r"|(?:teilnehmer|schuler|bewerber|mieter|bewohner)(?:n|innen)?|fahrgast(?:e|en)|uczestnikow|uczniow|pasazerow(?:ie)?"
    r"|klientow|czlonkow|posiadaczy|najemcow|platnikow|kunder|medlem(?:mar|mer)|deltagar(?:e|na)|deltager(?:e|ne)"
    r"|passagerar(?:e|na)|passagerer(?:ne)?|resenar(?:er|erna)|hyresgaster|lejere|elever|ucastniku|cestujicich?|odberatelu"
    r"|zakazniku|klientu|platcu|katilimci(?:lar)?|yolcu(?:lar)?|sigortalilar|musteriler|uyeler|ogrenciler|kiracilar"
)
"""Words for many people, in small letters without accents, and words that one and many have in common."""


def is_sum(text: str, value: str, end: int, *, numbered: bool) -> bool:
    """Whether a value that ends there is a sum of money. numbered: a word for number stands before it."""
    sum_like = _DECIMAL.fullmatch(value) or (not numbered and _PLAIN.fullmatch(value))
    return bool(sum_like and _CURRENCY.match(text, end))


def is_count(word: str, value: str) -> bool:
    """Whether a value says how many there are of those that the word before it is for."""
    return bool(_MANY.fullmatch(word)) and not any(map(str.isalpha, value))
