"""Tables in a text: the head of a column says what stands below it.

Law: a table is lines that follow each other with the same sign between as many cells (comma, semicolon, tab, ``|``), or
the rows of an SQL ``INSERT``; its first line holds words, none of them a number. In a form, spaces part the words of a
line, and what stands below begins where they do. A cell is what stands in it, without quotes and spaces. The text is
read once a sign, and no line is looked at again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

Cells = list[tuple[int, int]]
Column = tuple[str, Cells]

_SIGNS: Final = ("\t", ";", "|", ",")
_LONGEST_LINE: Final = 2000
_MOST_COLUMNS: Final = 60
_FEW: Final = 3
"""Columns of a table whose rows may hold one comma more, in a date."""

_RULE: Final = re.compile(r"[\s|:+=-]*")
_HEAD: Final = re.compile(r"[\"'`*\s]*[^\W\d][^\"'`\n:=<>{}!?]{0,39}[\"'`*\s]*")
_CELL: Final = re.compile(r"(?:\s*[nN](?='))?[\s\"'`*]*")
_CHUNK: Final = re.compile(r"[^\s](?:[^\s]| (?! )){0,80}")
_ENDS: Final = re.compile(r"(?<![A-Z])\d\Z")
"""How what a form is filled with may end, and no word of its own, but one that was scanned: ``N0``."""

_ASIDE: Final = 2
"""Characters by which what is typed into a form may stand beside its word."""

_STRING: Final = r"(?>[nN]?'(?:[^'\\]|\\.|''){0,500}+'|\"(?:[^\"\\]|\\.|\"\"){0,500}+\")"
"""As SQL writes one, with a quote within."""

_QUOTED: Final = re.compile(rf"\s{{0,9}}{_STRING}|[^,()\"']{{1,500}}")
_INSERT: Final = re.compile(
    r"(?i)\binsert\s{1,9}into\s{1,9}([\w.\"`\[\]]{1,80})\s{0,9}\(([^()]{1,1000})\)\s{0,9}values\s{0,9}"
)
_KEYS: Final = frozenset({"id", "no", "nr", "num", "number", "code", "kod", "codigo", "codice", "ref", "key"})
"""Columns that say nothing of whose number they hold."""

_ROW: Final = re.compile(rf"\s{{0,9}},?\s{{0,9}}\(((?:{_STRING}|[^()'\"]){{1,4000}}+)\)")
_CAMEL: Final = re.compile(r"(?<=[a-z\u00df-\u00f6\u00f8-\u00ff])(?=[A-Z\u00c0-\u00de])|_")


def columns(text: str) -> Iterator[Column]:
    """Yield the head of every column, and where its cells stand."""
    lines = _lines(text)
    for sign in _SIGNS:
        if sign in text:
            yield from _tables(text, lines, sign)
    if "  " in text:
        yield from _forms(text, lines)
    if "(" in text:
        yield from _inserts(text)


@lru_cache(maxsize=1)
def columns_of(text: str) -> tuple[Column, ...]:
    """Return the columns of a text, which one recognizer after the other asks for."""
    return tuple(columns(text))


def words(name: str) -> str:
    """Return the name of a field as words: ``employeeId`` and ``employee_id`` are two."""
    return _CAMEL.sub(" ", name)


def _lines(text: str) -> list[tuple[int, int]]:
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((at, at + len(line.rstrip("\r\n"))))
        at += len(line)
    return lines


def _tables(text: str, lines: list[tuple[int, int]], sign: str) -> Iterator[Column]:
    at = 0
    counts = [text.count(sign, *line) for line in lines]
    while at < len(lines) - 1:
        alike = (
            counts[at]
            and counts[at + 1]
            and (0 <= counts[at + 1] - counts[at] <= 1 or '"' in text[slice(*lines[at + 1])])
        )
        heads = _heads(text, *lines[at], sign) if alike else []
        below, at = at + 1, at + 1
        rows = []
        while heads and below < len(lines):
            start, end = lines[below]
            cells = _split(text, start, end, sign)
            if not len(heads) <= len(cells) <= len(heads) + (sign == "," and len(heads) > _FEW):
                break
            if not _RULE.fullmatch(text, start, end):
                rows.append(cells)
            below += 1
        if rows:
            yield from ((head, [row[place] for row in rows]) for place, head in enumerate(heads))
            at = below


def _forms(text: str, lines: list[tuple[int, int]]) -> Iterator[Column]:
    """Yield the words of a line that spaces part, and what begins in the same places on the lines below."""
    at = 0
    while at < len(lines) - 1:
        heads = _words_apart(text, *lines[at])
        at += 1
        below: list[Cells] = [[] for _ in heads]
        while heads and at < len(lines) and _fill(text, *lines[at], heads, below):
            at += 1
        yield from ((words(head), cells) for (_, head), cells in zip(heads, below, strict=True) if cells)


def _words_apart(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Return the words of a line that are parted by two spaces, and how far from its beginning."""
    if end - start > _LONGEST_LINE or text.find("  ", start, end) < 0:
        return []
    chunks = [(match.start() - start, match[0]) for match in _CHUNK.finditer(text, start, end)]
    named = all(_HEAD.fullmatch(head) and not _ENDS.search(head) for _, head in chunks)
    return chunks if named and 1 < len(chunks) <= _MOST_COLUMNS else []


def _fill(text: str, start: int, end: int, heads: list[tuple[int, str]], below: list[Cells]) -> bool:
    """Put what stands on a line under its words, if two of it do or nothing else is there. Words alone begin anew."""
    if end - start > _LONGEST_LINE or not any(map(str.isdigit, text[start:end])):
        return False
    chunks = {match.start() - start: match.span() for match in _CHUNK.finditer(text, start, end)}
    near = (-_ASIDE, _ASIDE + 1)
    places = [next((chunks[at + by] for by in range(*near) if at + by in chunks), None) for at, _ in heads]
    found = [place for place in places if place]
    if len(found) < min(2, len(chunks)):
        return False
    for cells, place in zip(below, places, strict=True):
        if place:
            cells.append(place)
    return bool(found)


def _heads(text: str, start: int, end: int, sign: str) -> list[str]:
    """Return the cells of a line, if all of them are words that name something."""
    if sign not in text[start : min(end, start + _LONGEST_LINE)]:
        return []
    cells = [text[low:high] for low, high in _split(text, start, end, sign)]
    named = [bool(_HEAD.fullmatch(cell)) for cell in cells]
    return [words(cell) for cell in cells] if len(cells) > 1 and all(named) else []


def _split(text: str, start: int, end: int, sign: str) -> Cells:
    """Return where the cells of a line stand, quoted signs left alone; those at the edge of a Markdown row are none."""
    if end - start > _LONGEST_LINE:
        return []
    line = text[start:end]
    if sign == "|":
        bare = line.strip()
        start += line.find(bare) + bare.startswith("|")
        line = bare.removeprefix("|").removesuffix("|")
    cells, at = [], 0
    for part in _parts(line, sign):
        cells.append(_trimmed(text, start + at, start + at + len(part)))
        at += len(part) + 1
    return cells if len(cells) <= _MOST_COLUMNS else []


def _parts(line: str, sign: str) -> list[str]:
    """Cut a line at its signs, but not within quotes."""
    if '"' not in line:
        return line.split(sign)
    parts, open_quote = [""], False
    for piece in re.split(f'(["{sign}])', line):
        if piece == sign and not open_quote:
            parts.append("")
            continue
        open_quote ^= piece == '"'
        parts[-1] += piece
    return parts


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    edge = _CELL.match(text, start, end)
    low = edge.end() if edge else start
    high = low + len(text[low:end].rstrip(" \t\r\"'`*"))
    return low, high


def _inserts(text: str) -> Iterator[Column]:
    """Yield the columns of SQL's ``INSERT INTO t (a, b) VALUES (1, 2), (3, 4)``."""
    for statement in _INSERT.finditer(text):
        table, listed = words(statement[1].strip('"`[]')), statement[2]
        heads = [words(head.strip(' \t\r\n"`[]')) for head in listed.split(",")]
        cells: list[Cells] = [[] for _ in heads]
        row = _ROW.match(text, statement.end())
        while row:
            places = _fields(text, *row.span(1))
            if len(places) == len(heads):
                for column, place in zip(cells, places, strict=True):
                    column.append(place)
            row = _ROW.match(text, row.end())
        yield from (
            (_whose(text, table, head, below), below) for head, below in zip(heads, cells, strict=True) if below
        )


def _whose(text: str, table: str, head: str, cells: Cells) -> str:
    """Return the head of a column, with the table's name before a key that is no bare number."""
    key = head.lower() in _KEYS and not all(text[low:high].isdigit() for low, high in cells)
    return f"{table} {head}" if key else head


def _fields(text: str, start: int, end: int) -> Cells:
    spans = [field.span() for field in _QUOTED.finditer(text, start, end)]
    return [_trimmed(text, low, high) for low, high in spans if text[low:high].strip()]
