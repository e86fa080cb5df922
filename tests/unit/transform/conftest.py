from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision, Effect
from gateway.core.findings import RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.core.sensitive import Sensitive
from gateway.transform import Transformed, apply


class Hashes:
    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return f"{abs(hash((tenant, entity_type, value))) % 16**12:064x}"


@pytest.fixture
def transformed() -> Callable[..., Transformed]:
    """Transform texts in which values are found: (text index, value, type, operator). parts: by value, its members."""

    def make(
        texts: list[str],
        *found: tuple[int, str, str, Operator],
        keep_last: int = 0,
        parts: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> Transformed:
        per_text: list[list[tuple[RecognizerResult, OperatorConfig]]] = [[] for _ in texts]
        for index, value, kind, operator in found:
            start = texts[index].index(value)
            result = RecognizerResult(entity_type=kind, start=start, end=start + len(value), score=1.0, recognizer="r")
            places = [(start + value.index(part), part) for part in parts.get(value, ())]
            members = tuple(replace(result, start=at, end=at + len(part)) for at, part in places)
            result = replace(result, members=members)
            per_text[index].append((result, OperatorConfig(operator=operator, keep_last=keep_last)))
        for each in per_text:
            each.sort(key=lambda pair: pair[0].start)
        rules = {
            kind: EntityRule(operator=OperatorConfig(operator=operator), threshold=0.5)
            for _, _, kind, operator in found
        }
        decision = Decision(
            effect=Effect.PERMIT,
            policy=Policy(name="p", digest="0" * 64, entities=rules),
            findings=tuple(tuple(result for result, _ in each) for each in per_text),
            operators=tuple(tuple(config for _, config in each) for each in per_text),
            counts={},
            blocked={},
        )
        segments = [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text)) for text in texts]
        fingerprints: Any = Hashes()
        return apply(decision, segments, tenant="t", fingerprints=fingerprints)

    return make
