from collections.abc import Callable
from typing import Any

import pytest

from gateway.core.errors import PolicyInvalid
from tests.doubles.policies import target

MISTAKES = [
    ("entites: {}", 3, "CL1003", "entities"),
    ("mod: enforce", 3, "CL1003", "mode"),
    ("mode: enforc", 9, "CL1006", "enforce"),
    ("mode: shadows", 9, "CL1006", "shadow"),
    ("mode: off", 9, "CL1008", ""),
    ("mode: 7", 9, "CL1005", ""),
    ("mode: null", 9, "CL1005", ""),
    ("floor: 1", 10, "CL1005", ""),
    ("floor: yes", 10, "CL1008", ""),
    ("floor: maybe", 10, "CL1005", ""),
    ("languages: [ja]", 15, "CL3001", "da"),
    ("languages: en", 14, "CL1006", ""),
    ("internal_domains: [CORP]", 22, "CL2004", ""),
    ("internal_domains: [-a.b]", 22, "CL2004", ""),
    ("internal_domains: [a_b.c]", 22, "CL2004", ""),
    ("defaults: {operator: pseudonymize}", 24, "CL1006", "pseudonymise"),
    ("defaults: {operator: surrogate}", 24, "CL3001", "keep"),
    ("defaults: {threshold: 1.5}", 25, "CL2002", ""),
    ("defaults: {threshold: high}", 25, "CL1005", ""),
    ("defaults: {treshold: 0.5}", 14, "CL1003", "threshold"),
    ("defaults: [keep]", 13, "CL1005", ""),
    ("entities: {PERSN: {}}", 14, "CL2001", "PERSON"),
    ("entities: {CREDITCARD: {}}", 14, "CL2001", "CREDIT_CARD"),
    ("entities: {person: {}}", 14, "CL2001", "PERSON"),
    ("entities: {PERSON: keep}", 22, "CL1005", ""),
    ("entities: {PERSON: {keep_last: 2}}", 23, "CL2005", ""),
    ("entities: {PERSON: {operator: keep, keep_last: 2}}", 39, "CL2005", ""),
    ("entities: {PERSON: {operator: mask, keep_last: 5}}", 50, "CL2002", ""),
    ("entities: {PERSON: {operator: mask, keep_last: 1.5}}", 50, "CL1005", ""),
    ("entities: {PERSON: {}, PERSON: {}}", 26, "CL1002", ""),
    ("recognizers: [{name: x}]", 17, "CL1004", ""),
    ("recognizers: [CreditCardRecognizer]", 17, "CL1005", ""),
    ("recognizers: [{name: x, supported_entity: badge, deny_list: [abc]}]", 45, "CL2001", ""),
    ("recognizers: [{name: x, supported_entity: LITERAL, deny_list: [abc]}]", 45, "CL2001", ""),
    ("recognizers: [{name: x, supported_entity: SUSPICIOUS_ENCODING, deny_list: [abc]}]", 45, "CL2001", ""),
    ("entities: {SUSPICIOUS_ENCODING: {}}", 14, "CL2001", ""),
    ("suspicious_encoding: flagged", 24, "CL1006", "flag"),
    ("recognizers: [{name: x, supported_entity: BADGE_, deny_list: [abc]}]", 45, "CL2001", ""),
    ("recognizers: [{name: x, supported_entity: BADGE}]", 18, "CL2013", "patterns"),
    ("recognizers: [{name: x, supported_entity: BADGE, deny_list: [a]}]", 64, "CL2012", ""),
    ("recognizers: [{name: x, supported_entity: BADGE, type: predefined, deny_list: [ab]}]", 58, "CL3001", "custom"),
    ("recognizers: [{name: x, supported_entity: BADGE, patterns: [{regex: '(?=a)b', score: 1}]}]", 71, "CL2003", ""),
    ("recognizers: [{name: x, supported_entity: BADGE, patterns: [{regex: 'x*', score: 1}]}]", 71, "CL2003", ""),
    ("recognizers: [{name: x, supported_entity: BADGE, patterns: [{regex: abc}]}]", 63, "CL1004", ""),
    ("recognizers: [{name: x, supported_entity: BADGE, deny_list: [ab], global_regex_flags: 4}]", 89, "CL2002", ""),
    (
        "recognizers: [{name: x, supported_entity: BADGE, deny_list: [ab], supported_languages: [{context: []}]}]",
        91,
        "CL1004",
        "",
    ),
    ("entities: {BADGE: {}}", 14, "CL2001", ""),
    ("allow: {patterns: ['(?=a)b']}", 22, "CL2003", ""),
    ("allow: {patterns: ['[']}", 22, "CL2003", ""),
    ("allow: {patterns: ['x*']}", 22, "CL2003", ""),
    ("allow: {values: [7]}", 20, "CL1005", ""),
    ("allow: {value: [a]}", 11, "CL1003", "values"),
    ("responses: {restore: no}", 24, "CL1008", ""),
    ("responses: {restore_in_urls: sometimes}", 32, "CL1006", ""),
    ("responses: {screen: masked}", 23, "CL1006", "mask"),
    ("responses: {screen: off}", 23, "CL1008", ""),
    ("media: allow", 10, "CL1006", "allow-data-urls"),
    ("responses: {restore_in_tools: {allow: [search]}}", 33, "CL1004", ""),
    ("responses: {restore_in_tools: {default: sometimes}}", 43, "CL1006", "always"),
    ("responses: {restore_in_tools: {default: never, allow: search}}", 57, "CL1005", ""),
    ("responses: {restore_in_tools: {default: always, deny: ['*']}}", 58, "CL2011", ""),
    ("responses: {restore_in_tools: {default: always, deny: ['send_*']}}", 58, "CL2011", ""),
    ("responses: {restore_in_tools: {default: always, deny: [' send']}}", 58, "CL2011", ""),
    ("responses: {restore_in_tools: {default: always, deny: ['']}}", 58, "CL2011", ""),
    ("responses: {restore_in_tools: [search]}", 33, "CL1005", ""),
    ("responses: {restore_in_tools: sometimes}", 33, "CL1006", "always"),
    ("languages: any", 14, "CL1006", "auto"),
    ("match: {models: llama}", 19, "CL1005", ""),
    ("match: {endpoints: [/v1/chat/completion]}", 23, "CL1006", "/v1/chat/completions"),
    ('allow: {values: ["a", "\\ud800"]}', 25, "CL1013", ""),
    ('allow: {values: ["\\U00110000"]}', 21, "CL1013", ""),
    ('"\\udfff": 1', 3, "CL1013", ""),
    ("match: {tenant: [a]}", 11, "CL1003", "tenants"),
    ("allow: &a {values: []}", 10, "CL1007", ""),
    ("allow: !x {values: []}", 10, "CL1007", ""),
    ("\tmode: enforce", 3, "CL1012", ""),
]


@pytest.mark.parametrize(("line", "column", "code", "hint"), MISTAKES, ids=lambda value: str(value)[:30])
def test_a_mistake_is_found_in_its_place(
    compiled: Callable[..., Any], line: str, column: int, code: str, hint: str
) -> None:
    with pytest.raises(PolicyInvalid) as raised:
        compiled(line)

    problem = raised.value.problems[0]
    assert (problem.file, problem.line, problem.column, problem.code) == ("p.yaml", 5, column, code)
    assert hint in problem.suggestion


def test_values_are_marked_of_so_many_months_as_a_value_can_be_hashed_for(compiled: Callable[..., Any]) -> None:
    months = [f"hmac-sha256:20{at // 12:02}-{at % 12 + 1:02}:{'0' * 32}" for at in range(62)]
    written = "allow: {{findings: {{PERSON: {0}, AGE: {0}}}}}"
    compiled(written.format(months[:60]))

    with pytest.raises(PolicyInvalid) as raised:
        compiled(written.format(months))
    assert [(each.code, each.message) for each in raised.value.problems] == [
        ("CL1009", "values of more than 60 months in a file")
    ]


def test_all_mistakes_are_reported_in_one_run_and_in_order(compiled: Callable[..., Any]) -> None:
    with pytest.raises(PolicyInvalid) as raised:
        compiled("media: no-media", "entites: {}", "entities: {PERSN: {}, US_SSN: {operator: hide}}")

    assert [(problem.line, problem.code) for problem in raised.value.problems] == [
        (5, "CL1006"),
        (6, "CL1003"),
        (7, "CL2001"),
        (7, "CL1006"),
    ]


def test_two_recognizers_of_one_name_are_a_mistake(compiled: Callable[..., Any]) -> None:
    one = "{name: x, supported_entity: BADGE, deny_list: [ab]}"

    with pytest.raises(PolicyInvalid) as raised:
        compiled(f"recognizers: [{one}, {one}]")

    assert [problem.code for problem in raised.value.problems] == ["CL2013"]


def test_a_type_of_the_documents_own_may_be_named_in_it_alone(compiled: Callable[..., Any]) -> None:
    own = "recognizers: [{name: x, supported_entity: BADGE_NO, deny_list: [ab]}]"

    with pytest.raises(PolicyInvalid) as raised:
        compiled(own, "entities: {BADGE_N: {}}")

    assert [(problem.code, problem.suggestion) for problem in raised.value.problems] == [
        ("CL2001", 'did you mean "BADGE_NO"?')
    ]
    assert (
        compiled("entities: {BADGE_NO: {threshold: 0.9}}", own).policy(target("t", "a")).entities["BADGE_NO"].threshold
        == 0.9
    )


def test_every_shipped_key_is_accepted(compiled: Callable[..., Any]) -> None:
    bundle = compiled(
        'match: {tenants: ["*"], apps: [crm], models: ["*"]}',
        "internal_domains: [corp.local, intranet]",
        "entities: {CREDIT_CARD: {operator: mask, keep_last: 4, threshold: 0.3}}",
        "allow: {values: [Cloister], patterns: ['[A-Z]{2}-[0-9]+']}",
        "responses: {restore: false, restore_in_urls: never, restore_in_tools: always, screen: 'off'}",
    )

    policy = bundle.policy(target("any", "crm"))
    assert (policy.restore, policy.screen, policy.restore_in_tools.permits("any")) == (False, "off", True)


@pytest.mark.parametrize(("given", "languages"), [("auto", ("auto",)), ("[de, en]", ("de", "en"))])
def test_languages_are_those_that_there_is_a_model_for(
    compiled: Callable[..., Any], given: str, languages: tuple[str, ...]
) -> None:
    assert compiled(f"languages: {given}").policy(target("t", "a")).languages == languages


@pytest.mark.parametrize(
    ("rule", "permitted"),
    [
        ("never", set()),
        ("always", {"search", "send", "other"}),
        ("{default: never, allow: [search, send], deny: [send]}", {"search"}),
        ("{default: always, deny: [send]}", {"search", "other"}),
        ("{default: never}", set()),
    ],
)
def test_tools_are_told_apart_by_name(compiled: Callable[..., Any], rule: str, permitted: set[str]) -> None:
    policy = compiled(f"responses: {{restore_in_tools: {rule}, screen: block}}").policy(target("any", "crm"))

    assert {name for name in ("search", "send", "other") if policy.restore_in_tools.permits(name)} == permitted
    assert policy.screen == "block"
