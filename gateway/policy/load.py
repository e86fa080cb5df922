"""From files to documents, or to every problem that they have.

Law: one run reports all mistakes of all files, sorted by file and place; documents are returned only when there are
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gateway.core.errors import PolicyInvalid, Problem, ProtocolError
from gateway.core.findings import ENTITY_TYPES
from gateway.policy.report import LARGEST, WHOLE, Report
from gateway.policy.rules import Draft, check, check_together, declared
from gateway.policy.schema import KINDS
from gateway.policy.tree import Value, documents
from gateway.policy.validate import kind_of, validate

MOST_DOCUMENTS: Final = 1000
"""Documents of all files."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file, as it was read."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One valid document. spec: plain values. value: with their places. source: the file that it stands in."""

    source: Source
    value: Value
    kind: str
    name: str
    spec: dict[str, Any]
    scope: str

    @property
    def file(self) -> str:
        """The name of its file."""
        return self.source.file

    @property
    def line(self) -> int:
        """The line where it begins."""
        return self.value.place.line


def read_sources(paths: Sequence[Path]) -> list[Source]:
    """Read files, and the ``*.yaml`` and ``*.yml`` files of folders, in the order of their names.

    Of a file no more is read than a file may hold. Bytes that are no UTF-8 stay as they are, for ``load`` to report.
    """
    files: list[Path] = []
    for path in paths:
        files += sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    found = []
    for file in dict.fromkeys(files):
        try:
            with file.open("rb") as opened:
                found.append(Source(str(file), opened.read(LARGEST + 1).decode("utf-8", "surrogateescape")))
        except OSError as error:
            detail = f"{file}: {error.strerror}."
            raise ProtocolError(detail) from None
    if not found:
        detail = "No policy file was named."
        raise ProtocolError(detail)
    return found


def load(sources: Sequence[Source], *, scope: str) -> list[Document]:
    """Return the documents of the files. scope: a tenant's name, or ``platform``. Raise ``PolicyInvalid``."""
    reports: list[Report] = []
    drafts: list[Draft] = []
    found: list[Document] = []
    for source in sources:
        report = Report(source.file, source.text)
        reports.append(report)
        read = documents(source.text, report)
        if not read and not report.problems:
            report.add(WHOLE, "CL1010", "the file holds no document", 'begin with "apiVersion: cloister/v1"')
        for value in read:
            if draft := _draft(value, report, scope):
                drafts.append(draft)
                found += _document(draft, source, scope)
    if len(drafts) > MOST_DOCUMENTS:
        reports[-1].add(WHOLE, "CL1009", f"more than {MOST_DOCUMENTS} documents in all files")
    else:
        check_together(drafts, scope)
    if problems := [problem for report in reports for problem in report.problems]:
        raise PolicyInvalid(in_order(problems))
    return found


def load_kind(sources: Sequence[Source], kind: str, *, scope: str) -> list[Document]:
    """Return the documents of one kind, whatever is wrong with others.

    Raise ``PolicyInvalid``, also where nobody can tell what kinds there are.
    """
    problems: list[Problem] = []
    found: list[Document] = []
    for source in sources:
        form, own = Report(source.file, source.text), Report(source.file, source.text)
        for value in documents(source.text, form):
            named = value.at("kind")
            if named and named.data == kind and (draft := _draft(value, own, scope)):
                found += _document(draft, source, scope)
        problems += [*form.problems, *own.problems]
    if problems:
        raise PolicyInvalid(in_order(problems))
    return found


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems by file and place."""
    return tuple(sorted(problems, key=lambda each: (each.file, each.line, each.column, each.code)))


def _draft(value: Value, report: Report, scope: str) -> Draft | None:
    """Hold a document against the schema and the rules."""
    kind = kind_of(value, report)
    if kind is None:
        return None
    report.kind = kind
    report.entity_types = {*ENTITY_TYPES, *declared(value)}
    report.label = _label(value, kind)
    validate(value, KINDS[kind], report, "the document")
    draft = Draft(kind, value, report)
    check(draft, scope)
    return draft


def _label(value: Value, kind: str) -> str:
    name = value.at("metadata", "name")
    return f'{kind} "{name.data}"' if name and isinstance(name.data, str) and len(name.data) < 64 else kind


def _document(draft: Draft, source: Source, scope: str) -> list[Document]:
    """Return the document; nothing while its file has mistakes."""
    if draft.report.found:
        return []
    plain = draft.value.plain()
    name = plain["metadata"]["name"]
    return [Document(source=source, value=draft.value, kind=draft.kind, name=name, spec=plain["spec"], scope=scope)]
