"""How a value would have been right: periods, domains, numbers and names, as people write them.

Law: what is suggested would pass. Where nothing is near, the suggestion is an example, or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from gateway.core.retention import Period

DOMAIN: Final = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
ENTITY: Final = re.compile(r"[A-Z][A-Z0-9_]{1,60}[A-Z0-9]")
TOOL: Final = re.compile(r"[^\s*?](?:[^*?\r\n\t]{0,510}[^\s*?])?")

_AMOUNT: Final = re.compile(r"p?\s{0,3}(\d{1,5})\s{0,3}([a-zäöü]{1,10})?\.?")
_UNITS: Final = {
    "D": "d day days t tag tage tagen",
    "W": "w week weeks woche wochen",
    "M": "m mo mon month months monat monate monaten",
    "Y": "y yr year years j jahr jahre jahren a",
}
_AROUND: Final = re.compile(r"\(\?<?[=!]")
_BACK: Final = re.compile(r"\\[1-9]|\(\?P=")
_HOURS: Final = re.compile(r"pt?(\d{1,6})\s{0,3}(h|hours?)")
_URL: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,15}://)?(?:[^/@]{0,64}@)?(?:\*?\.)?([^/:*?#]{1,253}?)\.?(?::\d{1,5})?(?:[/?#].*)?"
)


def period(text: str) -> str:
    """Return the period that was meant."""
    lower = text.strip().lower()
    if found := _AMOUNT.fullmatch(lower):
        unit = next((unit for unit, words in _UNITS.items() if (found[2] or "d") in words.split()), "")
        if unit and (found[2] or not lower.startswith("p")):
            return _write(_valid(f"P{int(found[1])}{unit}"), "such as P6M")
    if found := _HOURS.fullmatch(lower):
        return f'whole days: write "P{max(1, -(-int(found[1]) // 24))}D"'
    return _write(_valid(text.strip().upper()), "days, weeks, months or years, such as P6M")


def _valid(text: str) -> str:
    try:
        return str(Period.parse(text))
    except ValueError:
        return ""


def _write(text: str, otherwise: str) -> str:
    return f'write "{text}"' if text else otherwise


def domain(text: str) -> str:
    """Return the domain that was meant, which holds for what is below it as well."""
    found = _URL.fullmatch(text.strip().lower()) if len(text) <= 500 else None
    host = found[1] if found and DOMAIN.fullmatch(found[1]) else ""
    return _write(host, "lower case, such as corp.local")


def number(text: str, *, low: float, high: float, whole: bool = False) -> str:
    """Return the number that was meant by a text: quoted, with a comma, or a percentage."""
    plain = text.strip().replace(",", ".").removesuffix("%").strip()
    if not re.fullmatch(r"\d{1,6}(\.\d{1,6})?", plain):
        return ""
    if "%" in text and not whole:
        return f"write {float(plain) / 100:g}" if low <= float(plain) / 100 <= high else ""
    return between(float(plain), low=low, high=high, whole=whole)


def between(value: float, *, low: float, high: float, whole: bool = False) -> str:
    """Return the number within bounds that was meant: the same, or a share of one for its percentage."""
    is_share = (low, high) == (0, 1) and not whole
    meant = next((each for each in (value, value / 100 if is_share else value) if low <= each <= high), None)
    return "" if meant is None or (whole and meant % 1) else f"write {meant:g}"


def name(text: str) -> str:
    """Return the name without what names do not hold."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", _ascii(text)).strip("._-")[:63]
    return _write(plain if NAME.fullmatch(plain) else "", "such as hr-strict")


def entity(text: str) -> str:
    """Return the type of one's own that was meant."""
    plain = re.sub(r"[^A-Z0-9]+", "_", _ascii(text).upper())[:62].strip("_0123456789")
    return _write(plain if ENTITY.fullmatch(plain) else "", "such as BADGE_NUMBER")


def pattern(text: str, fault: str) -> str:
    """Return what to do about a pattern that has a fault."""
    if "empty" in fault:
        return "require at least one character"
    if _AROUND.search(text):
        return "write what is to match; RE2 has no look-around"
    if _BACK.search(text):
        return "RE2 has no back references"
    return ""


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text[:200]).encode("ascii", "ignore").decode()
