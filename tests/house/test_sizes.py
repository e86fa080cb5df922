import ast
import statistics
from pathlib import Path

LONGEST_FILE = 400
LONGEST_FUNCTION = 60


def functions(root: Path) -> list[tuple[str, int]]:
    return [
        (f"{file.relative_to(root)}:{node.name}", node.end_lineno - node.lineno + 1)
        for file in sorted((root / "gateway").rglob("*.py"))
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]


def test_no_file_is_too_long(root: Path) -> None:
    lengths = {
        str(file.relative_to(root)): len(file.read_text(encoding="utf-8").splitlines())
        for file in (root / "gateway").rglob("*.py")
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_is_too_long(root: Path) -> None:
    assert [(name, length) for name, length in functions(root) if length > LONGEST_FUNCTION] == []


def test_most_functions_are_short(root: Path) -> None:
    assert statistics.median(length for _, length in functions(root)) <= 10
