"""Places on the map.

Law: a position is known by its decimals, by its degrees, or behind its word.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled

_DECIMALS: Final = (
    r"(?<![\w.,;-])(?<!\d[,;] )([-+]?(?:[1-8]\d|90)\.\d{4,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)"
    r"(?:[-+]?1?\d{2}|[-+]\d)\.\d{4,10}(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?"
    r"|[-+]?[1-8]?\d\.\d{5,10}(?:\s?\u00b0)?(?:\s?[NS])?(?:[,;]\s?|\s?/\s?)[-+]?1?\d{1,2}\.\d{5,10}"
    r"(?:\s?\u00b0)?(?:\s?[EWO](?!\w))?"
    r"|\d{1,2}\.\d{3,10}\s?[NS][,;/\s]{1,3}\d{1,3}\.\d{3,10}\s?[EWO]|\d{1,2},\d{4,8}\s?/\s?\d{1,3},\d{4,8})"
    r"(?!\w|\.\d|[,;]\s?[-+]?\d)"
)
_ANGLE: Final = (
    r"\d{1,3}(?:\.\d{1,8})?\s?\u00b0\s?(?:\d{1,2}(?:\.\d{1,6})?\s?['\u2032\u2019]\s?)?"
    r"(?:\d{1,2}(?:\.\d{1,6})?\s?(?:[\"\u2033\u201d]|''))?"
)
_DEGREES: Final = (
    rf"(?<![\w.])({_ANGLE}\s?[NSns][\s,;/]{{1,3}}{_ANGLE}\s?[EWOewo](?!\w)"
    rf"|[NS]\s?{_ANGLE}[\s,;/]{{1,3}}[EWO]\s?{_ANGLE})"
)
_POINT: Final = re.compile(
    r"[\[(]?[NS]? ?[-+]?\d{1,3}[.,]\d{2,10}(?:\s?\u00b0)?(?:\s?[NSEWO](?!\w))?"
    r"(?:\s?[,;/|]?\s?[EW]? ?[-+]?\d{1,3}[.,]\d{2,10}(?:\s?\u00b0)?"
    r"(?:\s?[EWOL](?!\w))?)?(?![\w.]\w)"
)
_TO_POINT: Final = re.compile(
    r"(?:[\s\"'`*:=#|>().\[\]\u2013-]|(?:is|was|ist|est|es|is|jest|at|to|je|ar|er)(?=\s)){0,12}"
)
"""Without the ``n`` of number, which is north here."""


def _is_point(value: str) -> bool:
    return "\u00b0" in value or not re.match(r"[-+]?0\.\d*[,;/\s]+[-+]?0\.", value)


KINDS: Final = (
    Kind(
        entity_type="COORDINATES",
        label=(
            r"(?:lat(?:itude)?|lon(?:g|gitude)?|lng|gps(?:[\s_-]?\w{3,12})?|geo|coord(?:inates|s|onnees|enadas|inate"
            r"|inaten|enate)?|koordin\w{2,6}|coordina\w{2,4}|wspolrzedne|souradnice|konum|latitud|longitud|latitudine"
            r"|longitudine|breitengrad|langengrad|last fix|posizione|position gps|polohy?|geolokac\w{2,5})(?![^\W_])"
        ),
        value=_POINT,
        good=_is_point,
        link=_TO_POINT,
        alone=f"(?:{_DECIMALS}|{_DEGREES})",
    ),
)


def coordinates() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)
