"""The routes over a service that writes down what it is asked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import pytest
from litestar.testing import TestClient

from gateway.core.actor import PLATFORM, Actor, Role
from gateway.core.errors import NotFound
from gateway.eval.feedback import FalseFinding, Proposal
from tests.doubles.edge import House, application

PATH = "/api/policies/feedback"
EXCHANGE = uuid.UUID("0199c0de-0000-7000-8000-000000000001")
VALUE = "hmac-sha256:2026-11:0123456789abcdef0123456789abcdef"
SAID = {"exchange": str(EXCHANGE), "entity": "PERSON", "value": VALUE}
PROPOSAL = Proposal(
    tenant="acme",
    **SAID,
    said_by="k1",
    time="2026-11-26T10:00:00.000000Z",
    documents=({"name": "hr", "file": "hr.yaml", "line": 1, "own": True},),
)


@dataclass
class Officers(House):
    """The house, and its service of feedback."""

    asked: list[Any] = field(default_factory=list)
    fails: Exception | None = None

    def authenticate(self, header: Any) -> Actor:
        actor = super().authenticate(header)
        return Actor(id=actor.id, tenant=PLATFORM if actor.role is Role.PLATFORM else "acme", role=actor.role)

    async def proposals(self, scope: str, actor: Actor) -> list[Proposal]:
        self.asked.append((scope, actor.id))
        return [PROPOSAL]

    async def say(self, tenant: str, said: FalseFinding, actor: Actor, *, withdrawn: bool) -> None:
        self.asked.append((tenant, actor.id, asdict(said), withdrawn))
        if self.fails:
            raise self.fails


@pytest.fixture
def officers() -> Officers:
    return Officers()


@pytest.fixture
def client(officers: Officers) -> Iterator[TestClient[Any]]:
    with TestClient(application(officers)) as client:
        client.headers["authorization"] = "Bearer privacy_officer"
        yield client


@pytest.mark.parametrize("role", list(Role))
def test_an_officer_says_and_whoever_reads_policies_lists(
    officers: Officers, client: TestClient[Any], role: Role
) -> None:
    client.headers["authorization"] = f"Bearer {role.value}"

    assert client.get(PATH).status_code == (403 if role is Role.APP else 200)
    assert client.post(PATH, json=SAID).status_code == (201 if role is Role.PRIVACY_OFFICER else 403)


@pytest.mark.parametrize("withdrawn", [True, False])
def test_what_is_said_goes_to_the_log_of_the_officer_s_tenant(
    officers: Officers, client: TestClient[Any], withdrawn: bool
) -> None:
    answer = client.post(PATH, json={**SAID, "withdrawn": withdrawn})

    assert answer.json() == SAID
    assert officers.asked == [("acme", "privacy_officer", {**SAID, "exchange": EXCHANGE}, withdrawn)]


def test_proposals_come_with_the_policies_that_would_have_to_change(client: TestClient[Any]) -> None:
    (found,) = client.get(PATH).json()["proposals"]

    assert found == {**PROPOSAL.as_json(), "documents": [dict(PROPOSAL.documents[0])]}


@pytest.mark.parametrize(
    "body",
    [{}, [], {**SAID, "exchange": "x"}, {**SAID, "more": 1}, {**SAID, "value": 7}, {**SAID, "withdrawn": "no"}],
)
def test_what_is_no_finding_is_refused_without_being_repeated(
    officers: Officers, client: TestClient[Any], body: Any
) -> None:
    answer = client.post(PATH, json=body)

    assert (answer.status_code, officers.asked) == (400, [])
    assert "exchange, entity, value, withdrawn" in answer.json()["detail"]


def test_what_is_not_on_record_is_not_found(officers: Officers, client: TestClient[Any]) -> None:
    officers.fails = NotFound("No event of that exchange names such a finding.")

    assert client.post(PATH, json=SAID).status_code == 404
