"""The decision: findings, held against a policy.

Law: pure. A finding whose type is kept, or that scores below its threshold, is left out; one blocked finding denies.
What was made of several shows no more than any of them may.
What is suspicious stays as it is written: it is flagged, or denies.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import reduce

from gateway.core.decision import Decision, Effect
from gateway.core.findings import SUSPICIOUS, Findings, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig, stricter
from gateway.core.policy import Policy


def decide(policy: Policy, findings: Findings) -> Decision:
    """Return what the policy says about these findings."""
    kept = tuple(tuple(_ruled(policy, segment)) for segment in findings)
    suspicious = tuple(
        tuple(finding for finding in segment if finding.entity_type == SUSPICIOUS) for segment in findings
    )
    counts = Counter(finding.entity_type for segment in kept for finding, _ in segment)
    counts.update(finding.entity_type for segment in suspicious for finding in segment)
    blocked = Counter(
        finding.entity_type for segment in kept for finding, config in segment if config.operator is Operator.BLOCK
    )
    if policy.suspicious_encoding == "block":
        blocked.update(finding.entity_type for segment in suspicious for finding in segment)
    return Decision(
        effect=Effect.DENY if blocked else Effect.PERMIT,
        policy=policy,
        findings=tuple(tuple(finding for finding, _ in segment) for segment in kept),
        operators=tuple(tuple(config for _, config in segment) for segment in kept),
        suspicious=suspicious if any(suspicious) else (),
        counts=dict(counts),
        blocked=dict(blocked),
    )


def _ruled(policy: Policy, segment: tuple[RecognizerResult, ...]) -> list[tuple[RecognizerResult, OperatorConfig]]:
    return [
        (finding, reduce(stricter, _of_members(policy, finding), rule.at(finding.score)))
        for finding in segment
        if finding.entity_type != SUSPICIOUS
        and (rule := policy.entities[finding.entity_type]).acts
        and finding.score >= rule.threshold
    ]


def _of_members(policy: Policy, finding: RecognizerResult) -> Iterator[OperatorConfig]:
    return (policy.entities[member.entity_type].at(member.score) for member in finding.members)
