"""Which placeholder, mask or hash each value of a request gets.

Law: numbers are given in the order of the first direct finding, from 1 for each entity type, whatever is found by
propagation later; so history that is sent again gets the same numbers. Where requests are compared with each other, a
keyed hash stands in place of the number, the same in every request of the tenant. A spelling that was found under two
types belongs to the first; where operators differ, the strongest holds for all of it and shows no more than any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from gateway.core.findings import LITERAL
from gateway.core.operators import Operator, OperatorConfig, stricter
from gateway.core.ports import Fingerprints
from gateway.core.pseudonym import Pseudonym, PseudonymTable, normalise
from gateway.core.sensitive import Sensitive
from gateway.transform.operators import hashed, mask, redact

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Identity = tuple[str, str]
"""An entity type and a normalised value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One direct finding with its text."""

    entity_type: str
    text: str
    operator: OperatorConfig


@dataclass(slots=True, kw_only=True)
class Names:
    """The replacements of one request, as they are given. keyed: by a keyed hash of the value, not by a number."""

    tenant: str
    fingerprints: Fingerprints
    keyed: bool = False
    identities: dict[str, Identity] = field(default_factory=dict)
    replacements: dict[str, str] = field(default_factory=dict)
    pseudonyms: dict[str, Pseudonym] = field(default_factory=dict)
    _operators: dict[Identity, OperatorConfig] = field(default_factory=dict)
    _placeholders: dict[Identity, str] = field(default_factory=dict)
    _numbered: set[Identity] = field(default_factory=set)
    _counts: Counter[str] = field(default_factory=Counter)

    def give(self, findings: Iterable[Found]) -> None:
        """Give every spelling its replacement, in the order of the findings."""
        ordered = list(findings)
        for found in ordered:
            identity = self.identities.setdefault(
                found.text, (found.entity_type, normalise(found.entity_type, found.text))
            )
            known = self._operators.get(identity)
            if known is None and found.operator.operator is Operator.PSEUDONYMISE:
                self._numbered.add(identity)
            self._operators[identity] = stricter(known, found.operator) if known else found.operator
        for found in ordered:
            if found.text not in self.replacements:
                self._pass_over(self.identities[found.text])
                self.replacements[found.text] = self._replacement(self.identities[found.text], found.text)

    def literal(self, text: str) -> str:
        """Return the placeholder of text that looks like one, or would help to make one."""
        return self._placeholder((LITERAL, text), text)

    def part(self, value: str, text: str) -> str:
        """Return what stands in place of a part of a value, where something else has replaced the rest of it."""
        identity = self.identities[value]
        if self._operators[identity].operator is Operator.PSEUDONYMISE:
            return self._placeholder((identity[0], text), text)
        return redact(identity[0])

    def table(self) -> PseudonymTable:
        """Return the table for restoring."""
        return PseudonymTable(self.pseudonyms)

    def _pass_over(self, identity: Identity) -> None:
        """Leave out the number that a value had before something stronger was found later."""
        if identity in self._numbered and self._operators[identity].operator is not Operator.PSEUDONYMISE:
            self._numbered.discard(identity)
            self._counts[identity[0]] += 1

    def _replacement(self, identity: Identity, text: str) -> str:
        config = self._operators[identity]
        entity_type = identity[0]
        match config.operator:
            case Operator.PSEUDONYMISE:
                return self._placeholder(identity, text)
            case Operator.MASK:
                return mask(text, config.keep_last)
            case Operator.HASH:
                return hashed(entity_type, self.fingerprints.fingerprint(self.tenant, entity_type, text))
            case Operator.REDACT | Operator.BLOCK | Operator.KEEP:
                return redact(entity_type)

    def _placeholder(self, identity: Identity, text: str) -> str:
        placeholder = self._placeholders.get(identity)
        if placeholder is None:
            entity_type = identity[0]
            placeholder = self._placeholders[identity] = f"<{entity_type}_{self._mark(identity, text)}>"
            self.pseudonyms[placeholder] = Pseudonym(
                placeholder=placeholder, entity_type=entity_type, original=Sensitive(text)
            )
        return placeholder

    def _mark(self, identity: Identity, text: str) -> str:
        """What tells a placeholder from the others of its type."""
        entity_type = identity[0]
        if self.keyed:
            return crockford(self.fingerprints.fingerprint(self.tenant, entity_type, text))
        self._counts[entity_type] += 1
        return str(self._counts[entity_type])


def crockford(digest: str) -> str:
    """Write the first 65 bits of a hash, given in hex digits, as 13 of Crockford's base32."""
    bits = int(digest[:17], 16) >> 3
    return "".join(_CROCKFORD[bits >> shift & 31] for shift in range(60, -1, -5))
