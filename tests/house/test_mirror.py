import ast
from pathlib import Path


def holds_code(file: Path) -> bool:
    """Whether a file does anything: one of value types and protocols alone has nothing to test but its shape."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not is_declared(node) for node in ast.walk(tree)
    )


def is_declared(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A method of a protocol has a docstring and an ellipsis."""
    last = node.body[-1]
    return isinstance(last, ast.Expr) and isinstance(last.value, ast.Constant) and last.value.value is ...


def test_every_file_has_the_test_file_of_its_own_name(root: Path) -> None:
    missing = [
        str(file.relative_to(root))
        for file in sorted((root / "gateway").rglob("*.py"))
        if file.name != "__init__.py"
        and holds_code(file)
        and not any(mirror.exists() for mirror in mirrors(root, file))
    ]

    assert missing == []


def mirrors(root: Path, file: Path) -> list[Path]:
    """Where the test of a file may stand: what needs Postgres or processes is tested under integration."""
    place = file.relative_to(root / "gateway")
    name = f"test_{file.stem.strip('_')}.py"
    return [root / "tests" / kind / place.parent / name for kind in ("unit", "integration")]


def test_every_test_file_mirrors_a_file(root: Path) -> None:
    names = {file.stem.strip("_") for file in (root / "gateway").rglob("*.py")}
    stray = [
        str(file.relative_to(root))
        for file in sorted((root / "tests/unit").rglob("test_*.py"))
        if file.stem.removeprefix("test_") not in names
    ]

    assert stray == []
