import json
from dataclasses import replace

from gateway.core.errors import Problem
from gateway.policy.codes import CODES
from gateway.policy.show import github_of, json_of, sarif_of, show_problem

PROBLEM = Problem(
    file="policies/hr.yaml",
    line=14,
    column=7,
    code="CL1003",
    message='unknown key "entites" in spec',
    source="      entites: [EMAIL_ADDRESS]",
    length=7,
    suggestion='did you mean "entities"?',
    pointer="      ^^^^^^^",
)
WARNING = replace(PROBLEM, code="CL4002", message="a policy in mode off, which does nothing", suggestion="")


def test_a_problem_is_shown_with_its_line_and_underlined() -> None:
    assert show_problem(PROBLEM).splitlines() == [
        'policies/hr.yaml:14:7: CL1003 unknown key "entites" in spec',
        "   14 |       entites: [EMAIL_ADDRESS]",
        '      |       ^^^^^^^ did you mean "entities"?',
    ]


def test_without_a_source_line_the_head_is_all() -> None:
    problem = Problem(file="a", line=1, column=1, code="CL1010", message="m")

    assert show_problem(problem) == "a:1:1: CL1010 m"
    assert show_problem(replace(problem, suggestion="s")) == "a:1:1: CL1010 m: s"


def test_a_warning_is_marked_as_one_in_every_form() -> None:
    assert show_problem(WARNING).startswith("policies/hr.yaml:14:7: warning CL4002 a policy in mode off")
    assert [each["severity"] for each in json.loads(json_of([PROBLEM, WARNING]))["problems"]] == ["error", "warning"]
    (run,) = json.loads(sarif_of([PROBLEM, WARNING]))["runs"]
    assert [each["level"] for each in run["results"]] == ["error", "warning"]
    assert [line.split(" ")[0] for line in github_of([PROBLEM, WARNING]).splitlines()] == ["::error", "::warning"]


def test_every_code_says_what_mends_it() -> None:
    (run,) = json.loads(sarif_of([]))["runs"]
    mends = {rule["id"]: rule["help"]["text"] for rule in run["tool"]["driver"]["rules"] if "help" in rule}

    assert {code for code in CODES if code < "CL5"} <= mends.keys()
    assert all(text.endswith(".") for text in mends.values())
    assert not any(text.endswith(".") for text in CODES.values())


def test_as_json_a_problem_has_all_its_fields() -> None:
    (shown,) = json.loads(json_of([PROBLEM]))["problems"]

    assert (shown["file"], shown["line"], shown["column"], shown["length"]) == ("policies/hr.yaml", 14, 7, 7)
    assert (shown["code"], shown["suggestion"]) == ("CL1003", 'did you mean "entities"?')


def test_as_sarif_a_problem_is_a_result_at_its_region() -> None:
    log = json.loads(sarif_of([PROBLEM, Problem(file="a b%.yaml", line=1, column=1, code="CL1010", message="m")]))
    (run,) = log["runs"]
    first, second = run["results"]

    assert log["version"] == "2.1.0"
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(CODES)
    assert first["ruleId"] == "CL1003"
    assert first["message"]["text"] == 'unknown key "entites" in spec: did you mean "entities"?'
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "policies/hr.yaml"},
        "region": {"startLine": 14, "startColumn": 7, "endColumn": 14},
    }
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b%25.yaml"


def test_for_github_a_problem_is_a_command_that_no_name_can_break() -> None:
    hostile = Problem(file="a,b:c\n.yaml", line=2, column=3, code="CL1003", message="50%\n::warning::x")

    assert github_of([PROBLEM, hostile]).splitlines() == [
        '::error file=policies/hr.yaml,line=14,col=7,endColumn=14,title=CL1003::unknown key "entites" in spec: did you mean "entities"?',
        "::error file=a%2Cb%3Ac%0A.yaml,line=2,col=3,endColumn=4,title=CL1003::50%25%0A::warning::x",
    ]
