from __future__ import annotations

import re
from typing import Any

import pytest

from gateway.core.errors import Misconfigured
from gateway.db import rls


class Answers:
    """A transaction that gives the rows planted for a query, and none for any other."""

    def __init__(self, planted: dict[str, list[tuple[str]]], revision: str) -> None:
        self.planted = planted
        self.revision = revision

    async def scalar(self, query: Any) -> str:
        return self.revision

    async def execute(self, query: Any) -> list[tuple[str]]:
        return self.planted.get(str(query).removesuffix(" ORDER BY 1"), [])


@pytest.mark.parametrize("name", rls._WALLS)
async def test_each_wall_names_where_it_is_broken(name: str) -> None:
    broken = await rls._broken(Answers({rls._WALLS[name]: [("a",), ("b",)]}, ""), rls._WALLS)  # type: ignore[arg-type]
    assert broken == [name.format("'a'"), name.format("'b'")]


@pytest.mark.parametrize("query", [*rls._WALLS.values(), *rls._LOGIN.values()])
def test_a_check_only_reads(query: str) -> None:
    assert re.match(r"\s*SELECT\b", query)
    assert ":" not in query.replace("::", "")


async def test_the_schema_must_be_at_head(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rls, "head", lambda: "0004")
    await rls._verify_revision(Answers({}, "0004"))  # type: ignore[arg-type]
    with pytest.raises(Misconfigured, match="at 0003 and must be at 0004"):
        await rls._verify_revision(Answers({}, "0003"))  # type: ignore[arg-type]
