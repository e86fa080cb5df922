"""The shape of the policy files, as data: the validator walks it, and ``policies/schema.json`` is made of it.

Law: what is not described here is refused. A value that the contract allows and this version does not enforce is
described as such (``enforced``), and refused with a code of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from gateway.core.exchange import ENDPOINTS
from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator
from gateway.core.policy import AUTO, LANGUAGES

API_VERSION: Final = "cloister/v1"
DEFAULTS: Final = {"operator": "pseudonymise", "threshold": 0.5}
"""What holds for an entity type of which a policy says nothing."""

Check = Literal["", "pattern", "domain", "period", "name", "tool", "entity", "value", "key", "hash"]
ENTITY_TYPE: Final = r"^[A-Z][A-Z0-9_]{1,60}[A-Z0-9]$"
"""An entity type, as placeholders write it."""

_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A string. choices: what the contract allows; enforced: what this version enforces (all where empty).

    secret: it may be what nobody else is to know, so that no problem shows it.
    """

    choices: tuple[str, ...] = ()
    enforced: tuple[str, ...] = ()
    check: Check = ""
    secret: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number within bounds, both inclusive."""

    low: float
    high: float
    whole: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A boolean. enforced: the only value that this version enforces, None for both."""

    enforced: bool | None = None
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list. empty: this version enforces nothing but an empty list."""

    of: Node
    empty: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """A mapping with fixed keys."""

    keys: Mapping[str, Node]
    required: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ByEntity:
    """A mapping from entity types, the gateway's or those of the document's recognizers, to one shape."""

    of: Node
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Either:
    """A value of one shape or of another, which is text or a mapping."""

    of: Node
    other: Node
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anything:
    """A value of the contract that this version does not look into, because it refuses it."""

    about: str = field(default="not enforced by this version")


Node = Text | Number | Flag | Items | Fields | ByEntity | Either | Anything

_OPERATORS: Final = tuple(operator.value for operator in Operator)
_NAMES: Final = Items(of=Text(), about="names, or '*' for all")
_ALL: Final = Items(of=Text(enforced=("*",)))
_ENDPOINTS: Final = Items(of=Text(choices=("*", *ENDPOINTS)), about="endpoints of applications, or '*' for all")
_METADATA: Final = Fields(keys={"name": Text(check="name"), "description": Text()}, required=("name",))
_RULE: Final[dict[str, Node]] = {
    "operator": Text(choices=(*_OPERATORS, "surrogate"), enforced=_OPERATORS, about="what happens to a finding"),
    "threshold": Number(low=0, high=1, about="findings that score lower are dropped"),
}
_TOOLS: Final = ("always", "never")
_BY_TOOL: Final = Fields(
    keys={"default": Text(choices=_TOOLS), "allow": Items(of=Text(check="tool")), "deny": Items(of=Text(check="tool"))},
    required=("default",),
)
_ENTITY: Final = Fields(
    keys={**_RULE, "keep_last": Number(low=0, high=4, whole=True, about="characters that mask leaves at the end")}
)

_SCORE: Final = Number(low=0, high=1, about="how sure a match is")
_RECOGNIZER: Final = Fields(
    keys={
        "name": Text(),
        "type": Text(choices=("custom", "predefined"), enforced=("custom",)),
        "enabled": Flag(),
        "supported_entity": Text(check="entity", about="what it finds: a type of the gateway's, or one of your own"),
        "supported_language": Text(about="it is at work in every language"),
        "supported_languages": Items(
            of=Either(
                of=Text(),
                other=Fields(keys={"language": Text(), "context": Items(of=Text())}, required=("language",)),
            )
        ),
        "patterns": Items(
            of=Fields(
                keys={"name": Text(), "regex": Text(check="pattern", secret=True), "score": _SCORE},
                required=("regex", "score"),
            ),
            about="patterns of RE2",
        ),
        "global_regex_flags": Number(low=0, high=26, whole=True, about="flags of Python's re: 2, 8 and 16, added up"),
        "deny_list": Items(
            of=Text(check="value", secret=True), about="values that are always found, in any case of letters"
        ),
        "deny_list_score": _SCORE,
        "context": Items(of=Text(), about="words before a match that raise its score"),
    },
    required=("name", "supported_entity"),
)

REDACTION: Final = Fields(
    keys={
        "match": Fields(
            keys={"tenants": _NAMES, "apps": _NAMES, "models": _NAMES, "endpoints": _ENDPOINTS},
            about="the requests that this policy is for",
        ),
        "mode": Text(
            choices=("enforce", "shadow", "off"),
            about="shadow: decides beside the policy in force, goes on record and changes nothing",
        ),
        "floor": Flag(about="whatever else matches may be stricter than this policy, never laxer"),
        "languages": Either(
            of=Items(of=Text(enforced=LANGUAGES)),
            other=Text(choices=(AUTO,)),
            about="languages of the texts; every text is read in all that there are",
        ),
        "internal_domains": Items(of=Text(check="domain"), about="domains inside the house"),
        "defaults": Fields(keys=_RULE, about="what holds for entity types that are not named"),
        "entities": ByEntity(of=_ENTITY, about="what holds for each entity type"),
        "recognizers": Items(of=_RECOGNIZER, about="Presidio's own recognizer YAML"),
        "allow": Fields(
            keys={
                "values": Items(of=Text(secret=True)),
                "patterns": Items(of=Text(check="pattern", secret=True)),
                "findings": ByEntity(
                    of=Items(of=Text(check="hash")), about="findings that were marked as false, as events name them"
                ),
            },
            about="what is never a finding: exact values, patterns (RE2) that match a value whole, and false findings",
        ),
        "responses": Fields(
            keys={
                "restore": Flag(about="put values back into answers"),
                "restore_in_urls": Text(choices=("internal", "always", "never"), about="put values back into URLs"),
                "restore_in_tools": Either(
                    of=Text(choices=_TOOLS), other=_BY_TOOL, about="put values back into tool calls"
                ),
                "screen": Text(choices=("off", "mask", "block"), about="what the model discloses by itself"),
            }
        ),
        "suspicious_encoding": Text(
            choices=("off", "flag", "block"), about="text that is written so that others do not read it"
        ),
        "media": Text(choices=("refuse", "allow-data-urls"), about="images, of which nobody knows what they show"),
    },
)

RETENTION: Final = Fields(
    keys={
        "match": Fields(keys={"tenants": _NAMES, "apps": _ALL}),
        "mode": Text(choices=("governance", "compliance"), enforced=("governance",)),
        "rules": Items(
            of=Fields(
                keys={
                    "data": Text(choices=("transcripts", "pseudonyms", "audit")),
                    "keep": Text(check="period"),
                    "keep_at_least": Text(check="period"),
                    "delete_after": Text(check="period"),
                },
                required=("data",),
            )
        ),
        "regimes": Items(of=Anything(), empty=True),
    },
    required=("rules",),
)

CONTROL: Final = Fields(
    keys={
        "approvals": Number(low=0, high=1, whole=True, about="people besides whoever applies who must agree"),
        "break_glass": Flag(about="one person may apply for a few hours, with a reason"),
        "signatures": Fields(
            keys={"keys": Items(of=Text(check="key"), about="lines of 'cloister policy keygen'; one must have signed")},
            required=("keys",),
            about="only signed bundles are applied",
        ),
    },
    about="how the policies of this scope are changed",
)

SPECS: Final = {"RedactionPolicy": REDACTION, "RetentionPolicy": RETENTION, "ChangeControl": CONTROL}
"""What a document of each kind says."""

KINDS: Final[dict[str, Fields]] = {
    kind: Fields(
        keys={
            "apiVersion": Text(choices=(API_VERSION,)),
            "kind": Text(choices=tuple(SPECS)),
            "metadata": _METADATA,
            "spec": spec,
        },
        required=("apiVersion", "kind", "metadata", "spec"),
    )
    for kind, spec in SPECS.items()
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of one document, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cloister policy",
        "oneOf": [
            _schema(fields) | {"properties": _schema(fields)["properties"] | {"kind": {"const": kind}}}
            for kind, fields in KINDS.items()
        ],
    }


def schema_of(document: Fields, title: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a document of one kind, for editors."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **_schema(document)}


def _schema(node: Node) -> dict[str, Any]:
    found = _typed(node)
    return found | {"description": node.about} if node.about else found


def _typed(node: Node) -> dict[str, Any]:  # noqa: PLR0911 - one a kind of node
    match node:
        case Text():
            allowed = node.enforced or node.choices
            return {"type": "string", "enum": list(allowed)} if allowed else _text(node)
        case Number():
            return {"type": "integer" if node.whole else "number", "minimum": node.low, "maximum": node.high}
        case Flag():
            return {"type": "boolean"} if node.enforced is None else {"const": node.enforced}
        case Items():
            return {"type": "array", "maxItems": 0} if node.empty else {"type": "array", "items": _schema(node.of)}
        case Fields():
            properties = {name: _schema(inner) for name, inner in node.keys.items()}
            shape = {"type": "object", "additionalProperties": False, "properties": properties}
            return shape | {"required": list(node.required)} if node.required else shape
        case ByEntity():
            properties = {name: _schema(node.of) | {"description": text} for name, text in ENTITY_TYPES.items()}
            own = {ENTITY_TYPE: _schema(node.of)}
            return {"type": "object", "additionalProperties": False, "properties": properties, "patternProperties": own}
        case Either():
            return {"anyOf": [_schema(node.of), _schema(node.other)]}
        case Anything():
            return {}


def _text(node: Text) -> dict[str, Any]:
    patterns = {"name": _NAME, "entity": ENTITY_TYPE, "value": ".."}
    return {"type": "string", "pattern": patterns[node.check]} if node.check in patterns else {"type": "string"}
