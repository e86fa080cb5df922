"""What is measured: the gateway, and stock Presidio, each as a function from a text to what it touches.

Law: the gateway's side is all that it would replace: what its policy wants, and the same values wherever they stand in
the text again. A side is made from plain values, so that it can be made in other processes too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final, NamedTuple

from gateway.core.findings import ENTITY_TYPES
from gateway.core.occurrences import Occurrence, Occurrences
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.core.shipped import shipped
from gateway.core.tokens import Tokens


class Found(NamedTuple):
    """A place that a side touches, as what, and how sure it is."""

    start: int
    end: int
    entity_type: str
    score: float = 1.0


Side = Callable[[str], list[Found]]

_BATCH: Final = 8
"""Texts that are handed to a process at once."""

_made: list[Side] = []
"""The side of this process, where it is one of several."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to make a side.

    stock: the folder of a spaCy model, for Presidio as it comes; the gateway where there is none. engine: "patterns" is
    without names on either side. policy: a file or folder, the shipped default where there is none. types: only these,
    whatever the policy says of them; "all" is all.
    """

    engine: str = "embedded"
    model: str = ""
    policy: str = ""
    types: tuple[str, ...] = ()
    stock: str = ""

    @property
    def name(self) -> str:
        """What the report calls it."""
        return "stock Presidio" if self.stock else "gateway"


def policy_of(plan: Plan) -> Policy:
    """Return the policy that the plan names, narrowed to its types. Raise ``PolicyInvalid`` or ``ProtocolError``."""
    from gateway.policy import offline_policy

    policy = offline_policy(Path(plan.policy) if plan.policy else shipped("policies") / "default.yaml")
    policy = replace(policy, suspicious_encoding="off")  # it is flagged, and no value
    if not plan.types:
        return policy
    wanted = ENTITY_TYPES.keys() if plan.types == ("all",) else plan.types
    return replace(policy, entities={name: _asked(rule, name in wanted) for name, rule in policy.entities.items()})


def _asked(rule: EntityRule, wanted: bool) -> EntityRule:  # noqa: FBT001 - a rule becomes one of two
    if not wanted:
        return replace(rule, operator=OperatorConfig(operator=Operator.KEEP))
    kept = rule.operator.operator is Operator.KEEP
    return replace(rule, operator=OperatorConfig(operator=Operator.PSEUDONYMISE)) if kept else rule


def side(plan: Plan) -> Side:
    """Make a side in this process. Raise ``Misconfigured`` where its model cannot be loaded."""
    return _stock(plan) if plan.stock else _gateway(plan)


def _gateway(plan: Plan) -> Side:
    from gateway.detect import TextAnalyzer

    policy = policy_of(plan)
    analyzer = TextAnalyzer(engine=plan.engine, model=plan.model)

    def touched(text: str) -> list[Found]:
        findings = analyzer.analyze(text, policy)
        direct = [Occurrence(each.start, each.end, text[each.start : each.end]) for each in findings]
        kinds = {text[each.start : each.end]: (each.entity_type, each.score) for each in findings}
        for member in (member for each in findings for member in each.members):
            kinds.setdefault(text[member.start : member.end], (member.entity_type, member.score))
        again = Occurrences(kinds).places(Tokens(text), direct)
        return sorted(Found(place.start, place.end, *kinds[place.value]) for place in (*direct, *again))

    return touched


def _stock(plan: Plan) -> Side:
    from gateway.detect import wanted_types
    from gateway.detect.ner import NER_TYPES
    from gateway.eval.stock import StockAnalyzer

    names = plan.engine != "patterns"
    wanted = wanted_types(policy_of(plan)) - (frozenset() if names else NER_TYPES)
    analyzer = StockAnalyzer(Path(plan.stock), wanted, names=names)
    return lambda text: [Found(*place) for place in analyzer.analyze(text)]


def touched(plan: Plan, texts: Sequence[str], workers: int) -> Iterator[list[Found]]:
    """Yield what a side touches in each text, in their order, whoever was done first."""
    if workers == 1:
        yield from map(side(plan), texts)
        return
    side(plan)  # what cannot be made is refused here, where its error is understood
    with ProcessPoolExecutor(workers, get_context("spawn"), _make, (plan,)) as pool:
        yield from pool.map(_ask, texts, chunksize=_BATCH)


def _make(plan: Plan) -> None:
    _made.append(side(plan))


def _ask(text: str) -> list[Found]:
    return _made[0](text)
