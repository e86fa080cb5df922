"""``cloister retention`` on a database of its own, run as on the host."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from gateway.cli.main import main
from gateway.db import Database, DbRole

pytestmark = pytest.mark.integration


@pytest.fixture(autouse=True)
def host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gateway_url: str, owner_url: str) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(tmp_path))
    for prefix, url in (("", gateway_url), ("OWNER_", owner_url)):
        password, file = str(urlsplit(url).password), tmp_path / f"{prefix}password"
        file.write_text(password)
        monkeypatch.setenv(f"CLOISTER_DATABASE__{prefix}URL", url.replace(f":{password}", ""))
        monkeypatch.setenv(f"CLOISTER_DATABASE__{prefix}PASSWORD_FILE", str(file))


def do(owner_url: str, *statements: str) -> None:
    """Run statements as the owner."""

    async def done() -> None:
        owner = Database.connect_owner(owner_url)
        async with owner.transaction(DbRole.OWNER) as transaction:
            for statement in statements:
                await transaction.execute(text(statement))
        await owner.close()

    asyncio.run(done())


UNREADABLE = """
    INSERT INTO policy_versions VALUES
        ('platform', 7, '', '[{"file": "p.yaml", "text": "spec: {kept_until: tomorrow}"}]', now(), 'x')"""
SHOWN_TO_THE_OWNER = "ALTER TABLE policy_versions DISABLE ROW LEVEL SECURITY"


def test_a_policy_that_cannot_be_read_is_named_and_nothing_is_dropped(
    capsys: pytest.CaptureFixture[str], owner_url: str
) -> None:
    assert main(["access", "tenant", "create", "acme"]) == 0
    do(owner_url, SHOWN_TO_THE_OWNER, UNREADABLE, SHOWN_TO_THE_OWNER.replace("DISABLE", "ENABLE"))

    assert main(["retention", "apply", "--yes"]) == 78
    assert "version 7 of the policies of 'platform'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["due"], ["apply"], ["apply", "--yes"]])
def test_rows_hidden_from_the_owner_are_refused_until_an_upgrade(
    capsys: pytest.CaptureFixture[str], owner_url: str, words: list[str]
) -> None:
    do(owner_url, "DROP POLICY pruning ON audit_leaves")

    assert main(["retention", *words]) == 78
    assert "hide rows of 'audit_leaves'" in capsys.readouterr().err

    assert main(["db", "upgrade"]) == 0
    assert main(["retention", *words]) == 0
