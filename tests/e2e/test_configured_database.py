"""A Postgres that somebody else runs, as ``deploy/README.md`` sets it up: from an empty database to a verified exchange."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gateway.db.embedded import EmbeddedPostgres
from tests.e2e.gateways import backend_at, free_port, serving

pytestmark = pytest.mark.integration

SERVE = (sys.executable, "-m", "gateway", "serve")


@dataclass(frozen=True)
class Host:
    """A machine with the settings of a gateway. environ: while serving. owner: for ``cloister db`` on top of it."""

    folder: Path
    environ: dict[str, str]
    owner: dict[str, str]

    def run(self, *arguments: str, owner: bool = False, **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "gateway", *arguments],
            env=self.environ | (self.owner if owner else {}) | settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def cloister(self, *arguments: str, owner: bool = False) -> Any:
        done = self.run(*arguments, "--json", owner=owner)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def without_password(url: str) -> str:
    login, _, place = url.partition("@")
    return f"{login.rpartition(':')[0]}@{place}"


@pytest.fixture
def host(root: Path, tmp_path: Path) -> Iterator[Host]:
    folder = tmp_path / "server"
    with EmbeddedPostgres(folder) as server, backend_at(tmp_path / "backend.sock"):
        backend = {"name": "recording", "uds": str(tmp_path / "backend.sock"), "models": ["tiny-moe"]}
        environ = {
            "PYTHONPATH": str(root),
            "CLOISTER_HOME": str(tmp_path / "home"),
            "CLOISTER_BACKENDS": json.dumps([backend]),
            "CLOISTER_DATABASE__URL": without_password(server.gateway_url),
            "CLOISTER_DATABASE__PASSWORD_FILE": str(folder / "cloister_gateway.password"),
        }
        owner = {
            "CLOISTER_DATABASE__OWNER_URL": without_password(server.owner_url),
            "CLOISTER_DATABASE__OWNER_PASSWORD_FILE": str(folder / "cloister_owner.password"),
        }
        yield Host(tmp_path, os.environ | environ, owner)


def test_from_an_empty_database_to_a_verified_exchange(host: Host, root: Path) -> None:
    assert host.run("keys", "init").returncode == 0
    assert host.run("db", "status", owner=True).returncode == 1
    refused = host.run("serve", "--port", str(free_port()))
    assert refused.returncode == 78
    assert "run 'cloister db upgrade'" in refused.stderr

    assert host.cloister("db", "upgrade", owner=True)["from"] == ""
    assert host.cloister("db", "upgrade", owner=True)["from"] != ""
    host.cloister("policy", "apply", str(root / "policies" / "default.yaml"))
    host.cloister("access", "tenant", "create", "acme")
    key = host.cloister("access", "key", "create", "--tenant", "acme", "--role", "app", "--label", "hr")["key"]
    with serving(SERVE, host.folder, host.environ) as gateway:
        status, headers, _ = gateway.chat("Write to Maria Gonzalez", key=key)

    assert (status, headers["x-cloister-entities"]) == (200, "PERSON=1")
    assert not (host.folder / "home" / "postgres").exists()
    found = host.cloister("audit", "query", "--tenant", "acme", "--exchange", headers["x-cloister-exchange"])
    assert [event["action"] for event in found] == ["exchange.close", "exchange.open"]
    verified = {log["tenant"]: log for log in host.cloister("audit", "verify")["verified"]}
    assert verified["acme"]["events"] >= 2
    actions = [event["action"] for event in host.cloister("audit", "query", "--tenant", "platform")]
    assert actions.count("database.upgrade") == 1
    assert {"gateway.start", "gateway.stop"} <= set(actions)


def test_a_server_that_does_not_answer_is_exit_69_and_no_silence(host: Host) -> None:
    assert host.run("keys", "init").returncode == 0
    refused = host.run(
        "serve",
        "--port",
        str(free_port()),
        CLOISTER_DATABASE__URL="postgresql://cloister_gateway@/cloister?host=/nowhere",
    )

    assert (refused.returncode, refused.stderr) == (69, "cloister: The database is not available.\n")
