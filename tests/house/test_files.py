"""What no file of ours holds."""

import re
import subprocess
from pathlib import Path

import pytest


def tracked(root: Path) -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, text=True, check=True).stdout
    return [root / name for name in listed.splitlines() if (root / name).is_file()]


FORBIDDEN = {
    "a path of some machine": re.compile(r"(?<![\w.-])/(work|farm|root)/"),
    "something left for later": re.compile("|".join(["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error"])),
    "the host of a package registry": re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "npmjs" + r"\.", "deb" + r"\.debian"])
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(root: Path, what: str) -> None:
    found = []
    for file in tracked(root):
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        found += [
            f"{file.relative_to(root)}:{number}" for number, line in enumerate(lines, 1) if FORBIDDEN[what].search(line)
        ]

    assert found == []


def test_the_locks_hold_no_address(root: Path) -> None:
    for file in sorted((root / "requirements").glob("*.txt")):
        assert "://" not in file.read_text(encoding="utf-8"), file.name
