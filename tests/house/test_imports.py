import subprocess
import sys
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
