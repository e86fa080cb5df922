"""What is shipped is whole: the wheel alone, in an environment of its own and far from the tree, serves an exchange."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.gateways import serving

pytestmark = pytest.mark.integration

LINE = "Call Maria Gonzalez at maria.gonzalez@corp.local"
SAFE = "Call <PERSON_1> at <EMAIL_ADDRESS_1>"


@dataclass(frozen=True)
class Installed:
    """The wheel, and the environment that it was installed into."""

    wheel: Path
    venv: Path
    elsewhere: Path

    @property
    def environ(self) -> dict[str, str]:
        """Nothing of this process's own that could lead back to the tree."""
        return {"PATH": os.defpath, "CLOISTER_HOME": str(self.elsewhere / "home")}

    def run(self, program: str, *arguments: str, text: str = "") -> str:
        return subprocess.run(
            [self.venv / "bin" / program, *arguments],
            cwd=self.elsewhere,
            env=self.environ,
            input=text,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def shipped(self, name: str) -> Path:
        return Path(
            self.run("python", "-c", f"from gateway.core.shipped import shipped; print(shipped({name!r}))").strip()
        )


@pytest.fixture(scope="module")
def installed(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Dependencies are the suite's, by a ``.pth`` that does not follow the links in it: the package is the wheel's."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    subprocess.run(build, cwd=root, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    venv = folder / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", "--python", venv / "bin/python", "install", "--quiet"]
    subprocess.run([*pip, "--no-deps", "--no-index", wheel], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "elsewhere").mkdir()
    return Installed(wheel, venv, folder / "elsewhere")


def files(folder: Path) -> set[str]:
    found = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")
    return {file.relative_to(folder).as_posix() for file in found}


def test_the_wheel_carries_code_model_migrations_and_policies_and_nothing_else(
    installed: Installed, root: Path
) -> None:
    names = set(zipfile.ZipFile(installed.wheel).namelist())
    needed = {f"gateway/{name}" for name in files(root / "gateway")}
    for data in ("migrations", "policies"):
        needed |= {f"gateway/_shipped/{data}/{name}" for name in files(root / data)}

    assert {name for name in names if ".dist-info/" not in name} == needed
    assert "gateway/detect/model/layers.npz" in needed
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_an_installed_package_is_found_far_from_the_tree(installed: Installed, root: Path) -> None:
    for name in ("migrations", "policies"):
        assert installed.shipped(name).is_relative_to(installed.venv)
    assert "A privacy gateway" in installed.run("cloister", "--help")


def test_an_installed_command_validates_a_shipped_policy_and_redacts(installed: Installed) -> None:
    installed.run("cloister", "policy", "validate", str(installed.shipped("policies") / "strict.yaml"))

    assert installed.run("cloister", "redact", text=LINE) == SAFE


def test_an_installed_gateway_migrates_and_answers(installed: Installed) -> None:
    command = [str(installed.venv / "bin/cloister"), "serve", "--embedded"]
    with serving(command, installed.elsewhere, installed.environ) as gateway:
        status, headers, body = gateway.chat(LINE, model="echo")
        assert (status, headers["x-cloister-entities"]) == (200, "EMAIL_ADDRESS=1,PERSON=1")
        assert LINE in json.loads(body)["choices"][0]["message"]["content"]
        assert installed.run("cloister", "audit", "verify")
