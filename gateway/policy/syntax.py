"""What is wrong with a text that is no YAML, in words that say what to do.

Law: the place is where the hand goes to mend it: a bracket or quote that is never closed is where it opens. Nothing of
the text is repeated. An entry of the table names a message of ruamel.yaml's by a part of it; the first one counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from ruamel.yaml.error import MarkedYAMLError

_COLON: Final = 'a key without a colon and a space: write "key: value"'
_INDENT: Final = "a line that is indented unlike those that it belongs to"
_LINE_UP: Final = "line it up with them"
_COMMA: Final = "a comma is missing before this"
_DIRECTIVE: Final = "directives are not used in policy files"


class _Entry(NamedTuple):
    """A message of ruamel.yaml's. at: which of its marks counts, or what is open, or the character before."""

    part: str
    at: Literal["problem", "context", "open", "before"]
    message: str
    suggestion: str = ""
    code: str = "CL1001"


_TABLE: Final = (
    _Entry(r"'\t' that cannot start", "problem", "a tab: separate with spaces", "", "CL1012"),
    _Entry("that cannot start any token", "problem", "no value begins with this character", "quote the value"),
    _Entry("could not find expected ':'", "context", _COLON),
    _Entry("sequence entries are not allowed", "problem", "a list begins below its key", "or write [one, another]"),
    _Entry(
        "<block end>, but found '<scalar>'", "problem", "a text after a value that has ended", "quote the whole value"
    ),
    _Entry("<block end>, but found ']'", "problem", "a bracket that closes nothing", "remove it"),
    _Entry("<block end>, but found '}'", "problem", "a brace that closes nothing", "remove it"),
    _Entry("<block end>, but found ','", "problem", "a comma outside of brackets", "quote the whole value"),
    _Entry("<block end>", "problem", _INDENT, _LINE_UP),
    _Entry("expected '<document start>'", "problem", _INDENT, _LINE_UP),
    _Entry("'<stream end>'", "open", "a bracket that is never closed", "close it"),
    _Entry("'<document start>'", "open", "a bracket that is never closed", "close it"),
    _Entry("expected ',' or ']', but got '}'", "problem", "a brace that closes a bracket", "close the bracket first"),
    _Entry("expected ',' or '}', but got ']'", "problem", "a bracket that closes a brace", "close the brace first"),
    _Entry("expected ',' or", "problem", _COMMA, "add it, or quote the whole text"),
    _Entry("expected the node content", "problem", "a value is missing before this"),
    _Entry("unexpected end of stream", "context", "a quote that is never closed", "close it, or double it inside '…'"),
    _Entry("unexpected document separator", "context", "a quote that is never closed", "close it"),
    _Entry("unknown escape", "before", "a backslash in double quotes begins an escape", "use single quotes"),
    _Entry("hexdecimal", "problem", "an escape with too few digits", "use single quotes"),
    _Entry("chomping or indentation", "problem", "the text of a block begins on the next line", "quote the value"),
    _Entry("scanning a block scalar", "problem", "the text of a block begins on the next line", "quote the value"),
    _Entry("scanning an alias", "context", '"*" begins an alias', "quote it", "CL1007"),
    _Entry("scanning an anchor", "context", '"&" begins an anchor', "quote it", "CL1007"),
    _Entry("a tag", "context", '"!" begins a tag', "quote it", "CL1007"),
    _Entry("undefined tag handle", "context", '"!" begins a tag', "quote it", "CL1007"),
    _Entry("directive", "context", _DIRECTIVE, "", "CL1007"),
    _Entry("incompatible YAML document", "context", _DIRECTIVE, "", "CL1007"),
)
_OTHER: Final = _Entry("", "problem", "not valid YAML from here on")
_NO_COLON: Final = _Entry("", "problem", _COLON)
_DEEPER: Final = _Entry("", "problem", _INDENT, _LINE_UP)
_SECOND: Final = _Entry("", "problem", "a second colon", 'quote a value that holds ": "')
_UNCLOSED: Final = _Entry("", "open", "a bracket that is never closed", "close it")

_TOKEN: Final = re.compile(r"[^\W_][^\s,\[\]{}]*[^\s,\[\]{}:]|\w")
_KEY_POSITION: Final = re.compile(r"[\s-]*")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong. line, column: from 0. length: characters."""

    line: int
    column: int
    length: int
    code: str
    message: str
    suggestion: str = ""


class Reached(NamedTuple):
    """How far reading came. lines: of the text. opened: the innermost open bracket's place. last: the last word."""

    lines: list[str]
    opened: tuple[int, int] | None
    last: Any


def mistake(error: MarkedYAMLError, reached: Reached) -> Mistake:
    """Return the mistake behind an error."""
    problem = f"{error.context or ''}; {error.problem or ''}"
    if "mapping values are not allowed" in problem:
        entry, line, column = _colon(error.problem_mark, reached)
    else:
        entry = next((each for each in _TABLE if each.part in problem), _OTHER)
        line, column = _place(entry, error, reached)
    if entry.message == _COMMA and reached.opened and _is_left_open(reached, line):
        entry, (line, column) = _UNCLOSED, reached.opened
    elif "but got ':'" in problem:
        column = _last_word(line, column, reached)
    found = _TOKEN.match(reached.lines[line], column) if line < len(reached.lines) else None
    return Mistake(line, column, len(found[0]) if found else 1, entry.code, entry.message, entry.suggestion)


def _place(entry: _Entry, error: MarkedYAMLError, reached: Reached) -> tuple[int, int]:
    if entry.at == "open" and reached.opened:
        return reached.opened
    marks = (error.context_mark, error.problem_mark)
    mark = next((each for each in (marks if entry.at == "context" else marks[::-1]) if each is not None), None)
    if mark is None:
        return 0, 0
    return mark.line, max(0, mark.column - 1) if entry.at == "before" else mark.column


def _colon(mark: Any, reached: Reached) -> tuple[_Entry, int, int]:  # noqa: ANN401 - ruamel.yaml's mark
    """Return what explains a colon where none may stand, and where."""
    last = reached.last
    if last is None or last.style or last.end_mark.line != mark.line or last.start_mark.line == mark.line:
        return _SECOND, mark.line, mark.column
    line, column = last.start_mark.line, last.start_mark.column
    if _KEY_POSITION.fullmatch(reached.lines[line], 0, column):  # a line that was to be a key
        return _NO_COLON, line, column
    text = reached.lines[mark.line]  # which goes on with the value above it
    return _DEEPER, mark.line, len(text) - len(text.lstrip())


def _last_word(line: int, column: int, reached: Reached) -> int:
    """Return where the word before a colon begins, where several without quotes and commas stand there."""
    last = reached.last
    if last is None or last.style or last.end_mark.line != line or " " not in last.value:
        return column
    return max(0, column - len(last.value.rsplit(" ", 1)[1]))


def _is_left_open(reached: Reached, line: int) -> bool:
    """Tell whether the bracket is followed by something on its line, which is not the line of the problem."""
    begun, column = reached.opened or (line, 0)
    return begun != line and bool(reached.lines[begun][column + 1 :].split("#")[0].strip())
