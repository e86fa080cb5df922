import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.errors import ProtocolError, RequestBlocked
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Policy
from gateway.eval.gate import Gate
from gateway.eval.placements import LENSES
from gateway.eval.sides import Plan, policy_of

CHAT = LENSES["chat"]


def gate(policy: Policy | None = None) -> Gate:
    return Gate(engine="patterns", model="", policy=policy or policy_of(Plan()))


def asking(text: str, **fields: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": text}], **fields}).encode()


async def test_what_would_leave_has_been_made_safe() -> None:
    left = json.loads(await gate().leaving(CHAT, asking("mail bob@corp.local", user="bob@corp.local")))

    assert left["messages"][0]["content"] == "mail <EMAIL_ADDRESS_1>"
    assert left["user"] == "<EMAIL_ADDRESS_1>"


async def test_each_request_is_looked_at_by_itself() -> None:
    one = gate()
    await one.leaving(CHAT, asking("my password: Tr0ub4dor77x"))

    assert b"Tr0ub4dor77x" in await one.leaving(CHAT, asking("Tr0ub4dor77x"))


async def test_the_last_look_is_part_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.core.residue.Replacements.clean", lambda *_: b"{}")

    assert await gate().leaving(CHAT, asking("hello")) == b"{}"


async def test_what_is_refused_does_not_leave() -> None:
    policy = policy_of(Plan())
    blocked = replace(policy.entities["EMAIL_ADDRESS"], operator=OperatorConfig(operator=Operator.BLOCK))
    blocking = gate(replace(policy, entities={**policy.entities, "EMAIL_ADDRESS": blocked}))

    with pytest.raises(RequestBlocked):
        await blocking.leaving(CHAT, asking("mail bob@corp.local"))
    with pytest.raises(ProtocolError):
        await blocking.leaving(CHAT, asking("hello", shoe=1))


async def test_placeholders_of_embeddings_are_keyed() -> None:
    raw = json.dumps({"model": "m", "input": ["mail bob@corp.local"]}).encode()
    first, second = [await gate().leaving(LENSES["embeddings"], raw) for _ in range(2)]

    assert first == second
    assert b"<EMAIL_ADDRESS_1>" not in first
