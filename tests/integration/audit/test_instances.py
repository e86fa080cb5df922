import asyncio

import pytest

from gateway.audit import Instances, Verifier, Writer
from gateway.db import Database
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import CLOCK, IDS, events, opened

pytestmark = pytest.mark.integration


async def test_what_a_dead_process_left_open_is_closed_once(database: Database, journal: Writer) -> None:
    dead = IDS.new()
    gone = Instances(database, CLOCK, IDS, dead)
    await gone.start()
    for _ in range(3):
        await journal.append(opened(dead))
    living = Instances(database, CLOCK, IDS, IDS.new())
    await living.start()

    assert await living.reconcile() == 0
    await gone.stop()
    assert await living.reconcile() == 0
    await asyncio.sleep(2.1)
    assert await living.reconcile() == 3
    assert await living.reconcile() == 0
    await living.stop()

    found = await events(database, journal)
    assert [event["outcome"] for event in found].count("unknown") == 3
    await Verifier(database, SIGNERS).verify("acme")


async def test_a_command_closes_what_the_dead_left_open_and_nothing_of_the_living(
    database: Database, journal: Writer
) -> None:
    dead, alive = IDS.new(), IDS.new()
    gone, living = (Instances(database, CLOCK, IDS, instance) for instance in (dead, alive))
    for process, instance in ((gone, dead), (living, alive)):
        await process.start()
        await journal.append(opened(instance))
    await gone.stop()

    assert await Instances(database, CLOCK, IDS, IDS.new()).settle() == 1

    assert [event["outcome"] for event in await events(database, journal)].count("unknown") == 1
    await Verifier(database, SIGNERS).verify("acme")
    await living.stop()
