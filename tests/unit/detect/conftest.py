from collections.abc import Callable

import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy


@pytest.fixture
def policy() -> Callable[..., Policy]:
    """A policy that pseudonymises the types named and keeps all others."""

    def make(*replaced: str, threshold: float = 0.4, **fields: object) -> Policy:
        rules = {
            name: EntityRule(
                operator=OperatorConfig(operator=Operator.PSEUDONYMISE if name in replaced else Operator.KEEP),
                threshold=threshold,
            )
            for name in ENTITY_TYPES
        }
        return Policy(name="p", digest="0" * 64, entities=rules, **fields)  # type: ignore[arg-type]

    return make
