from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.core.operators import Operator
from gateway.detect import wanted_types
from gateway.eval.sides import Plan, policy_of, side, touched

PATTERNS = Plan(engine="patterns")


def test_the_shipped_default_is_the_policy_and_types_narrow_or_widen_it() -> None:
    assert "ORGANIZATION" not in wanted_types(policy_of(PATTERNS))
    assert wanted_types(policy_of(Plan(types=("LOCATION", "SECRET")))) == {"LOCATION", "SECRET"}
    assert len(wanted_types(policy_of(Plan(types=("all",))))) == len(policy_of(PATTERNS).entities)
    assert policy_of(Plan(types=("SECRET",))).entities["SECRET"].operator.operator is Operator.REDACT


def test_a_policy_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\n"
        "spec: {match: {tenants: ['*'], apps: ['*']}, mode: enforce, defaults: {operator: keep}, entities: {EMAIL_ADDRESS: {operator: mask}}}\n"
    )

    assert wanted_types(policy_of(Plan(policy=str(file)))) == {"EMAIL_ADDRESS"}


def test_the_gateway_touches_a_value_wherever_it_stands() -> None:
    text = "pwd: Tr0ub4dor&3 and bob@corp.local\nTr0ub4dor&3"

    assert [(text[each.start : each.end], each.entity_type) for each in side(PATTERNS)(text)] == [
        ("Tr0ub4dor&3", "SECRET"),
        ("bob@corp.local", "EMAIL_ADDRESS"),
        ("Tr0ub4dor&3", "SECRET"),
    ]


@pytest.mark.parametrize("length", [0, 40_000])
def test_a_text_may_be_of_any_length(length: int) -> None:
    text = "word " * (length // 5) + "bob@corp.local"

    (found,) = side(PATTERNS)(text)
    assert found[:3] == (length, length + 14, "EMAIL_ADDRESS")
    assert found.score > 0.9


def test_several_processes_answer_in_order() -> None:
    texts = [f"{'x' * number} bob@corp.local" for number in range(20)]

    assert list(touched(PATTERNS, texts, 2)) == list(touched(PATTERNS, texts, 1))


def test_a_side_that_cannot_be_made_is_refused_before_processes_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        list(touched(Plan(engine="spacy", model=str(tmp_path)), ["x"], 2))


def test_sides_have_names() -> None:
    assert (PATTERNS.name, Plan(stock="m").name) == ("gateway", "stock Presidio")
