from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid
from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator
from gateway.core.policy import CustomPattern
from gateway.policy.compile import compile_bundle, offline_policy
from gateway.policy.load import Source
from tests.doubles.policies import target

POLICY = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {name}}}\nspec: {{match: {{tenants: [{tenants}], apps: [{apps}]}}}}\n"


def bundle(*matches: tuple[str, str, str]) -> Any:
    sources = [Source(f"{name}.yaml", POLICY.format(name=name, tenants=t, apps=a)) for name, t, a in matches]
    return compile_bundle(sources, scope=PLATFORM)


def test_every_entity_type_has_a_rule(compiled: Callable[..., Any]) -> None:
    policy = compiled("defaults: {operator: redact, threshold: 0.7}", "entities: {PERSON: {operator: keep}}").policy(
        target("t", "a")
    )

    assert set(policy.entities) == set(ENTITY_TYPES)
    assert policy.entities["PERSON"].operator.operator is Operator.KEEP
    assert policy.entities["US_SSN"].operator.operator is Operator.REDACT
    assert policy.entities["PERSON"].threshold == 0.7


def test_the_more_exact_match_wins() -> None:
    made = bundle(("all", '"*"', '"*"'), ("tenant", "acme", '"*"'), ("app", '"*"', "crm"), ("both", "acme", "crm"))

    assert made.policy(target("acme", "crm")).name == "both"
    assert made.policy(target("acme", "other")).name == "tenant"
    assert made.policy(target("other", "crm")).name == "app"
    assert made.policy(target("other", "other")).name == "all"


def test_equal_rank_is_a_mistake() -> None:
    with pytest.raises(PolicyInvalid) as raised:
        bundle(("one", "acme", "crm"), ("two", "acme, other", "crm"))

    assert raised.value.problems[0].code == "CL2009"


def test_the_digest_is_of_what_is_enforced(compiled: Callable[..., Any]) -> None:
    plain = compiled("mode: enforce").policy(target("t", "a"))
    same = compiled("languages: [en]", "defaults: {threshold: 0.5}").policy(target("t", "a"))
    other = compiled("defaults: {threshold: 0.6}").policy(target("t", "a"))

    assert plain.digest == same.digest
    assert plain.digest != other.digest
    assert len(plain.digest) == 64


def test_the_defaults_hold_for_types_that_nobody_has_named_yet(compiled: Callable[..., Any]) -> None:
    policy = compiled("defaults: {operator: redact, threshold: 0.7}").policy(target("t", "a"))
    named = ", ".join(f"{name}: {{operator: redact, threshold: 0.7}}" for name in ENTITY_TYPES)
    alike = compiled(f"entities: {{{named}}}").policy(target("t", "a"))

    assert (policy.others.operator.operator, policy.others.threshold) == (Operator.REDACT, 0.7)
    assert alike.entities == policy.entities
    assert alike.digest != policy.digest  # beside a floor the two differ


BADGES = """recognizers:
    - name: Badges
      supported_languages: [en, {language: de, context: [Ausweis]}]
      patterns: [{name: weak, regex: 'B-\\d{4}', score: 0.3}]
      context: [badge, Ausweis]
      supported_entity: BADGE
      type: custom
    - {name: Projects, supported_entity: PROJECT, deny_list: [Blue Whale], global_regex_flags: 2, deny_list_score: 0.9}
    - {name: Old, enabled: false, supported_entity: GONE, deny_list: [Red Fox]}"""


def test_recognizers_of_a_policy_are_those_of_presidios_yaml(compiled: Callable[..., Any]) -> None:
    policy = compiled(BADGES, "entities: {GONE: {operator: redact}}").policy(target("t", "a"))

    badges, projects = policy.recognizers
    assert badges.patterns == (CustomPattern(regex=r"B-\d{4}", score=0.3, flags="ims"),)
    assert (badges.name, badges.entity_type, badges.context) == ("Badges", "BADGE", ("badge", "Ausweis"))
    assert (projects.deny_list, projects.deny_list_score, projects.patterns) == (("Blue Whale",), 0.9, ())
    assert set(policy.entities) == {*ENTITY_TYPES, "BADGE", "PROJECT", "GONE"}


def test_the_digest_of_all_knows_for_whom_each_is_and_whether_it_holds(compiled: Callable[..., Any]) -> None:
    specs = (
        "mode: enforce",
        "match: {apps: [crm]}",
        "match: {models: [m]}",
        "mode: shadow",
        'mode: "off"',
        "floor: true",
    )
    made = [compiled(spec) for spec in specs]

    assert len({each.policies[0].policy.digest for each in made}) == 1
    assert len({each.digest for each in made}) == len(specs)
    assert compiled("floor: false").digest == made[0].digest
    assert bundle(("one", "a", "b")).digest != bundle(("other", "a", "b")).digest


def test_the_digest_knows_the_recognizers(compiled: Callable[..., Any]) -> None:
    digests = {
        compiled(given).policy(target("t", "a")).digest
        for given in ("mode: enforce", BADGES, BADGES.replace("0.3", "0.4"), BADGES.replace("Whale", "Shark"))
    }

    assert len(digests) == 4


@pytest.mark.parametrize("name", ["default", "strict", "observe"])
def test_shipped_policies_compile(root: Path, name: str) -> None:
    assert offline_policy(root / "policies" / f"{name}.yaml").name == name


def test_the_default_policy_replaces_people_and_keeps_places(root: Path) -> None:
    rules = offline_policy(root / "policies" / "default.yaml").entities

    kept = {name for name, rule in rules.items() if rule.operator.operator is Operator.KEEP}
    assert kept == {"ORGANIZATION", "LOCATION", "DATE_TIME", "NRP", "AGE", "URL"}
    assert rules["SECRET"].operator.operator is Operator.REDACT


def test_retention_has_its_rule(root: Path) -> None:
    text = (root / "policies" / "default.yaml").read_text()

    rule = compile_bundle([Source("d.yaml", text)], scope=PLATFORM).audit_rule("acme")

    assert (str(rule.keep_at_least), str(rule.delete_after)) == ("P6M", "P13M")


def test_what_is_suspicious_is_looked_for_where_it_says_so(compiled: Callable[..., Any]) -> None:
    silent, flagged = (
        compiled("mode: enforce").policy(target("t", "a")),
        compiled("suspicious_encoding: flag").policy(target("t", "a")),
    )

    assert (silent.suspicious_encoding, flagged.suspicious_encoding) == ("off", "flag")
    assert silent.digest == compiled('suspicious_encoding: "off"').policy(target("t", "a")).digest != flagged.digest


@pytest.mark.parametrize("name", ["default", "observe", "strict"])
def test_the_shipped_policies_flag_it(root: Path, name: str) -> None:
    assert offline_policy(root / f"policies/{name}.yaml").suspicious_encoding == "flag"
