"""Promise A3: whatever a superuser of the database does to a log, at whatever place, is found, and where it was done."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from gateway.audit import Integrator, Recorder, Sealer, Verifier, store
from gateway.audit.tree import store as tree_store
from gateway.core.audit import Action
from gateway.core.errors import VerificationError
from gateway.db import Database, DbRole
from gateway.db.engine import Transaction
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import CLOCK, IDS, PERMIT, exchange, opened, writer
from tests.integration.audit.misdeeds import MISDEEDS, ONLY_A_PIN_TELLS, TENANT, Inside, Log
from tests.integration.audit.tree.grove import TABLES

pytestmark = pytest.mark.integration

SIZES = (1, 40, 255, 256, 257, 258, 300)
"""Of the checkpoints, around the first stored subtree."""

PLACES = (1, 2, 40, 256, 257, 299, 300)


@pytest.fixture
async def log(database: Database, owner: Database) -> Log:
    """A log with a checkpoint of every size, whose tables enforce nothing any more."""
    integrator, sealer, before = Integrator(database, CLOCK), Sealer(database, CLOCK, SIGNERS), 0
    for size in SIZES:
        made = [replace(opened(None), exchange=None, action=Action.KEY_CREATE) for _ in range(size - before)]
        async with database.transaction(DbRole.APPEND, tenant=TENANT) as transaction:
            await store.append(transaction, made)
        await integrator.run_once()
        await sealer.run_once()
        before = size
    async with owner.transaction(DbRole.OWNER) as transaction:
        for table in TABLES:
            await transaction.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
        for constraint in ("pkey", "seq_check", "tenant_event_key"):
            await transaction.execute(text(f"ALTER TABLE audit_leaves DROP CONSTRAINT audit_leaves_{constraint}"))
        await transaction.execute(text("CREATE INDEX ON audit_leaves (seq)"))
        await transaction.execute(text("CREATE INDEX ON audit_leaves (event)"))
        rows = await store.leaf_rows(transaction, TENANT, 0, 1000)
        sealed = await tree_store.sealed_after(transaction, TENANT, 0, 1000)
    assert ([row.seq for row in rows], [each.size for each in sealed]) == ([*range(1, 301)], [*SIZES])
    return Log(rows, sealed)


async def evidence(transaction: Transaction, pin: str | None) -> tuple[str, ...]:
    """What verification finds in an open transaction."""
    inside: Any = Inside(transaction)
    try:
        await Verifier(inside, SIGNERS).verify(TENANT, pin)
    except VerificationError as error:
        return error.evidence
    return ()


async def misdone(owner: Database, log: Log, kind: str, places: list[int]) -> list[str]:
    """Do something at each place, each time to the log as it was, and return what was not found as it should be."""
    missed = []
    async with owner.transaction(DbRole.OWNER) as transaction:
        for seq in places:
            async with transaction.begin_nested() as before:
                expected = await MISDEEDS[kind](transaction, log, seq)
                found = await evidence(transaction, log.pin)
                if not found or not found[0].startswith(expected):
                    missed.append(f"{kind} at {seq}: {found[:2]}, not {expected!r}")
                if kind in ONLY_A_PIN_TELLS and await evidence(transaction, None):
                    missed.append(f"{kind} at {seq}: found without a pin")
                await before.rollback()
    return missed


@pytest.mark.parametrize("kind", MISDEEDS)
async def test_tampering_is_found_and_where(owner: Database, log: Log, kind: str) -> None:
    assert await misdone(owner, log, kind, [*PLACES]) == []

    async with owner.transaction(DbRole.OWNER) as transaction:
        assert await evidence(transaction, log.pin) == ()


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", MISDEEDS)
async def test_tampering_is_found_at_a_thousand_places(owner: Database, log: Log, kind: str) -> None:
    began, missed = time.monotonic(), []
    places = [*range(1, log.size + 1), *log.chance.choices(range(1, log.size + 1), k=1000 - log.size)]
    for first in range(0, len(places), 100):
        missed += await misdone(owner, log, kind, places[first : first + 100])

    print(f"{kind}: {len(places) - len(missed)} of {len(places)} found in {time.monotonic() - began:.0f} s")
    assert missed == []


async def rounds(place: Any, database: Database, count: int) -> int:
    """Verify again and again, while others write, number and seal, and return the last number."""
    writing = Database.connect(place.gateway_url)
    journal, instance = writer(writing), IDS.new()
    recorder = Recorder(journal, CLOCK, IDS, instance)
    pins: list[str] = []

    async def write() -> None:
        while True:
            async with recorder.follow(exchange()) as entry:
                await entry.open(PERMIT, ((),))

    async def number_and_seal() -> None:
        integrator, sealer = Integrator(writing, CLOCK), Sealer(writing, CLOCK, SIGNERS)
        while True:
            await integrator.run_once()
            await sealer.run_once()

    async with writing.transaction(DbRole.INTEGRATOR) as transaction:
        await store.add_instance(transaction, instance, 1, CLOCK.now())
    others = [asyncio.create_task(each) for each in (write(), write(), number_and_seal())]
    last = 0
    try:
        for _ in range(count):
            async with database.transaction(DbRole.AUDITOR, tenant=TENANT) as transaction:
                newest = await tree_store.newest_sealed(transaction, TENANT)
            pins += [newest.note] if newest else []
            verified = await Verifier(database, SIGNERS).verify(TENANT, pins[len(pins) // 2] if pins else None)
            assert verified.last_seq >= last
            last = verified.last_seq
    finally:
        for each in others:
            each.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await journal.stop()
        await writing.close()
    return last


async def test_who_writes_meanwhile_raises_no_alarm(place: Any, database: Database) -> None:
    assert await rounds(place, database, 10) > 0


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_a_hundred_clean_runs_raise_no_alarm(place: Any, database: Database) -> None:
    print(f"100 verifications of a log that grew to {await rounds(place, database, 100):,} events: no alarm")
