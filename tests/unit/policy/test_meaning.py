import pytest

from gateway.core.actor import PLATFORM
from gateway.core.findings import ENTITY_TYPES
from gateway.policy.compile import compile_documents
from gateway.policy.load import Source, load
from gateway.policy.meaning import Meaning
from tests.doubles.policies import target
from tests.unit.policy.conftest import HEAD

SPECS = [
    "{}",
    "{defaults: {operator: keep}}",
    "{defaults: {threshold: 0.7}, entities: {PERSON: {operator: mask}, URL: {}}}",
    "{recognizers: [{name: b, supported_entity: BADGE, deny_list: [ab]}], entities: {BADGE: {threshold: 0.9}}}",
]


def meaning(spec: str) -> Meaning:
    (document,) = load([Source("p.yaml", HEAD.removesuffix("\n") + f" {spec}\n")], scope=PLATFORM)
    return Meaning(document)


@pytest.mark.parametrize("spec", SPECS)
def test_what_is_not_said_is_what_compiling_makes_of_it(spec: str) -> None:
    mine = meaning(spec)
    policy = compile_documents([mine.document], scope=PLATFORM).policy(target())

    assert policy is not None
    assert set(mine.types) == set(policy.entities)
    for name, rule in policy.entities.items():
        assert mine.rule(name)["operator"] == rule.operator.operator
        assert mine.rule(name)["threshold"] == rule.threshold
        assert mine.keeps(name) is not rule.acts


def test_what_all_types_have_in_common() -> None:
    assert meaning(SPECS[1]).keeps_all
    assert not meaning(SPECS[0]).keeps_all
    assert len(list(meaning(SPECS[2]).pseudonymised())) == len(ENTITY_TYPES) - 1


def test_places_are_those_of_the_file() -> None:
    mine = meaning("{match: {apps: [crm, hr]}, responses: {restore: false}}")

    assert [each.data for each in mine.items("match", "apps")] == ["crm", "hr"]
    assert mine.items("match", "models") == []
    assert mine.response("restore", default=True) is False
    assert mine.response("screen", "off") == "off"
    assert not mine.is_floor
