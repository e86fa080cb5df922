"""From documents to policies.

Law: a compiled policy has a rule for every entity type. Two of a scope that match a request as exactly are a mistake.
A policy's digest is over what it does, so that two files that say the same have the same one; a bundle's is over that,
and for whom each policy is, in which mode, and whether it is a floor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import rfc8785

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, ProtocolError
from gateway.core.findings import ENTITY_TYPES, SUSPICIOUS
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Allowance, CustomPattern, CustomRecognizer, EntityRule, Policy, Target, ToolRule
from gateway.core.retention import DataClass, Period, RetentionRule
from gateway.core.values import by_epoch
from gateway.policy.control import STRICTEST, ChangeControl
from gateway.policy.load import Document, Source, load, load_kind, read_sources
from gateway.policy.patterns import FLAGS, compiled, flag_letters
from gateway.policy.resolve import EVERY, Filed, Match, resolve
from gateway.policy.schema import DEFAULTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Everything that one scope (a tenant, or the platform) has in force. digest: of all of it."""

    scope: str
    digest: str
    policies: tuple[Filed, ...]
    audit_rules: tuple[tuple[Match, RetentionRule], ...]
    control: ChangeControl = field(default=ChangeControl())

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each policy, by its name: what answers and events name where no floor holds besides."""
        return {filed.policy.name: filed.policy.digest for filed in self.policies}

    def policy(self, target: Target) -> Policy | None:
        """Return what this scope alone says of a target."""
        found = resolve(self.policies, target)
        return found.policy if found else None

    def audit_rule(self, tenant: str) -> RetentionRule | None:
        """Return the audit rule for a tenant."""
        target = Target(tenant=tenant, app="*", model="*", endpoint="*")
        ranked = [(rank, rule) for match, rule in self.audit_rules if (rank := match.exactness(target)) is not None]
        return max(ranked, key=lambda pair: pair[0])[1] if ranked else None


def compile_bundle(sources: Sequence[Source], *, scope: str) -> Bundle:
    """Load and compile the files of a scope. Raise ``PolicyInvalid``."""
    return compile_documents(load(sources, scope=scope), scope=scope)


def compile_documents(documents: Sequence[Document], *, scope: str) -> Bundle:
    """Compile the documents of a scope."""
    redaction = [document for document in documents if document.kind == "RedactionPolicy"]
    retention = [document for document in documents if document.kind == "RetentionPolicy"]
    control = [document for document in documents if document.kind == "ChangeControl"]
    policies = tuple(_filed(document, scope) for document in redaction)
    digest = hashlib.sha256(rfc8785.dumps([_told(filed) for filed in policies]))
    digest.update(rfc8785.dumps([[document.name, document.spec] for document in retention]))
    digest.update(rfc8785.dumps([document.spec for document in control]) if control else b"")
    return Bundle(
        scope=scope,
        digest=digest.hexdigest(),
        policies=policies,
        audit_rules=tuple((_match(document, scope), rule) for document in retention for rule in _audit(document)),
        control=_control(control[0].spec) if control else ChangeControl(),
    )


def control_of(documents: Sequence[Mapping[str, Any]], scope: str) -> ChangeControl:
    """Return how a stored version says that it is changed, also where the rest of it cannot be read."""
    try:
        sources = [Source(each["file"], each["text"]) for each in documents]
        found = [each for source in sources for each in load_kind([source], "ChangeControl", scope=scope)]
    except PolicyInvalid:
        return STRICTEST
    return _control(found[0].spec) if found else ChangeControl()


def offline_policy(path: Path) -> Policy:
    """Return the policy that a file or folder holds for everybody, or the only one that it holds."""
    bundle = compile_bundle(read_sources([path]), scope=PLATFORM)
    everybody = bundle.policy(Target(tenant="*", app="*", model="*", endpoint="*"))
    if everybody is None and len(bundle.policies) == 1:
        everybody = bundle.policies[0].policy
    if everybody is None:
        detail = "No policy of these files matches every tenant and app: give 'match' as '*', or one policy alone."
        raise ProtocolError(detail)
    return everybody


def _filed(document: Document, scope: str) -> Filed:
    spec = document.spec
    return Filed(
        policy=_policy(document),
        match=_match(document, scope),
        mode=spec.get("mode", "enforce"),
        floor=spec.get("floor", False),
        own=scope != PLATFORM,
        file=document.file,
        line=document.line,
    )


def _told(filed: Filed) -> dict[str, Any]:
    """Return what a bundle says of a policy, beside what the policy itself does: for whom, and whether it holds."""
    policy = filed.policy
    return {
        "name": policy.name,
        "digest": policy.digest,
        "match": asdict(filed.match),
        "mode": filed.mode,
        "floor": filed.floor,
    }


def _match(document: Document, scope: str) -> Match:
    given = {kind: tuple(names) for kind, names in document.spec.get("match", {}).items()}
    return Match(**{"tenants": EVERY if scope == PLATFORM else (scope,), **given})


def _control(spec: dict[str, Any]) -> ChangeControl:
    return ChangeControl(
        approvals=spec.get("approvals", 0),
        break_glass=spec.get("break_glass", True),
        keys=tuple(spec.get("signatures", {}).get("keys", ())),
    )


def _policy(document: Document) -> Policy:
    spec = document.spec
    responses = spec.get("responses", {})
    recognizers = [_recognizer(given) for given in spec.get("recognizers", []) if given.get("enabled", True)]
    own = {given["supported_entity"] for given in spec.get("recognizers", [])}
    content = {
        "entities": {name: _settled(spec, name) for name in sorted(ENTITY_TYPES.keys() | own)},
        "others": _settled(spec, ""),
        "recognizers": [asdict(each) for each in recognizers],
        "languages": _languages(spec.get("languages", ["en"])),
        "internal_domains": sorted(spec.get("internal_domains", [])),
        "allow": {
            "values": sorted(spec.get("allow", {}).get("values", [])),
            "patterns": sorted(spec.get("allow", {}).get("patterns", [])),
            **_false_findings(spec),
        },
        "restore": responses.get("restore", True),
        "restore_in_urls": responses.get("restore_in_urls", "internal"),
        "restore_in_tools": _by_tool(responses.get("restore_in_tools", "always")),
        "screen": responses.get("screen", "off"),
        "media": spec.get("media", "refuse"),
        "suspicious_encoding": spec.get("suspicious_encoding", "off"),
    }
    entities = {name: _rule(settled) for name, settled in content["entities"].items()}
    suspicion = {SUSPICIOUS} if content["suspicious_encoding"] != "off" else set()
    return Policy(
        name=document.name,
        digest=hashlib.sha256(rfc8785.dumps(content)).hexdigest(),
        entities=entities,
        others=_rule(content["others"]),
        languages=tuple(content["languages"]),
        internal_domains=tuple(content["internal_domains"]),
        recognizers=tuple(recognizers),
        allow=(
            Allowance(
                types=frozenset({name for name, rule in entities.items() if rule.acts} | suspicion),
                values=frozenset(content["allow"]["values"]),
                patterns=tuple(map(compiled, content["allow"]["patterns"])),
                findings={name: by_epoch(given) for name, given in content["allow"].get("findings", {}).items()},
            ),
        ),
        restore=content["restore"],
        restore_in_urls=content["restore_in_urls"],
        restore_in_tools=_tool_rule(**content["restore_in_tools"]),
        screen=content["screen"],
        media=content["media"],
        suspicious_encoding=content["suspicious_encoding"],
    )


def _false_findings(spec: dict[str, Any]) -> dict[str, Any]:
    """Return those of each type; where there are none the key is left out, as digests were before there was one."""
    given = spec.get("allow", {}).get("findings", {})
    found = {name: sorted(set(hashes)) for name, hashes in sorted(given.items()) if hashes}
    return {"findings": found} if found else {}


def _languages(given: str | list[str]) -> list[str]:
    return [given] if isinstance(given, str) else given


def _recognizer(given: dict[str, Any]) -> CustomRecognizer:
    """One recognizer, with Presidio's defaults filled in."""
    flags = flag_letters(given.get("global_regex_flags", sum(FLAGS)))
    languages = [each for each in given.get("supported_languages", []) if isinstance(each, dict)]
    context = [*given.get("context", []), *(word for each in languages for word in each.get("context", []))]
    return CustomRecognizer(
        name=given["name"],
        entity_type=given["supported_entity"],
        patterns=tuple(
            CustomPattern(regex=each["regex"], score=float(each["score"]), flags=flags)
            for each in given.get("patterns", [])
        ),
        deny_list=tuple(given.get("deny_list", [])),
        deny_list_score=float(given.get("deny_list_score", 1)),
        context=tuple(dict.fromkeys(context)),
    )


def _by_tool(given: str | dict[str, Any]) -> dict[str, Any]:
    """Which tools get values, with both lists filled in."""
    by_tool = {"default": given} if isinstance(given, str) else given
    return {
        "default": by_tool["default"],
        "allow": sorted(by_tool.get("allow", [])),
        "deny": sorted(by_tool.get("deny", [])),
    }


def _tool_rule(*, default: str, allow: list[str], deny: list[str]) -> ToolRule:
    return ToolRule(default=default == "always", allow=frozenset(allow), deny=frozenset(deny))


def _settled(spec: dict[str, Any], entity_type: str) -> dict[str, Any]:
    """One entity type's rule with the defaults filled in."""
    given = (spec.get("entities") or {}).get(entity_type) or {}
    return {"keep_last": 0, **DEFAULTS, **spec.get("defaults", {}), **given}


def _rule(settled: dict[str, Any]) -> EntityRule:
    operator = OperatorConfig(operator=Operator(settled["operator"]), keep_last=settled["keep_last"])
    return EntityRule(operator=operator, threshold=float(settled["threshold"]))


def _audit(document: Document) -> list[RetentionRule]:
    return [
        RetentionRule(
            data=DataClass.AUDIT,
            keep_at_least=Period.parse(rule["keep_at_least"]),
            delete_after=Period.parse(rule["delete_after"]),
        )
        for rule in document.spec["rules"]
        if rule["data"] == "audit"
    ]
