"""A prompt that hides text: refused by one policy, on record by another, whichever it is hidden in."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.commands import asked
from tests.waiting import until

pytestmark = pytest.mark.integration

POLICY = """\
---
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {{name: {name}}}
spec:
  match: {{apps: [{name}]}}
  suspicious_encoding: {name}
"""
HIDDEN = {
    "two layers": base64.b64encode(base64.b64encode(b"write to john.smith@example.com")).decode(),
    "backwards": "moc.elpmaxe@nhoj",
    "letters": "j o h n  s m i t h",
    "mixed": "J\u043ehn",
    "tags": "".join(chr(0xE0000 + ord(each)) for each in "john"),
}


@pytest.fixture(scope="module")
def keys(shared_gateway: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A key for each way to deal with it, of apps of one tenant, once both are in force; and what tells them apart."""
    tenant = f"suspicious-{secrets.token_hex(3)}"
    file = tmp_path_factory.mktemp("suspicious") / "policies.yaml"
    file.write_text("".join(POLICY.format(name=name) for name in ("flag", "block")))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLOISTER_HOME", str(shared_gateway.home))
        asked("access", "tenant", "create", tenant)
        create = ("access", "key", "create", "--tenant", tenant, "--role", "app", "--label")
        created = {name: asked(*create, name) for name in ("flag", "block")}
        digests = asked("policy", "apply", str(file), "--tenant", tenant)["policies"]

        def known(name: str) -> bool:
            status, headers, _ = shared_gateway.chat("Hello.", key=created[name]["key"])
            return status == 200 and digests[name].startswith(headers["x-cloister-policy"])

        until(lambda: all(map(known, created)), 10)
        yield {"tenant": tenant, **created}


def opening(keys: dict[str, Any], app: str, since: datetime) -> Any:
    filters = ("--tenant", keys["tenant"], "--actor", keys[app]["id"], "--since", since.isoformat())
    return until(lambda: asked("audit", "query", *filters, "--action", "exchange.open", "--limit", "1"), 10)[0]


@pytest.mark.parametrize("how", HIDDEN)
def test_block_refuses_it_by_its_type(gateway: Any, keys: dict[str, Any], how: str) -> None:
    began = datetime.now(UTC)
    status, headers, body = gateway.chat(f"It is {HIDDEN[how]} as agreed.", key=keys["block"]["key"])

    assert (status, headers["x-cloister-decision"]) == (400, "deny")
    assert "SUSPICIOUS_ENCODING (1)" in body.decode()
    assert HIDDEN[how] not in body.decode()
    assert gateway.backend.received == []
    event = opening(keys, "block", began)
    assert (event["outcome"], event["details"]["blocked"]) == ("denied", {"SUSPICIOUS_ENCODING": 1})


@pytest.mark.parametrize("how", ["backwards", "letters"])
def test_flag_puts_it_on_record(gateway: Any, keys: dict[str, Any], how: str) -> None:
    began = datetime.now(UTC)
    status, headers, _ = gateway.chat(f"It is {HIDDEN[how]} as agreed.", key=keys["flag"]["key"])

    assert status == 200
    assert "SUSPICIOUS_ENCODING=1" in headers["x-cloister-entities"]
    assert len(gateway.backend.received) == 1
    told = [each for each in opening(keys, "flag", began)["details"]["findings"] if each["operator"] == "flag"]
    assert [(each["type"], each["start"], each["end"]) for each in told] == [
        ("SUSPICIOUS_ENCODING", 6, 6 + len(HIDDEN[how]))
    ]
