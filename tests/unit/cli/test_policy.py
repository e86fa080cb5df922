import json
from pathlib import Path

import pytest

from gateway.cli.main import main


def test_good_files_are_named_with_their_digests(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", str(root / "policies" / "default.yaml"), "--json"]) == 0
    (name, digest), *_ = json.loads(capsys.readouterr().out)["policies"].items()
    assert (name, len(digest)) == ("default", 64)


def test_every_mistake_is_shown_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {entites: {}, mod: x}\n"
    )

    assert main(["policy", "validate", str(file)]) == 2
    said = capsys.readouterr().err
    assert f'{file}:4:8: CL1003 unknown key "entites" in RedactionPolicy "p"' in said
    assert 'did you mean "mode"?' in said

    assert main(["policy", "validate", str(file), "--format", "json"]) == 2
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)["problems"]] == ["CL1003", "CL1003"]


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("text", "valid: default ", ""),
        ("json", '{"problems": [], "policies": {"default": ', '{"problems": [{"file": '),
        ("sarif", '{"$schema": ', '{"$schema": '),
        ("github", "valid: default ", "::error file="),
    ],
)
def test_programs_read_the_mistakes_in_their_own_form(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, good: str, bad: str
) -> None:
    (tmp_path / "p.yaml").write_text("kind: Redaction\n")

    assert main(["policy", "validate", "--format", form, str(root / "policies" / "default.yaml")]) == 0
    assert capsys.readouterr().out.startswith(good)
    assert main(["policy", "validate", "--format", form, str(tmp_path / "p.yaml")]) == 2
    said = capsys.readouterr().out
    assert said.startswith(bad)
    assert bool(said) == bool(bad)


def test_a_tenants_file_is_held_against_its_tenant(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", "--tenant", "acme", str(root / "policies" / "default.yaml")]) == 2
    assert "CL2008" in capsys.readouterr().err


def doubtful(folder: Path) -> str:
    file = folder / "p.yaml"
    file.write_text("apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {floor: true}\n")
    return str(file)


def test_a_warning_is_said_beside_the_result_and_changes_it_only_where_that_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = doubtful(tmp_path)

    assert main(["policy", "validate", file]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("valid: p ")
    assert f"{file}:4:15: warning CL4010" in said.err
    assert main(["policy", "validate", "--strict", file]) == 1


@pytest.mark.parametrize(
    ("form", "part"),
    [("json", '"severity": "warning"'), ("sarif", '"level": "warning"'), ("github", "::warning file=")],
)
def test_programs_read_warnings_in_their_own_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, part: str
) -> None:
    file = doubtful(tmp_path)

    assert main(["policy", "validate", "--format", form, file]) == 0
    said = capsys.readouterr()
    assert part in said.out
    assert said.err == ""
    assert main(["policy", "validate", "--strict", "--format", form, file]) == 1


def test_a_folder_is_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.yaml", "a.yml"):
        (tmp_path / name).write_text("kind: Foo\n")

    assert main(["policy", "validate", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.index("a.yml:1:7: CL1006") < said.index("b.yaml:1:7: CL1006")
