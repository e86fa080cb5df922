"""From files to documents, or to every problem that they have.

Law: one run reports all mistakes of all files, sorted by file and place; documents are returned only when there are
none. A tenant's policies may name that tenant and no other, and not ``*``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, Problem, ProtocolError
from gateway.core.findings import ENTITY_TYPES
from gateway.core.retention import Period
from gateway.policy.patterns import FLAGS
from gateway.policy.schema import KINDS
from gateway.policy.tree import LARGEST, Place, Report, Value, documents
from gateway.policy.validate import first_place, kind_of, validate

_CYCLE: Final = datetime(2024, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Source:
    """One file, as it was read."""

    file: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One valid document. spec: plain values."""

    file: str
    line: int
    kind: str
    name: str
    spec: dict[str, Any]


def read_sources(paths: Sequence[Path]) -> list[Source]:
    """Read files, and the ``*.yaml`` files of folders, in the order of their names."""
    files: list[Path] = []
    for path in paths:
        files += sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    found = []
    for file in files:
        try:
            with file.open("rb") as opened:
                found.append(Source(str(file), opened.read(LARGEST + 1).decode("utf-8")))
        except OSError as error:
            detail = f"{file}: {error.strerror}."
            raise ProtocolError(detail) from None
        except UnicodeDecodeError:
            detail = f"{file}: not UTF-8."
            raise ProtocolError(detail) from None
    if not found:
        detail = "No policy file was named."
        raise ProtocolError(detail)
    return found


def load(sources: Sequence[Source], *, scope: str) -> list[Document]:
    """Return the documents of the files. scope: a tenant's name, or ``platform``. Raise ``PolicyInvalid``."""
    problems: list[Problem] = []
    found: list[Document] = []
    names: set[tuple[str, str]] = set()
    for source in sources:
        report = Report(source.file, source.text)
        read = documents(source.text, report)
        if not read and not report.problems:
            report.add(Place(1, 1), "CL1010", "the file holds no document")
        for value in read:
            document = _document(value, source, report, scope, names)
            if document:
                found.append(document)
        problems += report.problems
    if problems:
        raise PolicyInvalid(tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column))))
    return found


def load_kind(sources: Sequence[Source], kind: str, *, scope: str) -> list[Document]:
    """Return the documents of one kind, whatever is wrong with others.

    Raise ``PolicyInvalid``, also where nobody can tell what kinds there are.
    """
    problems: list[Problem] = []
    found: list[Document] = []
    for source in sources:
        form, own = Report(source.file, source.text), Report(source.file, source.text)
        values = documents(source.text, form)
        problems += [] if values else form.problems
        for value in values:
            if (named := value.at("kind")) and named.data == kind:
                document = _document(value, source, own, scope, set())
                found += [document] if document else []
        problems += own.problems
    if problems:
        raise PolicyInvalid(tuple(problems))
    return found


def _document(value: Value, source: Source, report: Report, scope: str, names: set[tuple[str, str]]) -> Document | None:
    kind = kind_of(value, report)
    if kind is None:
        return None
    before = len(report.problems)
    report.entity_types = {*ENTITY_TYPES, *_declared(value)}
    validate(value, KINDS[kind], report, kind)
    if len(report.problems) > before:
        return None
    plain = value.plain()
    name = plain["metadata"]["name"]
    if (kind, name) in names:
        report.add(first_place(value, "metadata", "name"), "CL1011", f'two {kind} documents are named "{name}"')
    names.add((kind, name))
    _check_scope(value, plain["spec"], report, scope)
    if kind == "RetentionPolicy":
        _check_rules(value, plain["spec"], report)
    elif plain["spec"].get("recognizers"):
        _check_recognizers(value, plain["spec"]["recognizers"], report)
    return Document(file=source.file, line=value.place.line, kind=kind, name=name, spec=plain["spec"])


def _check_scope(value: Value, spec: dict[str, Any], report: Report, scope: str) -> None:
    tenants = spec.get("match", {}).get("tenants")
    if scope != PLATFORM and tenants is not None and tenants != [scope]:
        place = first_place(value, "spec", "match", "tenants")
        message = "a tenant's policy matches its own tenant alone"
        report.add(place, "CL2008", message, f"leave the key out, or write [{scope}]")


def _declared(document: Value) -> Iterator[str]:
    """Yield the entity types that the recognizers of a document find; what is no type is reported elsewhere."""
    for each in _listed(document.at("spec", "recognizers")):
        entity = each.at("supported_entity")
        if entity and isinstance(entity.data, str):
            yield entity.data


def _listed(value: Value | None) -> list[Value]:
    return value.data if value and isinstance(value.data, list) else []


def _check_recognizers(document: Value, recognizers: Sequence[dict[str, Any]], report: Report) -> None:
    """Refuse recognizers that find nothing, that share a name, or whose flags RE2 does not have."""
    seen: set[str] = set()
    for given, value in zip(recognizers, _at(document, "spec", "recognizers").data, strict=True):
        place = first_place(value, "name")
        if not given.get("patterns") and not given.get("deny_list"):
            report.add(place, "CL2013", "it finds nothing", 'give it "patterns" or a "deny_list"')
        if given["name"] in seen:
            report.add(place, "CL2013", "another recognizer of this policy has its name")
        if given.get("global_regex_flags", 0) & ~sum(FLAGS):
            flags = first_place(value, "global_regex_flags")
            report.add(flags, "CL2002", "flags are 2 (any case), 8 (lines) and 16 (a dot is any character), added up")
        seen.add(given["name"])


def _check_rules(document: Value, spec: dict[str, Any], report: Report) -> None:
    """Accept one rule for each kind of data, where it is enforced or holds by construction; refuse the rest."""
    seen: set[str] = set()
    for rule, value in zip(spec["rules"], _at(document, "spec", "rules").data, strict=True):
        if rule["data"] in seen:
            report.add(value.place, "CL2010", f"a second rule for {rule['data']}", "leave one of them out")
        seen.add(rule["data"])
        _check_rule(rule, value.place, report)


def _check_rule(rule: dict[str, Any], place: Place, report: Report) -> None:
    if rule["data"] == "audit":
        if not {"keep_at_least", "delete_after"} <= set(rule) or "keep" in rule:
            report.add(place, "CL1004", 'the audit rule needs "keep_at_least" and "delete_after", and no "keep"')
        elif not _covers(Period.parse(rule["delete_after"]), Period.parse(rule["keep_at_least"])):
            report.add(place, "CL2007", '"delete_after" may end before "keep_at_least"')
    elif set(rule) != {"data", "keep"} or str(Period.parse(rule["keep"])) != "P0D":
        message = f"{rule['data']}: this version keeps nothing, and enforces no other rule"
        report.add(place, "CL3001", message, "write keep: P0D")


def _at(document: Value, *path: str) -> Value:
    """The value at a path of keys, of a document that holds to the schema."""
    for name in path:
        document = next(entry.value for entry in document.data if entry.key == name)
    return document


def _covers(longer: Period, shorter: Period) -> bool:
    """Whether one period ends no earlier than another, whatever day of a leap cycle both begin on."""
    days = (_CYCLE + timedelta(days=day) for day in range(4 * 366))
    return all(longer.after(day) >= shorter.after(day) for day in days)
