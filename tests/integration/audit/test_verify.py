from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from gateway.audit import Recorder, Verifier, Writer, store, verify
from gateway.audit.encode import leaf
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action
from gateway.core.errors import VerificationError
from gateway.db import Database, DbRole
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import CLOCK, IDS, PERMIT, exchange, number, opened
from tests.integration.audit.tree.grove import tamper

pytestmark = pytest.mark.integration


TAMPERING = {
    "edit": "UPDATE audit_events SET actor = 'x' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit details": "UPDATE audit_events SET details = '{}' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit action": "UPDATE audit_events SET action = 'x.y' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit outcome": "UPDATE audit_events SET outcome = '' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "edit beyond any form": (
        "UPDATE audit_events SET details = jsonb_build_object('n', 10::numeric ^ 400 + 0.5)"
        " WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)"
    ),
    "edit leaf": "UPDATE audit_leaves SET leaf = decode(repeat('00', 32), 'hex') WHERE seq = 5",
    "delete event": "DELETE FROM audit_events WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
    "delete leaf": "DELETE FROM audit_leaves WHERE seq = 5",
    "delete both": (
        "DELETE FROM audit_events WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5);"
        "DELETE FROM audit_leaves WHERE seq = 5"
    ),
    "swap": "UPDATE audit_leaves SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6);"
    "UPDATE audit_leaves SET seq = -seq WHERE seq < 0",
    "hide from numbering": "DELETE FROM audit_pending",
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_tampering_is_found(
    place: object, owner: Database, database: Database, journal: Writer, recorder: Recorder, how: str
) -> None:
    for _ in range(5):
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT, ((),))
    await number(database)
    await Verifier(database, SIGNERS).verify("acme")
    async with recorder.follow(exchange()) as entry:
        await entry.open(PERMIT, ((),))

    async with owner.transaction(DbRole.OWNER) as transaction:
        for table in ("audit_events", "audit_leaves", "audit_pending"):
            await transaction.execute(text(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"))
        await transaction.execute(text("ALTER TABLE audit_leaves DROP CONSTRAINT audit_leaves_seq_check"))
        for statement in TAMPERING[how].split(";"):
            await transaction.execute(text(statement))
        for table in ("audit_events", "audit_leaves", "audit_pending"):
            await transaction.execute(text(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"))

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")

    assert raised.value.evidence
    if how.startswith("edit"):
        assert raised.value.evidence == ("step 2: seq 5: the event does not hash to its leaf",)


@pytest.mark.parametrize("process", ["none", "unknown", "ended", "living"])
async def test_an_exchange_is_in_progress_only_in_a_process_that_may_live(
    database: Database, journal: Writer, process: str
) -> None:
    instance = IDS.new()
    if process in {"ended", "living"}:
        async with database.transaction(DbRole.INTEGRATOR) as transaction:
            await store.add_instance(transaction, instance, 1, CLOCK.now())
            await store.end_instance(transaction, instance, CLOCK.now() if process == "ended" else None)
    event = opened(None if process == "none" else instance)
    await journal.append(event)
    await number(database)

    if process == "living":
        assert (await Verifier(database, SIGNERS).verify("acme")).events == 1
        return
    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")
    assert raised.value.evidence == (f"step 5: exchange {event.exchange} has only its exchange.open",)


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a log by pages of two."""
    monkeypatch.setattr(verify, "_BATCH", 2)


@pytest.mark.usefixtures("pages")
async def test_an_exchange_is_whole_across_pages(database: Database, journal: Writer, recorder: Recorder) -> None:
    async with recorder.follow(exchange()) as first:
        await first.open(PERMIT, ((),))
        async with recorder.follow(exchange()) as second:
            await second.open(PERMIT, ((),))
            await number(database)
            lonely = [opened(IDS.new()) for _ in range(3)]
            for event in lonely:
                await journal.append(event)
    await number(database)

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")

    assert set(raised.value.evidence) == {
        f"step 5: exchange {event.exchange} has only its exchange.open" for event in lonely
    }


async def test_two_opens_filed_apart_do_not_make_an_exchange_whole() -> None:
    walk, event = verify.Walk(), opened(None)
    for seq in (1, 2):
        filed = event.time + timedelta(seconds=seq)
        verify._step(walk, store.Leaf(seq=seq, filed=filed, leaf=leaf(event, seq), event=event))

    assert {exchange for exchange, _ in walk.single} == {event.exchange}
    assert walk.evidence == [f"step 2: seq {seq}: the event is filed under another time" for seq in (1, 2)]


@pytest.mark.usefixtures("pages")
async def test_every_event_without_a_place_is_found(
    database: Database, owner: Database, journal: Writer, recorder: Recorder
) -> None:
    for _ in range(3):
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT, ((),))
    await number(database)
    hidden = [opened(None) for _ in range(3)]
    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text("ALTER TABLE audit_events DISABLE TRIGGER enqueue"))
    for event in hidden:
        await journal.append(event)

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")

    today = CLOCK.now().date()
    assert raised.value.evidence == tuple(f"step 4: event {event.id} of {today} has no number" for event in hidden)


NUMBERS = {
    "twice, where a page ends": (
        "INSERT INTO audit_leaves SELECT tenant, 4, :id, filed, leaf FROM audit_leaves WHERE seq = 4",
        4,
    ),
    "twice, where a page begins": (
        "INSERT INTO audit_leaves SELECT tenant, 5, :id, filed, leaf FROM audit_leaves WHERE seq = 5",
        5,
    ),
    "before the first": (
        "INSERT INTO audit_leaves SELECT tenant, 0, :id, filed, leaf FROM audit_leaves WHERE seq = 1",
        0,
    ),
    "far before the first": (
        "INSERT INTO audit_leaves SELECT tenant, -(2^62)::bigint, :id, filed, leaf FROM audit_leaves WHERE seq = 1",
        -(2**62),
    ),
}


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("where", NUMBERS)
async def test_a_number_that_no_event_has_is_found_wherever_it_stands(
    database: Database, owner: Database, journal: Writer, recorder: Recorder, where: str
) -> None:
    for _ in range(3):
        async with recorder.follow(exchange()) as entry:
            await entry.open(PERMIT, ((),))
    await number(database)
    statement, seq = NUMBERS[where]
    unlock = ["audit_leaves_seq_check", "audit_leaves_pkey"]

    await tamper(
        owner, *(f"ALTER TABLE audit_leaves DROP CONSTRAINT {each}" for each in unlock), statement, id=IDS.new()
    )

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")
    assert raised.value.evidence[0] == f"step 1: seq {seq} is one too many"


async def test_an_event_is_filed_where_it_would_be_pruned_in_its_own_time(
    database: Database, owner: Database, journal: Writer, recorder: Recorder
) -> None:
    async with recorder.follow(exchange()) as entry:
        await entry.open(PERMIT, ((),))
    await number(database)

    await tamper(
        owner,
        "UPDATE audit_events SET filed = filed + interval '1 hour'"
        " WHERE id = (SELECT event FROM audit_leaves WHERE seq = 2)",
        "UPDATE audit_leaves SET filed = filed + interval '1 hour' WHERE seq = 2",
    )

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")
    assert raised.value.evidence[0] == "step 2: seq 2: the event is filed under another time"


MARCH = """
    CREATE TABLE audit_events_2024_03 PARTITION OF audit_events FOR VALUES FROM ('2024-03-01+00') TO ('2024-04-01+00');
    ALTER TABLE audit_events_2024_03 ENABLE ROW LEVEL SECURITY"""
PRUNE = {
    "partition": "audit_events_2024_03",
    "from_seq": 1,
    "to_seq": 3,
    "events": 3,
    "rule": "delete_after P13M",
}


@pytest.fixture
async def march(owner: Database, database: Database, journal: Writer) -> None:
    """Three numbered events in a month of their own."""
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in MARCH.split(";"):
            await transaction.execute(text(statement))
    for day in (1, 2, 3):
        made = replace(opened(None), action=Action.KEY_CREATE, exchange=None)
        await journal.append(replace(made, time=datetime(2024, 3, day, tzinfo=UTC)))
    await number(database)


async def prune(database: Database, journal: Writer, owner: Database, details: dict[str, object], loss: str) -> None:
    """Record a prune, and lose what it is about."""
    await journal.record(LOCAL_OPERATOR, Action.AUDIT_PRUNE, "partition", tenant="acme", details=details)  # type: ignore[arg-type]
    await number(database)
    async with owner.transaction(DbRole.OWNER) as transaction:
        for statement in loss.split(";"):
            await transaction.execute(text(statement))


@pytest.mark.usefixtures("march")
async def test_a_month_that_was_pruned_is_counted(database: Database, journal: Writer, owner: Database) -> None:
    await prune(database, journal, owner, PRUNE, "DROP TABLE audit_events_2024_03")

    verified = await Verifier(database, SIGNERS).verify("acme")

    assert (verified.pruned, verified.events, verified.last_seq) == (3, 1, 4)


DELETE = "DELETE FROM audit_events_2024_03 WHERE time {}"
UNLOCK = "ALTER TABLE audit_events_2024_03 DISABLE ROW LEVEL SECURITY;"
FALSE_PRUNES = {
    "the month is there": (PRUNE, UNLOCK + DELETE.format("> '2024-03-02+00'"), 1),
    "the month is there, empty": (PRUNE, UNLOCK + DELETE.format("> '2024-01-01'"), 3),
    "the month has another name": (
        PRUNE,
        UNLOCK + DELETE.format("> '2024-03-02+00'") + ";ALTER TABLE audit_events_2024_03 RENAME TO audit_events_x",
        1,
    ),
    "too few": ({**PRUNE, "events": 2}, "DROP TABLE audit_events_2024_03", 3),
    "another range": ({**PRUNE, "to_seq": 4}, "DROP TABLE audit_events_2024_03", 3),
    "another month": ({**PRUNE, "partition": "audit_events_2024_02"}, "DROP TABLE audit_events_2024_03", 3),
    "not yet due": ({**PRUNE, "rule": "delete_after P90Y"}, "DROP TABLE audit_events_2024_03", 3),
    "without a rule": ({**PRUNE, "rule": None}, "DROP TABLE audit_events_2024_03", 3),
    "without a word": ({}, "DROP TABLE audit_events_2024_03", 3),
}


@pytest.mark.usefixtures("march")
@pytest.mark.parametrize("how", FALSE_PRUNES)
async def test_a_false_prune_covers_nothing(database: Database, journal: Writer, owner: Database, how: str) -> None:
    details, loss, missing = FALSE_PRUNES[how]
    await prune(database, journal, owner, details, loss)

    with pytest.raises(VerificationError) as raised:
        await Verifier(database, SIGNERS).verify("acme")

    assert raised.value.evidence == tuple(
        f"step 3: seq {seq}: the event is missing, and was not pruned" for seq in range(4 - missing, 4)
    )
