"""What a policy would have done to requests that are on record.

Law: pure. Events hold types, scores and places of what was found, and no text: a question that these can answer is
answered, and one that they cannot is named, with how many exchanges it is about. Nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from gateway.core.findings import SUSPICIOUS
from gateway.core.operators import Operator
from gateway.core.policy import Policy, Target

Event = Mapping[str, Any]
"""An event as the public contract shows it."""

_KEEP: Final = Operator.KEEP.value
_BLOCK: Final = Operator.BLOCK.value
_EXAMPLES: Final = 3
_SHOWN: Final = 6
"""Entity types that a question names."""


Change = tuple[str, str, str]
"""An entity type, what was done to findings of it, and what would be."""


@dataclass(slots=True)
class Examples:
    """Values that something changes for, as events name them: a few of each change, the same in whatever order."""

    _few: dict[Change, list[str]] = field(default_factory=dict)

    def add(self, change: Change, names: Iterable[str]) -> None:
        """Add examples of a change."""
        self._few[change] = sorted({*self._few.get(change, ()), *names})[:_EXAMPLES]

    def of(self, change: Change) -> list[str]:
        """Return those of a change."""
        return self._few.get(change, [])

    def update(self, other: Examples) -> None:
        """Add another's."""
        for change, names in other._few.items():
            self.add(change, names)


@dataclass(slots=True, kw_only=True)
class Effects:
    """What would have been otherwise. exchanges: looked at. changed: of which something would have been done otherwise.

    blocks, permits: requests that would have been refused and were not, and the other way round. changes, examples:
    findings, by type and by what was and would be done. open: exchanges by the question that their records leave open.
    """

    exchanges: int = 0
    changed: int = 0
    blocks: int = 0
    permits: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    examples: Examples = field(default_factory=Examples)
    open: Counter[str] = field(default_factory=Counter)

    def add(self, other: Effects) -> None:
        """Count another's exchanges too."""
        for name in ("exchanges", "changed", "blocks", "permits"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.changes.update(other.changes)
        self.examples.update(other.examples)
        self.open.update(other.open)

    def as_json(self) -> dict[str, Any]:
        """Return it as people and tools see it."""
        return {
            "exchanges": self.exchanges,
            "changed": self.changed,
            "would_block": self.blocks,
            "would_permit": self.permits,
            "changes": [
                {"type": each[0], "from": each[1], "to": each[2], "count": count, "examples": self.examples.of(each)}
                for each, count in sorted(self.changes.items())
            ],
            "open": dict(sorted(self.open.items())),
        }


def replayed(
    events: Sequence[Event],
    candidate: Callable[[Target], Policy | None],
    recorded: Callable[[Event], Policy | None],
) -> Effects:
    """Return what a candidate would have done to opened exchanges. recorded: the policy that decided, if known."""
    effects = Effects()
    for event in events:
        if "decision" in event["details"]:
            _add(effects, event, candidate(target_of(event)), recorded(event))
    return effects


def shadowed(events: Sequence[Event]) -> dict[str, Effects]:
    """Return what policies in shadow would have done, by their digests, as closed exchanges say."""
    found: dict[str, Effects] = {}
    for event in events:
        if shadow := event["details"].get("shadow"):
            effects = found.setdefault(shadow["policy"], Effects())
            effects.exchanges += 1
            if "failed" in shadow:
                effects.open["it could not be asked"] += 1
            else:
                _count(effects, shadow, denied=event["outcome"] == "denied")
    return found


def target_of(event: Event) -> Target:
    """Return what an exchange's event says of its request."""
    details = event["details"]
    return Target(tenant=event["tenant"], app=details["app"], model=details["model"], endpoint=event["resource"])


def _count(effects: Effects, shadow: Mapping[str, Any], *, denied: bool) -> None:
    would_deny = shadow["decision"] == "deny"
    effects.changed += bool(shadow["changes"]) or would_deny is not denied
    effects.blocks += would_deny and not denied
    effects.permits += denied and not would_deny
    for each in shadow["changes"]:
        change = each["type"], each["from"], each["to"]
        effects.changes[change] += each["count"]
        effects.examples.add(change, each.get("examples", ()))


def _add(effects: Effects, event: Event, candidate: Policy | None, recorded: Policy | None) -> None:
    effects.exchanges += 1
    details = event["details"]
    denied = details["decision"] == "deny"
    if candidate is None:
        effects.blocks += not denied
        effects.changed += not denied
        effects.open["no policy would match, and the request be refused"] += 1
        return
    done = [(each["type"], each["operator"], _would(candidate, each)) for each in details["findings"]]
    changes = Counter(each for each in done if each[1] != each[2])
    for change, finding in zip(done, details["findings"], strict=True):
        if change in changes and "value" in finding:
            effects.examples.add(change, [finding["value"]])
    would_deny = any(would == _BLOCK for _, _, would in done)
    effects.changed += bool(changes) or would_deny is not denied
    effects.blocks += would_deny and not denied
    effects.permits += denied and not would_deny
    effects.changes.update(changes)
    effects.open.update(set(_open(details, candidate, recorded)))


def _would(policy: Policy, finding: Mapping[str, Any]) -> str:
    """Return what a policy does with a finding that is on record."""
    kind, score = finding["type"], finding["score"]
    if kind == SUSPICIOUS:
        return policy.suspicious_encoding
    rule = policy.entities.get(kind)
    acts = rule and rule.acts and score >= rule.threshold and not _is_marked(policy, finding)
    return rule.at(score).operator.value if rule and acts else _KEEP


def _is_marked(policy: Policy, finding: Mapping[str, Any]) -> bool:
    """Tell whether a finding on record is one that the policy says is false."""
    kind, value = finding["type"], finding.get("value", "")
    asked = [each for each in policy.allow if kind in each.types]
    return bool(asked) and all(each.names(kind, value) for each in asked)


def _open(details: Mapping[str, Any], candidate: Policy, recorded: Policy | None) -> Iterator[str]:
    """Yield what the record of an exchange does not tell."""
    if details["findings_left_out"]:
        yield "more was found than an event tells"
    if recorded is None:
        yield "the policy that decided is not among the versions"
        return
    if unasked := [name for name, rule in candidate.entities.items() if rule.acts and not _acts(recorded, name)]:
        yield f"nobody looked for {_named(unasked)}"
    if lower := [
        name for name, rule in candidate.entities.items() if rule.acts and _lower(rule.threshold, recorded, name)
    ]:
        yield f"nobody counted {_named(lower)} of such low scores"
    if _lets_through(candidate) != _lets_through(recorded) or _marked(recorded) - _marked(candidate):
        yield "whether what is let through stood there"
    if set(candidate.recognizers) - set(recorded.recognizers):
        yield "what new recognizers would find"
    if candidate.suspicious_encoding != "off" and recorded.suspicious_encoding == "off":
        yield "nobody looked for what is written to be overlooked"
    if candidate.screen not in {"off", recorded.screen}:
        yield "what would be masked or blocked of answers"
    if candidate.media == "refuse" and recorded.media != "refuse":
        yield "whether images came with the request, which would be refused"


def _lets_through(policy: Policy) -> set[Any]:
    return {
        (each.types, each.values, tuple(pattern.pattern for pattern in each.patterns))
        for each in policy.allow
        if each.values or each.patterns
    }


def _marked(policy: Policy) -> set[tuple[str, str]]:
    return {
        (name, value)
        for each in policy.allow
        for name, epochs in each.findings.items()
        for values in epochs.values()
        for value in values
    }


def _acts(policy: Policy, name: str) -> bool:
    return name in policy.entities and policy.entities[name].acts


def _lower(threshold: float, recorded: Policy, name: str) -> bool:
    return _acts(recorded, name) and threshold < recorded.entities[name].threshold


def _named(types: Sequence[str]) -> str:
    shown = ", ".join(sorted(types)[:_SHOWN])
    return f"{shown} and {len(types) - _SHOWN} more types" if len(types) > _SHOWN else shown
