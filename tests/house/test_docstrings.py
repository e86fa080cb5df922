import ast
from pathlib import Path

LABELS = ("Takes:", "Gives:", "Knows:", "Never:")


def test_every_room_says_what_it_takes_gives_knows_and_never_does(root: Path) -> None:
    silent = {}
    for file in sorted((root / "gateway").glob("*/__init__.py")):
        text = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        missing = [label for label in LABELS if f"\n{label}" not in text]
        if missing:
            silent[str(file.relative_to(root))] = missing

    assert silent == {}


def test_every_file_states_its_idea(root: Path) -> None:
    silent = [
        str(file.relative_to(root))
        for file in sorted((root / "gateway").rglob("*.py"))
        if not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]

    assert silent == []
