"""Sealing: every log's Merkle tree as it grows, and its signed checkpoints.

Law: one process at a time, under an advisory lock that ends with its transaction; the new subtrees and the checkpoint
that is made of them are one commit. A tree grows only out of a checkpoint that this log's own key signed, and never out
of one before the newest that this process knows: whoever changes what is stored makes it stop, and is found by whoever
verifies.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gateway.audit.offline import Checkpoint, Refused, VerifierKey, opened
from gateway.audit.tree import store
from gateway.audit.tree.merkle import Frontier
from gateway.audit.tree.store import Sealed
from gateway.core.errors import DatabaseUnavailable, VerificationError
from gateway.core.ports import Clock, Signers
from gateway.db import Database, DbRole
from gateway.observability.logs import logger

TILE: Final = 8
"""Levels between those whose subtrees are stored: of 256 leaves, of 65,536, and so on (C2SP tlog-tiles)."""

_BATCH: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """What one commit adds to a tree. full: the perfect subtrees that are stored, by level and number."""

    sealed: Sealed
    full: Sequence[tuple[int, int, bytes]]


class Sealer:
    """Seals what has a number, when asked to."""

    def __init__(self, database: Database, clock: Clock, signers: Signers) -> None:
        self._database = database
        self._clock = clock
        self._signers = signers
        self._trusted: dict[str, Sealed] = {}
        self._failing: set[str] = set()

    async def run_once(self) -> int:
        """Seal every log as far as it goes, and return how many leaves were; 0 also while another process is at it."""
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            tenants = await store.unsealed(transaction) if await store.lead_sealing(transaction) else []
        return sum([await self._seal(tenant) for tenant in tenants])

    async def _seal(self, tenant: str) -> int:
        """Seal one log, and say once where that does not go."""
        total, count = 0, _BATCH
        try:
            while count == _BATCH:
                count = await self._batch(tenant)
                total += count
        except DatabaseUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever is wrong with one log, the others go on
            if tenant not in self._failing:
                logger("audit").error("audit.not_sealed", tenant=tenant, exc_info=error)
            self._failing.add(tenant)
        else:
            self._failing.discard(tenant)
        return total

    async def _batch(self, tenant: str) -> int:
        async with self._database.transaction(DbRole.INTEGRATOR) as transaction:
            if not await store.lead_sealing(transaction):
                return 0
            newest = await store.newest_sealed(transaction, tenant)
            self._require_onward(tenant, newest)
            frontier = self._frontier(tenant, newest) if newest else Frontier()
            leaves = await store.leaves_after(transaction, tenant, frontier.size, _BATCH)
            if not leaves:
                return 0
            grown = await asyncio.to_thread(self._grown, tenant, frontier, leaves)
            await store.seal(transaction, tenant, grown.sealed, grown.full)
        self._trusted[tenant] = grown.sealed
        return len(leaves)

    def _require_onward(self, tenant: str, newest: Sealed | None) -> None:
        """Raise ``VerificationError`` where a checkpoint is away that this process has seen: nothing takes it back."""
        seen, there = self._trusted.get(tenant), newest.size if newest else 0
        if seen and seen.size > there:
            detail = f"The log of '{tenant}' was sealed up to {seen.size}, and its newest checkpoint is of {there}."
            raise VerificationError(detail)

    def _frontier(self, tenant: str, newest: Sealed) -> Frontier:
        """Return the tree that a stored checkpoint is of. Raise ``VerificationError`` unless our own key signed it."""
        frontier = Frontier.read(newest.size, newest.frontier)
        if self._trusted.get(tenant) != newest:
            require_own(newest, VerifierKey.read(self._signers.of(tenant).verifier))
            if frontier.root != newest.root:
                detail = f"The log of '{tenant}': the stored tree of size {newest.size} is not that of its checkpoint."
                raise VerificationError(detail)
            self._trusted[tenant] = newest
        return frontier

    def _grown(self, tenant: str, frontier: Frontier, leaves: Sequence[tuple[int, bytes]]) -> Grown:
        """Let the tree grow by leaves that follow it without a gap."""
        if [seq for seq, _ in leaves] != list(range(frontier.size + 1, frontier.size + len(leaves) + 1)):
            detail = f"The log of '{tenant}' has a gap behind {frontier.size}."
            raise VerificationError(detail)
        tree, full = frontier.grown(leaf for _, leaf in leaves)
        signer, now = self._signers.of(tenant), self._clock.now()
        note = signer.signed(Checkpoint(signer.name, tree.size, tree.root).text)
        sealed = Sealed(size=tree.size, root=tree.root, frontier=tree.write(), note=note, time=now)
        return Grown(sealed=sealed, full=[each for each in full if each[0] % TILE == 0])


def require_own(sealed: Sealed, key: VerifierKey) -> None:
    """Raise ``VerificationError`` unless a key signed that a log of this size has this root."""
    try:
        checkpoint = opened(sealed.note, key)
    except Refused:
        detail = f"The checkpoint of size {sealed.size} is not signed by {key.name}."
        raise VerificationError(detail) from None
    if (checkpoint.size, checkpoint.root) != (sealed.size, sealed.root):
        root = base64.b64encode(checkpoint.root).decode()
        detail = f"The checkpoint of size {sealed.size} says {checkpoint.size} and {root}."
        raise VerificationError(detail)
