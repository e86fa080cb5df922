"""Addresses of network cards without signs, and places on national grids, behind their words.

Law: twelve letters and digits are a card's address only behind or below a word for one; in groups of four they hold a
letter, or they would be an account of a budget. A place on a grid stands behind the grid's name, or beside decimals.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.detect.recognizers.labels import Kind, LabelledRecognizer, labelled

_CARD: Final = (
    r"(?:(?:wifi|wi-fi|wlan|lan|eth\w{0,5}|bt|bluetooth)?[\s_-]{0,2}mac(?:[\s_-]?(?:addr\w{0,6}|adres\w{0,3}"
    r"|id))?|bssid"
    r"|hwaddr|hw[\s_-]?addr\w{0,4}|hardware-?(?:address|adresse)|(?:physical|ethernet) address|physische adresse"
    r"|physikalische adresse|adresse physique|direccion fisica|indirizzo fisico|fysiek adres|endereco fisico"
    r"|adres fizyczny|fysisk adress?e?|fyzicka adresa|fiziksel adres)(?![^\W_])"
)
_HEX: Final = "[0-9A-Fa-f]"
_BARE: Final = re.compile(
    rf"(?:{_HEX}{{12}}|{_HEX}{{2}}(?:[ .:-]{_HEX}{{2}}){{5}}|{_HEX}{{4}}(?:[ .:-]{_HEX}{{4}}){{2}}"
    rf"|{_HEX}{{6}}[-:]{_HEX}{{6}})"
    r"(?!\w)"
)
_MARKED: Final = (
    rf"(?<![\w:])(?<![\w:][.-])(?:{_HEX}{{2}}(?::{_HEX}{{2}}){{5}}|{_HEX}{{2}}(?:-{_HEX}{{2}}){{5}}"
    rf"|(?=[0-9.]{{0,13}}[A-Fa-f]){_HEX}{{4}}\.{_HEX}{{4}}\.{_HEX}{{4}})(?!\w|[:.-]\w)"
)

_GRID: Final = (
    r"(?:grid[\s_-]?ref(?:erence|s)?\.?|map[\s_-]?ref(?:erence)?|ngr|os[\s_-](?:grid|ref)\w{0,5}|osgb\w{0,3}"
    r"|irish grid|itm"
    r"|mgrs|utm\w{0,3}|ch1903\+?|lv95|lv03|gauss-?kruger|gk-?koordinaten|rechtswert|hochwert|lambert[\s-]?\w{0,3}|rt90"
    r"|sweref\s?99(?:\s?tm)?|rd-?coord\w{0,8}|rijksdriehoek\w{0,11}|s-jtsk|puwg\s?\d{0,4}|etrs\s?89|ed50"
    r"|gitter(?:netz)?"
    r"|planquadrat|coordinates?|koordinat\w{0,4}|coord\w{0,8}|wspolrzedne|souradnice|gps|location|standort|position)"
    r"(?![^\W_])"
)
_FIELD: Final = (
    r"(?:[A-HJ-Z]{2} ?\d{3} ?\d{3}(?!\d)|[A-HJ-Z]{2} ?\d{4} ?\d{4}(?!\d)|[A-HJ-Z]{1,2} ?\d{5} ?\d{5}(?!\d)"
    r"|\d{1,2} ?[C-HJ-NP-X](?: ?[A-Z]{2} ?\d{3,5} ?\d{3,5}"
    r"| \d{6}(?:[.,]\d{1,3})?[ ,/mE]{1,4}\d{7}(?:[.,]\d{1,3})?))"
    r"(?!\w)"
)
_PLACE: Final = re.compile(
    rf"{_FIELD}|(?:[XYENRH][=: ]{{1,2}})?-?\d{{1,2}}['\u2019 .]?\d{{3}}['\u2019 .]?\d{{3}}(?:[.,]\d{{1,3}})?"
    r"(?: ?m)?[ ,;/|]{1,4}(?:[XYENRH][=: ]{1,2})?-?\d{1,2}['\u2019 .]?\d{3}['\u2019 .]?\d{3}"
    r"(?:[.,]\d{1,3})?(?![\w.,]\d|\w)"
)
_BESIDE: Final = (
    r"\d\.\d{4,8}(?: ?\u00b0)? ?[NSEWO]?[ \t]{0,4}[(,;/=]?[ \t]?(?:(?:or|oder|ou|o|of|lub|eller|nebo|veya) )?"
    rf"({_FIELD})"
)

KINDS: Final = (
    Kind(entity_type="MAC_ADDRESS", label=_CARD, value=_BARE, alone=_MARKED),
    Kind(entity_type="COORDINATES", label=_GRID, value=_PLACE, alone=_BESIDE),
)


def grids() -> list[LabelledRecognizer]:
    """Find them."""
    return labelled(KINDS)
