"""Replies of the real server, held against the tables of ``docs/coverage.md``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.api.routes import LENSES
from gateway.core.errors import GatewayError
from gateway.protocols import Lens, SseParser
from gateway.protocols.coverage import Row, Treatment
from gateway.protocols.observed import event_rows, event_treatments, reply_rows, reply_treatments

Seen = dict[tuple[str, ...], Treatment]
LEAST = {"/v1/chat/completions": (30, 15), "/v1/completions": (5, 2), "/v1/responses": (5, 3), "/v1/messages": (5, 5)}
"""Replies and streams that were recorded, at least."""


def recorded(wire: Path, route: str) -> Iterator[bytes]:
    for file in sorted(wire.glob("*/*.req")):
        body = file.with_suffix(".body")
        if body.exists() and file.read_bytes().startswith(f"POST {route} ".encode()):
            yield body.read_bytes()


def whole(body: bytes) -> Any:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) and not {"error", "detail"} & found.keys() else None


def events(body: bytes) -> list[Any]:
    if body[:6] not in {b"data: ", b"event:"}:
        return []
    found = [event.data for event in SseParser().feed(body)]
    return [json.loads(data) for data in found if data.startswith(b"{") and b'"error"' not in data[:10]]


def assert_told(table: Iterable[Row], seen: Seen, kind: str = "") -> None:
    """Whatever a real reply brings is in the table, and nothing more comes of it than the table says."""
    known = [(tuple(row.path.removeprefix(kind).strip(" /").split("/")), row.treatment) for row in table]
    for path, treatment in seen.items():
        told = next((told for names, told in known if covers(names, path)), None)
        assert told is not None, f"{kind} {'/'.join(path)} is in no table"
        same = treatment is Treatment.CHECKED and told is Treatment.MADE_ANEW  # what is made may be what was
        assert same or treatment in {told, Treatment.LEFT_OUT}, f"{kind} {'/'.join(path)} is {treatment}, not {told}"


def covers(names: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether a row tells of a place; one of a part that is left out tells of all that is in it."""
    return len(names) <= len(path) and all(a in {"*", b} for a, b in zip(names, path, strict=False))


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_real_replies_are_as_the_tables_tell(shared: Path, lens: Lens) -> None:
    reply, stream = list(reply_rows(lens)), list(event_rows(lens))
    seen = [0, 0]
    for body in recorded(shared / "vllm/wire", lens.endpoint):
        if (found := whole(body)) is not None:
            try:
                treatments = reply_treatments(lens, found)
            except GatewayError:
                continue
            seen[0] += 1
            assert_told(reply, treatments)
        elif brought := events(body):
            seen[1] += 1
            for kind, treatments in event_treatments(lens, brought).items():
                assert_told([row for row in stream if row.path.startswith(f"{kind} /"[not kind :])], treatments, kind)

    assert all(have >= least for have, least in zip(seen, LEAST.get(lens.endpoint, (0, 0)), strict=True)), seen
    print(f"\n{lens.endpoint}: {seen[0]} replies and {seen[1]} streams of the real server")
