"""The routes over a log that writes down what it is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from litestar.testing import TestClient

from gateway.audit import Filters
from gateway.core.actor import PLATFORM, Actor, Role
from gateway.core.audit import Action, Outcome
from tests.doubles.edge import House, application

ROOT = "/api/audit"
PATHS = ["/events", "/events/{seq}/proof", "/checkpoint"]
READS = {Role.AUDITOR, Role.PRIVACY_OFFICER}
EXCHANGE = uuid.UUID("0199c0de-0000-7000-8000-000000000001")
GIVEN = {
    "since": datetime(2026, 11, 1, tzinfo=UTC),
    "until": datetime(2026, 12, 1, tzinfo=UTC),
    "actor": "k1",
    "app": "crm",
    "model": "org/m",
    "action": "exchange.open",
    "outcome": "denied",
    "decision": "deny",
    "exchange": EXCHANGE,
    "entity": "PERSON",
    "value": "hmac-sha256:2026-11:0123456789abcdef0123456789abcdef",
    "policy": "ab12",
}


@dataclass
class Library(House):
    """The house, and its log of twelve events."""

    asked: list[Any] = field(default_factory=list)

    def authenticate(self, header: Any) -> Actor:
        actor = super().authenticate(header)
        return Actor(id=actor.id, tenant=PLATFORM if actor.role is Role.PLATFORM else "acme", role=actor.role)

    async def events(self, actor: Actor, tenant: str, filters: Filters, *, before: int | None, limit: int) -> list[Any]:
        self.asked.append((actor.id, tenant, {k: v for k, v in asdict(filters).items() if v is not None}, before))
        return [{"seq": seq} for seq in range((before or 13) - 1, 0, -1)][:limit]

    async def proof(self, actor: Actor, tenant: str, seq: int) -> dict[str, Any]:
        self.asked.append((actor.id, tenant, seq))
        return {"index": seq - 1, "hashes": ["ab"], "checkpoint": "c\n"}

    async def checkpoint(self, actor: Actor, tenant: str) -> dict[str, Any]:
        self.asked.append((actor.id, tenant))
        return {"checkpoint": "c\n", "key": "k"}


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def client(library: Library) -> Iterator[TestClient[Any]]:
    with TestClient(application(library)) as client:
        client.headers["authorization"] = "Bearer auditor"
        yield client


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("role", list(Role))
def test_the_log_is_for_whoever_may_read_it(library: Library, client: TestClient[Any], path: str, role: Role) -> None:
    client.headers["authorization"] = f"Bearer {role.value}"
    answer = client.get(ROOT + path.replace("{seq}", "7"))

    if role in READS:
        assert (answer.status_code, len(library.asked), library.denied) == (200, 1, [])
        assert library.asked[0][:2] == (role.value, "acme")
        return
    assert (answer.status_code, answer.json()["code"], library.asked) == (403, "permission_denied", [])
    assert library.denied == [(role.value, Action.ACCESS_DENY, ROOT + path, Outcome.DENIED)]


@pytest.mark.parametrize("name", GIVEN)
def test_every_filter_is_asked_for(library: Library, client: TestClient[Any], name: str) -> None:
    value = GIVEN[name]
    answer = client.get(f"{ROOT}/events", params={name: value.isoformat() if isinstance(value, datetime) else value})

    assert answer.status_code == 200
    assert library.asked[0][2] == {name: value}


def test_pages_follow_each_other(library: Library, client: TestClient[Any]) -> None:
    seen: list[int] = []
    more, after = True, {}
    while more:
        page = client.get(f"{ROOT}/events", params={"limit": 5, **after}).json()
        seen += [each["seq"] for each in page["events"]]
        more, after = page["more"], {"after": seen[-1]}

    assert seen == list(range(12, 0, -1))
    assert [asked[3] for asked in library.asked] == [None, 8, 3]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "1001"),
        ("limit", "x"),
        ("after", "x"),
        ("since", "yesterday"),
        ("since", "2026-11-01T00:00:00"),
        ("until", ""),
        ("exchange", "x"),
    ],
)
def test_what_is_no_filter_is_refused(library: Library, client: TestClient[Any], name: str, value: str) -> None:
    answer = client.get(f"{ROOT}/events", params={name: value})

    assert (answer.status_code, library.asked) == (400, [])
    assert name in answer.json()["detail"]


def test_a_proof_and_a_checkpoint_come_as_they_are(client: TestClient[Any]) -> None:
    assert client.get(f"{ROOT}/events/7/proof").json() == {"index": 6, "hashes": ["ab"], "checkpoint": "c\n"}
    assert client.get(f"{ROOT}/checkpoint").json() == {"checkpoint": "c\n", "key": "k"}
    assert client.get(f"{ROOT}/events/x/proof").status_code == 404
