"""Files of cases, as they are read and refused."""

import json
from pathlib import Path
from textwrap import dedent, indent

import jsonschema
import pytest
from ruamel.yaml import YAML

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, ProtocolError
from gateway.core.policy import Target
from gateway.eval.cases import Candidate, Case, Suite, path_of, read_suites, suites_of
from gateway.policy import Source, compile_bundle

CHAT = "/v1/chat/completions"
BADGES = """
recognizers:
  - name: Badges
    supported_entity: BADGE
    patterns: [{regex: 'B-\\d{4}', score: 0.9}]
"""


def policy(name: str = "p", spec: str = "{}") -> str:
    laid = indent(dedent(spec).strip(), "  ")
    return f"apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {name}}}\nspec:\n{laid}\n"


def suite(spec: str, *, name: str = "s") -> str:
    laid = indent(dedent(spec).strip(), "  ")
    return f"apiVersion: cloister/v1\nkind: PolicyCases\nmetadata: {{name: {name}}}\nspec:\n{laid}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "p.yaml").write_text(policy())
    (tmp_path / "badges.yaml").write_text(policy("badges", BADGES))
    (tmp_path / "cases").mkdir()
    return tmp_path


def read(folder: Path, spec: str, candidate: Candidate | None = None) -> Suite:
    (folder / "cases" / "c.yaml").write_text(suite(spec))
    [found] = read_suites([folder / "cases"], candidate)
    return found


def refused(folder: Path, spec: str) -> list[str]:
    (folder / "cases" / "c.yaml").write_text(suite(spec))
    with pytest.raises(PolicyInvalid) as raised:
        read_suites([folder / "cases"])
    return [f"{Path(each.file).name}:{each.line}:{each.column} {each.code}" for each in raised.value.problems]


def one(folder: Path, case: str, more: str = "") -> Case:
    [found] = read(folder, f"policy: ../p.yaml\n{more}\ncases:\n  - {{name: one, text: t, {case}}}").cases
    return found


def test_a_suite_knows_its_policies_and_a_case_its_place(folder: Path) -> None:
    found = read(
        folder,
        """
        policy: ../p.yaml
        lang: de
        cases:
          - name: first
            text: a
            expect: {decision: permit}
          - {name: second, lang: fr, text: b, expect: {result: b}}
        """,
    )

    assert (found.name, Path(found.file).name) == ("s", "c.yaml")
    assert [(each.policy.name, each.file) for each in found.policies] == [("p", str(folder / "p.yaml"))]
    assert [(case.name, case.lang, case.line, case.column) for case in found.cases] == [
        ("first", "de", 8, 7),
        ("second", "fr", 11, 8),
    ]


def test_what_a_case_expects_is_what_it_says_and_no_more(folder: Path) -> None:
    expected = one(folder, "expect: {findings: {PERSON: [A, B, A], URL: []}, blocked: {PERSON: 2}}").expected

    assert expected.findings == {"PERSON": {"A", "B"}}
    assert expected.blocked == {"PERSON": 2}
    assert (expected.policy, expected.decision, expected.result, expected.restored) == (None,) * 4


def test_nothing_blocked_has_a_result(folder: Path) -> None:
    assert one(folder, "expect: {blocked: {}, result: t}").expected.blocked == {}


def test_nothing_found_is_something_to_expect(folder: Path) -> None:
    assert one(folder, "expect: {findings: {}}").expected.findings == {}


def test_what_is_not_said_of_a_request_is_what_no_policy_names(folder: Path) -> None:
    assert one(folder, "expect: {result: t}").target == Target(tenant="*", app="*", model="*", endpoint=CHAT)


def test_a_case_says_what_is_different_from_the_others(folder: Path) -> None:
    target = one(folder, "request: {app: crm}, expect: {result: t}", "request: {app: wiki, model: m}").target

    assert (target.app, target.model) == ("crm", "m")


def test_a_tenants_policies_are_read_as_its_own_beside_the_platforms(folder: Path) -> None:
    found = read(
        folder,
        """
        policy: ../p.yaml
        tenant: acme
        platform: [../badges.yaml]
        cases: [{name: one, text: t, expect: {result: t}}]
        """,
    )

    assert [(each.policy.name, each.own) for each in found.policies] == [("p", True), ("badges", False)]
    assert found.cases[0].target.tenant == "acme"


def test_types_of_a_policys_own_may_be_expected(folder: Path) -> None:
    spec = "policy: ../badges.yaml\ncases: [{name: one, text: t, expect: {findings: {BADGE: [B-1234]}}}]"
    [case] = read(folder, spec).cases

    assert case.expected.findings == {"BADGE": {"B-1234"}}


@pytest.mark.parametrize(
    ("case", "problems"),
    [
        ("{name: one, text: t}", ["c.yaml:7:7 CL1004"]),
        ("{name: one, text: t, expect: {}}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, expect: {reslt: t}}", ["c.yaml:7:37 CL1003"]),
        ("{name: one, text: 7, expect: {result: t}}", ["c.yaml:7:25 CL1005"]),
        ("{name: one, text: t, lang: xx, expect: {result: t}}", ["c.yaml:7:34 CL1006"]),
        ("{name: one, text: t, expect: {decision: allow}}", ["c.yaml:7:47 CL1006"]),
        ("{name: one, text: t, expect: {findings: {PERSN: [A]}}}", ["c.yaml:7:48 CL2001"]),
        ("{name: one, text: t, expect: {findings: {BADGE: [A]}}}", ["c.yaml:7:48 CL2001"]),
        ("{name: one, text: t, expect: {findings: {PERSON: [7]}}}", ["c.yaml:7:57 CL1005"]),
        ("{name: one, text: t, expect: {blocked: {PERSON: 0}}}", ["c.yaml:7:55 CL2002"]),
        ("{name: one, text: t, request: {endpoint: /x}, expect: {result: t}}", ["c.yaml:7:48 CL1006"]),
        ("{name: one, text: t, expect: {decision: deny, result: t}}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, expect: {decision: none, restored: t}, answer: t}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, expect: {blocked: {PERSON: 1}, result: t}}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, expect: {blocked: {PERSON: 1}, decision: permit}}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, expect: {restored: t}}", ["c.yaml:7:28 CL5003"]),
        ("{name: one, text: t, answer: t, expect: {result: t}}", ["c.yaml:7:39 CL5003"]),
        ("{name: one, text: t, tool: send, expect: {result: t}}", ["c.yaml:7:40 CL5003"]),
        ("{name: one, txt: t, lng: de, expect: {result: yes}}", ["c.yaml:7:19 CL1003", "c.yaml:7:27 CL1003"]),
    ],
)
def test_a_mistake_of_a_case_is_told_with_its_place(folder: Path, case: str, problems: list[str]) -> None:
    assert refused(folder, f"policy: ../p.yaml\ncases:\n  - {case}")[: len(problems)] == problems


def test_a_mistake_says_what_was_meant(folder: Path) -> None:
    with pytest.raises(PolicyInvalid) as raised:
        read(folder, "policy: ../badges.yaml\ncases: [{name: one, text: t, expect: {findings: {BADGES: [A]}}}]")

    assert [each.suggestion for each in raised.value.problems] == ['did you mean "BADGE"?']


def test_two_cases_of_a_file_have_two_names(folder: Path) -> None:
    case = "- {name: one, text: t, expect: {result: t}}"

    assert refused(folder, f"policy: ../p.yaml\ncases:\n  {case}\n  {case}") == ["c.yaml:8:8 CL5002"]


def test_without_a_policy_a_case_is_about_nothing(folder: Path) -> None:
    assert refused(folder, "cases: []") == ["c.yaml:5:3 CL1004"]


def test_a_policy_that_is_not_there_is_a_mistake_where_it_is_named(folder: Path) -> None:
    assert refused(folder, "policy: ../q.yaml\ncases: []") == ["c.yaml:5:11 CL5001"]


def test_mistakes_of_all_files_and_their_policies_are_told_at_once_and_once(folder: Path) -> None:
    (folder / "p.yaml").write_text(policy(spec="mod: enforce"))
    (folder / "cases" / "b.yaml").write_text("kind: &x y")
    (folder / "cases" / "a.yaml").write_text(suite("policy: ../p.yaml\ncases: []"))
    (folder / "cases" / "d.yaml").write_text("# nothing\n")

    problems = refused(folder, "policy: ../p.yaml\ncases: []")

    assert [each for each in problems if not each.endswith("CL1004")] == [
        "b.yaml:1:7 CL1007",
        "b.yaml:1:10 CL1006",
        "d.yaml:1:1 CL1010",
        "p.yaml:5:3 CL1003",
    ]


def test_a_case_with_a_hole_is_no_case(folder: Path) -> None:
    assert refused(folder, "policy: ../p.yaml\ncases: [{name: one, text: *x, expect: {result: t}}]") == [
        "c.yaml:6:29 CL1007"
    ]


@pytest.mark.parametrize("text", ["hello", "kind: RedactionPolicy", policy(), "[1, 2]"])
def test_what_is_no_file_of_cases_is_refused(folder: Path, text: str) -> None:
    (folder / "cases" / "c.yaml").write_text(text)

    with pytest.raises(PolicyInvalid):
        read_suites([folder / "cases"])


def test_a_folder_without_files_is_refused(folder: Path) -> None:
    with pytest.raises(ProtocolError):
        read_suites([folder / "cases"])


def test_a_candidate_stands_in_for_what_the_files_name(folder: Path) -> None:
    candidate = Candidate(sources=[Source("new.yaml", policy("new"))], scope="acme")
    platform = read(folder, "policy: ../badges.yaml\ncases: []").policies

    spec = "policy: ../nowhere.yaml\ncases: [{name: one, text: t, expect: {result: t}}]"
    found = read(folder, spec, Candidate(sources=candidate.sources, scope="acme", beside=platform))

    assert [each.policy.name for each in found.policies] == ["new", "badges"]
    assert found.cases[0].target.tenant == "acme"


def test_a_candidate_of_the_platform_is_asked_for_whom_the_file_says(folder: Path) -> None:
    candidate = Candidate(sources=[Source("new.yaml", policy("new"))])

    spec = "tenant: acme\ncases: [{name: one, text: t, expect: {result: t}}]"

    assert read(folder, spec, candidate).cases[0].target.tenant == "acme"


def test_the_schema_for_editors_takes_what_is_read(root: Path) -> None:
    schema = json.loads((root / "policies/cases/schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)

    for file in sorted((root / "policies/cases").glob("*.yaml")):
        validator.validate(YAML(typ="safe").load(file))
    assert not validator.is_valid({"apiVersion": "cloister/v1", "kind": "PolicyCases", "metadata": {"name": "s"}})


ONE = "cases: [{name: one, text: t, expect: {result: t}}]"


def stood_in(spec: str, *, named: bool) -> list[str]:
    """Return the policies that cases are held against, which have come beside three files and a floor."""
    files = [Source(f"sent/{name}.yaml", policy(name, f"match: {{apps: [{name}]}}")) for name in ("a", "b", "c")]
    beside = compile_bundle([Source("a.yaml", policy("floor", "floor: true"))], scope=PLATFORM).policies
    candidate = Candidate(sources=files, scope="acme", beside=beside, named=named)
    [found] = suites_of([Source("sent/cases/c.yaml", suite(f"{spec}\n{ONE}"))], candidate)
    assert all(case.target.tenant == "acme" for case in found.cases)
    return [each.policy.name for each in found.policies]


@pytest.mark.parametrize(
    ("names", "held"),
    [
        ("policy: ../a.yaml", "a"),
        ("policy: [../a.yaml, ../../sent/./c.yaml]", "ac"),
        ("policy: a.yaml", "abc"),
        ("policy: [../a.yaml, ../d.yaml]", "abc"),
        ("policy: ../", "abc"),
        ("policy: /sent/a.yaml", "abc"),
        ("policy: []", "abc"),
        ("lang: de", "abc"),
        ("platform: ../a.yaml", "abc"),
    ],
)
def test_cases_are_about_the_files_that_they_name_where_those_were_all_sent(names: str, held: str) -> None:
    assert stood_in(names, named=True) == [*held, "floor"]
    assert stood_in(names, named=False) == ["a", "b", "c", "floor"]


def test_files_are_known_by_their_names_alone() -> None:
    assert path_of("./sent//cases/../p.yaml") == path_of("sent/p.yaml") == Path("sent/p.yaml")


def test_a_suite_says_which_files_it_is_about(folder: Path) -> None:
    (folder / "crm.yaml").write_text(policy("crm", "match: {apps: [crm]}"))
    about = read(folder, f"policy: [../p.yaml, .././crm.yaml]\n{ONE}").about

    assert about == {folder / "p.yaml", folder / "crm.yaml"}
