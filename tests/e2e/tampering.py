"""Bundles that nobody has released as they are, for a scope that has taken a revision."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.core.bundle import Refusal
from gateway.core.moments import rfc3339
from tests.doubles.bundles import RELEASE, STRANGER, bundle, canonical, raw

TAKEN = 5
"""The revision that is in force."""

LARGE = [{"file": f"{number}.yaml", "text": "# nothing\n" * 18_000} for number in range(3)]
"""Files that are right each by itself, and more than a scope may have."""


def content(scope: str, text: str, revision: int, *, days: int = 0) -> dict[str, Any]:
    """What a bundle says. days: how far from today it is valid, for a day before and after."""
    today = datetime.now(UTC) + timedelta(days=days)
    return {
        "scope": scope,
        "revision": revision,
        "not_before": rfc3339(today - timedelta(days=1), "seconds"),
        "not_after": rfc3339(today + timedelta(days=1), "seconds"),
        "documents": [{"file": "p.yaml", "text": text}],
    }


def tampered(scope: str, text: str) -> dict[str, tuple[Refusal, bytes]]:
    """What was done to the next revision, with the reason for which it is refused and the file."""
    said = content(scope, text, TAKEN + 1)
    good, whole = raw(**said), bundle(**said)
    unsigned = {name: value for name, value in whole.items() if name != "signatures"}
    return {
        "signatures stripped": (Refusal.SIG_MISSING, canonical(unsigned)),
        "no signature among the signatures": (Refusal.SIG_MISSING, canonical(whole | {"signatures": []})),
        "a key more": (Refusal.SCHEMA_INVALID, canonical(whole | {"note": "x"})),
        "a number that is a text": (Refusal.SCHEMA_INVALID, good.replace(b'"revision":6', b'"revision":"6"')),
        "a key twice": (Refusal.SCHEMA_INVALID, good.replace(b'"scope"', b'"scope":"x","scope"')),
        "another spelling": (Refusal.SCHEMA_INVALID, good.replace(b'"revision":6', b'"revision": 6')),
        "signed by a stranger": (Refusal.KEY_UNKNOWN, raw(STRANGER, **said)),
        "changed after it was signed": (Refusal.SIG_INVALID, good.replace(b"operator: hash", b"operator: keep")),
        "another tenant's": (Refusal.SCOPE_MISMATCH, raw(**said | {"scope": "umbra"})),
        "not valid yet": (Refusal.NOT_YET_VALID, raw(**content(scope, text, TAKEN + 1, days=30))),
        "valid no more": (Refusal.EXPIRED, raw(**content(scope, text, TAKEN + 1, days=-30))),
        "an old one": (Refusal.REVISION_REGRESSION, raw(**said | {"revision": TAKEN - 1})),
        "the number that was taken": (Refusal.REVISION_CONTENT_MISMATCH, raw(**said | {"revision": TAKEN})),
        "larger than a scope may be": (Refusal.TOO_LARGE, raw(**said | {"documents": LARGE})),
    }


def flipped(scope: str, text: str, count: int) -> list[bytes]:
    """The next revision with one bit another, somewhere."""
    good, chance = raw(**content(scope, text, TAKEN + 1)), random.Random(scope)
    places = chance.sample(range(len(good)), count)
    return [good[:place] + bytes([good[place] ^ 1 << chance.randrange(8)]) + good[place + 1 :] for place in places]


def trusting() -> str:
    """The control that asks for bundles that the right key has signed."""
    return f"{{signatures: {{keys: ['{RELEASE.public('release').line}']}}, break_glass: false}}"
