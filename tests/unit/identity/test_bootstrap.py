from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.core.actor import PLATFORM, Actor, Role
from gateway.core.sensitive import Sensitive
from gateway.identity import bootstrap


@dataclass
class Access:
    """The service in memory, which fails when it has made as many keys as it may."""

    patience: int = 1000
    names: list[str] = field(default_factory=list)
    rows: list[SimpleNamespace] = field(default_factory=list)

    async def tenants(self) -> list[str]:
        return self.names

    async def create_tenant(self, actor: Actor, name: str) -> None:
        self.names.append(name)

    async def keys(self, actor: Actor, tenant: str) -> list[SimpleNamespace]:
        return [row for row in self.rows if row.tenant == tenant]

    async def revoke_key(self, actor: Actor, tenant: str, identifier: str) -> None:
        [row] = [row for row in self.rows if (row.tenant, row.id) == (tenant, identifier)]
        row.revoked = "now"

    async def create_key(self, actor: Actor, tenant: str, role: Role, label: str) -> SimpleNamespace:
        if self.patience == 0:
            raise ConnectionResetError
        self.patience -= 1
        key = SimpleNamespace(id=str(len(self.rows)), tenant=tenant, role=role, label=label, revoked=None)
        self.rows.append(key)
        return SimpleNamespace(key=Sensitive(f"key-{key.id}"))

    def live(self) -> list[str]:
        return [f"key-{row.id}" for row in self.rows if row.revoked is None]


def names(folder: Path) -> list[str]:
    return [found.name for found in folder.iterdir()]


async def start(access: Access, file: Path) -> object:
    return await bootstrap(access, file, base_url="http://127.0.0.1:8080")  # type: ignore[arg-type]


async def test_the_first_start_makes_a_key_a_role(tmp_path: Path) -> None:
    access, file = Access(), tmp_path / "bootstrap.json"

    made = await start(access, file)

    written = json.loads(file.read_text())
    assert set(written) == {"base_url", "tenant", "keys"}
    assert (written["base_url"], written["tenant"]) == ("http://127.0.0.1:8080", "default")
    assert list(written["keys"]) == ["app", "auditor", "privacy_officer", "admin", "platform"]
    assert made == {role: Sensitive(key) for role, key in written["keys"].items()}
    assert {(row.tenant, row.role) for row in access.rows} == {
        (PLATFORM if role is Role.PLATFORM else "default", role) for role in Role
    }


async def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    file = tmp_path / "bootstrap.json"
    await start(Access(), file)

    assert file.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["bootstrap.json"]


async def test_the_second_start_makes_nothing(tmp_path: Path) -> None:
    access, file = Access(), tmp_path / "bootstrap.json"
    await start(access, file)
    before = file.read_bytes()

    assert await start(access, file) is None
    assert (len(access.rows), file.read_bytes()) == (5, before)


async def test_a_start_elsewhere_is_written_down_and_the_keys_stay(tmp_path: Path) -> None:
    access, file = Access(), tmp_path / "bootstrap.json"
    await start(access, file)
    keys = json.loads(file.read_text())["keys"]

    assert await bootstrap(access, file, base_url="http://127.0.0.1:9000") is None  # type: ignore[arg-type]

    assert json.loads(file.read_text()) == {"base_url": "http://127.0.0.1:9000", "tenant": "default", "keys": keys}
    assert file.stat().st_mode & 0o777 == 0o600


async def test_a_start_on_a_socket_changes_no_address(tmp_path: Path) -> None:
    access, file = Access(), tmp_path / "bootstrap.json"
    await start(access, file)
    before = file.read_bytes()

    assert await bootstrap(access, file, base_url="http://127.0.0.1:9000", redirect=False) is None  # type: ignore[arg-type]

    assert file.read_bytes() == before


async def test_a_file_that_is_no_document_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "bootstrap.json"
    file.write_text("mine")

    assert await start(Access(), file) is None
    assert file.read_text() == "mine"


@pytest.mark.parametrize("patience", range(5))
async def test_a_crash_on_the_way_leaves_no_key_that_nobody_knows(tmp_path: Path, patience: int) -> None:
    access, file = Access(patience=patience), tmp_path / "bootstrap.json"
    with pytest.raises(ConnectionResetError):
        await start(access, file)
    assert not file.exists()

    access.patience = 1000
    await start(access, file)

    assert access.live() == list(json.loads(file.read_text())["keys"].values())
    assert access.names == ["default"]


async def test_a_crash_between_the_keys_and_the_file_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    access, file = Access(), tmp_path / "bootstrap.json"
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(InterruptedError))
        with pytest.raises(InterruptedError):
            await start(access, file)
    assert not file.exists()

    await start(access, file)

    assert access.live() == list(json.loads(file.read_text())["keys"].values())
    assert names(tmp_path) == ["bootstrap.json"]


async def test_other_keys_stay(tmp_path: Path) -> None:
    access = Access()
    access.names.append("default")
    access.rows.append(SimpleNamespace(id="hr", tenant="default", role=Role.APP, label="hr", revoked=None))

    await start(access, tmp_path / "bootstrap.json")

    assert "key-hr" in access.live()
