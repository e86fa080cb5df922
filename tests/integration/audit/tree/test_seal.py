"""Sealing: every log up to its last leaf, by one process at a time, and out of nothing that another key signed."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from gateway.audit import Sealer
from gateway.audit.offline import VerifierKey, opened
from gateway.audit.tree import seal, store
from gateway.audit.tree.check import Tree
from gateway.core.errors import DatabaseUnavailable
from gateway.db import Database, DbRole
from tests.doubles import trees
from tests.doubles.signers import SIGNERS, signers
from tests.integration.audit.tree.grove import nodes, plant, planted, sealed, sealer, tamper

pytestmark = pytest.mark.integration


async def right(database: Database, tenant: str = "acme") -> list[int]:
    """Return the sizes of a log's checkpoints, once each is signed and has the root of its leaves."""
    key, found = VerifierKey.read(SIGNERS.of(tenant).verifier), await sealed(database, tenant)
    leaves = planted(found[-1].size if found else 0)
    for each in found:
        checkpoint = opened(each.note, key)
        assert (checkpoint.size, checkpoint.root) == (each.size, each.root)
        assert each.root == trees.root(leaves[: each.size])
    return [each.size for each in found]


async def test_a_log_is_sealed_as_it_grows(database: Database) -> None:
    mine = sealer(database)
    assert await mine.run_once() == 0
    for first, last in ((1, 1), (2, 7), (8, 300)):
        await plant(database, first, last)
        assert await mine.run_once() == last - first + 1
        assert await mine.run_once() == 0

    assert await right(database) == [1, 7, 300]
    assert await nodes(database, 8) == [trees.root(planted(256))]


@pytest.mark.parametrize("batch", [1, 3, 255, 256, 257, 600])
async def test_the_cut_into_batches_changes_no_root(
    database: Database, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(seal, "_BATCH", batch)
    await plant(database, 1, 520 if batch > 100 else 20)

    await sealer(database).run_once()

    sizes = await right(database)
    assert sizes == sorted({*range(batch, sizes[-1] + 1, batch), sizes[-1]})
    assert len(await nodes(database, 8)) == sizes[-1] // 256


async def test_logs_are_sealed_each_by_its_own_key(database: Database) -> None:
    for tenant, size in (("acme", 3), ("other", 5), ("platform", 2)):
        await plant(database, 1, size, tenant)

    assert await sealer(database).run_once() == 10

    for tenant, size in (("acme", 3), ("other", 5), ("platform", 2)):
        assert await right(database, tenant) == [size]


async def test_a_log_that_was_never_sealed_is_caught_up(database: Database) -> None:
    """As in a database of a version before trees."""
    await plant(database, 1, 25_000)

    assert await sealer(database).run_once() == 25_000

    assert [each.size for each in await sealed(database)] == [10_000, 20_000, 25_000]
    assert (await sealed(database))[-1].root == trees.root(planted(25_000))
    assert len(await nodes(database, 8)) == 25_000 // 256


async def test_a_log_goes_on_after_a_restart(database: Database) -> None:
    for last in range(1, 6):
        await plant(database, last, last)
        await sealer(database).run_once()

    assert await right(database) == [1, 2, 3, 4, 5]


async def test_many_sealers_at_once_make_one_log(place: Any, database: Database) -> None:
    databases = [Database.connect(place.gateway_url) for _ in range(3)]
    sealers = [sealer(each) for each in databases]
    over = asyncio.Event()

    async def keep_on(mine: Sealer) -> int:
        done = 0
        while not over.is_set():
            done += await mine.run_once()
            await asyncio.sleep(0)
        return done

    running = [asyncio.create_task(keep_on(mine)) for mine in sealers]
    try:
        for first in range(1, 601, 20):
            await plant(database, first, first + 19)
        await eventually(database, 600)
        over.set()
        assert sum(await asyncio.gather(*running)) == 600
    finally:
        over.set()
        await asyncio.gather(*running, return_exceptions=True)
        for each in databases:
            await each.close()
    await right(database)
    assert len(await nodes(database, 8)) == 2


async def eventually(database: Database, size: int) -> None:
    """Wait until a log is sealed up to a size."""
    while [each.size for each in await sealed(database)][-1:] != [size]:  # noqa: ASYNC110 - others seal it
        await asyncio.sleep(0.01)


async def test_who_does_not_lead_seals_nothing(database: Database) -> None:
    await plant(database, 1, 3)
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        assert await store.lead_sealing(transaction)
        assert await sealer(database).run_once() == 0

    assert await sealed(database) == []
    assert await sealer(database).run_once() == 3


async def test_a_seal_is_whole_or_not_there(database: Database) -> None:
    """A subtree that stands in the way stops the checkpoint too."""
    await plant(database, 1, 300)
    async with database.transaction(DbRole.INTEGRATOR) as transaction:
        await transaction.execute(text("INSERT INTO audit_nodes VALUES ('acme', 8, 0, sha256(''))"))

    with capture_logs() as told:
        assert await sealer(database).run_once() == 0

    assert [line["event"] for line in told] == ["audit.not_sealed"]
    assert await sealed(database) == []


FOREIGN = signers("stranger")
DAMAGE = {
    "another root": "UPDATE audit_checkpoints SET root = sha256('') WHERE tenant = 'acme'",
    "another frontier": "UPDATE audit_checkpoints SET frontier = sha256('') || sha256('') WHERE tenant = 'acme'",
    "half a frontier": "UPDATE audit_checkpoints SET frontier = substr(frontier, 1, 40) WHERE tenant = 'acme'",
    "no frontier": "UPDATE audit_checkpoints SET frontier = '' WHERE tenant = 'acme'",
    "another size": "UPDATE audit_checkpoints SET size = 2 WHERE tenant = 'acme'",
    "no note": "UPDATE audit_checkpoints SET note = '' WHERE tenant = 'acme'",
    "another note": "UPDATE audit_checkpoints SET note = replace(note, 'test/acme', 'test/other') WHERE tenant = 'acme'",
    "a foreign note": "UPDATE audit_checkpoints SET note = :foreign WHERE tenant = 'acme'",
    "a gap": "DELETE FROM audit_leaves WHERE tenant = 'acme' AND seq = 4",
    "a gap further on": "DELETE FROM audit_leaves WHERE tenant = 'acme' AND seq = 5",
    "a repeat": "UPDATE audit_leaves SET seq = 7 WHERE tenant = 'acme' AND seq = 6",
}


@pytest.mark.parametrize("how", DAMAGE)
async def test_damage_stops_the_log_that_has_it_and_no_other(database: Database, owner: Database, how: str) -> None:
    for tenant in ("acme", "zeta"):
        await plant(database, 1, 3, tenant)
    await sealer(database).run_once()
    for tenant in ("acme", "zeta"):
        await plant(database, 4, 6, tenant)
    foreign = FOREIGN.of("acme").signed((await sealed(database))[0].note.partition("\n\n")[0] + "\n")
    await tamper(owner, DAMAGE[how], foreign=foreign)

    restarted = sealer(database)
    with capture_logs() as told:
        assert await restarted.run_once() == 3
        assert await restarted.run_once() == 0

    assert [(line["event"], line["tenant"]) for line in told] == [("audit.not_sealed", "acme")]
    assert await right(database, "zeta") == [3, 6]
    assert len(await sealed(database)) == 1


AWAY = {
    "the newest": ("DELETE FROM audit_checkpoints WHERE size > 3", [3]),
    "all": ("DELETE FROM audit_checkpoints", []),
}


@pytest.mark.parametrize("how", AWAY)
async def test_a_checkpoint_that_this_process_has_seen_is_missed(database: Database, owner: Database, how: str) -> None:
    """Else whoever changes a leaf takes the checkpoints away, and has us sign the change."""
    mine = sealer(database)
    for last in (3, 6):
        await plant(database, last - 2, last)
        await mine.run_once()
    statement, left = AWAY[how]
    await tamper(owner, statement, "UPDATE audit_leaves SET leaf = sha256('') WHERE seq = 5")

    with capture_logs() as told:
        assert await mine.run_once() == 0

    assert [line["event"] for line in told] == ["audit.not_sealed"]
    assert [each.size for each in await sealed(database)] == left


async def test_a_restarted_gateway_seals_another_past_and_only_a_pin_tells(database: Database, owner: Database) -> None:
    await plant(database, 1, 6)
    await sealer(database).run_once()
    pin = (await sealed(database))[-1].note
    change = "UPDATE audit_leaves SET leaf = sha256('') WHERE seq = 5"
    await tamper(owner, "DELETE FROM audit_checkpoints", "DELETE FROM audit_nodes", change)

    assert await sealer(database).run_once() == 6

    tree = await Tree.begun(database, "acme", SIGNERS.of("acme"), pin)
    for each in [*planted(4), sha256(b"").digest(), planted(6)[-1]]:
        await tree.step(each)
    assert await tree.ended() == ["step 7: the first 6 leaves are not those of the pinned checkpoint"]


async def test_a_log_that_was_mended_goes_on_and_its_damage_is_told_again(database: Database, owner: Database) -> None:
    await plant(database, 1, 3)
    mine = sealer(database)
    await mine.run_once()
    for round_ in (1, 2):
        await plant(database, 2 + 2 * round_, 3 + 2 * round_)
        await tamper(owner, "UPDATE audit_checkpoints SET note = note || 'x'")
        with capture_logs() as told:
            assert [await mine.run_once() for _ in range(2)] == [0, 0]
        assert [line["event"] for line in told] == ["audit.not_sealed"]
        await tamper(owner, "UPDATE audit_checkpoints SET note = left(note, -1)")
        assert await mine.run_once() == 2
    assert await right(database) == [3, 5, 7]


async def test_a_database_that_is_away_is_not_taken_for_damage(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plant(database, 1, 3)

    async def away(*_: object) -> None:
        raise DatabaseUnavailable

    monkeypatch.setattr(store, "leaves_after", away)
    with capture_logs() as told, pytest.raises(DatabaseUnavailable):
        await sealer(database).run_once()

    assert told == []
