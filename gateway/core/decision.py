"""What the policy says about one request, in XACML's terms.

Law: a decision names an operator for every finding and is made before anything is changed or forwarded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from gateway.core.errors import RequestBlocked
from gateway.core.findings import Findings
from gateway.core.operators import OperatorConfig
from gateway.core.policy import Policy


class Effect(StrEnum):
    """Whether the request may go on."""

    PERMIT = "permit"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Permit or deny, and an operator per finding.

    findings, operators: parallel, one tuple a segment, kept entities and those below the threshold left out.
    suspicious: what is flagged or denies the request and is not replaced, one tuple a segment, or nothing at all.
    counts: findings to be replaced or flagged, by entity type. blocked: findings that deny the request, likewise.
    """

    effect: Effect
    policy: Policy
    findings: Findings
    operators: tuple[tuple[OperatorConfig, ...], ...]
    counts: Mapping[str, int]
    blocked: Mapping[str, int]
    suspicious: Findings = ()

    def require_permit(self) -> None:
        """Raise ``RequestBlocked`` unless the request may go on."""
        if self.effect is not Effect.PERMIT:
            raise RequestBlocked(self.blocked)
