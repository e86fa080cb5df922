"""An officer says that a finding was false, knowing its hash alone, and an admin plans, applies and sees it let through."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import cloister
from tests.e2e.gateways import Gateway, running
from tests.e2e.realms import Realm, realm, repeating
from tests.waiting import until

pytestmark = pytest.mark.integration

POLICY = """\
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {name: desk}
spec:
  # the answers show what the model has seen
  responses: {restore: false}
  defaults: {operator: redact}
"""
DESK, ANN = "the.helpdesk@corp.example", "ann.lee@corp.example"
TEXT = f"Write to {DESK}, not to {ANN}."


@pytest.fixture(scope="module")
def echo(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(tmp_path_factory.mktemp("feedback"), root, CLOISTER_DETECT__ENGINE="patterns") as gateway:
        gateway.backend.script = repeating
        yield gateway


def served(echo: Gateway, tmp_path: Path) -> Iterator[Realm]:
    with realm(echo, tmp_path) as made:
        made.admit("olga", "privacy_officer", "p-olga")
        made.told("ann", "apply", made.file("p.yaml", POLICY))
        until(lambda: made.ask(TEXT)[1] == "Write to [EMAIL_ADDRESS], not to [EMAIL_ADDRESS].", 10)
        yield made


@pytest.fixture
def own(echo: Gateway, tmp_path: Path) -> Iterator[Realm]:
    yield from served(echo, tmp_path)


@pytest.fixture
def other(echo: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Realm]:
    yield from served(echo, tmp_path_factory.mktemp("other"))


def finding(of: Realm) -> tuple[str, ...]:
    """Let the app ask, and return how an officer names what was found first, from the log alone."""
    _, _, exchange = of.ask(TEXT)
    event = until(lambda: of.events("--exchange", exchange, "--action", "exchange.open"), 10)[0]
    first: dict[str, Any] = min(event["details"]["findings"], key=lambda found: found["start"])
    assert first["value"].startswith("hmac-sha256:")
    assert DESK not in str(event)
    return "--exchange", exchange, "--entity", first["type"], "--value", first["value"]


def test_a_false_finding_is_said_planned_and_let_through(own: Realm) -> None:
    named = finding(own)
    value = named[-1]

    assert own.act("ann", "feedback", *named)[0] != 0, "an admin says what was found falsely"
    assert own.act("olga", "feedback", *named)[0] == 0
    (proposal,) = until(lambda: own.told("ann", "feedback"), 10)
    assert (proposal["value"], proposal["documents"][0]["name"]) == (value, "desk")
    assert own.ask(TEXT)[1].count("[EMAIL_ADDRESS]") == 2, "it changed something by itself"

    file, plan = own.folder / "p.yaml", own.folder / "plan"
    planned = own.told("ann", "plan", file, "--feedback", "-o", plan)
    assert planned["changes"] == [f'RedactionPolicy "desk": allow.findings.EMAIL_ADDRESS: + "{value}"']
    assert "# the answers show" in file.read_text()
    own.told("ann", "apply", plan)

    until(lambda: own.ask(TEXT)[1] == f"Write to {DESK}, not to [EMAIL_ADDRESS].", 10)
    assert own.ask(TEXT.upper())[1].count("[EMAIL_ADDRESS]") == 1, "another spelling of the value"
    assert own.told("ann", "feedback") == []
    assert own.told("ann", "plan", file, "--feedback")["changes"] == []


def test_what_is_taken_back_is_proposed_no_more(own: Realm) -> None:
    named = finding(own)
    assert own.act("olga", "feedback", *named)[0] == 0
    until(lambda: own.told("ann", "feedback"), 10)
    assert own.act("olga", "feedback", *named, "--withdraw")[0] == 0

    until(lambda: own.told("ann", "feedback") == [], 10)
    assert own.told("ann", "plan", own.folder / "p.yaml", "--feedback")["changes"] == []
    said = own.events("--action", "policy.feedback")
    assert [each["details"]["withdrawn"] for each in said] == [True, False]


def test_a_hash_of_one_tenant_lets_nothing_through_in_another(own: Realm, other: Realm) -> None:
    named = finding(own)
    code, said = other.act("olga", "feedback", *named)
    assert code != 0
    assert "No event of that exchange" in said

    file = other.file("p.yaml", f"{POLICY}  allow:\n    findings:\n      EMAIL_ADDRESS: [{named[-1]}]\n")
    digest = other.told("ann", "apply", file)["policies"]["desk"]
    until(lambda: digest.startswith(other.ask(TEXT)[0]), 10)
    assert other.ask(TEXT)[1].count("[EMAIL_ADDRESS]") == 2


def test_on_the_host_a_tenant_is_named(own: Realm) -> None:
    named = finding(own)

    code, said = cloister("policy", "feedback", *named)
    assert (code, "--tenant" in said) == (2, True)
    assert cloister("policy", "feedback", *named, "--tenant", own.name)[0] == 0
    assert cloister("policy", "feedback", "--exchange", "x", *named[2:], "--tenant", own.name)[0] == 2
