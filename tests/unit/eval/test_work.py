"""The kinds of work that speed is measured on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gateway.detect.scanner import Scanner
from gateway.eval import work
from gateway.eval.sides import Plan
from gateway.eval.work import measured

TURNS = [f"Turn {number}: write to person{number}@corp.local about it." for number in range(20)]


def test_every_kind_is_measured_on_both_sides(spacy_model: Path) -> None:
    plan = Plan(engine="patterns")

    paces = measured([plan, replace(plan, stock=str(spacy_model))], TURNS)

    assert [pace.side for pace in paces] == ["gateway", "stock Presidio"] * 4
    assert list(dict.fromkeys(pace.kind for pace in paces)) == [
        "documents",
        "prompts of 1,000 characters",
        "prompts of 1,000 characters, patterns alone",
        "conversations of 20 turns, the last one new",
    ]
    assert all(pace.characters > 0 for pace in paces)


def test_of_a_conversation_the_gateway_reads_what_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    scan = Scanner.scan

    def noticing(self: Scanner, texts: list[str], entities: list[str], recognizers: bytes = b"") -> object:
        read.extend(texts)
        return scan(self, texts, entities, recognizers)

    reader = work._remembering(Plan(engine="patterns"), [TURNS])
    monkeypatch.setattr(Scanner, "scan", noticing)
    reader(TURNS)

    assert read == TURNS[-1:]


@pytest.mark.parametrize(("length", "count"), [(10, 1), (999, 1), (1000, 1), (1999, 1), (2000, 2), (3500, 3)])
def test_prompts_are_cut_from_what_the_texts_make_together(length: int, count: int) -> None:
    prompts = work._prompts(["x" * length])

    assert len(prompts) == count
    assert {len(text) for (text,) in prompts} == {min(length, 1000)}


@pytest.mark.parametrize(("texts", "count"), [(3, 1), (20, 1), (39, 1), (40, 2)])
def test_a_conversation_has_its_turns(texts: int, count: int) -> None:
    conversations = work._conversations([str(number) for number in range(texts)])

    assert [len(each) for each in conversations] == [min(texts, 20)] * count
