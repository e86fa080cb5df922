"""A Postgres of the suite's own, and a fresh migrated database for each test that asks for one."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from gateway.db import Database, migrate
from gateway.db.embedded import EmbeddedPostgres

_NUMBERS = itertools.count()


@dataclass(frozen=True)
class Server:
    """A running server, and the name of a migrated database to copy."""

    postgres: EmbeddedPostgres
    template: str

    def owner_url(self, name: str) -> str:
        return self.postgres.owner_url.replace("/cloister?", f"/{name}?")

    def gateway_url(self, name: str) -> str:
        return self.postgres.gateway_url.replace("/cloister?", f"/{name}?")


@dataclass(frozen=True)
class Place:
    """One test's own database."""

    name: str
    owner_url: str
    gateway_url: str


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with EmbeddedPostgres(Path(tmp_path_factory.mktemp("pg")) / "postgres") as running:
        asyncio.run(
            superuser(running, "ALTER ROLE cloister_owner CREATEDB", "GRANT pg_signal_backend TO cloister_owner")
        )
        asyncio.run(migrate.upgrade(running.owner_url))
        yield Server(running, "cloister")


async def superuser(running: EmbeddedPostgres, *statements: str) -> None:
    """Do what only a superuser may: what a faulty administrator might."""
    password = (running.data.parent / "superuser.password").read_text()
    url = running.owner_url.split("@")[1]
    connection = await asyncpg.connect(f"postgresql://postgres:{password}@{url}")
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def place(postgres: Server) -> AsyncIterator[Place]:
    name = f"test_{next(_NUMBERS)}"
    connection = await asyncpg.connect(postgres.owner_url("cloister").replace("/cloister?", "/postgres?"))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {postgres.template} OWNER cloister_owner")
        yield Place(name, postgres.owner_url(name), postgres.gateway_url(name))
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
def owner_url(place: Place) -> str:
    return place.owner_url


@pytest.fixture
def gateway_url(place: Place) -> str:
    return place.gateway_url


@pytest.fixture
def as_superuser(postgres: Server) -> Callable[..., Awaitable[None]]:
    async def do(*statements: str) -> None:
        await superuser(postgres.postgres, *statements)

    return do


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    opened = Database.connect(place.gateway_url)
    yield opened
    await opened.close()


@pytest.fixture
async def owner(place: Place) -> AsyncIterator[Database]:
    opened = Database.connect_owner(place.owner_url)
    yield opened
    await opened.close()
