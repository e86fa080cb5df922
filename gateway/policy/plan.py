"""A plan: the files of a scope, and the version that they were compared with.

Law: a plan is known by a hash of all that it would do: whoever approved one has approved these files after that
version, and nothing else. It is applied as it was saved, or refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from gateway.core.errors import Problem, ProtocolError
from gateway.policy.load import Source
from gateway.policy.show import fields_of
from gateway.protocols.json_text import decode

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
_LARGEST: Final = 4 * 2**20
"""Bytes of the largest plan."""

_MOST_FILES: Final = 100
_LONGEST_NAME: Final = 255
_NUMBERS: Final = range(2**31)
"""Of versions, and 0 for none."""

_MOST_CHARACTERS: Final = 2**19
"""Of all files of a scope together: every worker reads all of them when one changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be applied. base: the version that was in force, 0 for none. digest: of what would be.

    changes, warnings: for people, and no part of the hash. Warnings are of the moment, and not read back.
    """

    scope: str
    base: int
    digest: str
    sources: tuple[Source, ...]
    changes: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

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
            "warnings": list(map(fields_of, self.warnings)),
            "hash": self.hash,
        }


def documents_of(sources: Sequence[Source]) -> list[dict[str, str]]:
    """Return files as versions and plans hold them."""
    return [{"file": source.file, "text": source.text} for source in sources]


def sources_of(documents: Sequence[dict[str, Any]]) -> tuple[Source, ...]:
    """Return the files of a version or plan."""
    return tuple(Source(each["file"], each["text"]) for each in documents)


def require_files(sources: Sequence[Source]) -> None:
    """Refuse files that no version holds: they are few, and have names that a terminal shows as they are.

    Raise ``ProtocolError``.
    """
    names = [each.file for each in sources]
    if not 1 <= len(names) <= _MOST_FILES or len(set(names)) < len(names):
        detail = f"1 to {_MOST_FILES} files are taken, no two of one name."
        raise ProtocolError(detail)
    if not all(name.isprintable() and 1 <= len(name) <= _LONGEST_NAME for name in names):
        detail = f"The name of a file is a line of 1 to {_LONGEST_NAME} characters that can be seen."
        raise ProtocolError(detail)
    if sum(len(each.text) for each in sources) > _MOST_CHARACTERS:
        detail = f"The files of a scope have at most {_MOST_CHARACTERS} characters together."
        raise ProtocolError(detail)


def plan_hash(scope: str, base: int, sources: Sequence[Source]) -> str:
    """Return what a plan is known by."""
    content: dict[str, Any] = {"kind": KIND, "scope": scope, "base": base, "documents": documents_of(sources)}
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def is_plan(text: str) -> bool:
    """Tell whether a file is a saved plan, and no policy."""
    return text.lstrip().startswith("{") and f'"{KIND}"' in text


def read_plan(text: str) -> Plan:
    """Read a saved plan. Raise ``ProtocolError`` for one that is none, or was changed since it was made."""
    raw = text.encode(errors="replace")
    try:
        given: Any = decode(raw) if len(raw) <= _LARGEST else None
    except ProtocolError:
        given = None
    return plan_of(given)


def plan_of(given: Any) -> Plan:  # noqa: ANN401 - any JSON value
    """Return the plan that a record is. Raise as ``read_plan`` does."""
    if not _is_whole(given):
        detail = "This is no plan that 'cloister policy plan -o' has saved."
        raise ProtocolError(detail)
    sources = sources_of(given["documents"])
    require_files(sources)  # before a hash is made of them
    plan = Plan(
        scope=given["scope"],
        base=given["base"],
        digest=given["digest"],
        sources=sources,
        changes=tuple(map(str, given["changes"])),
    )
    if plan.hash != given["hash"]:
        detail = "The plan was changed after it was made: make it again from its files."
        raise ProtocolError(detail)
    return plan


def _is_whole(given: Any) -> bool:  # noqa: ANN401 - any JSON value
    return (
        isinstance(given, dict)
        and given.keys() - {"warnings"} == _FIELDS.keys()
        and all(isinstance(given[name], kind) and not isinstance(given[name], bool) for name, kind in _FIELDS.items())
        and given["kind"] == KIND
        and _is_text(given["scope"])
        and given["base"] in _NUMBERS
        and len(given["documents"]) <= _MOST_FILES
        and all(
            isinstance(each, dict)
            and each.keys() == {"file", "text"}
            and all(isinstance(part, str) and _is_text(part) for part in each.values())
            for each in given["documents"]
        )
    )


def _is_text(part: str) -> bool:
    """Whether it has no half of a surrogate pair, which nothing can be made of."""
    try:
        part.encode()
    except UnicodeEncodeError:
        return False
    return True
