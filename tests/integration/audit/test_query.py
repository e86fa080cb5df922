from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.audit import Filters, Integrator, Query, Writer
from gateway.core.actor import Actor, Role
from gateway.core.audit import Action, Outcome
from gateway.db import Database
from gateway.system import SystemClock, SystemIds

pytestmark = pytest.mark.integration

OFFICER = Actor(id="o1", tenant="acme", role=Role.AUDITOR)


@pytest.fixture
async def log(database: Database) -> Any:
    writer = Writer(database, SystemClock(), SystemIds(), instance=SystemIds().new(), deadline=5.0)
    for number in range(10):
        await writer.record(
            Actor(id=f"a{number % 2}", tenant="acme", role=Role.ADMIN),
            Action.KEY_CREATE,
            f"key/{number}",
            Outcome.SUCCESS if number % 3 else Outcome.FAILURE,
            details={
                "entities": {"PERSON": 1} if number % 2 else {},
                "app": "crm" if number < 5 else "hr",
                "model": "moe" if number < 2 else "tiny",
                "decision": "deny" if number < 3 else "permit",
                "findings": [{"value": "v1"}, {"value": "v2"}] if number < 4 else [{}],
                "values_left_out": ["v2"] if number in {0, 7} else [],
            },
        )
    await writer.record(Actor(id="x", tenant="other", role=Role.ADMIN), Action.KEY_CREATE, "key/other")
    await Integrator(database, SystemClock()).run_once()
    yield Query(database, writer)
    await writer.stop()


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (Filters(), 10),
        (Filters(actor="a1"), 5),
        (Filters(outcome="failure"), 4),
        (Filters(entity="PERSON"), 5),
        (Filters(app="crm"), 5),
        (Filters(model="moe"), 2),
        (Filters(decision="deny"), 3),
        (Filters(decision="permit", app="crm"), 2),
        (Filters(value="v1"), 4),
        (Filters(value="v2"), 5),
        (Filters(value="v"), 0),
        (Filters(action="key.create"), 10),
        (Filters(action="key.revoke"), 0),
        (Filters(since=datetime.now(UTC) - timedelta(hours=1)), 10),
        (Filters(until=datetime.now(UTC) - timedelta(hours=1)), 0),
        (Filters(exchange=SystemIds().new()), 0),
    ],
)
async def test_filters(log: Query, filters: Filters, count: int) -> None:
    assert len(await log.numbered("acme", filters)) == count


async def test_pages_follow_each_other(log: Query) -> None:
    first = await log.numbered("acme", Filters(), limit=6)
    second = await log.numbered("acme", Filters(), before=first[-1]["seq"], limit=6)

    assert [event["seq"] for event in first + second] == list(range(10, 0, -1))


async def test_another_tenants_events_are_not_there(log: Query) -> None:
    assert {event["tenant"] for event in await log.numbered("acme", Filters())} == {"acme"}


async def test_reading_is_recorded_first(log: Query, database: Database) -> None:
    await log.events(OFFICER, "acme", Filters(actor="a1"))
    await Integrator(database, SystemClock()).run_once()

    last = (await log.numbered("acme", Filters(), limit=1))[0]
    assert (last["action"], last["actor"], last["details"]) == ("audit.query", "o1", {"filters": ["actor"]})
