"""Sets of policies by chance, and requests to ask them about: small alphabets, so that much of it meets.

Law: what is made depends on the chance that is given and on nothing else. A set is what compiles: of two documents that
are rivals in every name the later is left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

from gateway.policy.compile import Bundle, _filed, compile_bundle
from gateway.policy.load import Document, Source
from gateway.policy.report import Place
from gateway.policy.resolve import Filed
from gateway.policy.tree import Value

Spec = dict[str, Any]
Finding = tuple[str, str, float]

TENANTS = ["acme", "beta"]
NAMES = {
    "tenants": TENANTS,
    "apps": ["crm", "hr"],
    "models": ["m"],
    "endpoints": ["/v1/embeddings"],
}
OTHERS = {"tenants": "gamma", "apps": "other", "models": "n", "endpoints": "/v1/messages"}
"""Of each kind one that no policy names."""

SHIPPED = ["PERSON", "CREDIT_CARD"]
OWN = ["BADGE", "PROJECT"]
"""Types that only recognizers of policies find."""

OPERATORS = ["keep", "pseudonymise", "mask", "hash", "redact", "block"]
THRESHOLDS = [0, 0.3, 0.5, 0.7, 1]
SCORES = [0.0, 0.29, 0.3, 0.49, 0.5, 0.6, 0.7, 0.99, 1.0]
VALUES = ["Ann", "Ann Lee", "ann", "B-1", "B-22", "4111"]
PATTERNS = ["B-[0-9]", "B-[0-9]+", "Ann.*", "[0-9]+", "(?:Ann|ann)"]
TOOLS = ["find", "send", "mail"]
DOMAINS = ["corp.local", "hr.corp.local", "notcorp.local", "local", "x.test"]
HOSTS = ["corp.local", "hr.corp.local", "a.hr.corp.local", "notcorp.local", "x.test", "b.test"]

TARGETS = [
    dict(zip(("tenant", "app", "model", "endpoint"), names, strict=True))
    for names in product(*([*known, OTHERS[kind]] for kind, known in NAMES.items()))
]


@dataclass(frozen=True, slots=True)
class Filing:
    """One document as an author files it: under a scope, in a file."""

    scope: str
    name: str
    spec: Spec

    @property
    def plain(self) -> Spec:
        return {"scope": self.scope, "name": self.name, "spec": self.spec}


def some(chance: Random, of: list[Any], most: int = 2) -> list[Any]:
    return chance.sample(of, chance.randint(1, min(most, len(of))))


def said(chance: Random, likely: float, **choices: Any) -> Spec:
    """Return some of the keys, each with a value that is made only then."""
    return {key: make() for key, make in choices.items() if chance.random() < likely}


def match(chance: Random, scope: str) -> Spec:
    named: Spec = {}
    for kind, known in NAMES.items():
        if scope != "platform" and kind == "tenants":
            if chance.random() < 0.3:
                named[kind] = [scope]
        elif chance.random() < 0.6:
            named[kind] = ["*"] if chance.random() < 0.3 else some(chance, [*known, "*"])
    return named


def rule(chance: Random, *, entity: bool) -> Spec:
    made = said(chance, 0.6, operator=lambda: chance.choice(OPERATORS), threshold=lambda: chance.choice(THRESHOLDS))
    if entity and made.get("operator") == "mask" and chance.random() < 0.7:
        made["keep_last"] = chance.randint(0, 4)
    return made


def recognizer(chance: Random, kind: str, name: str) -> Spec:
    return {"name": name, "supported_entity": kind, "deny_list": [chance.choice(["B-1", "B-22"])]}


def tools(chance: Random) -> str | Spec:
    if chance.random() < 0.4:
        return chance.choice(["always", "never"])
    named = said(chance, 0.6, allow=lambda: some(chance, TOOLS), deny=lambda: some(chance, TOOLS))
    return {"default": chance.choice(["always", "never"]), **named}


def spec(chance: Random, scope: str, *, floor: bool | None = None) -> Spec:
    own = [kind for kind in OWN if chance.random() < 0.3]
    typed = [kind for kind in [*SHIPPED, *own] if chance.random() < 0.6]
    made = {"match": match(chance, scope)} | said(
        chance,
        0.5,
        defaults=lambda: rule(chance, entity=False),
        entities=lambda: {kind: rule(chance, entity=True) for kind in typed},
        allow=lambda: said(chance, 0.6, values=lambda: some(chance, VALUES), patterns=lambda: some(chance, PATTERNS)),
        internal_domains=lambda: some(chance, DOMAINS),
        languages=lambda: chance.choice([["en"], ["de", "en"], "auto"]),
        media=lambda: chance.choice(["refuse", "allow-data-urls"]),
        suspicious_encoding=lambda: chance.choice(["off", "flag", "block"]),
        responses=lambda: said(
            chance,
            0.5,
            restore=lambda: chance.random() < 0.5,
            restore_in_urls=lambda: chance.choice(["internal", "always", "never"]),
            restore_in_tools=lambda: tools(chance),
            screen=lambda: chance.choice(["off", "mask", "block"]),
        ),
    )
    if not made["match"]:
        del made["match"]
    if own:
        made["recognizers"] = [recognizer(chance, kind, f"{kind} {chance.randint(0, 2)}") for kind in own]
    if chance.random() < 0.25:
        made["mode"] = chance.choice(["enforce", "shadow", "off"])
    if floor if floor is not None else chance.random() < 0.35:
        made["floor"] = True
    return made


def rivals(one: Filing, other: Filing) -> bool:
    """Whether some request could choose either with equal right."""
    if one.scope != other.scope or one.spec.get("floor") or other.spec.get("floor"):
        return False
    modes = {each.spec.get("mode", "enforce") for each in (one, other)}
    if len(modes) > 1 or modes == {"off"}:
        return False
    unsaid = {"tenants": [one.scope]} if one.scope != "platform" else {}
    mine, others = (unsaid | each.spec.get("match", {}) for each in (one, other))
    return all(set(mine.get(kind, ["*"])) & set(others.get(kind, ["*"])) for kind in NAMES)


def filings(chance: Random, *, apart: bool = True) -> list[Filing]:
    """Return documents of the platform's and of some tenants, one to six each. apart: leave rivals out."""
    made: list[Filing] = []
    for scope in ["platform", *(tenant for tenant in TENANTS if chance.random() < 0.6)]:
        for number in range(chance.randint(1, 6)):
            filing = Filing(scope, f"{scope[0]}{number}", spec(chance, scope))
            if not apart or not any(rivals(filing, each) for each in made):
                made.append(filing)
    return made


def finding(chance: Random) -> Finding:
    return chance.choice([*SHIPPED, *OWN]), chance.choice(VALUES), chance.choice(SCORES)


def bundles(made: list[Filing], chance: Random | None = None) -> dict[str, Bundle]:
    """Compile the files of every scope, as they are applied. chance: to put documents in files, and in any order."""
    order = list(made)
    if chance:
        chance.shuffle(order)
    files: dict[str, dict[str, str]] = {}
    for filing in order:
        file = f"{chance.randint(0, 2) if chance else 0}.yaml"
        texts = files.setdefault(filing.scope, {})
        texts[file] = f"{texts[file]}\n---\n{text(filing)}" if file in texts else text(filing)
    return {
        scope: compile_bundle([Source(*each) for each in texts.items()], scope=scope) for scope, texts in files.items()
    }


def text(filing: Filing) -> str:
    """Write a document as JSON, which is YAML."""
    kind = {"apiVersion": "cloister/v1", "kind": "RedactionPolicy", "metadata": {"name": filing.name}}
    return json.dumps(kind | {"spec": filing.spec})


def at_once(made: list[Filing]) -> dict[str, Bundle]:
    """Return the bundles without writing and reading files."""
    scopes: dict[str, list[Filed]] = {}
    for filing in made:
        document = Document(
            source=Source("p.yaml", ""),
            value=Value((), Place(1, 1)),
            kind="RedactionPolicy",
            name=filing.name,
            spec=filing.spec,
            scope=filing.scope,
        )
        scopes.setdefault(filing.scope, []).append(_filed(document, filing.scope))
    return {
        scope: Bundle(scope=scope, digest="", policies=tuple(filed), audit_rules=()) for scope, filed in scopes.items()
    }
