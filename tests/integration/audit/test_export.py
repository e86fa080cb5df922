"""Exports: what is written can be verified by whoever has the key, and nothing else is written."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gateway.audit import Exporter, Filters, Prover, Query, Recorder, Writer, offline
from gateway.audit.offline import VerifierKey
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action
from gateway.core.errors import Conflict, Misconfigured, NotFound, PermissionDenied, VerificationError
from gateway.db import Database, DbRole
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import ACTOR, IDS, PERMIT, exchange, number, opened
from tests.integration.audit.tree.grove import sealed, sealer, tamper

pytestmark = pytest.mark.integration

KEY = VerifierKey.read(SIGNERS.of("acme").verifier)
Export = Callable[..., Awaitable[offline.Verified]]


@pytest.fixture
def exporter(database: Database, journal: Writer) -> Exporter:
    return Exporter(Query(database, journal), Prover(database), SIGNERS)


@pytest.fixture
async def log(database: Database, recorder: Recorder) -> Database:
    """Ten numbered events, sealed after six and after ten."""
    for count in (3, 2):
        for _ in range(count):
            async with recorder.follow(exchange()) as entry:
                await entry.open(PERMIT, ((),))
        await number(database)
        await sealer(database).run_once()
    return database


async def export(exporter: Exporter, folder: Path, first: int = 1, last: int = 10, **more: Any) -> offline.Verified:
    return await exporter.export(LOCAL_OPERATOR, "acme", (first, last), folder, **more)


@pytest.mark.parametrize(("first", "last"), [(1, 10), (1, 1), (10, 10), (3, 7)])
async def test_what_is_exported_is_verified_without_us(
    log: Database, exporter: Exporter, tmp_path: Path, first: int, last: int
) -> None:
    told = await export(exporter, tmp_path / "out", first, last)

    assert offline.verify(tmp_path / "out", KEY) == told
    assert (told.first, told.last, told.checkpoint.size, told.pruned) == (first, last, 10, 0)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [
        "checkpoint",
        "events.jsonl",
        "key",
        "proof.json",
    ]
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "out/key").read_text() == f"{KEY}\n"


async def test_events_are_as_the_log_shows_them(
    log: Database, exporter: Exporter, journal: Writer, tmp_path: Path
) -> None:
    await export(exporter, tmp_path / "out")

    lines = [json.loads(line) for line in (tmp_path / "out/events.jsonl").read_text().splitlines()]
    shown = await Query(log, journal).numbered("acme", Filters(), limit=10)
    assert lines == shown[::-1]


ODD = 'a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\x7fj\\k"l\ud7ffm\U0001f600'


async def test_letters_that_end_a_line_elsewhere_stand_within_one(
    database: Database, exporter: Exporter, journal: Writer, tmp_path: Path
) -> None:
    details: Any = {ODD: [ODD, 0.12345, 1e16, -0.0, 2**60, {"\u20ac": 1, "\ufb33": 2}]}
    await journal.append(replace(opened(None), exchange=None, action=Action.KEY_CREATE, resource=ODD, details=details))
    await number(database)
    await sealer(database).run_once()

    assert (await export(exporter, tmp_path / "out", 1, 1)).last == 1


async def test_an_export_is_itself_on_record(
    log: Database, exporter: Exporter, journal: Writer, tmp_path: Path
) -> None:
    await export(exporter, tmp_path / "out", 2, 4)
    await number(log)

    (event,) = await Query(log, journal).numbered("acme", replace(Filters(), action=Action.AUDIT_EXPORT))
    assert (event["actor"], event["details"]) == (LOCAL_OPERATOR.id, {"from_seq": 2, "to_seq": 4})


async def test_who_may_not_read_the_log_exports_nothing(log: Database, exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(PermissionDenied):
        await exporter.export(ACTOR, "acme", (1, 10), tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("size", [6, 10])
async def test_it_is_proved_that_the_log_grew_out_of_a_pin(
    log: Database, exporter: Exporter, tmp_path: Path, size: int
) -> None:
    pin = next(each.note for each in await sealed(log) if each.size == size)

    assert (await export(exporter, tmp_path / "out", 2, 3, pin=pin)).pinned == size
    assert offline.verify(tmp_path / "out", KEY, pin).pinned == size


async def test_a_pin_of_another_log_exports_nothing(log: Database, exporter: Exporter, tmp_path: Path) -> None:
    for pin in ("", (await sealed(log))[0].note.replace("6", "7")):
        with pytest.raises(VerificationError, match="step 6"):
            await export(exporter, tmp_path / "out", pin=pin)

    assert not (tmp_path / "out").exists()


async def test_a_folder_that_is_there_is_left_as_it_is(log: Database, exporter: Exporter, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept")
    (tmp_path / "out").mkdir()
    for name in ("file", "out"):
        with pytest.raises(Conflict, match="never written over"):
            await export(exporter, tmp_path / name)

    assert (tmp_path / "file").read_text() == "kept"
    assert list((tmp_path / "out").iterdir()) == []


async def test_where_no_folder_can_be_is_named(log: Database, exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="No such file"):
        await export(exporter, tmp_path / "none" / "out")


async def test_a_log_without_a_checkpoint_is_not_exported(
    database: Database, exporter: Exporter, tmp_path: Path
) -> None:
    with pytest.raises(NotFound, match="no checkpoint yet"):
        await export(exporter, tmp_path / "out")

    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("first", "last"), [(0, 5), (5, 11), (7, 4), (11, 11)])
async def test_numbers_that_the_checkpoint_does_not_have_are_refused(
    log: Database, exporter: Exporter, tmp_path: Path, first: int, last: int
) -> None:
    with pytest.raises((NotFound, ValueError)):
        await export(exporter, tmp_path / "out", first, last)

    assert not (tmp_path / "out").exists()


TAMPERING = {
    "an event": (
        "UPDATE audit_events SET actor = 'x' WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
        "step 3",
    ),
    "a leaf": ("UPDATE audit_leaves SET leaf = sha256('') WHERE seq = 5", "step 3"),
    "a number": ("DELETE FROM audit_leaves WHERE seq = 5", "step 4"),
    "a leaf beside": ("UPDATE audit_leaves SET leaf = sha256('') WHERE seq = 1", "step 5"),
    "the root": ("UPDATE audit_checkpoints SET note = replace(note, '10', '11')", "step 2"),
    "the event, away": (
        "DELETE FROM audit_events WHERE id = (SELECT event FROM audit_leaves WHERE seq = 5)",
        "seq 5: the event is missing, and was not pruned",
    ),
}


@pytest.mark.parametrize("how", TAMPERING)
async def test_what_does_not_hold_is_not_called_an_export(
    log: Database, owner: Database, exporter: Exporter, tmp_path: Path, how: str
) -> None:
    statement, named = TAMPERING[how]
    await tamper(owner, statement)

    with pytest.raises(VerificationError, match=named) as raised:
        await export(exporter, tmp_path / "out", 4, 8)
    assert raised.value.evidence


async def test_a_month_that_was_pruned_is_exported_as_its_leaves(
    database: Database, owner: Database, exporter: Exporter, journal: Writer, tmp_path: Path
) -> None:
    month = "audit_events_2024_03 PARTITION OF audit_events FOR VALUES FROM ('2024-03-01+00') TO ('2024-04-01+00')"
    async with owner.transaction(DbRole.OWNER) as transaction:
        await transaction.execute(text(f"CREATE TABLE {month}"))
        await transaction.execute(text("ALTER TABLE audit_events_2024_03 ENABLE ROW LEVEL SECURITY"))
    for day in (1, 2):
        made = replace(opened(None), action=Action.KEY_CREATE, exchange=None)
        await journal.append(made)
        await journal.append(replace(made, id=IDS.new(), time=datetime(2024, 3, day, tzinfo=UTC)))
    await number(database)
    await sealer(database).run_once()
    await tamper(owner, "DROP TABLE audit_events_2024_03")

    told = await export(exporter, tmp_path / "out", 1, 4)

    lines = [json.loads(line) for line in (tmp_path / "out/events.jsonl").read_text().splitlines()]
    assert (told.pruned, [set(line) == {"seq", "leaf", "pruned"} for line in lines]) == (2, [True, True, False, False])
