"""Proofs about a log that is stored.

Law: what a proof is made of depends on sizes alone, so that it is found out first and read then, in few statements.
Subtrees are stored from 256 leaves up, every eighth level; what lies between is made of them or of leaves.
"""

from __future__ import annotations

from collections.abc import Callable

from gateway.audit.offline import node_hash
from gateway.audit.tree import store
from gateway.audit.tree.merkle import Nodes, beside, consistency, inclusion
from gateway.audit.tree.seal import TILE
from gateway.audit.tree.store import Sealed
from gateway.core.errors import NotFound
from gateway.db import Database, DbRole, Transaction


class Prover:
    """Proves things about one tenant's log at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def newest(self, tenant: str) -> Sealed:
        """Return a log's largest checkpoint. Raise ``NotFound`` where there is none yet."""
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            return _found(await store.newest_sealed(transaction, tenant))

    async def inclusion(self, tenant: str, seq: int, size: int) -> list[bytes]:
        """Prove that an event's leaf is in the log of a size. Raise ``NotFound``."""
        return await self._made(tenant, seq, size, lambda nodes: inclusion(seq - 1, size, nodes))

    async def growth(self, tenant: str, old: int, size: int) -> list[bytes]:
        """Prove that the log of one size grew into that of another. Raise ``NotFound``."""
        return await self._made(tenant, old, size, lambda nodes: consistency(old, size, nodes))

    async def beside(self, tenant: str, first: int, last: int, size: int) -> list[bytes]:
        """Return what makes the root together with the leaves from one number to another. Raise ``NotFound``."""
        return await self._made(tenant, last, size, lambda nodes: beside(first - 1, last, size, nodes))

    async def _made(self, tenant: str, seq: int, size: int, make: Callable[[Nodes], list[bytes]]) -> list[bytes]:
        if not 0 < seq <= size:
            detail = f"The checkpoint is of {size} events."
            raise NotFound(detail)
        needed = dict[tuple[int, int], bytes]()
        make(lambda level, number: needed.setdefault((level, number), bytes(32)))
        async with self._database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            for level, number in needed:
                needed[level, number] = await _subtree(transaction, tenant, level, number)
        return make(lambda level, number: needed[level, number])


async def _subtree(transaction: Transaction, tenant: str, level: int, number: int) -> bytes:
    """Return the hash of a perfect subtree, made of those that are stored."""
    stored = level - level % TILE
    low, high = number << (level - stored), (number + 1) << (level - stored)
    if stored:
        row = await store.nodes_between(transaction, tenant, stored, low, high)
    else:
        row = [leaf for seq, leaf in await store.leaves_after(transaction, tenant, low, high - low) if seq <= high]
    if len(row) != high - low:
        detail = "Part of the log's tree is missing: 'cloister audit verify' says where."
        raise NotFound(detail)
    while len(row) > 1:
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
    return row[0]


def _found(sealed: Sealed | None) -> Sealed:
    if sealed is None:
        detail = "The log has no checkpoint yet: a gateway that serves makes one every second."
        raise NotFound(detail)
    return sealed
