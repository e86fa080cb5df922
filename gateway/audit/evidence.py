"""Checkpoints and proofs, handed to whoever may read the log.

Law: that one was handed out is an event of the log, written after it was made, so that it is of what was asked about.
"""

from __future__ import annotations

from typing import Any

from gateway.audit.tree import Prover
from gateway.core.actor import Actor, Permission
from gateway.core.audit import Action, Json
from gateway.core.ports import Journal, Signers


class Evidence:
    """Hands them out."""

    def __init__(self, prover: Prover, signers: Signers, journal: Journal) -> None:
        self._prover = prover
        self._signers = signers
        self._journal = journal

    async def checkpoint(self, actor: Actor, tenant: str) -> dict[str, Any]:
        """Return a log's newest checkpoint, a signed note, and the key that verifies it. Raise ``NotFound``."""
        actor.require(Permission.AUDIT_READ, tenant)
        newest = await self._prover.newest(tenant)
        await self._tell(actor, tenant, {"what": "checkpoint"})
        return {"checkpoint": newest.note, "key": self._signers.of(tenant).verifier}

    async def proof(self, actor: Actor, tenant: str, seq: int) -> dict[str, Any]:
        """Return what proves that an event is in the log: its index, from 0, hashes (hex), and the checkpoint.

        Raise ``NotFound`` where no checkpoint is of it yet.
        """
        actor.require(Permission.AUDIT_READ, tenant)
        newest = await self._prover.newest(tenant)
        hashes = await self._prover.inclusion(tenant, seq, newest.size)
        await self._tell(actor, tenant, {"what": "proof", "seq": seq})
        return {"index": seq - 1, "hashes": [each.hex() for each in hashes], "checkpoint": newest.note}

    async def _tell(self, actor: Actor, tenant: str, details: dict[str, Json]) -> None:
        await self._journal.record(actor, Action.AUDIT_PROVE, "audit", tenant=tenant, details=details)
