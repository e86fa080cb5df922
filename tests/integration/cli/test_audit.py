"""``cloister audit`` and ``cloister policy`` on a database of their own, run as on the host."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from gateway.audit import store
from gateway.audit.instances import lock_key
from gateway.cli.main import main
from gateway.db import Database, DbRole
from gateway.system import SystemIds
from tests.integration.audit.ledger import opened

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("host")]


def ask(owner_url: str, statement: str) -> list[Any]:
    """Run a statement as the owner, past row-level security."""

    async def asked() -> list[Any]:
        owner = Database.connect_owner(owner_url)
        async with owner.transaction(DbRole.OWNER) as transaction:
            for table in ("audit_events", "tenants"):
                await transaction.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
            found = await transaction.execute(text(statement))
            rows = [tuple(row) for row in found] if found.returns_rows else []
            for table in ("audit_events", "tenants"):
                await transaction.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))
        await owner.close()
        return rows

    return asyncio.run(asked())


@pytest.mark.parametrize(
    "command", [["audit", "verify"], ["audit", "query"], ["policy", "history"], ["policy", "show"]]
)
@pytest.mark.parametrize("tenant", ["acm", ""])
def test_a_tenant_that_nobody_made_is_refused(
    capsys: pytest.CaptureFixture[str], owner_url: str, command: list[str], tenant: str
) -> None:
    assert main([*command, "--tenant", tenant]) == 2

    assert "--tenant: there is no such tenant" in capsys.readouterr().err
    assert ask(owner_url, "SELECT DISTINCT tenant FROM audit_events") == [("platform",)]


def test_the_log_of_a_tenant_that_is_gone_is_verified_all_the_same(
    capsys: pytest.CaptureFixture[str], owner_url: str
) -> None:
    assert main(["audit", "query", "--tenant", "acme"]) == 0
    ask(owner_url, "DELETE FROM tenants")
    capsys.readouterr()

    assert main(["audit", "verify", "--tenant", "acme"]) == 0
    assert main(["audit", "verify", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [log["tenant"] for log in shown["verified"]] == ["platform", "acme"]


def killed(gateway_url: str) -> None:
    """Leave what a process leaves that was killed in the middle of an exchange: itself on the list, and an open."""
    instance = SystemIds().new()

    async def begun() -> None:
        database = Database.connect(gateway_url)
        async with database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.add_instance(transaction, instance, lock_key(instance), datetime.now(UTC))
        async with database.transaction(DbRole.APPEND, tenant="acme") as transaction:
            await store.append(transaction, [opened(instance)])
        await database.close()

    asyncio.run(begun())


def test_what_a_dead_gateway_left_open_is_closed_before_a_log_holds(
    capsys: pytest.CaptureFixture[str], gateway_url: str
) -> None:
    killed(gateway_url)

    assert main(["audit", "verify"]) == 0

    capsys.readouterr()
    assert main(["audit", "query", "--tenant", "acme", "--action", "exchange.close", "--json"]) == 0
    assert [event["outcome"] for event in json.loads(capsys.readouterr().out)] == ["unknown"]
