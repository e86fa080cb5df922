import os
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import Misconfigured
from gateway.keys.private import read_private, require_private


def made(folder: Path, mode: int = 0o600) -> Path:
    file = folder / "key"
    file.write_bytes(b"0123456789")
    file.chmod(mode)
    return file


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o4600])
def test_what_is_its_owners_alone_is_read(tmp_path: Path, mode: int) -> None:
    assert read_private(made(tmp_path, mode), allowed=0o600, most=10) == b"0123456789"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o700, 0o620, 0o601, 0o666])
def test_what_is_open_to_others_is_refused_with_the_mend(tmp_path: Path, mode: int) -> None:
    file = made(tmp_path, mode)

    with pytest.raises(Misconfigured, match=f"{file} is open to others: chmod 600 {file}"):
        read_private(file, allowed=0o600, most=10)


def test_no_more_is_read_than_shows_that_it_is_too_much(tmp_path: Path) -> None:
    assert read_private(made(tmp_path), allowed=0o600, most=3) == b"0123"


def test_a_link_is_followed_to_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(made(tmp_path, 0o644))

    with pytest.raises(Misconfigured, match="open to others"):
        read_private(tmp_path / "link", allowed=0o600, most=10)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    with pytest.raises(Misconfigured, match="is no file"):
        read_private(tmp_path / "pipe", allowed=0o600, most=10)


def test_a_file_that_is_another_once_it_is_open_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, opened = made(tmp_path), os.open

    def swapped(path: Any, flags: int) -> int:
        file.chmod(0o644)
        return opened(path, flags)

    monkeypatch.setattr(os, "open", swapped)

    with pytest.raises(Misconfigured, match="open to others"):
        read_private(file, allowed=0o600, most=10)


def test_what_is_not_there_is_the_callers_to_explain(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_private(tmp_path / "none", allowed=0o600, most=10)


def test_another_users_folder_is_refused(tmp_path: Path) -> None:
    found = list(tmp_path.stat())
    found[4] = os.geteuid() + 1

    with pytest.raises(Misconfigured, match="belongs to another user"):
        require_private(tmp_path, os.stat_result(found), allowed=0o777)


def test_a_folder_may_hand_its_group_on(tmp_path: Path) -> None:
    tmp_path.chmod(0o2700)

    require_private(tmp_path, tmp_path.stat(), allowed=0o700)
