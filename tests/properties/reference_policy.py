"""What docs/policy.md says, a second time: plain dictionaries, no index, no cache, nothing of the gateway's.

Law: written from the document alone, sentence by sentence, and never from the code that it is compared with.
A document here is ``{"name", "scope", "spec"}``, a target ``{"tenant", "app", "model", "endpoint"}``, a finding
``(entity type, value, score)``.
"""

from __future__ import annotations

import re
from typing import Any

Spec = dict[str, Any]
OPERATORS = ["keep", "pseudonymise", "mask", "hash", "redact", "block"]
LAXEST_FIRST = {
    "screen": ["off", "mask", "block"],
    "suspicious_encoding": ["off", "flag", "block"],
    "media": ["allow-data-urls", "refuse"],
    "restore_in_urls": ["always", "internal", "never"],
}
UNSAID = {"screen": "off", "suspicious_encoding": "flag", "media": "refuse", "restore_in_urls": "internal"}


def resolve(documents: list[Spec], target: dict[str, str], *, shadow: bool = False) -> tuple[Spec, list[Spec]] | None:
    """Return the document chosen for a target, and the floors that hold besides; shadow: as if shadows were enforced."""
    modes = {"enforce", "shadow"} if shadow else {"enforce"}
    matching = [each for each in documents if each["spec"].get("mode", "enforce") in modes and matches(each, target)]
    if not matching:
        return None
    chosen = max(matching, key=lambda each: rank(each, target))
    return chosen, [each for each in matching if each["spec"].get("floor") and each is not chosen]


def names(document: Spec, what: str) -> list[str]:
    named: list[str] = document["spec"].get("match", {}).get(what, ["*"])
    return named


def matches(document: Spec, target: dict[str, str]) -> bool:
    if document["scope"] not in {"platform", target["tenant"]}:
        return False
    return all({"*", target[key]} & set(names(document, f"{key}s")) for key in ("tenant", "app", "model", "endpoint"))


def rank(document: Spec, target: dict[str, str]) -> tuple[bool, ...]:
    """Return how good a document's right to be chosen is; two equal ones are a mistake."""
    own = document["scope"] != "platform"
    exact = [target[key] in names(document, f"{key}s") for key in ("app", "model", "endpoint")]
    tenant = own or target["tenant"] in names(document, "tenants")
    return (own, *exact, tenant, not document["spec"].get("floor"), document["spec"].get("mode") == "shadow")


def rule(spec: Spec, entity: str) -> tuple[str, float, int]:
    """Return the operator, the threshold and the characters shown that one document asks for a type."""
    said = {
        "operator": "pseudonymise",
        "threshold": 0.5,
        **spec.get("defaults", {}),
        **spec.get("entities", {}).get(entity, {}),
    }
    return said["operator"], said["threshold"], said.get("keep_last", 0)


def allows(spec: Spec, value: str) -> bool:
    said = spec.get("allow", {})
    return value in said.get("values", []) or any(re.fullmatch(each, value) for each in said.get("patterns", []))


def judge(specs: list[Spec], finding: tuple[str, str, float]) -> tuple[str, int] | None:
    """Return what is done and how many characters it shows, or None for what is dropped."""
    entity, value, score = finding
    acting = [each for each in specs if rule(each, entity)[0] != "keep"]
    if acting and all(allows(each, value) for each in acting):
        return None
    reached = [rule(each, entity) for each in specs if score >= rule(each, entity)[1]]
    if not reached:
        return None
    strictest = max((operator for operator, _, _ in reached), key=OPERATORS.index)
    shown = [last if operator == "mask" else 0 for operator, _, last in reached if operator != "keep"]
    return strictest, min(shown, default=0)


def in_tool(spec: Spec, tool: str) -> bool:
    said = spec.get("responses", {}).get("restore_in_tools", "always")
    if isinstance(said, str):
        return said == "always"
    return tool not in said.get("deny", []) and (tool in said.get("allow", []) or said["default"] == "always")


def inside(spec: Spec, host: str) -> bool:
    return any(f".{host}".endswith(f".{domain}") for domain in spec.get("internal_domains", []))


def decide(documents: list[Spec], target: dict[str, str], findings: list[tuple[str, str, float]]) -> Spec | None:
    """Return what becomes of a request, and ``in_tool`` and ``in_url`` to ask; None where no document holds."""
    found = resolve(documents, target)
    if found is None:
        return None
    specs = [each["spec"] for each in (found[0], *found[1])]
    said = {  # every field once, the strictest of what is said
        key: max((each.get("responses", {}).get(key, each.get(key, UNSAID[key])) for each in specs), key=order.index)
        for key, order in LAXEST_FIRST.items()
    }
    done = [judge(specs, finding) for finding in findings]
    urls = said["restore_in_urls"]
    return said | {
        "findings": done,
        "denied": any(each is not None and each[0] == "block" for each in done),
        "restore": all(each.get("responses", {}).get("restore", True) for each in specs),
        "in_tool": lambda tool: all(in_tool(each, tool) for each in specs),
        "in_url": lambda host: urls == "always" or (urls == "internal" and all(inside(each, host) for each in specs)),
        "recognizers": {each["name"] for spec in specs for each in spec.get("recognizers", [])},
        "languages": found[0]["spec"].get("languages"),
    }
