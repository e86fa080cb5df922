"""A plan: the files of a scope, and the version that they were compared with.

Law: a plan is known by a hash of all that it would do: whoever approved one has approved these files after that
version, and nothing else. It is applied as it was saved, or refused.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from gateway.core.errors import ProtocolError
from gateway.policy.load import Source

KIND: Final = "PolicyPlan"
_FIELDS: Final[dict[str, type]] = {
    "kind": str,
    "scope": str,
    "base": int,
    "digest": str,
    "documents": list,
    "changes": list,
    "hash": str,
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_LARGEST: Final = 4 * 2**20
"""Characters of the largest plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be applied. base: the version that was in force, 0 for none. digest: of what would be.

    changes: in words, for people; they are no part of the hash.
    """

    scope: str
    base: int
    digest: str
    sources: tuple[Source, ...]
    changes: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """64 hex digits, by which approvals name it."""
        return plan_hash(self.scope, self.base, self.sources)

    def as_json(self) -> dict[str, Any]:
        """Return the plan as it is saved."""
        return {
            "kind": KIND,
            "scope": self.scope,
            "base": self.base,
            "digest": self.digest,
            "documents": documents_of(self.sources),
            "changes": list(self.changes),
            "hash": self.hash,
        }


def documents_of(sources: Sequence[Source]) -> list[dict[str, str]]:
    """Return files as versions and plans hold them."""
    return [{"file": source.file, "text": source.text} for source in sources]


def sources_of(documents: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    """Return the files of a version or plan."""
    return tuple(Source(each["file"], each["text"]) for each in documents)


def plan_hash(scope: str, base: int, sources: Sequence[Source]) -> str:
    """Return what a plan is known by."""
    content: dict[str, Any] = {"kind": KIND, "scope": scope, "base": base, "documents": documents_of(sources)}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def is_plan(text: str) -> bool:
    """Tell whether a file is a saved plan, and no policy."""
    return text.lstrip().startswith("{") and f'"{KIND}"' in text


def read_plan(text: str) -> Plan:
    """Read a saved plan. Raise ``ProtocolError`` for one that is none, or was changed since it was made."""
    try:
        given: Any = json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        given = None
    return plan_of(given)


def plan_of(given: Any) -> Plan:  # noqa: ANN401 - any JSON value
    """Return the plan that a record is. Raise as ``read_plan`` does."""
    if not _is_whole(given):
        detail = "This is no plan that 'cloister policy plan -o' has saved."
        raise ProtocolError(detail)
    plan = Plan(
        scope=given["scope"],
        base=given["base"],
        digest=given["digest"],
        sources=sources_of(given["documents"]),
        changes=tuple(map(str, given["changes"])),
    )
    if plan.hash != given["hash"]:
        detail = "The plan was changed after it was made: make it again from its files."
        raise ProtocolError(detail)
    return plan


def _is_whole(given: Any) -> bool:  # noqa: ANN401 - any JSON value
    return (
        isinstance(given, dict)
        and given.keys() == _FIELDS.keys()
        and all(isinstance(given[name], kind) and not isinstance(given[name], bool) for name, kind in _FIELDS.items())
        and given["kind"] == KIND
        and all(
            isinstance(each, dict)
            and each.keys() == {"file", "text"}
            and all(isinstance(part, str) and not _SURROGATE.search(part) for part in each.values())
            for each in given["documents"]
        )
    )
