"""What a stage that changes rows needs and must not build; it stands here because it speaks of a transaction."""

from __future__ import annotations

from typing import Protocol

from gateway.core.actor import Actor
from gateway.core.audit import Action, Json, Outcome
from gateway.db.engine import Transaction


class ChangeJournal(Protocol):
    """Where a change is recorded: in its own transaction, so that both are there or neither is."""

    async def record_in(  # noqa: PLR0913 - the fields of an event, AU-3
        self,
        transaction: Transaction,
        actor: Actor,
        action: Action,
        resource: str,
        *,
        tenant: str,
        policy: str = "",
        details: dict[str, Json] | None = None,
        outcome: Outcome = Outcome.SUCCESS,
    ) -> None:
        """Record the act in the log of the transaction's tenant."""
        ...
