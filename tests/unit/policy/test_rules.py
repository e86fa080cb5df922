import pytest

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, Problem
from gateway.policy.load import Source, load
from gateway.policy.report import Report
from gateway.policy.rules import declared
from gateway.policy.tree import documents

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: %s\n"
YEARS = "apiVersion: cloister/v1\nkind: RetentionPolicy\nmetadata: {name: r}\nspec:\n  rules:\n    - %s\n"


def problems(*files: str, scope: str = PLATFORM) -> list[Problem]:
    try:
        load([Source(f"{number}.yaml", text) for number, text in enumerate(files)], scope=scope)
    except PolicyInvalid as invalid:
        return list(invalid.problems)
    return []


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("{}", "{}", False),
        ("{match: {apps: [crm]}}", "{match: {apps: [crm, hr]}}", False),
        ("{match: {apps: [crm]}}", "{match: {apps: [hr]}}", True),
        ("{match: {apps: [crm]}}", "{match: {models: [m]}}", True),
        ("{}", "{floor: true}", True),
        ("{}", "{mode: shadow}", True),
        ("{mode: shadow}", "{mode: shadow}", False),
        ("{}", '{mode: "off"}', True),
        ('{mode: "off"}', '{mode: "off"}', True),
    ],
)
def test_two_documents_with_equal_right_to_a_request_are_a_mistake(one: str, other: str, apart: bool) -> None:
    found = problems(HEAD % ("a", one), HEAD % ("b", other))

    assert [(each.file, each.code) for each in found] == ([] if apart else [("1.yaml", "CL2009")])
    assert apart or '"b" and "a" (0.yaml:4) match' in found[0].message


def test_of_documents_with_mistakes_the_ranks_are_told_all_the_same() -> None:
    wrong = "{match: {apps: [crm]}, medai: refuse}"

    assert [each.code for each in problems(HEAD % ("a", wrong), HEAD % ("b", wrong))] == ["CL1003", "CL2009", "CL1003"]


@pytest.mark.parametrize("match", ["[crm]", "{apps: crm}", "{apps: [[crm]]}", "{app: [crm]}", "{apps: [1]}"])
def test_what_is_no_match_has_no_rank(match: str) -> None:
    wrong = f"{{match: {match}}}"

    assert "CL2009" not in [each.code for each in problems(HEAD % ("a", wrong), HEAD % ("b", wrong))]


def test_names_are_told_apart_over_files_and_by_kind() -> None:
    apps = ["{match: {apps: [crm]}}", "{match: {apps: [hr]}}"]

    assert [(each.file, each.code) for each in problems(*(HEAD % ("a", each) for each in apps))] == [
        ("1.yaml", "CL1011")
    ]
    assert problems(HEAD % ("r", "{}"), YEARS % "{data: transcripts, keep: P0D}") == []


@pytest.mark.parametrize("tenants", ['["*"]', "[other]", "[acme, other]", "[]"])
def test_a_tenant_names_itself_alone(tenants: str) -> None:
    spec = f"{{match: {{tenants: {tenants}}}}}"

    assert [each.code for each in problems(HEAD % ("a", spec), scope="acme")] == ["CL2008"]
    assert problems(HEAD % ("a", "{match: {tenants: [acme]}}"), scope="acme") == []
    assert problems(HEAD % ("a", "{}"), scope="acme") == []


@pytest.mark.parametrize(
    ("recognizer", "codes"),
    [
        ("{name: a, supported_entity: BADGE, deny_list: [ab]}", []),
        ("{name: a, supported_entity: BADGE, patterns: []}", ["CL2013"]),
        ("{name: a, supported_entity: BADGE}", ["CL2013"]),
        ("{name: a, supported_entity: BADGE, denylist: [ab]}", ["CL1003"]),
        ("{name: a, supported_entity: BADGE, deny_list: ab}", ["CL1005"]),
        ("{name: a, supported_entity: BADGE, deny_list: [ab], global_regex_flags: 1}", ["CL2002"]),
        ("{name: a, supported_entity: BADGE, deny_list: [ab], global_regex_flags: 26}", []),
        ("{name: a, supported_entity: BADGE, deny_list: [ab], global_regex_flags: 99}", ["CL2002"]),
        ("Badges", ["CL1005"]),
    ],
)
def test_a_recognizer_finds_something(recognizer: str, codes: list[str]) -> None:
    assert [each.code for each in problems(HEAD % ("a", f"{{recognizers: [{recognizer}]}}"))] == codes


@pytest.mark.parametrize(
    ("rule", "code", "place"),
    [
        ("{data: transcripts, keep: P30D}", "CL3001", (6, 33)),
        ("{data: pseudonyms, keep_at_least: P1D}", "CL3001", (6, 26)),
        ("{data: transcripts}", "CL3001", (6, 7)),
        ("{data: audit, delete_after: P13M}", "CL1004", (6, 7)),
        ("{data: audit, keep: P1Y, keep_at_least: P6M, delete_after: P1Y}", "CL1004", (6, 7)),
        ("{data: audit, keep_at_least: P6M, delete_after: P5M}", "CL2007", (6, 55)),
        ("{data: audit, keep_at_least: P6M, delete_after: P180D}", "CL2007", (6, 55)),
        ("{data: audit, keep_at_least: 6M, delete_after: P5M}", "CL2006", (6, 36)),
    ],
)
def test_a_rule_that_is_not_enforced_is_told_in_its_place(rule: str, code: str, place: tuple[int, int]) -> None:
    assert [(each.code, (each.line, each.column)) for each in problems(YEARS % rule)] == [(code, place)]


def test_a_second_rule_for_the_same_data() -> None:
    rule = "{data: audit, keep_at_least: P6M, delete_after: P13M}"
    found = problems(YEARS % f"{rule}\n    - {rule.replace('P13M', 'P1Y')}")

    assert [(each.code, each.line, each.column) for each in found] == [("CL2010", 7, 7)]


@pytest.mark.parametrize("text", ["a: 1", "spec: 1", "spec: {recognizers: 1}", "spec: {recognizers: [1, {a: 1}]}"])
def test_of_what_is_no_recognizer_no_type_is_declared(text: str) -> None:
    assert list(declared(documents(text, Report("p.yaml", text))[0])) == []
