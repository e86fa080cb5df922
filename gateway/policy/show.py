"""Problems as a person, a program, a code scanner or a workflow of GitHub reads them.

Law: a warning is marked as one in each of these; an error is what is not marked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from gateway import __version__
from gateway.core.errors import Problem
from gateway.policy.codes import CODES, MENDS


def show_problem(problem: Problem) -> str:
    """Lay out a problem: place, code, message, and what may be shown of its line with the word underlined."""
    kind = "warning " if problem.severity == "warning" else ""
    head = f"{problem.file}:{problem.line}:{problem.column}: {kind}{problem.code} {problem.message}"
    if not problem.source:
        return f"{head}: {problem.suggestion}" if problem.suggestion else head
    pointer = f"{'|':>7} {problem.pointer} {problem.suggestion}".rstrip()
    return f"{head}\n{problem.line:5} | {problem.source}\n{pointer}"


def json_of(problems: Sequence[Problem]) -> str:
    """An object whose ``problems`` have the fields of ``Problem``."""
    return json.dumps({"problems": [fields_of(problem) for problem in problems]}, ensure_ascii=False)


def fields_of(problem: Problem) -> dict[str, Any]:
    """The fields of a problem, and whether it is an error or a warning."""
    return {**asdict(problem), "severity": problem.severity}


def sarif_of(problems: Sequence[Problem]) -> str:
    """A log of SARIF 2.1.0 (OASIS) with one run, which names every code."""
    rules = [_sarif_rule(code, meaning) for code, meaning in CODES.items()]
    run = {
        "tool": {"driver": {"name": "cloister", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem) for problem in problems],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False)


def _sarif_rule(code: str, meaning: str) -> dict[str, Any]:
    rule = {"id": code, "shortDescription": {"text": meaning}}
    return rule | {"help": {"text": MENDS[code]}} if code in MENDS else rule


def _sarif_result(problem: Problem) -> dict[str, Any]:
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endColumn": problem.column + problem.length,
    }
    place = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    return {
        "ruleId": problem.code,
        "level": problem.severity,
        "message": {"text": _sentence(problem)},
        "locations": [{"physicalLocation": place}],
    }


def github_of(problems: Sequence[Problem]) -> str:
    """Workflow commands, one a line, that make GitHub annotate the files."""
    return "\n".join(
        f"::{problem.severity} file={_property(problem.file)},line={problem.line},col={problem.column},"
        f"endColumn={problem.column + problem.length},title={problem.code}::{_data(_sentence(problem))}"
        for problem in problems
    )


def _sentence(problem: Problem) -> str:
    return f"{problem.message}: {problem.suggestion}" if problem.suggestion else problem.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[dict[str, Callable[[Sequence[Problem]], str]]] = {
    "json": json_of,
    "sarif": sarif_of,
    "github": github_of,
}
"""How the problems of one run are written for programs."""
