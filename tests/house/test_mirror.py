from pathlib import Path

UNTESTED = {"__init__.py"}


def test_every_file_has_the_test_file_of_its_own_name(root: Path) -> None:
    missing = [
        str(file.relative_to(root))
        for file in sorted((root / "gateway").rglob("*.py"))
        if file.name not in UNTESTED
        and not (root / "tests/unit" / file.relative_to(root / "gateway").parent / f"test_{file.stem.strip('_')}.py").exists()
    ]

    assert missing == []


def test_every_test_file_mirrors_a_file(root: Path) -> None:
    names = {file.stem.strip("_") for file in (root / "gateway").rglob("*.py")}
    stray = [
        str(file.relative_to(root))
        for file in sorted((root / "tests/unit").rglob("test_*.py"))
        if file.stem.removeprefix("test_") not in names
    ]

    assert stray == []
