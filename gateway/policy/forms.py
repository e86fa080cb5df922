"""What a text must be, where the schema says no more than its name: a pattern, a domain, a period, a name and the like.

Law: what is wrong is said with what would have been right; only the text itself is quoted, and no value or pattern.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from gateway.core.errors import Misconfigured
from gateway.core.findings import ENTITY_TYPES, LITERAL, SUSPICIOUS
from gateway.core.occurrences import SHORTEST
from gateway.core.retention import Period
from gateway.core.values import VALUE_HASH
from gateway.keys import trusted_keys
from gateway.policy import hints
from gateway.policy.excerpt import quoted
from gateway.policy.patterns import fault
from gateway.policy.schema import Check
from gateway.policy.suggest import did_you_mean, meant


class Fault(NamedTuple):
    """What is wrong with a text."""

    code: str
    message: str
    suggestion: str = ""


def _pattern(text: str) -> Fault | None:
    problem = fault(text)
    return Fault("CL2003", f"the pattern {problem}", hints.pattern(text, problem)) if problem else None


def _domain(text: str) -> Fault | None:
    if len(text) <= 253 and hints.DOMAIN.fullmatch(text):
        return None
    return Fault("CL2004", f"{quoted(text)} is no domain name", hints.domain(text))


def _period(text: str) -> Fault | None:
    try:
        Period.parse(text)
    except ValueError as error:
        return Fault("CL2006", str(error), hints.period(text))
    return None


def _name(text: str) -> Fault | None:
    if hints.NAME.fullmatch(text):
        return None
    return Fault("CL1006", "a name is 1 to 63 letters, digits, '.', '_' and '-'", hints.name(text))


def _tool(text: str) -> Fault | None:
    if hints.TOOL.fullmatch(text):
        return None
    return Fault("CL2011", f"{quoted(text)} is no tool's name: names are compared whole", "default is for all others")


def _entity(text: str) -> Fault | None:
    if hints.ENTITY.fullmatch(text) and text not in {LITERAL, SUSPICIOUS}:
        return None
    message = f"{quoted(text)} is no entity type: 3 to 62 capitals, digits and '_'"
    return Fault("CL2001", message, did_you_mean(meant(text, ENTITY_TYPES)) or hints.entity(text))


def _key(text: str) -> Fault | None:
    try:
        trusted_keys([text])
    except Misconfigured as error:
        return Fault("CL2014", error.detail.removeprefix("Public key 1: "))
    return None


def _hash(text: str) -> Fault | None:
    if VALUE_HASH.fullmatch(text):
        return None
    return Fault("CL2016", f"{quoted(text)} is no value as events name it", "hmac-sha256:YYYY-MM: and 32 hex digits")


def _value(text: str) -> Fault | None:
    if len(text.strip()) >= SHORTEST:
        return None
    return Fault("CL2012", f"a value that is looked for has {SHORTEST} characters or more")


FORMS: Final[dict[Check, Callable[[str], Fault | None]]] = {
    "pattern": _pattern,
    "domain": _domain,
    "period": _period,
    "name": _name,
    "tool": _tool,
    "entity": _entity,
    "value": _value,
    "key": _key,
    "hash": _hash,
}
"""What is wrong with a text, by what it must be; None where nothing is."""
