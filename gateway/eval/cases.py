"""Cases of policies, as files say them: a text, and what must become of it.

Law: files of cases are as strict as policies: every mistake of every file, and of the policies that they name, is
reported in one run with its place. A case may name no entity type that its policies do not know.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, Problem, ProtocolError
from gateway.core.exchange import ENDPOINTS
from gateway.core.findings import ENTITY_TYPES, SUSPICIOUS
from gateway.core.policy import LANGUAGES, Target
from gateway.policy.compile import compile_bundle
from gateway.policy.load import Source, read_sources
from gateway.policy.report import WHOLE, Place, Report
from gateway.policy.resolve import Filed
from gateway.policy.schema import API_VERSION, ByEntity, Either, Fields, Flag, Items, Number, Text
from gateway.policy.tree import Value, documents
from gateway.policy.validate import first_place, validate
from gateway.policy.vocabulary import WORDS, words

KIND: Final = "PolicyCases"
NONE: Final = "none"
"""The decision where no policy matches, so that the request is refused."""

_DECISIONS: Final = ("permit", "deny", NONE)
_LANGUAGE: Final = Text(choices=LANGUAGES, about="of the text, for whoever counts: every text is read in all")
_NAMED: Final = {"name": Text(check="name"), "description": Text()}
_FILES: Final = Either(of=Items(of=Text()), other=Text(), about="files or folders, beside this file")
_REQUEST: Final = Fields(
    keys={"tenant": Text(), "app": Text(), "model": Text(), "endpoint": Text(choices=ENDPOINTS)},
    about="whose request it is; what is not said is something that no policy names",
)
_EXPECT: Final = Fields(
    keys={
        "policy": Text(about="the document that is chosen"),
        "decision": Text(choices=_DECISIONS, about="none: no policy matches, and the request is refused"),
        "findings": ByEntity(of=Items(of=Text()), about="exactly these values, each once, in any order"),
        "blocked": ByEntity(of=Number(low=1, high=1000, whole=True), about="how many findings block, by type"),
        "result": Text(about="the text as it leaves"),
        "restored": Text(about="the answer as it comes back"),
    },
    about="at least one of these",
)
_CASE: Final = Fields(
    keys={
        "name": Text(about="a sentence, once in a file"),
        "lang": _LANGUAGE,
        "request": _REQUEST,
        "shadow": Flag(about="as if the policies in shadow were in force"),
        "text": Text(about="what the app sends"),
        "answer": Text(about="what the model answers"),
        "tool": Text(about="the answer is what it calls this tool with, which the request declared"),
        "expect": _EXPECT,
    },
    required=("name", "text", "expect"),
)
SUITE: Final = Fields(
    keys={
        "apiVersion": Text(choices=(API_VERSION,)),
        "kind": Text(choices=(KIND,)),
        "metadata": Fields(keys=_NAMED, required=("name",)),
        "spec": Fields(
            keys={
                "policy": _FILES,
                "tenant": Text(about="whose policies they are, where they are not the platform's"),
                "platform": _FILES,
                "lang": _LANGUAGE,
                "request": _REQUEST,
                "cases": Items(of=_CASE),
            },
            required=("cases",),
        ),
    },
    required=("apiVersion", "kind", "metadata", "spec"),
)
"""The shape of a document of cases."""

_WORDS: Final = WORDS | words(SUITE)
"""What a mistake shows of its line, beside the word that is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of a case, or must; None where it says nothing about that. findings: the values of each type."""

    policy: str | None = None
    decision: str | None = None
    findings: Mapping[str, frozenset[str]] | None = None
    blocked: Mapping[str, int] | None = None
    result: str | None = None
    restored: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One text, and what must become of it.

    line, column: of its name. answer: None where none is given; what a tool is called with, where one is named.
    """

    name: str
    line: int
    column: int
    lang: str
    target: Target
    shadow: bool
    text: str = field(repr=False)
    answer: str | None = field(repr=False)
    tool: str
    expected: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """The cases of one document, and the policies that they are held against. about: the files that it names."""

    file: str
    name: str
    policies: tuple[Filed, ...]
    cases: tuple[Case, ...]
    about: frozenset[Path] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Policies that stand in for those that files of cases name.

    scope: whose they are. beside: what the platform has in force, where they are a tenant's. named: whether cases that
    name none but some of these files are about those alone, and what is beside them.
    """

    sources: Sequence[Source]
    scope: str = PLATFORM
    beside: tuple[Filed, ...] = ()
    named: bool = False


def read_suites(paths: Sequence[Path], candidate: Candidate | None = None) -> list[Suite]:
    """Read files of cases, and the ``*.yaml`` files of folders. Raise ``PolicyInvalid`` or ``ProtocolError``."""
    return suites_of(read_sources(paths), candidate)


def suites_of(sources: Sequence[Source], candidate: Candidate | None = None) -> list[Suite]:
    """Return the suites of files. No other file is read where there is a candidate. Raise as ``read_suites`` does."""
    shelf = _Shelf(candidate)
    problems: list[Problem] = []
    suites: list[Suite] = []
    for source in sources:
        report = Report(source.file, source.text, words=_WORDS)
        read = documents(source.text, report)
        if not read and not report.problems:
            report.add(WHOLE, "CL1010", "the file holds no document")
        suites += [suite for value in read if (suite := _suite(value, source.file, report, shelf))]
        problems += report.problems
    problems += shelf.problems
    if problems:
        raise PolicyInvalid(tuple(sorted(problems, key=lambda each: (each.file, each.line, each.column))))
    return suites


class _Shelf:
    """The policies that files of cases name, each compiled once. problems: theirs."""

    def __init__(self, candidate: Candidate | None) -> None:
        self.candidate = candidate
        self.problems: list[Problem] = []
        self._compiled: dict[tuple[str, tuple[Path, ...]], tuple[Filed, ...] | None] = {}
        if candidate:
            self._given = compile_bundle(candidate.sources, scope=candidate.scope).policies

    def policies(self, spec: Value, file: str, report: Report) -> tuple[Filed, ...] | None:
        """Return the policies of a document of cases, None where they have mistakes."""
        if self.candidate:
            return (*self._standing_in(self.candidate, spec, file), *self.candidate.beside)
        tenant = spec.at("tenant")
        scope = tenant.data if tenant and isinstance(tenant.data, str) else PLATFORM
        if spec.at("policy") is None:
            report.add(spec.place, "CL1004", 'key "policy" is missing in spec', "or name a file by --policy")
        parts = [
            self._named(spec.at(key), of, Path(file).parent, report)
            for key, of in (("policy", scope), ("platform", PLATFORM))
        ]
        return None if None in parts else tuple(each for part in parts for each in part or ())

    def _standing_in(self, candidate: Candidate, spec: Value, file: str) -> tuple[Filed, ...]:
        """Return those of the candidate's policies that a document of cases is about."""
        about = set(_paths(spec.at("policy"), Path(file).parent)) if candidate.named else set[Path]()
        if not about or not about <= {path_of(each.file) for each in candidate.sources}:
            return self._given
        return tuple(each for each in self._given if path_of(each.file) in about)

    def _named(self, value: Value | None, scope: str, folder: Path, report: Report) -> tuple[Filed, ...] | None:
        """Return what the files compile to that a value names: a word or a list of words."""
        paths = _paths(value, folder)
        if not paths or value is None:
            return ()
        if (scope, paths) not in self._compiled:
            try:
                self._compiled[scope, paths] = compile_bundle(read_sources(paths), scope=scope).policies
            except PolicyInvalid as error:
                self.problems += error.problems
                self._compiled[scope, paths] = None
            except ProtocolError as error:
                report.add(value.place, "CL5001", error.detail)
                return None
        return self._compiled[scope, paths]


def _paths(value: Value | None, folder: Path) -> tuple[Path, ...]:
    """Return the files that a value names."""
    names = value.data if value and isinstance(value.data, list) else [value] if value else []
    return tuple(path_of(folder / each.data) for each in names if isinstance(each.data, str))


def path_of(name: str | Path) -> Path:
    """Return what a file is known by, so that two ways of naming it are one. Nobody looks whether it is there."""
    return Path(os.path.normpath(name))


def _suite(value: Value, file: str, report: Report, shelf: _Shelf) -> Suite | None:
    """Return the suite of a document, None where it has mistakes, or its policies have some."""
    before = report.found
    spec = value.at("spec")
    policies = shelf.policies(spec, file, report) if spec else ()
    if policies is None:
        return None
    report.entity_types = {*ENTITY_TYPES, SUSPICIOUS, *(name for each in policies for name in each.policy.entities)}
    validate(value, SUITE, report, KIND)
    if report.found > before or not value.is_whole:
        return None
    plain = value.plain()
    if shelf.candidate and shelf.candidate.scope != PLATFORM:
        plain["spec"]["tenant"] = shelf.candidate.scope
    listed = value.at("spec", "cases")
    placed = list(zip(plain["spec"]["cases"], listed.data if listed else [], strict=True))
    _check(placed, report)
    if shelf.candidate and shelf.candidate.named:
        _require_own(placed, plain["spec"], report)
    cases = tuple(_case(case, first_place(at, "name"), plain["spec"]) for case, at in placed)
    about = frozenset(_paths(spec.at("policy"), Path(file).parent)) if spec else frozenset()
    return Suite(file=file, name=plain["metadata"]["name"], policies=policies, cases=cases, about=about)


def _check(placed: Sequence[tuple[dict[str, Any], Value]], report: Report) -> None:
    """Report cases that share a name, and those that nothing could fulfil, or anything."""
    seen: set[str] = set()
    for case, value in placed:
        if case["name"] in seen:
            report.add(first_place(value, "name"), "CL5002", "another case of this file has its name")
        seen.add(case["name"])
        if fault := _fault(case, case["expect"]):
            report.add(first_place(value, "expect"), "CL5003", fault)


def _require_own(placed: Sequence[tuple[dict[str, Any], Value]], spec: Mapping[str, Any], report: Report) -> None:
    """Report cases by which a tenant would learn what the platform's policies do to another's requests."""
    scope = spec.get("tenant", PLATFORM)
    for case, value in placed:
        asked = {**spec.get("request", {}), **case.get("request", {})}
        if scope != PLATFORM and asked.get("tenant", scope) != scope:
            report.add(first_place(value, "name"), "CL5004", "its request is another tenant's")


def _fault(case: Mapping[str, Any], expected: Mapping[str, Any]) -> str:
    decision, blocks = expected.get("decision", ""), bool(expected.get("blocked"))
    if not expected:
        return "the case expects nothing"
    if (blocks or decision in {"deny", NONE}) and expected.keys() & {"result", "restored"}:
        return "what is refused has no result"
    if blocks and decision not in {"", "deny"}:
        return "what blocks is denied"
    if ("answer" in case) != ("restored" in expected):
        return '"answer" and "restored" belong together'
    if "tool" in case and "answer" not in case:
        return '"tool" says what "answer" is'
    return ""


def _case(case: dict[str, Any], place: Place, spec: Mapping[str, Any]) -> Case:
    """Make a case, with what its document says of all."""
    scope = spec.get("tenant", PLATFORM)
    anything = {"tenant": "*" if scope == PLATFORM else scope, "app": "*", "model": "*", "endpoint": ENDPOINTS[0]}
    expect = dict(case["expect"])
    if "findings" in expect:
        expect["findings"] = {name: frozenset(values) for name, values in expect["findings"].items() if values}
    return Case(
        name=case["name"],
        line=place.line,
        column=place.column,
        lang=case.get("lang", spec.get("lang", "en")),
        target=Target(**{**anything, **spec.get("request", {}), **case.get("request", {})}),
        shadow=case.get("shadow", False),
        text=case["text"],
        answer=case.get("answer"),
        tool=case.get("tool", ""),
        expected=Fate(**expect),
    )
