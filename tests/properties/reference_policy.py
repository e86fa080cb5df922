"""What docs/policy.md says, a second time: plain dictionaries, no index, no cache, nothing of the gateway's.

Law: written from the document, sentence by sentence, and never from the code that it is compared with. A document here
is ``{"name", "scope", "spec"}``, a target ``{"tenant", "app", "model", "endpoint"}``, a finding ``(type, value, score)``.
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
}
UNSAID = {"screen": "off", "suspicious_encoding": "off", "media": "refuse"}


def resolve(documents: list[Spec], target: dict[str, str], *, shadow: bool = False) -> tuple[Spec, list[Spec]] | None:
    """Return the document chosen for a target, and the floors that hold besides; shadow: as if shadows were enforced."""
    modes = {"enforce", "shadow"} if shadow else {"enforce"}
    matching = [each for each in documents if each["spec"].get("mode", "enforce") in modes and matches(each, target)]
    if not matching:
        return None
    chosen = max(matching, key=lambda each: (*rank(each, target), each["name"]))
    return chosen, [each for each in matching if each["spec"].get("floor") and each is not chosen]


def names(document: Spec, what: str) -> list[str]:
    named: list[str] = document["spec"].get("match", {}).get(what, ["*"])
    return named


def matches(document: Spec, target: dict[str, str]) -> bool:
    if document["scope"] not in {"platform", target["tenant"]}:
        return False
    return all({"*", target[key]} & set(names(document, f"{key}s")) for key in ("tenant", "app", "model", "endpoint"))


def rank(document: Spec, target: dict[str, str]) -> tuple[bool, ...]:
    """Return how good a document's right to be chosen is; two equal ones that are no floors are a mistake."""
    own = document["scope"] != "platform"
    exact = [target[key] in names(document, f"{key}s") for key in ("app", "model", "endpoint")]
    tenant = own or target["tenant"] in names(document, "tenants")
    return (not document["spec"].get("floor"), own, *exact, tenant, document["spec"].get("mode") == "shadow")


def rule(spec: Spec, entity: str) -> tuple[str, float, int]:
    """Return the operator, the threshold and the characters shown that one document asks for a type."""
    given = spec.get("entities", {}).get(entity, {})
    said = {"operator": "pseudonymise", "threshold": 0.5, **spec.get("defaults", {}), **given}
    return said["operator"], said["threshold"], said.get("keep_last", 0)


def allows(spec: Spec, value: str) -> bool:
    said = spec.get("allow", {})
    return value in said.get("values", []) or any(re.fullmatch(each, value) for each in said.get("patterns", []))


def judge(specs: list[Spec], finding: tuple[str, str, float]) -> tuple[str, int] | None:
    """Return what is done and how many characters it shows, or None for what stays as it is."""
    entity, value, score = finding
    acting = [each for each in specs if rule(each, entity)[0] != "keep"]
    reached = [rule(each, entity) for each in acting if score >= rule(each, entity)[1]]
    if not reached or all(allows(each, value) for each in acting):
        return None
    strictest = max((operator for operator, _, _ in reached), key=OPERATORS.index)
    return strictest, min(last if operator == "mask" else 0 for operator, _, last in reached)


def in_tool(spec: Spec, tool: str) -> bool:
    said = spec.get("responses", {}).get("restore_in_tools", "always")
    if isinstance(said, str):
        return said == "always"
    return tool not in said.get("deny", []) and (tool in said.get("allow", []) or said["default"] == "always")


def in_url(spec: Spec, host: str) -> bool:
    said = spec.get("responses", {}).get("restore_in_urls", "internal")
    inside = any(f".{host}".endswith(f".{domain}") for domain in spec.get("internal_domains", []))
    return said == "always" or (said == "internal" and inside)


def decide(specs: list[Spec], findings: list[tuple[str, str, float]], tools: list[str], hosts: list[str]) -> Spec:
    """Return what becomes of a request; specs: of the document chosen, and of the floors behind it."""
    done = [judge(specs, finding) for finding in findings]
    return {
        "findings": done,
        "denied": any(each is not None and each[0] == "block" for each in done),
        "restore": all(each.get("responses", {}).get("restore", True) for each in specs),
        "tools": [all(in_tool(each, tool) for each in specs) for tool in tools],
        "hosts": [all(in_url(each, host) for each in specs) for host in hosts],
        "recognizers": {each["name"] for spec in specs for each in spec.get("recognizers", [])},
        "languages": specs[0].get("languages", ["en"]),
    } | {
        key: max((each.get("responses", {}).get(key, each.get(key, UNSAID[key])) for each in specs), key=order.index)
        for key, order in LAXEST_FIRST.items()
    }
