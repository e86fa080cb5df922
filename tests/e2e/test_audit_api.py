"""An auditor reads and proves the own tenant's log over HTTP, with nothing but a key and the one file that verifies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.audit.offline import VerifierKey, included, leaf_of, opened
from tests.waiting import until

pytestmark = pytest.mark.integration


def told(gateway: Any, path: str, role: str = "auditor") -> Any:
    status, _, said = gateway.call("GET", f"/api/audit{path}", key=role)
    assert status == 200, said
    return json.loads(said)


def test_an_exchange_is_found_and_proved(gateway: Any) -> None:
    status, headers, _ = gateway.chat("My name is Maria Gonzalez.")
    assert status == 200
    path = f"/events?exchange={headers['x-cloister-exchange']}"
    closing, opening = until(lambda: found if len(found := told(gateway, path)["events"]) == 2 else None, 10)
    assert (opening["action"], closing["action"]) == ("exchange.open", "exchange.close")
    value = next(each["value"] for each in opening["details"]["findings"] if each["type"] == "PERSON")
    assert opening["seq"] in {each["seq"] for each in told(gateway, f"/events?value={value}")["events"]}

    def proved() -> Any:
        status, _, said = gateway.call("GET", f"/api/audit/events/{closing['seq']}/proof", key="privacy_officer")
        return json.loads(said) if status == 200 else None

    proof, checkpoint = until(proved, 10), told(gateway, "/checkpoint")
    key = VerifierKey.read(checkpoint["key"])
    sealed = opened(proof["checkpoint"], key)
    hashes = [bytes.fromhex(each) for each in proof["hashes"]]
    assert included(leaf_of(closing), closing["seq"] - 1, sealed.size, hashes, sealed.root)
    assert not included(leaf_of(opening), closing["seq"] - 1, sealed.size, hashes, sealed.root)
    assert opened(checkpoint["checkpoint"], key).size >= sealed.size


def test_pages_neither_skip_nor_repeat_while_events_are_added(gateway: Any) -> None:
    for _ in range(3):
        assert gateway.chat("hello")[0] == 200
    seen: list[int] = []
    after = ""
    while len(seen) < 40:
        page = told(gateway, f"/events?limit=7{after}")  # reading adds an event each time
        seen += [each["seq"] for each in page["events"]]
        after = f"&after={seen[-1]}"
        if not page["more"]:
            break

    assert seen == list(range(seen[0], seen[-1] - 1, -1))
