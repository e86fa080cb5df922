"""What others can verify of a log, over the commands, and by the one file that an auditor takes away."""

from __future__ import annotations

import asyncio
import base64
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.audit import offline
from gateway.audit.offline import VerifierKey, included, leaf_of, opened
from gateway.db import Database
from tests.e2e.commands import asked, cloister
from tests.integration.audit.tree.grove import tamper

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("host")]

ACME = ("--tenant", "acme")


@pytest.fixture(autouse=True)
def log(host: None) -> None:
    """Some events: each reading is one."""
    for _ in range(3):
        asked("audit", "query", *ACME)


def tampered(owner_url: str, *statements: str) -> None:
    async def done() -> None:
        owner = Database.connect_owner(owner_url)
        await tamper(owner, *statements)
        await owner.close()

    asyncio.run(done())


def newest() -> tuple[offline.Checkpoint, VerifierKey]:
    shown = asked("audit", "checkpoint", *ACME)
    key = VerifierKey.read(shown["key"])
    return opened(shown["checkpoint"], key), key


def recorded(action: str) -> list[Any]:
    """What an action left on record."""
    return [event["details"] for event in asked("audit", "query", "--action", action, *ACME)][::-1]


# Checkpoints and pins


def test_a_checkpoint_is_printed_with_its_key_and_reading_it_is_on_record() -> None:
    checkpoint, key = newest()
    code, said = cloister("audit", "checkpoint", *ACME)

    assert (checkpoint.origin, checkpoint.size) == ("cloister/acme", 3)
    assert code == 0
    assert f"\nkey: {key}\n" in said
    assert opened(said.split("\nkey: ")[0], key).size == 4
    assert recorded("audit.prove") == [{"what": "checkpoint"}] * 2


def test_logs_are_named_by_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOISTER_AUDIT__ORIGIN", "audit.example/house")
    asked("access", "tenant", "create", "second")
    asked("audit", "query", "--tenant", "second")

    checkpoint = asked("audit", "checkpoint", "--tenant", "second")["checkpoint"]
    assert checkpoint.startswith("audit.example/house/second\n")


def test_a_log_is_not_given_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    newest()
    monkeypatch.setenv("CLOISTER_AUDIT__ORIGIN", "another")

    code, said = cloister("audit", "verify", *ACME)
    assert (code, "step 6: The checkpoint of size 3 is not signed by another/acme" in said) == (1, True), said


@pytest.mark.parametrize("origin", ["", "A", "a b", "a+b", "/a", "a\n", "é", "a" * 101])
def test_a_name_that_no_checkpoint_can_have_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("CLOISTER_AUDIT__ORIGIN", origin)

    code, said = cloister("audit", "checkpoint", *ACME)
    assert (code, "audit.origin" in said) == (78, True), said


@pytest.mark.parametrize("command", [["checkpoint"], ["pin", "f"], ["proof", "--seq", "1"], ["export", "-o", "f"]])
@pytest.mark.parametrize("tenant", ["acm", ""])
def test_a_tenant_that_nobody_made_has_no_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], tenant: str
) -> None:
    monkeypatch.chdir(tmp_path)

    code, said = cloister("audit", *command, "--tenant", tenant)
    assert (code, "there is no such tenant" in said) == (2, True)
    assert not (tmp_path / "f").exists()


def test_a_pin_goes_forward_with_the_log(tmp_path: Path) -> None:
    file = tmp_path / "pin"

    assert asked("audit", "pin", str(file), *ACME) == {"size": 3, "was": None}
    assert asked("audit", "pin", str(file), *ACME) == {"size": 4, "was": 3}
    assert opened(file.read_text(), newest()[1]).size == 4
    assert asked("audit", "verify", "--pin", str(file), *ACME)["verified"][0]["last_seq"] == 6
    assert [file.name for file in tmp_path.glob("*pin*")] == ["pin"]


def test_a_file_that_is_no_earlier_checkpoint_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "pin"
    for content in ("", "notes of mine", asked("audit", "checkpoint", *ACME)["checkpoint"][:-1]):
        file.write_text(content)
        code, said = cloister("audit", "pin", str(file), *ACME)
        assert (code, file.read_text()) == (1, content), said
    asked("audit", "query", "--tenant", "platform")
    asked("audit", "pin", str(tmp_path / "platform"), "--tenant", "platform")
    before = (tmp_path / "platform").read_text()
    assert cloister("audit", "pin", str(tmp_path / "platform"), *ACME)[0] == 1
    assert (tmp_path / "platform").read_text() == before


GONE = (
    "DELETE FROM audit_events WHERE id IN (SELECT event FROM audit_leaves WHERE tenant = 'acme' AND seq > 2)",
    "DELETE FROM audit_leaves WHERE tenant = 'acme' AND seq > 2",
    "DELETE FROM audit_checkpoints WHERE tenant = 'acme' AND size > 2",
)


@pytest.mark.parametrize("forked", [False, True])
def test_a_pin_never_moves_back_nor_to_a_fork(tmp_path: Path, owner_url: str, forked: bool) -> None:
    file = tmp_path / "pin"
    asked("audit", "pin", str(file), *ACME)
    before = file.read_text()
    tampered(owner_url, *GONE)
    for _ in range(5 if forked else 0):
        asked("audit", "query", *ACME)

    for command in (
        ["pin", str(file)],
        ["verify", "--pin", str(file)],
        ["export", "--pin", str(file), "-o", str(tmp_path / "o")],
    ):
        code, said = cloister("audit", *command, *ACME)
        assert code != 0, said
        assert file.read_text() == before
    assert cloister("audit", "verify", *ACME)[0] == 0, "only the pin tells"


def test_where_no_pin_can_be_is_named(tmp_path: Path) -> None:
    for place in (tmp_path / "none" / "pin", tmp_path):
        code, said = cloister("audit", "pin", str(place), *ACME)
        assert (code, str(place) in said) == (78, True)
    (tmp_path / "bytes").write_bytes(b"\xff")
    assert cloister("audit", "pin", str(tmp_path / "bytes"), *ACME)[0] == 78
    assert (tmp_path / "bytes").read_bytes() == b"\xff"


# Proofs


def test_a_proof_is_of_c2sp_s_form_and_holds() -> None:
    event = asked("audit", "query", *ACME)[-1]
    code, said = cloister("audit", "proof", "--seq", "1", *ACME)
    head, _, note = said.partition("\n\n")
    form, index, *hashes = head.splitlines()
    checkpoint = opened(note, newest()[1])

    assert (code, form, index) == (0, "c2sp.org/tlog-proof@v1", "index 0")
    path = [base64.b64decode(each, validate=True) for each in hashes]
    assert included(leaf_of(event), 0, checkpoint.size, path, checkpoint.root)
    assert not included(leaf_of({**event, "actor": "x"}), 0, checkpoint.size, path, checkpoint.root)
    assert recorded("audit.prove")[0] == {"what": "proof", "seq": 1}


@pytest.mark.parametrize("seq", ["0", "-1", "1000", str(2**70)])
def test_no_proof_of_an_event_that_is_not_there(seq: str) -> None:
    code, said = cloister("audit", "proof", "--seq", seq, *ACME)

    assert (code, "The checkpoint is of 3 events" in said) == (1, True), said


# Exports


def exported(folder: Path, *more: str) -> Path:
    asked("audit", "export", "-o", str(folder), *ACME, *more)
    return folder


def test_an_export_is_verified_by_the_command_that_made_it(tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    asked("audit", "pin", str(pin), *ACME)
    key = str(newest()[1])

    told = asked("audit", "export", "-o", str(tmp_path / "out"), *ACME, "--pin", str(pin))
    assert told == {"folder": str(tmp_path / "out"), "from_seq": 1, "to_seq": 5, "of": 5}
    before = asked("audit", "query", *ACME)[0]["seq"]
    found = asked("audit", "verify", str(tmp_path / "out"), "--key", key, "--pin", str(pin))
    assert found == {"from_seq": 1, "to_seq": 5, "of": 5, "pruned": 0, "origin": "cloister/acme"}
    assert asked("audit", "query", *ACME)[0]["seq"] == before + 1, "nothing of it is on record"


def test_times_choose_what_is_exported(tmp_path: Path) -> None:
    events = asked("audit", "query", *ACME)[::-1]
    exported(tmp_path / "out", "--since", events[1]["time"], "--until", events[2]["time"])

    lines = (tmp_path / "out/events.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [events[1]]
    code, said = cloister("audit", "export", "-o", str(tmp_path / "none"), *ACME, "--until", "2020-01-01T00:00:00Z")
    assert (code, "no event between" in said, (tmp_path / "none").exists()) == (2, True, False)


def test_an_export_that_was_changed_is_refused(tmp_path: Path) -> None:
    folder = exported(tmp_path / "out")
    file = folder / "events.jsonl"
    file.write_text(file.read_text().replace("audit.query", "audit.verify", 1))

    code, said = cloister("audit", "verify", str(folder))
    assert (code, "step 3: event 1" in said) == (1, True)
    assert cloister("audit", "verify", str(tmp_path / "none"))[0] == 1
    assert cloister("audit", "verify", str(folder), "--key", "x")[0] == 1


def test_what_does_not_fit_a_command_is_named(tmp_path: Path) -> None:
    pin = tmp_path / "pin"
    asked("audit", "pin", str(pin), *ACME)

    for more, named in ((["--key", "x"], "--key"), (["--pin", str(pin)], "--pin"), (["--pin", "none", *ACME], "none")):
        code, said = cloister("audit", "verify", *more)
        assert code != 0
        assert named in said


# The one file


BARE = """
import importlib.util, runpy, sys
sys.path.append(sys.argv[1])
assert not importlib.util.find_spec("gateway"), "this Python knows the gateway"
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


@pytest.fixture
def bare(tmp_path: Path, root: Path) -> list[str]:
    """A Python that has ``cryptography`` alone, on no network where that can be had, and a copy of the one file."""
    packages, away = tmp_path / "packages", tmp_path / "away"
    packages.mkdir()
    away.mkdir()
    for name in ("cryptography", "_cffi_backend"):
        place = Path(str(importlib.util.find_spec(name).origin))  # type: ignore[union-attr]
        place = place.parent if place.name == "__init__.py" else place
        (packages / place.name).symlink_to(place)
    (away / "offline.py").write_bytes((root / "gateway/audit/offline.py").read_bytes())
    alone = ["unshare", "--user", "--map-root-user", "--net"]
    alone = alone if subprocess.run([*alone, "true"], check=False, capture_output=True).returncode == 0 else []
    return [*alone, sys.executable, "-I", "-S", "-c", BARE, str(packages), str(away / "offline.py")]


def run(command: list[str], cwd: Path) -> tuple[int, str]:
    done = subprocess.run(command, cwd=cwd, env={}, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_the_one_file_verifies_without_gateway_database_or_network(tmp_path: Path, bare: list[str]) -> None:
    pin = tmp_path / "pin"
    asked("audit", "pin", str(pin), *ACME)
    folder, key = exported(tmp_path / "out", "--pin", str(pin)), str(newest()[1])
    whole = [*bare, str(folder), "--key", key, "--pin", str(pin)]

    code, said = run(whole, tmp_path / "away")
    assert (code, said) == (0, "verified: events 1 to 4 of 4 of cloister/acme, grown out of the pinned 3\n")

    for name in ("events.jsonl", "checkpoint", "proof.json"):
        kept = (folder / name).read_bytes()
        (folder / name).write_bytes(kept.replace(b"r", b"R", 1))
        code, said = run(whole, tmp_path / "away")
        assert (code, said.startswith("NOT VERIFIED: step ")) == (1, True), said
        (folder / name).write_bytes(kept)
    assert run(whole, tmp_path / "away")[0] == 0
