import json
from pathlib import Path

import pytest

from gateway.cli.main import main


def test_good_files_are_counted(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", str(root / "policies" / "default.yaml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["policies"] == ["default"]


def test_every_mistake_is_shown_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {entites: {}, mod: x}\n"
    )

    assert main(["policy", "validate", str(file)]) == 2
    said = capsys.readouterr().err
    assert f'{file}:4:8: CL1003 unknown key "entites" in spec' in said
    assert 'did you mean "mode"?' in said

    assert main(["policy", "validate", str(file), "--format", "json"]) == 2
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)] == ["CL1003", "CL1003"]


def test_a_tenants_file_is_held_against_its_tenant(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", "--tenant", "acme", str(root / "policies" / "default.yaml")]) == 2
    assert "CL2008" in capsys.readouterr().err
