import pytest

from gateway.core.actor import PLATFORM
from gateway.core.findings import ENTITY_TYPES
from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.ner import NER_TYPES, LocalNlpEngine
from gateway.detect.registry import make_engine
from gateway.policy.lint import lint
from gateway.policy.lint_finding import RAISED_BY, RAISED_TO
from gateway.policy.load import Source, load

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: %s\n"
BADGE = "recognizers: [{name: b, supported_entity: BADGE, %s}]"


def warned(spec: str) -> list[str]:
    return [each.code for each in lint(load([Source("p.yaml", HEAD % f"{{{spec}}}")], scope=PLATFORM))]


def test_every_type_of_the_gateways_is_found_so_that_only_ones_own_may_not_be() -> None:
    assert make_engine(LocalNlpEngine("patterns", "")).entities | NER_TYPES == set(ENTITY_TYPES)


def test_context_raises_a_score_as_detection_does() -> None:
    enhancer = NearbyWordsEnhancer()

    assert enhancer.context_similarity_factor == RAISED_BY
    assert enhancer.min_score_with_context_similarity == RAISED_TO


@pytest.mark.parametrize(
    ("recognizer", "codes"),
    [
        ("deny_list: [ab]", []),
        ("deny_list: [ab], deny_list_score: 0.3", ["CL4015"]),
        ("deny_list: [ab], deny_list_score: 0.5", []),
        ("deny_list: [ab], deny_list_score: 0.3, context: [badge]", []),
        ("deny_list: [ab], deny_list_score: 0.1, context: [badge]", ["CL4015"]),
        ("deny_list: [ab], deny_list_score: 0.3, supported_languages: [{language: en, context: [badge]}]", []),
        ("deny_list: [ab], enabled: false, deny_list_score: 0.1", []),
        ("patterns: [{regex: 'B-[0-9]+', score: 0.6}]", []),
        ("patterns: [{regex: '[A-Z]+', score: 0.6}]", ["CL4009"]),
        ("patterns: [{regex: '[A-Z]+', score: 0.6}], global_regex_flags: 8", []),
        ("patterns: [{regex: '.', score: 0.6}]", ["CL4009"]),
        (r"patterns: [{regex: '\S+', score: 0.6}]", ["CL4009"]),
        (r"patterns: [{regex: '\b\d{9}\b', score: 0.6}]", []),
        (r"patterns: [{regex: '\d+', score: 0.2}], context: [badge]", []),
        ("deny_list: [ab], supported_language: de", []),
        ("deny_list: [ab], supported_language: xx", ["CL4008"]),
        ("deny_list: ['ab*']", ["CL4013"]),
        ("deny_list: ['a*b']", []),
    ],
)
def test_recognizers(recognizer: str, codes: list[str]) -> None:
    assert warned(BADGE % recognizer) == codes


@pytest.mark.parametrize(
    ("spec", "codes"),
    [
        (f"{BADGE % 'deny_list: [ab]'}, allow: {{values: [ab]}}", ["CL4003"]),
        (f"{BADGE % 'deny_list: [ab]'}, allow: {{values: [Ab]}}", []),
        (f"{BADGE % 'deny_list: [ab]'}, allow: {{patterns: ['a.']}}", ["CL4003"]),
        (f"{BADGE % 'deny_list: [abc]'}, allow: {{patterns: ['a.']}}", []),
        (f"{BADGE % 'deny_list: [ab], enabled: false'}, entities: {{BADGE: {{}}}}", ["CL4007"]),
        (f"{BADGE % 'deny_list: [ab]'}, entities: {{BADGE: {{}}}}", []),
        (f"{BADGE.replace('BADGE', 'PERSON') % 'deny_list: [ab], enabled: false'}, entities: {{PERSON: {{}}}}", []),
        (f"{BADGE % 'deny_list: [ab]'}, entities: {{BADGE: {{operator: keep}}}}", ["CL4004"]),
        ("defaults: {operator: keep}, allow: {values: []}", []),
        ("allow: {patterns: ['.+']}", ["CL4009"]),
        ("allow: {patterns: ['.{0,40}@corp\\.example']}", []),
        ("allow: {patterns: [ab, ab]}", ["CL4017"]),
        ("languages: [de, en, de]", ["CL4017"]),
        ("internal_domains: [uk, corp.local, local]", ["CL4016"]),
        ("match: {tenants: ['*'], models: ['gpt-?']}", ["CL4013"]),
        ("match: {models: ['*', small]}", []),
    ],
)
def test_lists(spec: str, codes: list[str]) -> None:
    assert warned(spec) == codes
