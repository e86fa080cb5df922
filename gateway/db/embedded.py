"""A private Postgres for a first run, by a wrapper of our own.

Law: no trust authentication, no TCP, nothing readable by others; passwords are made here and stand in files of mode
0600. A user of the server holds a shared lock; a keeper process stops the server when nobody holds it. Only the
programs are borrowed.
"""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

from gateway.core.errors import DatabaseUnavailable, Misconfigured
from gateway.db import binaries
from gateway.db.binaries import Account
from gateway.db.keeper import open_lock, try_exclusive

DATABASE: Final = "cloister"
_LONGEST_FOLDER: Final = 107 - len("/.s.PGSQL.5432.lock")
"""Bytes of a socket's path (unix(7)), less its name and its lock's."""

_START_SECONDS: Final = 30.0
_TURN_SECONDS: Final = 60.0
_LOGINS: Final = ("cloister_owner", "cloister_gateway")
_CONFIGURATION: Final = """
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200
jit = off
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
"""The last four keep values out of the server's log."""

_FURNISH: Final = """
CREATE ROLE cloister_owner LOGIN CREATEROLE PASSWORD '{cloister_owner}';
CREATE ROLE cloister_gateway LOGIN NOINHERIT PASSWORD '{cloister_gateway}';
CREATE DATABASE cloister OWNER cloister_owner;
REVOKE ALL ON DATABASE cloister FROM PUBLIC;
GRANT CONNECT ON DATABASE cloister TO cloister_gateway;
"""


class EmbeddedPostgres:
    """The private server of one folder. Any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._lock: int | None = None
        self._sockets = self._folder

    @property
    def owner_url(self) -> str:
        """Address of the login that migrates and prunes. Known once started."""
        return self._url("cloister_owner")

    @property
    def gateway_url(self) -> str:
        """Address of the login that serves. Known once started."""
        return self._url("cloister_gateway")

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return binaries.account(self._folder).place / "data"

    def start(self) -> EmbeddedPostgres:
        """Join the server, and start it where it does not run. Raise ``DatabaseUnavailable`` or ``Misconfigured``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        with _exclusive(self._folder / "start.lock"):
            lock = open_lock(self._folder / "users.lock")
            try:
                fcntl.flock(lock, fcntl.LOCK_SH)
                self._bring_up()
            except BaseException:
                os.close(lock)
                raise
        self.release()
        self._lock = lock
        return self

    def tend(self) -> None:
        """Start the server again if its keeper is gone, as nobody else would. Raise as ``start`` does."""
        with _exclusive(self._folder / "start.lock"):
            keeper = open_lock(self._folder / "keeper.lock")
            gone = try_exclusive(keeper)
            os.close(keeper)
            if gone:
                self._bring_up()

    def release(self) -> None:
        """Leave. The keeper stops the server once nobody is left."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _bring_up(self) -> None:
        account = binaries.account(self._folder)
        self._sockets = _socket_folder(account.place)
        made = (self._folder / "made").exists()
        programs = binaries.find(account, _major(account.place / "data") if made else None)
        if self._answers(programs):
            return
        if not made:
            _make(programs, self._folder, account)
        self._spawn_keeper(programs, account)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers(programs):
            if time.monotonic() > deadline:
                detail = f"The embedded Postgres did not start: see {self._folder / 'server.log'}."
                raise DatabaseUnavailable(detail)
            time.sleep(0.03)

    def _answers(self, programs: Path) -> bool:
        return binaries.runs((str(programs / "pg_isready"), "-q", "-h", str(self._sockets), "-d", DATABASE))

    def _spawn_keeper(self, programs: Path, account: Account) -> None:
        server = [str(programs / "postgres"), "-D", str(account.place / "data"), "-k", str(self._sockets)]
        keeper = [sys.executable, "-I", "-S", str(Path(__file__).with_name("keeper.py")), str(self._folder)]
        log = os.open(self._folder / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(log, "ab"):
            subprocess.run(  # noqa: S603 - our own module, which outlives us on purpose
                [*keeper, *account.prefix, *server],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            )

    def _url(self, login: str) -> str:
        password = (self._folder / f"{login}.password").read_text(encoding="ascii")
        return f"postgresql://{login}:{password}@/{DATABASE}?host={quote(str(self._sockets), safe='')}"


def _major(data: Path) -> int | None:
    """Return the version of Postgres that made the files."""
    try:
        return int((data / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError):
        detail = f"{data} is damaged: restore it, or remove its parent folder to begin anew."
        raise Misconfigured(detail) from None


def _socket_folder(place: Path) -> Path:
    """Return a private folder whose path sockets can have: the place itself, or one of its own that is on record.

    On record, because the next process may have another idea of where such folders are made.
    """
    if _is_plain(os.fsencode(place)):
        return place
    record = place / "sockets"
    if record.is_symlink() and _is_private(record.readlink()):
        return record.readlink()
    record.unlink(missing_ok=True)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    made = Path(tempfile.mkdtemp(prefix="cloister-", dir=runtime if 0 < len(runtime) < 64 else "/tmp"))  # noqa: S108 - 0700
    record.symlink_to(made)
    return made


def _is_plain(path: bytes) -> bool:
    """Tell whether a socket fits in, and whether the list of folders that Postgres takes, and a URL, can hold it."""
    return len(path) <= _LONGEST_FOLDER and not re.search(rb'[,"\x80-\xff]', path)


def _is_private(folder: Path) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_mode & 0o170777 == 0o040700 and found.st_uid == os.geteuid()


def _make(programs: Path, folder: Path, account: Account) -> None:
    """Create the cluster, its two logins and the database; a half-made one is made again."""
    data = account.place / "data"
    shutil.rmtree(data, ignore_errors=True)
    passwords = {login: secrets.token_urlsafe(24) for login in _LOGINS}
    superuser = account.place / "superuser.password"
    _private(superuser, secrets.token_urlsafe(24))
    shutil.chown(superuser, account.place.stat().st_uid)
    initdb = [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "--pwfile", str(superuser)]
    choices = ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    _run(account, [*initdb, *choices])
    with (data / "postgresql.conf").open("a", encoding="ascii") as configuration:
        configuration.write(_CONFIGURATION)
    single = [str(programs / "postgres"), "--single", "-D", str(data), "-j", "postgres"]
    for statement in _FURNISH.format(**passwords).strip().splitlines():
        _run(account, single, stdin=statement.encode() + b"\n\n")
    for login, password in passwords.items():
        _private(folder / f"{login}.password", password)
    (folder / "made").touch()


def _run(account: Account, command: list[str], stdin: bytes = b"") -> None:
    ran = subprocess.run(  # noqa: S603 - a program of Postgres
        [*account.prefix, *command], input=stdin, capture_output=True, check=False, cwd="/"
    )
    if ran.returncode != 0 or b"ERROR" in ran.stderr or b"FATAL" in ran.stderr:
        why = ran.stderr.decode(errors="replace").strip().splitlines()[-1:] if command[1] != "--single" else []
        detail = f"{Path(command[0]).name} failed with code {ran.returncode}{''.join(': ' + line for line in why)}."
        raise Misconfigured(detail)


def _private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold a file's lock, so that starters come one after the other. Raise ``DatabaseUnavailable``."""
    descriptor = open_lock(path)
    try:
        deadline = time.monotonic() + _TURN_SECONDS
        while not try_exclusive(descriptor):
            if time.monotonic() > deadline:
                detail = f"{path} is held by another start of this home, which does not go on: end that one."
                raise DatabaseUnavailable(detail)
            time.sleep(0.03)
        yield
    finally:
        os.close(descriptor)
