from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway.cli.main import main
from gateway.core.bundle import Refusal
from gateway.keys import trusted_keys
from gateway.policy.signed import open_bundle
from gateway.system import SystemClock
from tests.doubles.bundles import CONTENT, NEXT, NOON, POLICY, RELEASE, STRANGER, canonical, key_id, raw

Run = Callable[..., tuple[int, str, str]]
SPAN = ("--not-before", "2027-01-01T00:00:00Z", "--not-after", "2027-04-01T00:00:00Z")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ``cloister policy`` in a folder of its own, at noon of a day. Return the exit code and what was said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(SystemClock, "now", lambda _: NOON)

    def made(*words: object) -> tuple[int, str, str]:
        code = main(["policy", *map(str, words)])
        return code, *capsys.readouterr()

    return made


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    folder.mkdir()
    (folder / "hr.yaml").write_text(POLICY)
    return folder


@pytest.fixture
def key(run: Run, tmp_path: Path) -> Path:
    """A key, beside the line that trusts it."""
    _, line, _ = run("keygen", "--out", "release.key")
    (tmp_path / "release.pub").write_text(line)
    return tmp_path / "release.key"


def signed(run: Run, *words: object, revision: int = 1) -> tuple[int, str, str]:
    return run("sign", *words, "--scope", "acme", "--revision", revision, "-o", "acme.bundle")


def test_a_key_is_made_and_its_line_is_all_that_is_said(run: Run, tmp_path: Path) -> None:
    code, line, complaint = run("keygen", "--out", "release-2027.key")
    [key] = trusted_keys([line]).values()

    assert (code, complaint, key.name) == (0, "", "release-2027")
    assert (tmp_path / "release-2027.key").stat().st_mode & 0o777 == 0o600


def test_a_key_has_the_name_that_it_is_given(run: Run) -> None:
    told = json.loads(run("keygen", "--out", "k", "--name", "officer", "--json")[1])

    assert trusted_keys([told["public"]])[told["key"]].name == "officer"


@pytest.mark.parametrize("name", ["a b", "ä", "-", "x" * 64])
def test_a_name_that_is_none_makes_no_key(run: Run, tmp_path: Path, name: str) -> None:
    code, _, complaint = run("keygen", "--out", "k", f"--name={name}")

    assert (code, "--name: 1 to 63" in complaint, list(tmp_path.iterdir())) == (2, True, [])


def test_a_key_is_not_written_over(run: Run, key: Path) -> None:
    before = key.read_bytes()
    code, said, _ = run("keygen", "--out", key)

    assert (code, said, key.read_bytes()) == (3, "", before)


def test_from_a_key_to_an_open_bundle(run: Run, policies: Path, tmp_path: Path) -> None:
    line = run("keygen", "--out", "release.key")[1]
    code, said, _ = signed(run, "policies", "--key", "release.key", revision=7)
    found = open_bundle(
        (tmp_path / "acme.bundle").read_bytes(), scope="acme", trusted=trusted_keys([line]), seen=None, now=NOON
    )

    assert code == 0
    assert said.startswith("acme.bundle\nscope      acme\nrevision   7\n")
    assert [(each.file, each.text) for each in found.documents] == [("policies/hr.yaml", POLICY)]
    assert (found.not_before, found.not_after) == (NOON, datetime(2027, 5, 2, 12, tzinfo=UTC))


def test_the_same_words_sign_the_same_bytes(run: Run, policies: Path, key: Path, tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        assert signed(run, "policies", "--key", key, *SPAN)[0] == 0
        made.append((tmp_path / "acme.bundle").read_bytes())

    assert made[0] == made[1]
    assert json.loads(made[0])["not_after"] == "2027-04-01T00:00:00Z"


def test_a_bundle_does_not_tell_where_it_was_made(run: Run, policies: Path, key: Path, tmp_path: Path) -> None:
    for given in (policies / "hr.yaml", "policies/../policies/hr.yaml"):
        assert signed(run, given, "--key", key)[0] == 0
        assert [each["file"] for each in json.loads((tmp_path / "acme.bundle").read_bytes())["documents"]] == [
            "hr.yaml"
        ]


def test_two_keys_sign_one_bundle(run: Run, policies: Path, key: Path) -> None:
    run("keygen", "--out", "next.key")
    told = json.loads(signed(run, "policies", "--key", key, "--key", "next.key", "--json")[1])

    assert len(told["keys"]) == 2


def test_policies_with_mistakes_are_not_signed(run: Run, policies: Path, key: Path, tmp_path: Path) -> None:
    (policies / "hr.yaml").write_text(POLICY.replace("mode", "mod"))
    code, said, complaint = signed(run, "policies", "--key", key)

    assert (code, said) == (2, "")
    assert "policies/hr.yaml:4:8: CL1003" in complaint
    assert not (tmp_path / "acme.bundle").exists()


def test_a_tenants_bundle_is_held_against_its_tenant(run: Run, policies: Path, key: Path) -> None:
    (policies / "hr.yaml").write_text(POLICY.replace("{mode", "{match: {tenants: [globex]}, mode"))

    assert "CL2008" in signed(run, "policies", "--key", key)[2]


@pytest.mark.parametrize(
    ("words", "code", "complaint"),
    [
        (("--not-after", "soon"), 2, "--not-after: an RFC 3339 time"),
        (("--not-before", "2027-01-01T00:00:00"), 2, "--not-before: an RFC 3339 time"),
        (("--not-before", "9999-12-31T00:00:00Z"), 2, "--not-before: too late"),
        (("--not-after", "2027-01-01T00:00:00Z"), 2, '"not_after" must be later'),
        (("--key", "none.key"), 78, "none.key: No such file"),
        (("--key", "lax.key"), 78, "chmod 600 lax.key"),
        (("-o", "none/acme.bundle"), 78, "--output: none/acme.bundle"),
        (("none.yaml",), 2, "none.yaml: No such file"),
    ],
)
def test_what_cannot_be_signed_is_told(
    run: Run, policies: Path, key: Path, tmp_path: Path, words: tuple[str, ...], code: int, complaint: str
) -> None:
    (tmp_path / "lax.key").write_bytes(key.read_bytes())
    (tmp_path / "lax.key").chmod(0o640)
    told = run("sign", "-o", "b", *words, "policies", "--key", key, "--scope", "acme", "--revision", "1")

    assert (told[0], complaint in told[2]) == (code, True), told
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize("missing", ["--key", "--scope", "--revision", "-o"])
def test_nothing_that_matters_is_guessed(run: Run, policies: Path, missing: str) -> None:
    given = {"--key": "k", "--scope": "acme", "--revision": "1", "-o": "b"}
    words = [word for name, value in given.items() if name != missing for word in (name, value)]

    with pytest.raises(SystemExit) as left:
        run("sign", "policies", *words)
    assert left.value.code == 2


def test_revisions_begin_with_one(run: Run, policies: Path, key: Path) -> None:
    with pytest.raises(SystemExit):
        signed(run, "policies", "--key", key, revision=0)


@pytest.fixture
def files(tmp_path: Path) -> Any:
    """Write bundles and lines by name; return how to."""

    def write(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        return name

    write("trust", f"# ours\n{RELEASE.public('release').line}\n{NEXT.public('next').line}\n".encode())
    return write


def test_a_bundle_says_what_it_is(run: Run, files: Any) -> None:
    code, said, _ = run("inspect", files("b", raw()), "--trust", "trust")

    assert code == 0
    assert said.splitlines() == [
        "scope      acme",
        "revision   7",
        "valid      2027-01-01T00:00:00Z to 2027-04-01T00:00:00Z",
        "digest     " + json.loads(run("inspect", "b", "--json")[1])["digest"],
        f"document   hr.yaml ({len(POLICY)} characters)",
        "document   keep.yaml (10 characters)",
        f"signed by  {key_id(RELEASE)} release",
        "verifies   yes",
    ]


def test_without_trust_nothing_is_verified_and_that_is_said(run: Run, files: Any) -> None:
    code, said, _ = run("inspect", files("b", raw(STRANGER)))

    assert code == 0
    assert said.endswith(f"signed by  {key_id(STRANGER)}\nverifies   not asked: name those that you trust by --trust\n")
    assert json.loads(run("inspect", "b", "--json")[1])["verifies"] is None


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (raw(STRANGER), Refusal.KEY_UNKNOWN),
        (raw().replace(b"enforce", b"enforcf"), Refusal.SIG_INVALID),
        (raw(not_after="2027-02-01T12:00:00Z"), Refusal.EXPIRED),
        (raw(not_before="2027-02-01T12:00:01Z"), Refusal.NOT_YET_VALID),
    ],
)
def test_a_bundle_that_does_not_verify_says_why(run: Run, files: Any, given: bytes, reason: Refusal) -> None:
    code, said, _ = run("inspect", files("b", given), "--trust", "trust")
    told = json.loads(run("inspect", "b", "--trust", "trust", "--json")[1])

    assert code == 1
    assert f"verifies   no: {reason}: " in said
    assert (told["verifies"], told["reason"], told["scope"]) == (False, reason, "acme")


def test_whoever_trusts_nobody_verifies_nothing(run: Run, files: Any) -> None:
    assert "no: key_unset" in run("inspect", files("b", raw()), "--trust", files("none", b"# nobody yet\n"))[1]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        (canonical(CONTENT), "sig_missing"),
        (raw() + b"\n", "schema_invalid: It is not canonical JSON"),
        (b"scope: acme", "schema_invalid"),
        (raw(scope="\x1b[2J"), "schema_invalid"),
        (b" " * 5_000_000, "too_large"),
    ],
)
def test_what_is_no_bundle_is_not_shown(run: Run, files: Any, given: bytes, complaint: str) -> None:
    code, said, complained = run("inspect", files("b", given), "--trust", "trust")

    assert (code, said) == (2, "")
    assert complaint in complained


@pytest.mark.parametrize(
    ("content", "code", "complaint"),
    [(b"nonsense\n", 78, "Public key 1"), (b"\xff", 2, "not UTF-8"), (None, 2, "No such file")],
)
def test_lines_that_are_none_are_told(run: Run, files: Any, content: bytes | None, code: int, complaint: str) -> None:
    trust = "absent" if content is None else files("damaged", content)
    told = run("inspect", files("b", raw()), "--trust", trust)

    assert (told[0], complaint in told[2]) == (code, True)


def test_no_line_of_a_signing_key_is_ever_said(run: Run, policies: Path, key: Path, tmp_path: Path) -> None:
    secret = key.read_text().splitlines()[1]
    said = [signed(run, "policies", "--key", key, *more) for more in ((), ("--json",))]
    said += [run("inspect", "acme.bundle", "--trust", "release.pub"), run("keygen", "--out", key)]

    assert [code for code, _, _ in said] == [0, 0, 0, 3]
    assert secret not in repr(said) + (tmp_path / "acme.bundle").read_text()


def test_the_page_shows_commands_that_work(run: Run, policies: Path, tmp_path: Path, root: Path) -> None:
    page = (root / "docs/signed-policies.md").read_text(encoding="utf-8")
    for line in page.partition("```sh\n")[2].partition("```")[0].splitlines():
        command, _, file = line.removeprefix("cloister policy ").partition(" > ")
        code, said, complaint = run(*command.split())
        if file:
            (tmp_path / file).write_text(said)
        assert (code, complaint) == (0, ""), line

    assert "verifies   yes" in said
