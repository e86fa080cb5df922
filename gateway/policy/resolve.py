"""One request's policy, out of all that match it.

Law: of the documents that match a target the most exact that is no floor is its policy: a tenant's own before the
platform's, then an exact app before ``*``, an exact model, an exact endpoint, an exact tenant. Every floor that matches
holds as well, finding by finding: whatever it would do is done, or something stricter. A floor is the policy itself
only where nothing else matches, so that one more takes the place of nothing stricter.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final, Literal, TypeVar

import rfc8785

from gateway.core.operators import stricter
from gateway.core.policy import EntityRule, MediaRule, Policy, RestoreInUrls, Screening, Suspicion, Target, ToolRule

T = TypeVar("T")

Mode = Literal["enforce", "shadow", "off"]
EVERY: Final = ("*",)

_URLS: Final[tuple[RestoreInUrls, ...]] = ("never", "internal", "always")
_SCREENS: Final[tuple[Screening, ...]] = ("block", "mask", "off")
_MEDIA: Final[tuple[MediaRule, ...]] = ("refuse", "allow-data-urls")
_SUSPICIONS: Final[tuple[Suspicion, ...]] = ("block", "flag", "off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The requests that a document is for: of each kind of name some, or ``*`` for all."""

    tenants: tuple[str, ...] = EVERY
    apps: tuple[str, ...] = EVERY
    models: tuple[str, ...] = EVERY
    endpoints: tuple[str, ...] = EVERY

    def exactness(self, target: Target) -> tuple[bool, ...] | None:
        """Return what of the target is named exactly, the weightiest first; None where this does not match."""
        asked = (
            (self.apps, target.app),
            (self.models, target.model),
            (self.endpoints, target.endpoint),
            (self.tenants, target.tenant),
        )
        if any("*" not in names and name not in names for names, name in asked):
            return None
        return tuple(name in names for names, name in asked)

    def meets(self, other: Match) -> bool:
        """Tell whether some target is matched by both, and as exactly."""
        pairs = zip(self._names(), other._names(), strict=True)
        return all(set(mine) & set(others) for mine, others in pairs)

    def _names(self) -> tuple[tuple[str, ...], ...]:
        return self.tenants, self.apps, self.models, self.endpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """A policy as one document says it. own: whether it is the tenant's, and not the platform's."""

    policy: Policy
    match: Match
    mode: Mode = "enforce"
    floor: bool = False
    own: bool = False
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What holds for a target. policy: in effect, floors included. chosen: the document that it begins with."""

    policy: Policy
    chosen: Filed
    floors: tuple[Filed, ...]


def resolve(filed: Iterable[Filed], target: Target, *, shadow: bool = False) -> Resolution | None:
    """Return what holds for a target, None where nothing matches.

    shadow: as it would be if documents in shadow were in force, before those that are as exact.
    """
    modes = {"enforce", "shadow"} if shadow else {"enforce"}
    found = [
        ((not each.floor, each.own, *exact, each.mode == "shadow", each.policy.name), each)
        for each in filed
        if each.mode in modes and (exact := each.match.exactness(target)) is not None
    ]
    if not found:
        return None
    chosen = max(found, key=lambda ranked: ranked[0])[1]
    floors = tuple(each for _, each in sorted(found, key=lambda ranked: ranked[0]) if each.floor and each is not chosen)
    return Resolution(policy=_held(chosen.policy, [each.policy for each in floors]), chosen=chosen, floors=floors)


def _held(policy: Policy, floors: Sequence[Policy]) -> Policy:
    """Return the policy, held to floors; it is known by the digests of all of them."""
    if not floors:
        return policy
    digests = [policy.digest, *sorted(floor.digest for floor in floors)]
    types = dict.fromkeys(name for layer in (policy, *floors) for name in layer.entities)
    layers = [_with_rules(layer, types) for layer in (policy, *floors)]
    return replace(
        reduce(_tightened, layers),
        entities={name: _rule([layer.entities[name] for layer in layers]) for name in types},
        others=_rule([layer.others for layer in layers]),
        digest=hashlib.sha256(rfc8785.dumps(digests)).hexdigest(),
    )


def _with_rules(policy: Policy, types: Iterable[str]) -> Policy:
    """Return the policy with a rule for each of the types: what only another's recognizers find is its ``others``."""
    unknown = {name: policy.others for name in types if name not in policy.entities}
    acted_on = frozenset(unknown) if policy.others.acts else frozenset()
    allow = tuple(replace(each, types=each.types | acted_on) for each in policy.allow)
    return replace(policy, entities={**policy.entities, **unknown}, allow=allow) if unknown else policy


def _tightened(policy: Policy, floor: Policy) -> Policy:
    return replace(
        policy,
        recognizers=tuple(dict.fromkeys((*policy.recognizers, *floor.recognizers))),
        allow=(*policy.allow, *floor.allow),
        restore=policy.restore and floor.restore,
        restore_in_urls=_earlier(_URLS, policy.restore_in_urls, floor.restore_in_urls),
        internal_domains=_inside(policy, floor),
        restore_in_tools=_both(policy.restore_in_tools, floor.restore_in_tools),
        screen=_earlier(_SCREENS, policy.screen, floor.screen),
        media=_earlier(_MEDIA, policy.media, floor.media),
        suspicious_encoding=_earlier(_SUSPICIONS, policy.suspicious_encoding, floor.suspicious_encoding),
    )


def _rule(rules: Sequence[EntityRule]) -> EntityRule:
    """Return one rule that does at each score what the strictest of those does that count there."""
    acting = [rule for rule in rules if rule.acts]
    if not acting:
        return rules[0]
    steps = [
        (low, reduce(stricter, (rule.operator for rule in acting if rule.threshold <= low)))
        for low in sorted({rule.threshold for rule in acting})
    ]
    return EntityRule(operator=steps[0][1], threshold=steps[0][0], further=tuple(steps[1:]))


def _earlier(order: Sequence[T], one: T, other: T) -> T:
    return min(one, other, key=order.index)


def _inside(one: Policy, other: Policy) -> tuple[str, ...]:
    """Return the domains in whose URLs both put values back, those within each other's included."""
    if "always" in {one.restore_in_urls, other.restore_in_urls}:
        return other.internal_domains if one.restore_in_urls == "always" else one.internal_domains
    mine, others = one.internal_domains, other.internal_domains
    return tuple(
        sorted({each for each in mine if _is_within(each, others)} | {e for e in others if _is_within(e, mine)})
    )


def _is_within(domain: str, domains: Iterable[str]) -> bool:
    return any(domain == each or domain.endswith(f".{each}") for each in domains)


def _both(one: ToolRule, other: ToolRule) -> ToolRule:
    """Return the rule that gives values to a tool where both do."""
    named = one.allow | other.allow
    return ToolRule(
        default=one.default and other.default,
        allow=frozenset(name for name in named if one.permits(name) and other.permits(name)),
        deny=one.deny | other.deny,
    )
