"""Problems as a person, a program, a code scanner or a workflow of GitHub reads them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final
from urllib.parse import quote

from gateway import __version__
from gateway.core.errors import Problem
from gateway.policy.codes import CODES


def show_problem(problem: Problem) -> str:
    """Lay out a problem: place, code, message, and the source line with the word underlined."""
    head = f"{problem.file}:{problem.line}:{problem.column}: {problem.code} {problem.message}"
    if not problem.source:
        return head
    margin = f"{problem.line:5} | "
    room = max(1, min(problem.length, len(problem.source) - problem.column + 1))
    pointer = f"{'|':>7} {' ' * (problem.column - 1)}{'^' * room} {problem.suggestion}".rstrip()
    return f"{head}\n{margin}{problem.source}\n{pointer}"


def json_of(problems: Sequence[Problem]) -> str:
    """An object whose ``problems`` have the fields of ``Problem``."""
    return json.dumps({"problems": [asdict(problem) for problem in problems]}, ensure_ascii=False)


def sarif_of(problems: Sequence[Problem]) -> str:
    """A log of SARIF 2.1.0 (OASIS) with one run, which names every code."""
    rules = [{"id": code, "shortDescription": {"text": meaning}} for code, meaning in CODES.items()]
    run = {
        "tool": {"driver": {"name": "cloister", "version": __version__, "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(problem) for problem in problems],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False)


def _sarif_result(problem: Problem) -> dict[str, Any]:
    region = {
        "startLine": problem.line,
        "startColumn": problem.column,
        "endColumn": problem.column + problem.length,
    }
    place = {"artifactLocation": {"uri": quote(problem.file)}, "region": region}
    return {
        "ruleId": problem.code,
        "level": "error",
        "message": {"text": _sentence(problem)},
        "locations": [{"physicalLocation": place}],
    }


def github_of(problems: Sequence[Problem]) -> str:
    """Workflow commands, one a line, that make GitHub annotate the files."""
    return "\n".join(
        f"::error file={_property(problem.file)},line={problem.line},col={problem.column},"
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
