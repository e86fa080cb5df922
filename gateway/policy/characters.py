"""What a file is made of, before it is read as YAML.

Law: a file that is too large is not looked into; one that holds what no text holds is not read as YAML, except that of
bytes that are no UTF-8 the first is told, and the rest of the file is read without them.
"""

from __future__ import annotations

import re
from typing import Final

from gateway.policy.report import LARGEST, WHOLE, Place, Report

_NOT_UTF8: Final = re.compile("[\ud800-\udfff]")
"""What is left of bytes that are no UTF-8 (PEP 383)."""

_CONTROL: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.2 does not allow, and a byte order mark within the file."""

_UTF16: Final = ("\udcff\udcfe", "\udcfe\udcff")
_SAVE: Final = "save the file as UTF-8"


def readable(text: str, report: Report) -> str | None:
    """Return the text to be read as YAML, None where there is none; what is wrong with it goes to the report."""
    if len(text) > LARGEST or len(text.encode(errors="replace")) > LARGEST:
        report.add(WHOLE, "CL1009", f"larger than {LARGEST} bytes", "split it")
        return None
    if text.startswith(_UTF16):
        report.add(WHOLE, "CL1015", "the file is UTF-16", _SAVE)
        return None
    text = text.removeprefix("\ufeff")
    if _NOT_UTF8.search(text):
        _tell_first(report)
        text = _NOT_UTF8.sub("\ufffd", text)
    before = report.found
    for number, line in enumerate(report.lines, 1):
        if not line.isascii() or not line.isprintable():
            _look(line, number, report)
    return text if report.found == before else None


def _tell_first(report: Report) -> None:
    """Report the first byte that is no UTF-8."""
    number, found = next((at, it) for at, line in enumerate(report.lines, 1) if (it := _NOT_UTF8.search(line)))
    report.add(Place(number, found.start() + 1), "CL1015", "a byte that is not UTF-8", _SAVE)


def _look(line: str, number: int, report: Report) -> None:
    """Report what no line holds, and what indents it that is no space."""
    for found in _CONTROL.finditer(line):
        what = f"a character that does not show (U+{ord(found[0]):04X})"
        report.add(Place(number, found.start() + 1), "CL1015", what, "remove it")
    indent = line[: len(line) - len(line.lstrip())]
    if wrong := indent.strip(" "):
        what = "a tab" if wrong[0] == "\t" else f"a blank that is no space (U+{ord(wrong[0]):04X})"
        report.add(Place(number, indent.index(wrong[0]) + 1), "CL1012", what, "indent with spaces")
