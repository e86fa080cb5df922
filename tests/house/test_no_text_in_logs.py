"""A value is planted in the request and in what each stage raises: no log line, metric or answer may show it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from litestar.testing import TestClient

from gateway.core.errors import GatewayError
from gateway.exchange import pipeline
from gateway.observability import metrics
from gateway.protocols import ChatLens
from gateway.restore import Restorer
from tests.doubles.edge import House, application
from tests.doubles.world import World, pipeline_in

PLANTED = "maria.gonzalez@corp.local"
STAGES: dict[Any, str] = {
    House: "authenticate",
    World: "require serves active analyze open fingerprint send stream pieces note",
    pipeline: "decide apply restore restored",
    ChatLens: "request write reply write_reply event write_event",
    Restorer: "feed",
}


def fail(*_: Any, held: str = PLANTED, **__: Any) -> Any:
    raise KeyError(held)  # a traceback that shows local variables would show it, too


def said(lines: io.StringIO) -> tuple[str, str]:
    """Ask for a whole answer and for a stream. Return the answers, and what was logged and counted."""
    world = World(chunks=[b'data: {"choices":[{"index":0,"delta":{"content":"<PERSON_1>"}}]}\n\ndata: [DONE]\n\n'])
    whole = {"model": "m", "messages": [{"role": "user", "content": f"Maria {PLANTED}"}], "user": PLANTED}
    key = {"authorization": "Bearer app"}
    with TestClient(application(House(), pipeline=pipeline_in(world))) as client:
        both = [client.post(ChatLens.endpoint, json=body, headers=key) for body in (whole, whole | {"stream": True})]
    answers = "".join(f"{answer.headers}{answer.text}" for answer in both)
    return answers, lines.getvalue() + metrics.render().decode()


@pytest.mark.parametrize(("owner", "name"), [(owner, name) for owner in STAGES for name in STAGES[owner].split()])
def test_a_stage_shows_nothing(monkeypatch: pytest.MonkeyPatch, lines: io.StringIO, owner: Any, name: str) -> None:
    monkeypatch.setattr(owner, name, fail)
    answers, rest = said(lines)

    assert "internal_error" in answers
    assert PLANTED not in answers + rest


def test_the_law_can_be_broken(monkeypatch: pytest.MonkeyPatch, lines: io.StringIO) -> None:
    monkeypatch.setattr(World, "open", fail)
    monkeypatch.setattr(GatewayError, "title", PLANTED)
    monkeypatch.setattr("traceback.extract_tb", lambda _: [SimpleNamespace(filename=PLANTED, lineno=1, name="open")])

    assert [PLANTED in part for part in said(lines)] == [True, True]
