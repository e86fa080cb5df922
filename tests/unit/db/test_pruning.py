from typing import Any

import pytest

from gateway.core.errors import Misconfigured
from gateway.db.pruning import require_sight


class Unseen:
    """A transaction in which rows of these tables may be hidden."""

    def __init__(self, *tables: str) -> None:
        self.tables = list(tables)

    async def execute(self, _: Any) -> Any:
        return self

    def scalars(self) -> Any:
        return self

    def all(self) -> list[str]:
        return self.tables


async def test_what_may_be_hidden_is_named_with_the_mend() -> None:
    await require_sight(Unseen())  # type: ignore[arg-type]

    with pytest.raises(Misconfigured, match=r"'audit_events', 'audit_leaves'.*db upgrade"):
        await require_sight(Unseen("audit_events", "audit_leaves"))  # type: ignore[arg-type]
