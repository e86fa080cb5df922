"""All that a resolved policy says of a request, as plain values that can be compared.

Law: the gateway is asked as it asks itself: what is allowed first, then the decision; URLs as answers are restored.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from gateway.core.decision import Effect
from gateway.core.findings import RecognizerResult
from gateway.core.policy import Policy, RestoreInUrls
from gateway.policy.evaluate import decide
from gateway.policy.resolve import Resolution
from gateway.restore.urls import UrlContext
from tests.properties.random_policies import HOSTS, OWN, TOOLS, Finding, Spec

STRICTER: Final[dict[str, list[Any]]] = {
    "denied": [False, True],
    "restore": [True, False],
    "screen": ["off", "mask", "block"],
    "suspicious_encoding": ["off", "flag", "block"],
    "media": ["allow-data-urls", "refuse"],
}
"""What a field may say, the laxest first."""

OPERATORS: Final = ["pseudonymise", "mask", "hash", "redact", "block"]


def given(found: Resolution | None, findings: list[Finding]) -> Spec | None:
    """Return what the resolver says of a request."""
    if found is None:
        return None
    policy = found.policy
    what, denied = done(policy, [each for each in findings if each[0] in policy.entities])
    return {
        "types": policy.entities.keys() & OWN,
        "chosen": found.chosen.policy.name,
        "floors": {each.policy.name for each in found.floors},
        "findings": what,
        "denied": denied,
        "restore": policy.restore,
        "tools": [policy.restore_in_tools.permits(tool) for tool in TOOLS],
        "hosts": [restored_in(host, policy.restore_in_urls, policy.internal_domains) for host in HOSTS],
        "recognizers": {each.name for each in policy.recognizers},
        "languages": "auto" if policy.languages == ("auto",) else list(policy.languages),
        "screen": policy.screen,
        "suspicious_encoding": policy.suspicious_encoding,
        "media": policy.media,
    }


@lru_cache(maxsize=10_000)
def restored_in(host: str, mode: RestoreInUrls, domains: tuple[str, ...]) -> bool:
    context = UrlContext(mode, domains)
    context.read(f"https://{host}/")
    return context.permits()


def done(policy: Policy, findings: list[Finding]) -> tuple[list[tuple[str, int] | None], bool]:
    """Return what is done with each finding, and whether they deny a request: as detection asks, and then decides."""
    kept = tuple(
        RecognizerResult(entity_type=kind, start=at, end=at + 1, score=score, recognizer="r")
        for at, (kind, value, score) in enumerate(findings)
        if not policy.allows(kind, value)
    )
    decision = decide(policy, (kept,))
    said: list[tuple[str, int] | None] = [None] * len(findings)
    for each, config in zip(decision.findings[0], decision.operators[0], strict=True):
        said[each.start] = (config.operator.value, config.keep_last)
    return said, decision.effect is Effect.DENY


def laxer(one: Spec, other: Spec) -> list[str]:
    """Return the fields in which an answer is laxer than another: what is done, what is shown, what comes back."""
    fields = [key for key, order in STRICTER.items() if order.index(one[key]) < order.index(other[key])]
    fields += [
        key for key in ("tools", "hosts") for mine, theirs in zip(one[key], other[key], strict=True) if mine > theirs
    ]
    pairs = zip(one["findings"], other["findings"], strict=True)
    fields += [f"{mine} where {theirs}" for mine, theirs in pairs if theirs and is_laxer(mine, theirs)]
    return fields + [f"not {name}" for name in other["recognizers"] - one["recognizers"]]


def is_laxer(one: tuple[str, int] | None, other: tuple[str, int]) -> bool:
    return one is None or OPERATORS.index(one[0]) < OPERATORS.index(other[0]) or one[1] > other[1]
