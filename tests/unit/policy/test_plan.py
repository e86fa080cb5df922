import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.errors import Problem, ProtocolError
from gateway.policy.load import Source
from gateway.policy.plan import (
    Plan,
    documents_of,
    is_plan,
    plan_hash,
    plan_of,
    read_plan,
    require_files,
    sources_of,
)

PLAN = Plan(scope="acme", base=3, digest="ab", sources=(Source("p.yaml", "spec: {}\n"),), changes=("a: b → c",))


def saved(**changes: Any) -> str:
    return json.dumps(PLAN.as_json() | changes)


def test_a_plan_is_read_as_it_was_saved() -> None:
    assert read_plan(saved()) == PLAN
    older = {name: value for name, value in PLAN.as_json().items() if name != "warnings"}
    assert plan_of(older) == PLAN
    assert sources_of(documents_of(PLAN.sources)) == PLAN.sources


def test_warnings_are_told_and_are_no_part_of_a_plan() -> None:
    problem = Problem(file="p.yaml", line=1, column=1, code="CL4010", message="m")
    warned = replace(PLAN, warnings=(problem,))

    assert [each["code"] for each in warned.as_json()["warnings"]] == ["CL4010"]
    assert warned.hash == PLAN.hash
    assert plan_of(warned.as_json()) == PLAN


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
        saved(base=-1),
        saved(base=2**31),
        saved(base=2**60),
        saved(scope="\ud800"),
        saved().replace('"base": 3', '"base": 4, "base": 3'),
        saved().replace('"base": 3', '"base": NaN'),
        saved() + " {}",
        " " * 4 * 2**20 + saved(),
        saved(documents=[{"file": f"{number}", "text": ""} for number in range(101)]),
    ],
    ids=range(22),
)
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(ProtocolError, match="no plan"):
        read_plan(text)


def test_no_hash_is_made_of_files_that_no_version_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    plans = [saved(documents=[{"file": name, "text": text}]) for text, name in (("x" * (2**19 + 1), "p"), ("", "p\n"))]
    monkeypatch.setattr("gateway.policy.plan.plan_hash", pytest.fail)

    for plan in plans:
        with pytest.raises(ProtocolError):
            read_plan(plan)


def test_half_a_character_is_no_text() -> None:
    with pytest.raises(ProtocolError, match="no plan"):
        plan_of(PLAN.as_json() | {"documents": [{"file": "p.yaml", "text": "\ud800"}]})
    with pytest.raises(ProtocolError):
        read_plan(saved().replace("spec", "\ud800"))


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["p"] * 2, ""),
        ([f"{number}" for number in range(101)], ""),
        ([""], ""),
        (["p" * 256], ""),
        (["p.yaml\n  SECRET: redact → keep"], ""),
        (["\x1b[2J"], ""),
        (["p\x00"], ""),
        (["\x9b2J"], ""),
        (["\u202elmay.p"], ""),
        (["\u2028"], ""),
        (["\ud800"], ""),
        (["a", "b"], "x" * (2**19 + 1)),
    ],
    ids=range(13),
)
def test_files_that_no_version_holds_are_refused(names: list[str], text: str) -> None:
    with pytest.raises(ProtocolError) as raised:
        require_files([Source(name, text) for name in names])

    assert raised.value.message.isprintable()


def test_a_path_is_a_name() -> None:
    require_files([Source(name, "x" * 10_000) for name in ("../../x", "/etc/passwd", "Größe ü.yaml", "p" * 255)])
    require_files([Source(f"{number}", "") for number in range(100)])


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
