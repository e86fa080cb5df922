"""The private Postgres with real processes: who may enter, who keeps it running, and what it survives."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from gateway.core.errors import DatabaseUnavailable, Misconfigured
from gateway.db import binaries, embedded
from gateway.db.binaries import Account, candidates
from gateway.db.embedded import EmbeddedPostgres
from gateway.db.keeper import open_lock, try_exclusive
from tests.waiting import until

pytestmark = pytest.mark.integration

CLIENT = """
import sys, time
from pathlib import Path
from gateway.db.embedded import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1])).start()
print("in", flush=True)
time.sleep(60)
"""
ACCOUNTS: list[Callable[[Path], Account]] = [binaries.account]
if os.geteuid() == 0:
    ACCOUNTS.append(binaries.unprivileged)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "postgres"
    for pid in (pid_of_server(tmp_path / "postgres"), *pids_of_keepers(tmp_path / "postgres")):
        if pid:
            os.kill(pid, signal.SIGKILL)


def pid_of_server(folder: Path) -> int | None:
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (OSError, IndexError):
        return None
    return pid


def pids_of_keepers(folder: Path) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue
        if any(word.endswith(b"/keeper.py") for word in words) and os.fsencode(folder) in words:
            found.append(int(place.parent.name))
    return found


def client(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", CLIENT, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    return process


def entered(process: subprocess.Popen[str]) -> None:
    assert process.stdout
    assert process.stdout.readline() == "in\n"
    process.stdout.close()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


@pytest.mark.parametrize("programs", candidates(), ids=lambda folder: folder.parent.name)
async def test_it_is_private(folder: Path, programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "candidates", lambda: [programs])
    with EmbeddedPostgres(folder) as postgres:
        settings = {
            "listen_addresses": "",
            "data_checksums": "on",
            "password_encryption": "scram-sha-256",
            "log_error_verbosity": "terse",
            "log_min_error_statement": "panic",
            "log_parameter_max_length": "0",
            "log_parameter_max_length_on_error": "0",
        }
        for name, value in settings.items():
            assert await ask(postgres.gateway_url, f"SHOW {name}") == value
        for login in ("cloister_gateway", "cloister_owner", "postgres"):
            with pytest.raises(asyncpg.InvalidPasswordError):
                await ask(f"postgresql://{login}:wrong@{postgres.gateway_url.split('@')[1]}", "SELECT 1")

        assert ways_in(postgres.data) == {"scram-sha-256"}
        assert readable_by_others(folder) == []
        assert not any(password in (folder / "server.log").read_text() for password in passwords(folder))


def ways_in(data: Path) -> set[str]:
    rules = (data / "pg_hba.conf").read_text().splitlines()
    return {rule.split()[-1] for rule in rules if rule.strip() and not rule.startswith("#")}


def readable_by_others(folder: Path) -> list[Path]:
    secret = [folder, folder / "data", folder / "server.log", *folder.glob("*.password")]
    assert len(secret) == 6
    return [file for file in secret if stat.S_IMODE(file.stat().st_mode) & 0o077]


def passwords(folder: Path) -> set[str]:
    found = {file.read_text() for file in folder.glob("*.password")}
    assert len(found) == 3
    return found


async def test_it_stays_with_the_programs_that_made_its_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = candidates()
    assert len(everything) > 1
    monkeypatch.setattr(binaries, "candidates", lambda: everything[-1:])
    with EmbeddedPostgres(folder) as postgres:
        made_by = await ask(postgres.gateway_url, "SHOW server_version")
    until(lambda: pids_of_keepers(folder) == [])

    monkeypatch.setattr(binaries, "candidates", lambda: everything)
    with EmbeddedPostgres(folder) as postgres:
        assert await ask(postgres.gateway_url, "SHOW server_version") == made_by
    until(lambda: pids_of_keepers(folder) == [])

    monkeypatch.setattr(binaries, "candidates", lambda: everything[:1])
    with pytest.raises(Misconfigured, match="which made these files"):
        EmbeddedPostgres(folder).start()


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.__name__)
async def test_it_runs_under_each_account(
    folder: Path, account: Callable[[Path], Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "account", account)
    place = account(folder).place
    try:
        if not any(
            binaries.runs((*account(folder).prefix, str(found / "postgres"), "--version")) for found in candidates()
        ):
            with pytest.raises(Misconfigured, match="install it"):
                EmbeddedPostgres(folder).start()
            return
        with EmbeddedPostgres(folder) as postgres:
            assert await ask(postgres.gateway_url, "SELECT current_user::text") == "cloister_gateway"
            owner = (postgres.data / "postmaster.pid").stat().st_uid
            assert place.stat().st_uid == owner
            assert stat.S_IMODE(place.stat().st_mode) == 0o700
        until(lambda: pids_of_keepers(folder) == [])
        assert not (place / "data" / "postmaster.pid").exists()
    finally:
        if place != folder:
            shutil.rmtree(place)
            with suppress(OSError):
                place.parent.rmdir()


@pytest.mark.parametrize("name", ["long" * 30, 'a, "b"', "caf\xe9", os.fsdecode(b"caf\xe9")])
async def test_no_path_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = tmp_path / name / "postgres"
    with EmbeddedPostgres(folder) as postgres:
        sockets = (folder / "sockets").readlink()
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        assert await ask(postgres.gateway_url, "SELECT 1") == 1
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        with EmbeddedPostgres(folder) as other:
            assert other.gateway_url == postgres.gateway_url
    until(lambda: pids_of_keepers(folder) == [])
    sockets.rmdir()


def test_it_stops_when_the_last_user_left(folder: Path) -> None:
    first, second = EmbeddedPostgres(folder).start(), EmbeddedPostgres(folder).start()
    pid = pid_of_server(folder)
    first.release()
    time.sleep(3)
    assert pid_of_server(folder) == pid

    second.release()
    until(lambda: pid_of_server(folder) is None)
    until(lambda: pids_of_keepers(folder) == [])


def test_it_stops_when_its_user_was_killed(folder: Path) -> None:
    process = client(folder)
    entered(process)
    assert pid_of_server(folder)

    process.kill()
    process.wait()

    until(lambda: pid_of_server(folder) is None, 5)
    until(lambda: pids_of_keepers(folder) == [])


def test_users_who_start_at_once_share_one_server(folder: Path) -> None:
    processes = [client(folder) for _ in range(4)]
    for process in processes:
        entered(process)

    assert len(pids_of_keepers(folder)) == 1
    for process in processes:
        process.kill()
        process.wait()
    until(lambda: pids_of_keepers(folder) == [])


def test_a_start_that_does_not_go_on_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_TURN_SECONDS", 0.1)
    folder.mkdir()
    lock = open_lock(folder / "start.lock")
    assert try_exclusive(lock)

    with pytest.raises(DatabaseUnavailable, match=r"start\.lock"):
        EmbeddedPostgres(folder).start()
    os.close(lock)


async def test_it_comes_back_when_the_server_was_killed(folder: Path) -> None:
    with EmbeddedPostgres(folder) as postgres:
        await ask(postgres.owner_url, "CREATE TABLE kept AS SELECT 1 AS row")
        pid = pid_of_server(folder)
        assert pid
        os.kill(pid, signal.SIGKILL)
        until(lambda: pid_of_server(folder) not in {None, pid})

        with EmbeddedPostgres(folder) as again:
            assert await ask(again.owner_url, "SELECT row FROM kept") == 1
        assert len(pids_of_keepers(folder)) == 1


@pytest.mark.parametrize("with_server", [False, True])
async def test_it_comes_back_when_the_keeper_was_killed(folder: Path, with_server: bool) -> None:
    with EmbeddedPostgres(folder) as postgres:
        await ask(postgres.owner_url, "CREATE TABLE kept AS SELECT 1 AS row")
        pid = pid_of_server(folder)
        (keeper,) = pids_of_keepers(folder)
        assert pid
        os.kill(keeper, signal.SIGSTOP)
        if with_server:
            os.kill(pid, signal.SIGKILL)
        os.kill(keeper, signal.SIGKILL)
        until(lambda: pid_of_server(folder) is None)
        assert (folder / "data" / "postmaster.pid").exists() is with_server

        with EmbeddedPostgres(folder) as again:
            assert await ask(again.owner_url, "SELECT row FROM kept") == 1


@pytest.mark.parametrize("with_server", [False, True])
async def test_a_user_who_stays_can_bring_it_back(folder: Path, with_server: bool) -> None:
    with EmbeddedPostgres(folder) as server:
        server.tend()
        (keeper,) = pids_of_keepers(folder)
        pid = pid_of_server(folder)
        assert pid
        if with_server:
            os.kill(pid, signal.SIGKILL)
        os.kill(keeper, signal.SIGKILL)
        until(lambda: pid_of_server(folder) != pid)

        server.tend()

        assert await ask(server.gateway_url, "SELECT 1") == 1
        assert len(pids_of_keepers(folder)) == 1


async def test_what_was_half_made_is_made_again(folder: Path) -> None:
    (folder / "data" / "base").mkdir(parents=True)
    (folder / "superuser.password").touch()

    with EmbeddedPostgres(folder) as postgres:
        assert await ask(postgres.gateway_url, "SELECT 1") == 1


def test_damaged_files_are_named_and_left_alone(folder: Path) -> None:
    (folder / "data").mkdir(parents=True)
    (folder / "made").touch()
    (folder / "data" / "kept").touch()

    with pytest.raises(Misconfigured, match="damaged"):
        EmbeddedPostgres(folder).start()

    assert (folder / "data" / "kept").exists()
