"""What a superuser of the database may do to a log, and what whoever verifies must say of it (promise A3)."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert, text, update

from gateway.audit import store
from gateway.audit.encode import leaf
from gateway.audit.offline import Checkpoint
from gateway.audit.store import Leaf
from gateway.audit.tree import store as tree_store
from gateway.audit.tree.merkle import Frontier
from gateway.audit.tree.seal import TILE
from gateway.core.audit import AuditEvent
from gateway.db import Transaction
from tests.doubles.signers import SIGNERS, signers
from tests.integration.audit.ledger import CLOCK, IDS

TENANT = "acme"


class Inside:
    """A database of which only one open transaction is seen, by every role."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    @asynccontextmanager
    async def transaction(self, *_: object, **__: object) -> AsyncIterator[Transaction]:
        yield self._transaction


@dataclass
class Log:
    """A log as it was before anything was done to it. rows: by number, less 1. sealed: its checkpoints by size."""

    rows: Sequence[Leaf]
    sealed: Sequence[tree_store.Sealed]
    chance: random.Random = field(default_factory=lambda: random.Random(6962))

    @property
    def size(self) -> int:
        return len(self.rows)

    @property
    def pin(self) -> str:
        """The newest checkpoint, kept elsewhere."""
        return self.sealed[-1].note

    def covering(self, seq: int) -> int:
        """The size of the first checkpoint that an event is in."""
        return next(each.size for each in self.sealed if each.size >= seq)

    def other(self, seq: int) -> int:
        return self.chance.choice([each for each in range(1, self.size + 1) if each != seq])


Misdeed = Callable[[Transaction, Log, int], Awaitable[str | tuple[str, ...]]]
"""Does something at a number, and returns how the first piece of evidence begins, or how it may."""


async def do(transaction: Transaction, statement: str, **values: Any) -> None:
    await transaction.execute(text(statement), values)


OF = "(SELECT event FROM audit_leaves WHERE seq = :seq)"
FIELDS = {
    "actor": "actor || 'x'",
    "role": "'admin'",
    "action": "'key.revoke'",
    "resource": "''",
    "outcome": "'failure'",
    "policy": "'f'",
    "instance": "gen_random_uuid()",
    "exchange": "gen_random_uuid()",
    "time": "time + interval '1 microsecond'",
    "details": "details || '{\"more\": 1}'",
}


async def edit_field(transaction: Transaction, log: Log, seq: int) -> str:
    name = log.chance.choice(sorted(FIELDS))
    await do(transaction, f"UPDATE audit_events SET {name} = {FIELDS[name]} WHERE id = {OF}", seq=seq)  # noqa: S608
    return f"step 2: seq {seq}: "


async def edit_hash(transaction: Transaction, log: Log, seq: int) -> str:
    await do(
        transaction, "UPDATE audit_leaves SET leaf = :leaf WHERE seq = :seq", leaf=log.chance.randbytes(32), seq=seq
    )
    return f"step 2: seq {seq}: "


async def delete_row(transaction: Transaction, log: Log, seq: int) -> str:
    event, row = f"DELETE FROM audit_events WHERE id = {OF}", "DELETE FROM audit_leaves WHERE seq = :seq"  # noqa: S608
    which = log.chance.choice(["event", "leaf", "both"])
    for statement in {"event": [event], "leaf": [row], "both": [event, row]}[which]:
        await do(transaction, statement, seq=seq)
    if which == "event":
        return f"step 3: seq {seq}: "
    return (
        f"step 1: seq {seq} " if seq < log.size else f"step 6: a checkpoint is of {seq} leaves, and there are {seq - 1}"
    )


async def delete_tail(transaction: Transaction, log: Log, seq: int) -> str:
    """Take away all from a number on, as if it had never been."""
    await do(
        transaction, "DELETE FROM audit_events WHERE id IN (SELECT event FROM audit_leaves WHERE seq >= :seq)", seq=seq
    )
    await do(transaction, "DELETE FROM audit_leaves WHERE seq >= :seq", seq=seq)
    await do(transaction, "DELETE FROM audit_checkpoints WHERE size >= :seq", seq=seq)
    await do(transaction, "DELETE FROM audit_nodes WHERE (number + 1) << level >= :seq", seq=seq)
    return f"step 7: the pinned checkpoint is of {log.size} leaves, and there are {seq - 1}"


async def insert_row(transaction: Transaction, log: Log, seq: int) -> str:
    """Put an event with the right leaf between two others, and number those behind it anew."""
    event = changed(log.rows[seq - 1], id=IDS.new())
    await move_on(transaction, seq)
    await transaction.execute(insert(store.events).values(**store._values(event)))
    await do(transaction, "DELETE FROM audit_pending")
    await place(transaction, event, seq)
    return f"step 2: seq {seq + 1}: "


async def place(transaction: Transaction, event: AuditEvent, seq: int) -> None:
    values = {"tenant": TENANT, "seq": seq, "event": event.id, "filed": store.filed_of(event), "leaf": leaf(event, seq)}
    await transaction.execute(insert(store.leaves).values(**values))


async def move_on(transaction: Transaction, seq: int) -> None:
    await do(transaction, "UPDATE audit_leaves SET seq = -seq - 1 WHERE seq >= :seq", seq=seq)
    await do(transaction, "UPDATE audit_leaves SET seq = -seq WHERE seq < 0")


def changed(row: Leaf, **changes: Any) -> AuditEvent:
    assert row.event
    return replace(row.event, **changes)


async def swap(transaction: Transaction, log: Log, seq: int) -> str:
    other = log.other(seq)
    for low, high in ((seq, -1), (other, seq), (-1, other)):
        await do(transaction, "UPDATE audit_leaves SET seq = :high WHERE seq = :low", low=low, high=high)
    return f"step 2: seq {min(seq, other)}: "


async def duplicate(transaction: Transaction, log: Log, seq: int) -> str:
    """The same once more, under the same number."""
    await do(transaction, "INSERT INTO audit_leaves SELECT * FROM audit_leaves WHERE seq = :seq", seq=seq)
    return f"step 1: seq {seq} is one too many"


async def renumber(transaction: Transaction, log: Log, seq: int) -> str | tuple[str, ...]:
    """Give one another number: one that is free, that it shares, or that moves all the others on."""
    how = log.chance.choice(["free", "shared", "moved on"])
    if how == "moved on":
        await move_on(transaction, seq)
        return f"step 1: seq {seq} is missing"
    other = log.size + log.chance.randrange(1, 9) + 1 if how == "free" else log.other(seq)
    await do(transaction, "UPDATE audit_leaves SET seq = :other WHERE seq = :seq", other=other, seq=seq)
    if other < seq:
        return f"step 1: seq {other} is one too many", f"step 2: seq {other}: "
    return f"step 1: seq {seq} is missing"


async def replace_checkpoint(transaction: Transaction, log: Log, seq: int) -> str:
    """Say of another size or root that it was signed, by a note that was signed for something else."""
    size = log.covering(seq)
    root = log.chance.randbytes(32)
    own, other = SIGNERS.of(TENANT), SIGNERS.of("other")
    notes = [
        ("note", own.signed(Checkpoint(own.name, size, root).text)),
        ("note", own.signed(Checkpoint(own.name, size + 1, root).text)),
        ("note", other.signed(Checkpoint(other.name, size, root).text)),
        ("note", next(each.note for each in log.sealed if each.size != size)),
        ("root", root),
        ("frontier", root * size.bit_count()),
    ]
    name, value = log.chance.choice(notes)
    await do(transaction, f"UPDATE audit_checkpoints SET {name} = :value WHERE size = :size", value=value, size=size)  # noqa: S608
    return (
        f"step 6: The checkpoint of size {size} "
        if name != "frontier"
        else f"step 6: the first {size} leaves do not make"
    )


async def fork(transaction: Transaction, log: Log, seq: int) -> str:
    """Another past from a number on, signed by the log's own key: as of a database that was restored, and went on."""
    await rewrite(transaction, log, seq, SIGNERS.of(TENANT))
    return f"step 7: the first {log.size} leaves are not those of the pinned checkpoint"


async def resign(transaction: Transaction, log: Log, seq: int) -> str:
    """Another past, right in every hash, signed by another key."""
    await rewrite(transaction, log, seq, signers().of("stranger" if log.chance.random() < 0.5 else "acme2"))
    return f"step 6: The checkpoint of size {log.covering(seq)} is not signed by test/acme."


async def rewrite(transaction: Transaction, log: Log, seq: int, signer: Any) -> None:
    """Change an event, and all that follows from it: its leaf, every subtree and every checkpoint."""
    row = log.rows[seq - 1]
    event = changed(row, actor="nobody")
    await transaction.execute(update(store.events).where(store.events.c.id == event.id).values(actor="nobody"))
    hashes = [each.leaf for each in log.rows]
    hashes[seq - 1] = leaf(event, seq)
    await do(transaction, "UPDATE audit_leaves SET leaf = :leaf WHERE seq = :seq", leaf=hashes[seq - 1], seq=seq)
    tree, done = Frontier(), 0
    for each in log.sealed:
        tree, full = tree.grown(hashes[done : each.size])
        done = each.size
        for level, number, hash_ in full:
            if level % TILE == 0:
                where = "UPDATE audit_nodes SET hash = :hash WHERE level = :level AND number = :number"
                await do(transaction, where, hash=hash_, level=level, number=number)
        if each.size < seq:
            continue
        note = signer.signed(Checkpoint(SIGNERS.of(TENANT).name, tree.size, tree.root).text)
        values = {"root": tree.root, "frontier": tree.write(), "note": note, "time": CLOCK.now()}
        table = tree_store.checkpoints
        await transaction.execute(update(table).where(table.c.size == each.size).values(**values))


MISDEEDS: dict[str, Misdeed] = {
    "edit field": edit_field,
    "edit hash": edit_hash,
    "delete row": delete_row,
    "delete tail": delete_tail,
    "insert": insert_row,
    "swap": swap,
    "duplicate": duplicate,
    "re-number": renumber,
    "replace checkpoint": replace_checkpoint,
    "fork": fork,
    "re-sign with a wrong key": resign,
}
ONLY_A_PIN_TELLS = {"delete tail", "fork"}
