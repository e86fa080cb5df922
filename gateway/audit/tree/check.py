"""The tree that a log's leaves make, held against what was signed: steps 6 and 7 of verification."""

from __future__ import annotations

from collections import deque
from typing import Final

from gateway.audit.offline import Checkpoint, Refused, VerifierKey, opened
from gateway.audit.tree import store
from gateway.audit.tree.merkle import Frontier
from gateway.audit.tree.seal import TILE, require_own
from gateway.audit.tree.store import Sealed
from gateway.core.errors import VerificationError
from gateway.core.ports import Signer
from gateway.db import Database, DbRole

_BATCH: Final = 1000
_MOST_EVIDENCE: Final = 20


class Tree:
    """Grows leaf by leaf. sealed, checkpoints: the size of the largest checkpoint that was met, and how many were."""

    def __init__(self, database: Database, tenant: str, key: VerifierKey, most: int, pin: Checkpoint | None) -> None:
        self.sealed = 0
        self.checkpoints = 0
        self.evidence: list[str] = []
        self._database = database
        self._tenant = tenant
        self._key = key
        self._most = most
        self._pin = pin
        self._frontier = Frontier()
        self._ahead: deque[Sealed] = deque()
        self._over = False

    @classmethod
    async def begun(cls, database: Database, tenant: str, signer: Signer, pin: str | None) -> Tree:
        """Begin with no leaf. Raise ``VerificationError`` where what is pinned is no checkpoint of this log."""
        key = VerifierKey.read(signer.verifier)
        try:
            pinned = opened(pin, key, step=7) if pin is not None else None
        except Refused as refused:
            raise VerificationError(str(refused), evidence=(str(refused),)) from None
        async with database.transaction(DbRole.AUDITOR, tenant=tenant) as transaction:
            newest = await store.newest_sealed(transaction, tenant)
        return cls(database, tenant, key, newest.size if newest else 0, pinned)

    async def step(self, leaf: bytes) -> None:
        """Take one leaf, and hold the tree against the checkpoints of its size."""
        self._frontier, full = self._frontier.grown((leaf,))
        size = self._frontier.size
        await self._hold_nodes([each for each in full if each[0] % TILE == 0])
        while (due := await self._next()) and due.size == size:
            self._ahead.popleft()
            self._hold(due)
        if self._pin and self._pin.size == size and self._pin.root != self._frontier.root:
            self._say(f"step 7: the first {size} leaves are not those of the pinned checkpoint")

    async def ended(self) -> list[str]:
        """Return what was found wrong, once there is no further leaf."""
        size = self._frontier.size
        if due := await self._next():
            self._say(f"step 6: a checkpoint is of {due.size} leaves, and there are {size}")
        if self._pin and self._pin.size > size:
            self._say(f"step 7: the pinned checkpoint is of {self._pin.size} leaves, and there are {size}")
        return self.evidence

    def _hold(self, due: Sealed) -> None:
        try:
            require_own(due, self._key)
        except VerificationError as error:
            self._say(f"step 6: {error.detail}")
        if due.root != self._frontier.root or due.frontier != self._frontier.write():
            self._say(f"step 6: the first {due.size} leaves do not make the root of their checkpoint")
        self.sealed, self.checkpoints = due.size, self.checkpoints + 1

    async def _hold_nodes(self, full: list[tuple[int, int, bytes]]) -> None:
        """Look whether subtrees that are full are stored as they are, as far as they are to be."""
        for level, number, expected in full:
            async with self._database.transaction(DbRole.AUDITOR, tenant=self._tenant) as transaction:
                stored = await store.nodes_between(transaction, self._tenant, level, number, number + 1)
            is_due = (number + 1) << level <= self._most
            if stored != [expected] and (stored or is_due):
                self._say(f"step 6: subtree {number} of level {level} is stored as another")

    async def _next(self) -> Sealed | None:
        """Return the next checkpoint in the order of sizes, of those that there were when this began."""
        if not self._ahead and not self._over:
            after = self.sealed
            async with self._database.transaction(DbRole.AUDITOR, tenant=self._tenant) as transaction:
                self._ahead += await store.sealed_after(transaction, self._tenant, after, _BATCH)
            self._over = len(self._ahead) < _BATCH
        return self._ahead[0] if self._ahead and self._ahead[0].size <= self._most else None

    def _say(self, what: str) -> None:
        if len(self.evidence) < _MOST_EVIDENCE:
            self.evidence.append(what)
