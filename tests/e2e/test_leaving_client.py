"""A client that leaves is left: its model server is told so at once, and it is on record as gone."""

from __future__ import annotations

import http.client
import json
from datetime import UTC, datetime

import pytest

from tests.doubles.protocols import PROTOCOLS, Protocol
from tests.doubles.recording_backend import whole
from tests.e2e.cases import closings
from tests.e2e.gateways import Gateway
from tests.e2e.misdeeds import begun, pieces
from tests.waiting import seconds_until, until

pytestmark = pytest.mark.integration


def left(gateway: Gateway, protocol: Protocol, *, streamed: bool) -> float:
    """Ask, leave before the answer or in the middle of it, and return the seconds until the backend saw that."""
    backend = gateway.backend
    before = len(backend.received)
    backend.gone.clear()
    said = begun(protocol) if streamed else []
    backend.script = lambda request: (
        whole(b"", kind="text/plain") if request.method == "GET" else pieces(*said, hang=True)
    )
    body = json.dumps(protocol.request("Hello?", streamed=streamed)).encode()
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10)
    key = {"authorization": f"Bearer {gateway.keys['app']}", "content-type": "application/json"}
    connection.request("POST", protocol.path, body, key)
    if streamed:
        answer = connection.getresponse()
        assert answer.read(10)
        answer.close()
    until(lambda: len(backend.received) > before)
    connection.close()
    return seconds_until(backend.gone.is_set)


def test_a_client_that_leaves_is_left_within_a_second(gateway: Gateway) -> None:
    began = datetime.now(UTC).isoformat()
    seconds = [left(gateway, protocol, streamed=streamed) for protocol in PROTOCOLS for streamed in (False, True)]

    print(f"\nthe backend saw it after at most {max(seconds) * 1000:.0f} ms")
    assert sorted(seconds)[len(seconds) // 2] < 1
    assert max(seconds) < 5
    until(lambda: gone(gateway, began) == len(seconds))


def gone(gateway: Gateway, since: str) -> int:
    """Count the exchanges that were closed because their client had left."""
    events = [event for closed in closings(gateway, "--since", since).values() for event in closed]
    return sum((event["outcome"], event["details"].get("reason")) == ("failure", "client_gone") for event in events)
