"""Restoring what was transformed gives what was sent."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision, Effect
from gateway.core.findings import RecognizerResult
from gateway.core.occurrences import Occurrences
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Policy
from gateway.core.pseudonym import PLACEHOLDER
from gateway.core.sensitive import Sensitive
from gateway.core.tokens import Tokens
from gateway.restore import Restorer
from gateway.transform import Transformed, apply

POLICY = Policy(name="p", digest="0" * 64, entities={}, restore_in_urls="always")
PIECES = st.sampled_from(
    [
        "Bob",
        "Eve",
        "Bob Eve",
        " ",
        "<",
        ">",
        "_",
        "1",
        "12",
        "PERSON",
        "<PERSON_1>",
        "<LITERAL_1>",
        "<PERSON_",
        "1>",
        "\n",
        "é",
        "王伟",
        "a@b.c",
        "[PERSON]",
    ]
)
OURS = frozenset("<>[]")
"""Of what the gateway itself writes the last look takes no part for a value's."""

TEXTS = st.lists(st.lists(PIECES, max_size=12).map("".join), min_size=1, max_size=4)


class NoHashes:
    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return "5" * 64


@st.composite
def requests(draw: st.DrawFn, operators: st.SearchStrategy[Operator]) -> tuple[list[str], Decision]:
    """Texts with findings at places of chance, sorted and apart, without white space at their ends."""
    texts = draw(TEXTS)
    findings, configs = [], []
    for text in texts:
        cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
        spans = [
            (start, end)
            for start, end in zip(cuts[::2], cuts[1::2], strict=False)
            if text[start:end].strip() == text[start:end]
        ]
        spans = [(start, end) for start, end in spans if end > start and "\n" not in text[start:end]]
        findings.append(
            tuple(
                RecognizerResult(entity_type="SECRET", start=start, end=end, score=1.0, recognizer="r")
                for start, end in spans
            )
        )
        configs.append(
            tuple(OperatorConfig(operator=draw(operators), keep_last=draw(st.integers(0, 4))) for _ in spans)
        )
    decision = Decision(
        effect=Effect.PERMIT, policy=POLICY, findings=tuple(findings), operators=tuple(configs), counts={}, blocked={}
    )
    return texts, decision


def transformed(texts: list[str], decision: Decision) -> Transformed:
    segments = [Segment(pointer=f"/{at}", kind=PartKind.TEXT, text=Sensitive(text)) for at, text in enumerate(texts)]
    hashes: Any = NoHashes()
    return apply(decision, segments, tenant="t", fingerprints=hashes)


def restored(made: Transformed, text: str) -> str:
    restorer = Restorer(made.table, POLICY)
    return restorer.feed(text) + restorer.finish()


@given(requests(st.just(Operator.PSEUDONYMISE)))
def test_restoring_is_the_inverse_of_transforming(request: tuple[list[str], Decision]) -> None:
    texts, decision = request
    made = transformed(texts, decision)

    back = [restored(made, text.reveal()) for text in made.texts]

    assert list(map(on_one_line, back)) == list(map(on_one_line, texts))
    assert back == texts or any("\n" in text for text in texts)


def on_one_line(text: str) -> str:
    """A value that stands elsewhere over two lines comes back as it was first spelled (ADR 0008)."""
    return text.replace("\n", " ")


@given(requests(st.sampled_from([Operator.PSEUDONYMISE, Operator.MASK, Operator.REDACT, Operator.HASH])))
def test_only_our_own_placeholders_are_in_what_leaves(request: tuple[list[str], Decision]) -> None:
    made = transformed(*request)

    for text in made.texts:
        for match in PLACEHOLDER.finditer(text.reveal()):
            assert made.table.get(match[0]) is not None


@given(requests(st.just(Operator.PSEUDONYMISE)))
def test_no_original_leaves_outside_a_placeholder(request: tuple[list[str], Decision]) -> None:
    texts, decision = request
    made = transformed(texts, decision)
    originals = {
        text[found.start : found.end] for text, each in zip(texts, decision.findings, strict=True) for found in each
    }

    for text in json.loads(made.replacements.clean(json.dumps([text.reveal() for text in made.texts]).encode())):
        for kept in PLACEHOLDER.split(text):
            for original in originals:
                if OURS.isdisjoint(original):
                    assert not Occurrences([original]).places(Tokens(kept)), (kept, original)


@given(requests(st.just(Operator.PSEUDONYMISE)))
def test_two_values_never_share_a_placeholder(request: tuple[list[str], Decision]) -> None:
    made = transformed(*request)
    originals = [pseudonym.original.reveal() for pseudonym in made.table]

    assert len(originals) == len(set(originals))


@given(requests(st.just(Operator.PSEUDONYMISE)))
def test_history_that_is_sent_again_keeps_its_numbers(request: tuple[list[str], Decision]) -> None:
    texts, decision = request
    whole = transformed(texts, decision)
    first = transformed(
        texts[:1],
        Decision(
            effect=Effect.PERMIT,
            policy=POLICY,
            findings=decision.findings[:1],
            operators=decision.operators[:1],
            counts={},
            blocked={},
        ),
    )

    for pseudonym in first.table:
        known = whole.table.get(pseudonym.placeholder)
        if pseudonym.entity_type != "LITERAL":
            assert known is not None
            assert known.original == pseudonym.original
