"""The values of a request as events name them."""

from __future__ import annotations

from gateway.core.content import PartKind, Segment
from gateway.core.findings import RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.core.sensitive import Sensitive
from gateway.exchange.values import named
from gateway.policy import decide

MASKED = EntityRule(operator=OperatorConfig(operator=Operator.MASK), threshold=0.5)
POLICY = Policy(name="p", digest="ab" * 32, entities={"PERSON": MASKED, "AGE": MASKED})


class Spelled:
    """Hashes that can be read."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def recorded(self, *asked: str) -> str:
        self.asked.append(asked)
        return " ".join(asked)


def found(kind: str, start: int, end: int) -> RecognizerResult:
    return RecognizerResult(entity_type=kind, start=start, end=end, score=0.9, recognizer="r")


def test_every_value_is_named_where_its_finding_stands_and_hashed_once() -> None:
    texts = [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text)) for text in ("Ann is 40", "", "Ann, Bob")]
    findings = ((found("PERSON", 0, 3), found("AGE", 7, 9)), (), (found("PERSON", 0, 3), found("PERSON", 5, 8)))
    hashes = Spelled()

    assert named(hashes, "acme", "2026-11", texts, decide(POLICY, findings)) == (
        ("acme 2026-11 PERSON Ann", "acme 2026-11 AGE 40"),
        (),
        ("acme 2026-11 PERSON Ann", "acme 2026-11 PERSON Bob"),
    )
    assert len(hashes.asked) == 3
