"""Why something is done, or not: which rule of which document, in which line of which file.

Law: pure, and told from the same values that decide. Every document that has a say is named, also one whose word makes
no difference; no value is told, only what it is. A tenant learns of the platform's files no more than their last names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from gateway.core.operators import Operator
from gateway.core.policy import EntityRule, Recorded
from gateway.policy.load import Source
from gateway.policy.report import Report
from gateway.policy.resolve import Filed, Resolution
from gateway.policy.tree import Value, documents

_UNSAID: Final = "as every policy that says nothing"
_FOLDER: Final = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one document says of one finding. said: in words. key: what says it, at file and line."""

    document: str
    floor: bool
    said: str
    key: str
    file: str
    line: int

    def __str__(self) -> str:
        """Write it in a line."""
        return f"{'floor ' if self.floor else ''}{self.document}: {self.said} ({self.file}:{self.line} {self.key})"


class Explainer:
    """Explains what holds for one target.

    platform, own: the files of the platform, and of the tenant: two of one name are two. folders: whether whoever asks
    may know where the platform's lie.
    """

    def __init__(
        self, resolution: Resolution, platform: Sequence[Source], own: Sequence[Source] = (), *, folders: bool = True
    ) -> None:
        self._resolution = resolution
        self._sources = {False: platform, True: own}
        self._folders = folders

    def reasons(self, entity_type: str, score: float, value: str, recorded: Recorded | None = None) -> list[Reason]:
        """Return what each document says of a finding. recorded: how events name values, where marks are known."""
        return [self._reason(each, entity_type, score, value, recorded) for each in self.layers]

    @property
    def layers(self) -> tuple[Filed, ...]:
        """The documents that have a say, the chosen one first."""
        return (self._resolution.chosen, *self._resolution.floors)

    def file(self, filed: Filed) -> str:
        """Return the name of a document's file, as whoever asks may know it."""
        return file_of(filed, folders=self._folders)

    def _reason(self, filed: Filed, entity_type: str, score: float, value: str, recorded: Recorded | None) -> Reason:
        rule = filed.policy.entities.get(entity_type, filed.policy.others)
        marked = recorded and any(each.marks(entity_type, value, recorded) for each in filed.policy.allow)
        lets = rule.acts and (filed.policy.allows(entity_type, value) or bool(marked))
        path = ("spec", "allow") if lets else self._ruling(filed, entity_type)
        place = self._documents.get((filed.own, filed.file, filed.line))
        found = place.at(*path) if place and path else None
        return Reason(
            document=filed.policy.name,
            floor=filed.floor,
            said="let through" if lets else _said(rule, score),
            key=".".join(path[1:]) if path else _UNSAID,
            file=self.file(filed),
            line=found.place.line if found else filed.line,
        )

    def _ruling(self, filed: Filed, entity_type: str) -> tuple[str, ...]:
        """Return the path of keys that a document's rule for a type stands at, () where it has none."""
        document = self._documents.get((filed.own, filed.file, filed.line))
        for path in (("spec", "entities", entity_type), ("spec", "defaults")):
            if document and document.at(*path):
                return path
        return ()

    @cached_property
    def _documents(self) -> Mapping[tuple[bool, str, int], Value]:
        """The documents as they are written, by whose they are, file and line."""
        return {
            (own, source.file, value.place.line): value
            for own, sources in self._sources.items()
            for source in sources
            for value in documents(source.text, Report(source.file, source.text))
        }


def file_of(filed: Filed, *, folders: bool) -> str:
    """Return the name of a document's file. folders: whether whoever asks may know where the platform's lie."""
    return filed.file if filed.own or folders else _FOLDER.split(filed.file)[-1]


def _said(rule: EntityRule, score: float) -> str:
    if not rule.acts:
        return Operator.KEEP.value
    if score < rule.threshold:
        return f"nothing below a score of {rule.threshold:g}"
    return rule.at(score).operator.value
