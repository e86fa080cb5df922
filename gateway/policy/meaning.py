"""What a valid document means: what becomes of each entity type, with what is not said filled in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator
from gateway.policy.load import Document
from gateway.policy.schema import DEFAULTS
from gateway.policy.tree import Value


class Meaning:
    """A document about redaction. spec: its plain values."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.spec = document.spec
        self.is_floor = bool(document.spec.get("floor"))

    def at(self, *path: str) -> Value | None:
        """Return the value at a path of the document's spec."""
        return self.document.value.at("spec", *path)

    def items(self, *path: str) -> list[Value]:
        """Return the items of a list of the spec; none where there is none."""
        found = self.at(*path)
        return found.items if found else []

    def response(self, key: str, default: Any) -> Any:  # noqa: ANN401 - any plain value
        """Return what is said of answers."""
        return self.spec.get("responses", {}).get(key, default)

    @cached_property
    def types(self) -> list[str]:
        """The entity types that there are here: the gateway's, and those of the document's recognizers."""
        own = (each["supported_entity"] for each in self.spec.get("recognizers", []))
        return list(dict.fromkeys((*ENTITY_TYPES, *own)))

    def rule(self, entity_type: str) -> dict[str, Any]:
        """Return what is done about a type, from which score."""
        named = (self.spec.get("entities") or {}).get(entity_type) or {}
        return {**DEFAULTS, **self.spec.get("defaults", {}), **named}

    def keeps(self, entity_type: str) -> bool:
        """Tell whether nothing is done about a type."""
        return bool(self.rule(entity_type)["operator"] == Operator.KEEP)

    @cached_property
    def keeps_all(self) -> bool:
        """Whether nothing is done about any type."""
        return all(map(self.keeps, self.types))

    def pseudonymised(self) -> Iterator[str]:
        """Yield the types whose values can come back."""
        return (each for each in self.types if self.rule(each)["operator"] == Operator.PSEUDONYMISE)
