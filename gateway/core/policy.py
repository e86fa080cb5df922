"""A compiled policy: immutable, and known by its digest.

Law: what a policy decides is a function of this value alone; nothing in it is looked up later. The digest is the
SHA-256 of the canonical JSON (RFC 8785) of the document that it was compiled from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Protocol

from gateway.core.operators import Operator, OperatorConfig
from gateway.core.values import epoch_in

RestoreInUrls = Literal["internal", "always", "never"]
Screening = Literal["off", "mask", "block"]
MediaRule = Literal["refuse", "allow-data-urls"]
Suspicion = Literal["off", "flag", "block"]


AUTO: Final = "auto"
LANGUAGES: Final = ("cs", "da", "de", "en", "es", "fr", "hr", "it", "nl", "pl", "pt", "sv", "tr")
"""Languages in which the embedded model knows names. Every text is read in all of them, and by all recognizers."""


class Pattern(Protocol):
    """A compiled regular expression."""

    @property
    def pattern(self) -> str:
        """As it was written."""
        ...

    def fullmatch(self, text: str, /) -> object | None:
        """Return something true if the pattern matches the whole text."""
        ...


Recorded = Callable[[str, str, str], str]
"""How a tenant's events name a value: by epoch, entity type and value."""

LONGEST_ALLOWED: Final = 256
"""Characters of a value that patterns of an allow-list are asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What policies can tell of a request: whose it is, which app's, for which model, at which endpoint."""

    tenant: str
    app: str
    model: str
    endpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRule:
    """What to do with entities of one type. threshold: findings that score lower are dropped (0 to 1).

    further: stricter operators, each with the score from which it holds, in the order of scores: what floors bring.
    """

    operator: OperatorConfig
    threshold: float
    further: tuple[tuple[float, OperatorConfig], ...] = ()

    @property
    def acts(self) -> bool:
        """Whether anything is done."""
        return self.operator.operator is not Operator.KEEP

    def at(self, score: float) -> OperatorConfig:
        """Return the operator for a finding that is not dropped."""
        return next((operator for low, operator in reversed(self.further) if score >= low), self.operator)


KEPT: Final = EntityRule(operator=OperatorConfig(operator=Operator.KEEP), threshold=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRule:
    """Which tools get real values, by name. default: what holds for a name in neither list; deny wins."""

    default: bool = True
    allow: frozenset[str] = field(default=frozenset())
    deny: frozenset[str] = field(default=frozenset())

    def permits(self, name: str) -> bool:
        """Tell whether values are put back into the calls of a tool."""
        return name not in self.deny and (self.default or name in self.allow)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomPattern:
    """A regular expression of RE2's. flags: the letters of RE2's own flags (``ims``) that hold for all of it."""

    regex: str
    score: float
    flags: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomRecognizer:
    """A recognizer that a policy brings (Presidio's ``PatternRecognizer``).

    deny_list: values that are findings wherever they stand. context: words before a finding that raise its score.
    """

    name: str
    entity_type: str
    patterns: tuple[CustomPattern, ...] = ()
    deny_list: tuple[str, ...] = ()
    deny_list_score: float = 1.0
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What one policy lets through, of the entity types that it does something about.

    values: exact strings. patterns: regular expressions, matched whole, in time that is linear in the value.
    findings: by entity type and epoch, how events name values that were found of this type and are none of it
    (``core.values``).
    """

    types: frozenset[str]
    values: frozenset[str] = field(default=frozenset())
    patterns: tuple[Pattern, ...] = ()
    findings: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)

    def holds(self, value: str) -> bool:
        """Tell whether a value is let through."""
        if value in self.values:
            return True
        return len(value) <= LONGEST_ALLOWED and any(each.fullmatch(value) for each in self.patterns)

    def marks(self, entity_type: str, value: str, recorded: Recorded) -> bool:
        """Tell whether a value was marked as none of a type, in any epoch."""
        marked = self.findings.get(entity_type, {})
        return any(recorded(epoch, entity_type, value) in hashes for epoch, hashes in marked.items())

    def names(self, entity_type: str, value_hash: str) -> bool:
        """Tell whether a value that an event names was marked as none of a type."""
        return value_hash in self.findings.get(entity_type, {}).get(epoch_in(value_hash), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The policy in force for one target.

    digest: 64 hex digits. entities: rules for every entity type that the gateway knows or a recognizer of the policy
    finds, defaults filled in. others: for what only the recognizers of others find that it is held together with.
    allow: what is never a finding, of the policy itself and of each floor that it is held to.
    languages: those of the texts, which this version reads alike.
    internal_domains: lower-case domains whose URLs may be restored into.
    screen: what becomes of entities in an answer that are not the caller's own. media: whether images are accepted,
    which nobody looks at. suspicious_encoding: what becomes of a request that hides text from whoever reads it.
    """

    name: str
    digest: str
    entities: Mapping[str, EntityRule]
    others: EntityRule = KEPT
    languages: tuple[str, ...] = ("en",)
    internal_domains: tuple[str, ...] = ()
    recognizers: tuple[CustomRecognizer, ...] = ()
    allow: tuple[Allowance, ...] = ()
    restore: bool = True
    restore_in_urls: RestoreInUrls = "internal"
    restore_in_tools: ToolRule = field(default=ToolRule())
    screen: Screening = "off"
    media: MediaRule = "refuse"
    suspicious_encoding: Suspicion = "off"

    def allows(self, entity_type: str, value: str) -> bool:
        """Tell whether a value is no finding of a type: all that do something about the type must let it through."""
        asked = [each for each in self.allow if entity_type in each.types]
        return bool(asked) and all(each.holds(value) for each in asked)

    def forgives(self, entity_type: str, value: str, recorded: Recorded) -> bool:
        """Tell whether a value was marked as none of a type: all that do something about the type must say so."""
        asked = [each for each in self.allow if entity_type in each.types]
        return bool(asked) and all(each.marks(entity_type, value, recorded) for each in asked)
