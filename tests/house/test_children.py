"""Every interpreter that we start is kept apart from the folder that the command was called in."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APART = {"-P", "-I"}


def interpreters(source: str) -> Iterator[tuple[int, bool]]:
    """Yield the line of every use of ``sys.executable``, and whether the word after it keeps the process apart."""
    tree = ast.parse(source)
    apart = {
        id(word)
        for node in ast.walk(tree)
        if isinstance(node, ast.List | ast.Tuple)
        for word, then in zip(node.elts, node.elts[1:], strict=False)
        if isinstance(then, ast.Constant) and then.value in APART
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "executable":
            yield node.lineno, id(node) in apart


def test_no_child_imports_from_the_callers_folder(root: Path) -> None:
    started = {
        f"{file.relative_to(root)}:{line}": apart
        for file in sorted((root / "gateway").rglob("*.py"))
        for line, apart in interpreters(file.read_text(encoding="utf-8"))
    }

    assert len(started) >= 3
    assert [place for place, apart in started.items() if not apart] == []


@pytest.mark.parametrize(
    ("command", "apart"),
    [
        ('[sys.executable, "-P", "-m", "m"]', True),
        ('(sys.executable, "-I", "-S", "f")', True),
        ('[sys.executable, "-m", "m"]', False),
        ('run(sys.executable, "-P")', False),
        ("python = sys.executable", False),
    ],
)
def test_a_child_that_is_not_kept_apart_is_found(command: str, apart: bool) -> None:
    assert list(interpreters(command)) == [(1, apart)]
