"""An event as the public contract shows it, and as it is hashed.

Law: times are RFC 3339 in UTC with microseconds; the hashed form is canonical JSON (RFC 8785) of everything but the
leaf itself. What is stored is made so that reading it back gives the same bytes: fractions have four places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import rfc8785

from gateway.audit.offline import leaf_hash
from gateway.core.audit import AuditEvent, Json
from gateway.core.moments import rfc3339

_PLACES: Final = 4
_MOST: Final = 2**53 - 1


def shown(event: AuditEvent, seq: int | None) -> dict[str, Any]:
    """Return the event as one JSON object, without its leaf."""
    return {
        "seq": seq,
        "id": str(event.id),
        "time": rfc3339(event.time),
        "tenant": event.tenant,
        "actor": event.actor,
        "role": event.role,
        "action": str(event.action),
        "resource": event.resource,
        "outcome": str(event.outcome),
        "exchange": str(event.exchange) if event.exchange else None,
        "policy": event.policy,
        "instance": str(event.instance) if event.instance else None,
        "details": storable(event.details),
    }


def leaf(event: AuditEvent, seq: int) -> bytes:
    """Return the leaf hash of a numbered event."""
    return leaf_hash(rfc8785.dumps(shown(event, seq)))


def storable(value: Json) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value so that storing it changes nothing: fractions rounded, numbers beyond RFC 8785 as text."""
    match value:
        case float():
            return round(value, _PLACES)
        case int() if abs(value) > _MOST:
            return str(value)
        case str() | None | bool() | int():
            return value
        case Mapping():
            return {name: storable(item) for name, item in value.items()}
        case Sequence():
            return [storable(item) for item in value]
