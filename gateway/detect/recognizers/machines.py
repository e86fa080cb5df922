"""Addresses of machines, but for numbers of versions that have four parts.

Law: what Presidio takes for an address is one, unless it stands right behind a word for a version, or behind the name
of a program with parts as small as those of versions are. Where in doubt, it is one: people sign
in with browsers *at* addresses. Addresses of private networks always count, masks never.
"""

from __future__ import annotations

import re
from typing import Any, Final

from presidio_analyzer import RecognizerResult
from presidio_analyzer.predefined_recognizers import IpRecognizer

_NAMED: Final = (
    r"v|ver|versions?|verze|versi\u00f3n|versione|vers\u00e3o|wersj[aię]|versie|s\u00fcr\u00fcm\w{0,3}|firmware|fw"
    r"|drivers?|treiber|pilote|controlador|sterownik\w{0,3}|ovlada\u010d\w{0,2}|s\u00fcr\u00fcc\u00fc\w{0,2}"
    r"|drivrutin\w{0,2}|stuurprogramma|bios|uefi"
)
_VERSION: Final = re.compile(
    rf"(?i:(?<![^\W_])(?:(?:{_NAMED})(?: (?:is|was|now|ist|est|es|\u00e8|\u00e9|jest|je|\u00e4r|er))?"
    r"|release|rel|sdk|plugin|bumped|jdk|jre|python|java)[\s:=\"'`v(\[]{0,4})\Z"
)
_PROGRAM: Final = re.compile(
    r"(?i:(?<![^\W_])(?:app|api|agent|client|node|build|patch|hotfix|update|upgrade|runtime|chrome|firefox|edge|opera"
    rf"|acrobat|(?:{_NAMED}) (?:to|til|till|naar))[\s:=\"'`v(\[]{{1,4}}"
    r"|(?<![^\W_])(?:bump|upgrad|updat)\w{1,3} \S{2,12} )\Z"
    r"|(?<![\w.@])(?!(?:IP|Ip|Host|From|Address|Adresse|Server|Via|Gateway|DNS|GW)\b)[A-Za-z]*[A-Z]\w{1,20} \Z"
)
_USUAL: Final = re.compile(r"8\.8\.(?:8\.8|4\.4)|1\.(?:1\.1\.1|0\.0\.1)|9\.9\.9\.9")
"""Addresses that everybody asks for names, small as they are."""

_SMALL, _LAST = 40, 99
_PRIVATE: Final = re.compile(r"(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.")
_MASK: Final = re.compile(r"255\.255\.|0\.0\.0\.0")
"""Which part of an address is the network's, and every address, as ``::`` is."""

_REACH: Final = 28


class MachineRecognizer(IpRecognizer):  # type: ignore[misc]  # Presidio is not typed
    """Finds them."""

    needs = (r"\d\.\d{1,3}\.\d{1,3}\.\d", "::|(?:[0-9A-Fa-f]{1,4}:){6}")

    def analyze(
        self,
        text: str,
        entities: list[str],
        nlp_artifacts: Any = None,  # noqa: ANN401 - Presidio's signature
        regex_flags: int | None = None,
    ) -> list[RecognizerResult]:
        """Return every address."""
        found = super().analyze(text, entities, nlp_artifacts, regex_flags)
        return [each for each in found if not is_version(text, each.start, each.end)]


def is_version(text: str, start: int, end: int) -> bool:
    """Whether what may be an address is a version, or a mask."""
    address = text[start:end]
    if address.partition("/")[0] == "::":
        return True
    if ":" in address or "/" in address or _PRIVATE.match(address):
        return False
    if _MASK.match(address):
        return True
    before = max(0, start - _REACH)
    if _VERSION.search(text, before, start):
        return True
    *first, last = map(int, address.split("."))
    small = max(first) <= _SMALL and last <= _LAST and not _USUAL.fullmatch(address)
    return small and bool(_PROGRAM.search(text, before, start))
