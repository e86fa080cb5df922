import json
import uuid
from datetime import UTC, datetime

import pytest
import rfc8785

from gateway.audit.encode import leaf, shown, storable
from gateway.audit.offline import leaf_hash
from gateway.core.audit import Action, AuditEvent, Outcome

EVENT = AuditEvent(
    id=uuid.UUID(int=1),
    time=datetime(2026, 11, 24, 10, 0, 0, 5, tzinfo=UTC),
    tenant="acme",
    actor="a",
    role="app",
    action=Action.EXCHANGE_OPEN,
    resource="/v1/chat/completions",
    outcome=Outcome.SUCCESS,
    details={"b": 0.123456, "a": [1, None]},
)


def test_an_event_is_shown_as_the_contract_says() -> None:
    assert list(shown(EVENT, 7)) == [
        "seq",
        "id",
        "time",
        "tenant",
        "actor",
        "role",
        "action",
        "resource",
        "outcome",
        "exchange",
        "policy",
        "instance",
        "details",
    ]
    assert shown(EVENT, 7)["time"] == "2026-11-24T10:00:00.000005Z"


def test_a_leaf_is_of_the_canonical_json_with_its_number() -> None:
    assert leaf(EVENT, 7) == leaf_hash(rfc8785.dumps(shown(EVENT, 7)))
    assert leaf(EVENT, 7) != leaf(EVENT, 8)


@pytest.mark.parametrize("value", [{"a": [0.1 + 0.2, {"b": 1e-9}], "c": True, "d": None, "e": "x"}, [], 7])
def test_storing_again_changes_nothing(value: object) -> None:
    once = storable(value)  # type: ignore[arg-type]

    assert storable(json.loads(json.dumps(once))) == once


@pytest.mark.parametrize("count", [2**53, -(2**53), 2**64])
def test_a_number_beyond_json_is_hashed_as_text_and_stops_nothing(count: int) -> None:
    assert storable({"n": count}) == {"n": str(count)}
    assert storable({"n": 2**53 - 1}) == {"n": 2**53 - 1}
    rfc8785.dumps(storable({"n": count}))
