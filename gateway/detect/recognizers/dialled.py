"""Telephone numbers that a word before them gives away, in a dozen languages.

Law: behind a word for a telephone six digits or more in groups are a number, whether or not a country's plan has it;
behind a word for calling it must look like one as well, or be told in words. With its country's code, with the nought
of its area before three groups, or in groups that countries write nothing else in (``60 12 34 56``), a number needs no
word. Dates, sums of money and numbers with a unit behind them are none.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.folding import folded
from gateway.detect.joining import NUMERAL
from gateway.detect.recognizers.asked import ASKED
from gateway.detect.recognizers.labels import Kind, LabelledRecognizer
from gateway.detect.recognizers.phone import is_free

_WORD: Final = (
    r"(?:(?:home|work|business|office|contact|customer|day ?time|evening|private?|direct|mobile|emergency)[\s_-]?)?"
    r"(?:tel(?:e(?:ph|f)\w{0,14}|emovel|emovil)?(?:[\s._-]?(?:nr|no|num|number|ref))?|te1|phones?|phone[\s_-]?n\w{1,7}"
    r"|mobiles?|mob|mobilt?|mobil(?:e?n\w{1,7}|tel\w{0,10}|funk)|mobiltel\w{0,9}|cell(?:phone|ulare)?|cel"
    r"|celular(?:es)?"
    r"|movil(?:es)?|portable|handy(?:n\w{1,7})?|gsm(?:-?nummer|-?nr)?|komork[aiue]|kom|matkapuhelin|puh(?:elin)?"
    r"|cep(?: tel\w{0,6}| no)?|tlf|tfn|tlm|tlmv|fon|fax(?:n\w{1,7})?|faks\w{0,6}|telecopie|pager|whatsapp|viber|sms"
    r"|durchwahl|rufn(?:umme)?r\w?|festnetz|vaste lijn|doorkiesnummer|dahili|hotline|infoline|infolinia|helpline"
    r"|switchboard|centralino|centralita|direktnummer|hemtelefon|arbetstelefon|bleep|puhelinnumero"
    r"|sim(?:[ -]?(?:kart[ayekni]{0,2}|kort|card))?|did(?=:? ?(?!20\d\d )\d{4} \d{4}(?!\d))|msisdn|callback"
    r"|dir(?:e[ck]t[eo]?|ett[oa]|ecta)?(?![.:]{0,2} ?(?:19|20)\d\d(?:[./-]?[01]\d[./-]?[0-3]\d| (?:19|20)\d\d)(?!\d))"
    r"(?=[.:]{1,2} ?[+(]{0,2}\d\d| ?(?:[+(]{1,2}\d|\d{2,4}[ ./-]{1,2}\d))"
    r"|(?:privat|direkte|mobil|lokal|hemligt)[ -]?nr\.?)(?![^\W_])"
)
_TO: Final = re.compile(
    r"(?:[ \t]{2,40}|[\s\"'`*:=#|>).\[\]\\/\u2013-]|\((?![+\d])"
    r"|(?:is|was|nr|no|num|number|nummer|numer|numero|n[\u00b0\u00ba]|ist|est|es|e|jest|je|ar|er|op|pa|unter|am"
    r"|on|at|al"
    r"|au|pod|ao|via|privat|private?|mobil|mobile|work|home|office|dienstlich|buro|bureau|kontor|casa|lavoro|direct"
    r"|direkt|gesch|tagsuber|ev|is|cep|sluzbowy|prywatny)(?=[\s:.#\"()/]))"
    r"{0,12}"
)
_APART: Final = r"[ \u00a0./()\u2010-\u2013-]{0,3}"
_END: Final = (
    r"(?![\w%\u20ac$\u00a3]|[.,:/-]\d|,-|,\u2013| ?(?i:eur|euros?|usd|gbp|chf|pln|zl|czk|kc|kr|sek|dkk|nok|tl|try|brl"
    r"|\u20ac|\$|%|szt|stk|stuck|pcs|kg|km|mm|kwh|m2)(?![^\W_]))"
)
_EXTENSION: Final = r"(?:,? ?(?:ext|extn|app|poste|dahili|wew|linka|int|tst)\.? ?:? ?\d{1,5})?"
_NUMBER: Final = re.compile(rf"(?!\d{{4}}-\d\d-\d\d)[+(]{{0,2}}\d(?:{_APART}\d){{5,14}}{_EXTENSION}{_END}")

_CALL: Final = (
    r"(?:ring(?:e|er|a|en|t|te|ing|ede|de|et)?|rang|call(?:s|ed|ing)?|dial|texte?d?|reach(?:ed|able)?"
    r"|contact(?:er|ez|e|ar|o)?|phoned?"
    r"|appel(?:ez|er|le)|rappel(?:ez|er|le)|joindre|joignable|joint|llam(?:ar|e|a|ad|en|ame|arme|arnos)"
    r"|contattar\w{1,3}"
    r"|contatt[io]|chiam(?:are|i|ate|ami|ata|arlo|armi|arla)|bellen|bel|belt|gebeld|bereikbaar|bereiken|anruf\w{0,6}"
    r"|angerufen|ruf\w{0,3}|erreich\w{1,6}|zadzwon\w{0,4}|dzwon\w{0,6}|kontakt\w{0,8}|oddzwon\w{0,4}"
    r"|lig(?:ar|ue|a|uem|uei|ou|ar-lhe)|telefon(?:ar|e|ear|ieren|isch|icznie|icky|at)|telefoner\w{0,3}|tilbage pa"
    r"|ara(?:yin|yiniz|yabilir\w{0,6}|yip|di|maniz|nmasi)|ulas\w{1,9}|vola(?:t|jte|l|la)|zavol\w{1,5}|na cisle|pod nr"
    r"|pod numerem|nas na|soitta\w{0,4}|pelo|pelo numero|al numero|no numero|numarasindan|numarali|nummer)(?![^\W_])"
)
_GAP: Final = re.compile(r"[^\n\d=+(){}<>;/\\_]{1,60}")
_CALLED: Final = re.compile(
    rf"(?:[+(]{{1,2}}\d(?:{_APART}\d){{6,13}}|0[1-9](?:{_APART}\d){{6,12}}|\d{{2}}(?: \d{{2}}){{3,4}}|\d{{4}} \d{{4}}"
    r"|\d{2,3}(?:[ .-]\d{3}){2}|\d{3}[ .-]\d{3}[ .-]\d{4}|\d{3}-\d{4}|\d{3}(?:[ -]\d{2,3}){1,3} \d{2}"
    r"|\d{2,3}(?: \d{2}){3}|\d{2} \d{3} \d{2} \d{2}|\d{3}[./ -]\d{6,7})"
    rf"{_EXTENSION}{_END}"
)
_ALONE: Final = (
    r"(?<![\w+.,/=-])(?<!\d )(?<![0-9a-f]{2} [0-9a-f]{2} )"
    r"((?:\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|35\d|37\d|38\d|42\d|21\d|97\d)"
    rf"(?:[ .-]?\(0\))?(?:[ .\u00a0-]?\(?\d\)?){{7,11}}|\(0\d{{1,4}}\)(?: ?\d{{2,4}}){{2,4}}"
    r"|0[1-9]\d{0,3}[ /-]\d{2,4}(?: \d{2,3}){1,3})"
    rf"{_EXTENSION})(?![\w%\u20ac$]|[.,:/-]\d| ?(?:EUR|kr|z\u0142|K\u010d)(?!\w))"
)
_UNIT: Final = (
    r"(?![\w%\u20ac$\u00a3]|[./,:-]\w|[ \u00a0][\d%\u20ac$\u00a3]|[ \u00a0](?i:eur|euro|kr|k\u010d|z\u0142|usd"
    r"|gbp|chf|pln|czk|sek|dkk|nok|tl|ft|k?m|kg|st|stk|szt|pcs|mio|mln|bytes?|people|inhabitants|habitants"
    r"|einwohner)(?![^\W_]))"
)
_GROUPED: Final = (
    r"(?<![\w+.,/=:#*-])(?<!(?i:no|nr)\. )(?<!\u010d\. )(?<!\d )(?<![0-9a-f]{2} [0-9a-f]{2} )(?<![A-Z] )"
    r"([5-9]\d\d \d{3} \d{3}(?<!000)|[2-9]\d(?: \d\d){3}|[1-9]\d \d{3} \d\d \d\d|5\d\d \d{3} \d\d \d\d"
    r"|[679]\d\d \d\d \d\d \d\d|[49]\d\d \d\d \d{3}|[6-9]\d{4} \d{5}|0[1-9]\d?[ -]\d{4} \d{4}|0[1-9]\d{1,2} \d{3} \d{4}"
    r"|(?<=[^\W\d_], )(?:[1-4]\d\d \d{3} \d{3}(?<!000)|(?!20\d\d )[2-9]\d{3} \d{4})"
    rf"|(?<=, )3[2-9]\d[./-]\d{{7}}){_UNIT}"
)
"""As Czechs, Poles, Spaniards and Portuguese, Danes and Norwegians, Swiss, Italians, Turks, Dutch and Indians write."""

_TOLD: Final = re.compile(
    rf"(?i:(?:{NUMERAL}|double|triple|hundred|doppel)(?:,? |-)(?:(?:{NUMERAL}|double|triple|hundred|doppel|\d{{1,4}})"
    rf"(?:,? |-)){{2,14}}(?:{NUMERAL}|hundred|\d{{1,4}}))(?!\w)"
)
_PLACE: Final = r"(?:durchwahl|nebenstelle)(?![^\W_])"
_SHORT: Final = re.compile(r"-?\d{2,5}(?![\w.,-]?\d)")
_TO_SHORT: Final = re.compile(r"[.:]?\s{0,3}(?:(?:ist|nr)[.:]?\s)?")
_LETTER: Final = r"[tmfphwd](?=[.:]{1,2} ?[+(0])"
_COLON: Final = re.compile(r"[.:]{1,2} ?")
_FEWEST, _MOST = 6, 15
_NO_NUMBER: Final = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d(?!\d).*|(?:19|20)\d\d[-/.]\d\d[-/.]\d\d.*|\d{1,2}[.:]\d\d ?-.*"
    r"|\d{1,3}(?:\.\d{3}){1,3}|\d{1,6}/(?:19|20)\d\d|(?:19\d|20[0-3])\d/\d{1,6}"
)


def _is_number(value: str) -> bool:
    digits = sum(map(str.isdigit, value))
    return _FEWEST <= digits <= _MOST + 5 * ("x" in value.lower()) and not _NO_NUMBER.fullmatch(value)


def _is_told(value: str) -> bool:
    """Whether it is a number of six digits or more that is told in words, not counted up."""
    words = [word for word in re.split(r"[ ,-]+", value.lower()) if word]
    digits = sum(len(word) if word.isdigit() else 1 for word in words)
    return digits >= _FEWEST and len(set(words)) > 2


KINDS: Final = (
    Kind(
        entity_type="PHONE_NUMBER",
        label=_WORD,
        value=_NUMBER,
        good=_is_number,
        link=_TO,
        alone=_ALONE,
        stands=is_free,
        folds=False,
        score=0.8,
    ),
    Kind(
        entity_type="PHONE_NUMBER",
        label=_CALL,
        value=_CALLED,
        good=_is_number,
        link=_GAP,
        header=False,
        score=0.75,
    ),
    Kind(
        entity_type="PHONE_NUMBER",
        label=_LETTER,
        value=_NUMBER,
        good=_is_number,
        link=_COLON,
        header=False,
        score=0.75,
    ),
    Kind(
        entity_type="PHONE_NUMBER",
        label=f"(?:{_WORD}|{_CALL})",
        value=_TOLD,
        good=_is_told,
        link=re.compile(rf"(?:{ASKED}|[^\n\d=+(){{}}<>;/\\_]{{1,40}}?)(?={folded(_TOLD.pattern)})"),
        header=False,
        score=0.75,
    ),
    Kind(entity_type="PHONE_NUMBER", label=_PLACE, value=_SHORT, link=_TO_SHORT, header=False, score=0.75),
    Kind(
        entity_type="PHONE_NUMBER",
        label="",
        value=_NUMBER,
        good=_is_number,
        alone=_GROUPED,
        stands=is_free,
        score=0.75,
    ),
)


def dialled() -> LabelledRecognizer:
    """Find them."""
    return LabelledRecognizer(KINDS, "CloisterDialledRecognizer")
