import json
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.policy.load import Source
from gateway.policy.plan import Plan, documents_of, is_plan, plan_hash, read_plan, sources_of

PLAN = Plan(scope="acme", base=3, digest="ab", sources=(Source("p.yaml", "spec: {}\n"),), changes=("a: b → c",))


def saved(**changes: Any) -> str:
    return json.dumps(PLAN.as_json() | changes)


def test_a_plan_is_read_as_it_was_saved() -> None:
    assert read_plan(saved()) == PLAN
    assert sources_of(documents_of(PLAN.sources)) == PLAN.sources


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "other"},
        {"base": 4},
        {"documents": [{"file": "p.yaml", "text": "spec: {mode: off}\n"}]},
        {"hash": "0"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_plan_that_was_changed_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="changed after it was made"):
        read_plan(saved(**changes))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        json.dumps({"kind": "PolicyPlan"}),
        saved(kind="Plan"),
        saved(base=True),
        saved(base="3"),
        saved(more=1),
        saved(documents=[{"file": "p"}]),
        saved(documents=[{"file": "p", "text": 1}]),
        saved(documents=[{"file": "p", "text": "\ud800"}]),
        saved(documents=["p"]),
    ],
    ids=range(13),
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="no plan"):
        read_plan(text)


def test_a_plan_is_known_by_all_that_it_would_do() -> None:
    files = PLAN.sources
    others = [
        ("b", 3, files),
        ("acme", 4, files),
        ("acme", 3, (Source("q.yaml", files[0].text),)),
        ("acme", 3, files * 2),
    ]

    assert PLAN.hash == plan_hash("acme", 3, files)
    assert len({PLAN.hash, *(plan_hash(*other) for other in others)}) == 5


def test_a_plan_is_told_from_a_policy() -> None:
    assert is_plan(saved())
    assert not is_plan("apiVersion: cloister/v1\n# PolicyPlan\n")
    assert not is_plan('{"kind": "PolicyBundle"}')
