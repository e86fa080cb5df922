"""Problems as a person or an editor reads them."""

from __future__ import annotations

from gateway.core.errors import Problem


def show_problem(problem: Problem) -> str:
    """Lay out a problem: place, code, message, and the source line with the word underlined."""
    head = f"{problem.file}:{problem.line}:{problem.column}: {problem.code} {problem.message}"
    if not problem.source:
        return head
    margin = f"{problem.line:5} | "
    room = max(1, min(problem.length, len(problem.source) - problem.column + 1))
    pointer = f"{'|':>7} {' ' * (problem.column - 1)}{'^' * room} {problem.suggestion}".rstrip()
    return f"{head}\n{margin}{problem.source}\n{pointer}"
