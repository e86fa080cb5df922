"""A prompt that hides text: refused by one policy, on record by another, whichever it is hidden in."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.e2e.gateways import Gateway
from tests.e2e.tenancies import Tenancy, tenancy

pytestmark = pytest.mark.integration

HIDDEN = {
    "two layers": base64.b64encode(base64.b64encode(b"write to john.smith@example.com")).decode(),
    "backwards": "moc.elpmaxe@nhoj",
    "letters": "j o h n  s m i t h",
    "mixed": "J\u043ehn",
    "tags": "".join(chr(0xE0000 + ord(each)) for each in "john"),
}


@pytest.fixture(scope="module")
def tenant(shared_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tenancy]:
    """An app for each way to deal with it."""
    rules = {name: f"suspicious_encoding: {name}" for name in ("flag", "block")}
    with tenancy(shared_gateway, tmp_path_factory.mktemp("suspicious"), rules) as made:
        yield made


@pytest.mark.parametrize("how", HIDDEN)
def test_block_refuses_it_by_its_type(gateway: Gateway, tenant: Tenancy, how: str) -> None:
    began = datetime.now(UTC)
    status, headers, body = gateway.chat(f"It is {HIDDEN[how]} as agreed.", key=tenant.key("block"))

    assert (status, headers["x-cloister-decision"]) == (400, "deny")
    assert "SUSPICIOUS_ENCODING (1)" in body.decode()
    assert HIDDEN[how] not in body.decode()
    assert gateway.backend.received == []
    event = tenant.event("block", "exchange.open", began)
    assert (event["outcome"], event["details"]["blocked"]) == ("denied", {"SUSPICIOUS_ENCODING": 1})


@pytest.mark.parametrize("how", ["backwards", "letters"])
def test_flag_puts_it_on_record(gateway: Gateway, tenant: Tenancy, how: str) -> None:
    began = datetime.now(UTC)
    status, headers, _ = gateway.chat(f"It is {HIDDEN[how]} as agreed.", key=tenant.key("flag"))

    assert status == 200
    assert "SUSPICIOUS_ENCODING=1" in headers["x-cloister-entities"]
    assert len(gateway.backend.received) == 1
    told = [
        each
        for each in tenant.event("flag", "exchange.open", began)["details"]["findings"]
        if each["operator"] == "flag"
    ]
    assert [(each["type"], each["start"], each["end"]) for each in told] == [
        ("SUSPICIOUS_ENCODING", 6, 6 + len(HIDDEN[how]))
    ]
