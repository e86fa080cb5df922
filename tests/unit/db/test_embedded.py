from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.core.errors import Misconfigured
from gateway.db import embedded
from gateway.db.binaries import Account
from gateway.db.embedded import EmbeddedPostgres, _is_private, _major, _private, _run, _socket_folder

HERE = Account(place=Path("/"))


@pytest.fixture
def long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose path is too long for a socket, and a short place for those that are made."""
    runtime = tmp_path / "r"
    runtime.mkdir()
    monkeypatch.setattr(embedded.tempfile, "mkdtemp", lambda prefix, dir: made(runtime, dir))  # noqa: A006 - mkdtemp's
    folder = tmp_path / ("x" * 120)
    folder.mkdir()
    return folder


def made(runtime: Path, asked: str) -> str:
    folder = runtime / f"{len(list(runtime.iterdir()))}{asked.replace('/', '-')}"
    folder.mkdir(mode=0o700)
    return str(folder)


def test_a_short_path_holds_its_own_sockets(tmp_path: Path) -> None:
    place = Path("/tmp/short")  # noqa: S108 - nothing is made there
    assert _socket_folder(place) == place


def test_the_longest_path_that_is_used_still_fits() -> None:
    place = Path("/" + "x" * (embedded._LONGEST_FOLDER - 1))
    assert _socket_folder(place) == place
    assert len(os.fsencode(place / ".s.PGSQL.5432")) <= 107


def test_a_folder_of_sockets_is_made_once_and_remembered(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    first = _socket_folder(long)
    assert first.name.endswith("-tmp")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert _socket_folder(long) == first


def test_a_folder_of_sockets_that_is_gone_or_open_is_made_anew(long: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    first = _socket_folder(long)
    first.chmod(0o755)
    second = _socket_folder(long)
    assert second != first
    assert second.name.endswith("-run-user-7")
    second.rename(second.with_name("away"))
    assert _socket_folder(long) not in {first, second}


def test_a_private_folder_is_this_users_alone(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    assert not _is_private(folder)
    folder.mkdir(mode=0o700)
    assert _is_private(folder)
    (tmp_path / "link").symlink_to(folder)
    assert not _is_private(tmp_path / "link")
    folder.chmod(0o750)
    assert not _is_private(folder)


def test_a_secret_is_written_for_its_owner_and_never_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    (tmp_path / "secret").symlink_to(tmp_path / "target")

    _private(tmp_path / "secret", "hidden")

    assert (tmp_path / "target").read_text() == "kept"
    assert (tmp_path / "secret").read_text() == "hidden"
    assert (tmp_path / "secret").lstat().st_mode & 0o177777 == 0o100600


def test_the_version_of_existing_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "PG_VERSION").write_text("18\n")
    assert _major(tmp_path) == 18
    (tmp_path / "PG_VERSION").write_text("")
    with pytest.raises(Misconfigured, match="damaged"):
        _major(tmp_path)


def test_addresses_name_the_socket_and_the_password(tmp_path: Path) -> None:
    for login in ("cloister_owner", "cloister_gateway"):
        (tmp_path / f"{login}.password").write_text(f"of-{login}")
    postgres = EmbeddedPostgres(tmp_path)
    for url, login in ((postgres.owner_url, "cloister_owner"), (postgres.gateway_url, "cloister_gateway")):
        parts = urlsplit(url)
        assert (parts.username, parts.password, parts.path) == (login, f"of-{login}", "/cloister")
        assert parse_qs(parts.query) == {"host": [str(tmp_path)]}


@pytest.mark.parametrize(
    "script",
    ["exit 3", "echo 'FATAL:  no space left' >&2", "echo 'ERROR:  syntax' >&2"],
    ids=["code", "fatal", "error"],
)
def test_a_program_that_fails_is_named(script: str) -> None:
    with pytest.raises(Misconfigured, match="sh failed"):
        _run(HERE, ["sh", "-c", script])


def test_a_statement_that_fails_is_not_repeated() -> None:
    with pytest.raises(Misconfigured) as raised:
        _run(HERE, ["sh", "--single"], stdin=b"PASSWORD 'hunter2'")
    assert "hunter2" not in str(raised.value)


def test_releasing_twice_is_no_error(tmp_path: Path) -> None:
    postgres = EmbeddedPostgres(tmp_path)
    postgres.release()
    postgres.release()
