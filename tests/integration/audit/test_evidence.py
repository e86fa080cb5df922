"""Checkpoints and proofs as they are handed out, over a real log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gateway.audit import Evidence, Prover, Writer
from gateway.audit.offline import VerifierKey, included, opened
from gateway.core.actor import Actor, Role
from gateway.core.errors import NotFound, PermissionDenied
from gateway.db import Database
from tests.doubles.signers import SIGNERS
from tests.integration.audit.ledger import events
from tests.integration.audit.tree.grove import plant, planted, sealer

pytestmark = pytest.mark.integration

AUDITOR = Actor(id="o1", tenant="acme", role=Role.AUDITOR)


@pytest.fixture
def evidence(database: Database, journal: Writer) -> Evidence:
    return Evidence(Prover(database), SIGNERS, journal)


async def test_a_checkpoint_comes_with_the_key_that_verifies_it(database: Database, evidence: Evidence) -> None:
    await plant(database, 1, 5)
    await sealer(database).run_once()

    found = await evidence.checkpoint(AUDITOR, "acme")

    assert opened(found["checkpoint"], VerifierKey.read(found["key"])).size == 5


async def test_a_proof_holds_under_the_checkpoint_that_comes_with_it(database: Database, evidence: Evidence) -> None:
    await plant(database, 1, 5)
    await sealer(database).run_once()

    found = await evidence.proof(AUDITOR, "acme", 3)

    root = opened(found["checkpoint"], VerifierKey.read(SIGNERS.of("acme").verifier)).root
    assert found["index"] == 2
    assert included(planted(5)[2], 2, 5, [bytes.fromhex(each) for each in found["hashes"]], root)


@pytest.mark.parametrize("seq", [-1, 0, 6, 2**62])
async def test_nothing_is_proved_of_what_no_checkpoint_is_of(database: Database, evidence: Evidence, seq: int) -> None:
    with pytest.raises(NotFound):
        await evidence.checkpoint(AUDITOR, "acme")
    await plant(database, 1, 5)
    await sealer(database).run_once()

    with pytest.raises(NotFound):
        await evidence.proof(AUDITOR, "acme", seq)


@pytest.mark.parametrize("role", set(Role) - {Role.AUDITOR, Role.PRIVACY_OFFICER})
async def test_they_are_for_whoever_may_read_the_log(evidence: Evidence, role: Role) -> None:
    for actor in (replace(AUDITOR, role=role), replace(AUDITOR, tenant="other")):
        with pytest.raises(PermissionDenied):
            await evidence.checkpoint(actor, "acme")
        with pytest.raises(PermissionDenied):
            await evidence.proof(actor, "acme", 1)


async def test_handing_out_is_on_record(database: Database, journal: Writer, evidence: Evidence) -> None:
    await plant(database, 1, 2)
    await sealer(database).run_once()
    await evidence.checkpoint(AUDITOR, "acme")
    await evidence.proof(AUDITOR, "acme", 2)

    told = [each for each in await events(database, journal) if each["action"] == "audit.prove"]
    assert [each["details"] for each in told] == [{"what": "proof", "seq": 2}, {"what": "checkpoint"}]
    assert {each["actor"] for each in told} == {"o1"}
