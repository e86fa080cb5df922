import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

IMPORT_ALL = """
import importlib, pathlib
for file in sorted(pathlib.Path("gateway/core").glob("*.py")):
    importlib.import_module(f"gateway.core.{file.stem}")
"""


def test_the_import_contracts_hold(root: Path) -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([linter, "--no-cache"], cwd=root, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout[-4000:]


def test_core_is_standard_library(root: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            IMPORT_ALL,
        ],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr[-2000:]


def test_what_is_imported_is_declared(root: Path) -> None:
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {normal(re.split(r"[^\w.-]", each)[0]) for each in declared}
    known = packages_distributions()

    assert {name for name in imported(root) if not names & {normal(each) for each in known.get(name, ())}} == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(root: Path) -> set[str]:
    """The foreign packages that files of ``gateway`` and ``migrations`` name."""
    found = set()
    for file in (*(root / "gateway").rglob("*.py"), *(root / "migrations").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[0] for name in names}
    return found - set(sys.stdlib_module_names) - {"gateway", "migrations", ""}
