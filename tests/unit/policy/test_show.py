from gateway.core.errors import Problem
from gateway.policy.show import show_problem


def test_a_problem_is_shown_with_its_line_and_underlined() -> None:
    problem = Problem(
        file="policies/hr.yaml",
        line=14,
        column=7,
        code="CL1003",
        message='unknown key "entites" in spec',
        source="      entites: [EMAIL_ADDRESS]",
        length=7,
        suggestion='did you mean "entities"?',
    )

    assert show_problem(problem).splitlines() == [
        'policies/hr.yaml:14:7: CL1003 unknown key "entites" in spec',
        "   14 |       entites: [EMAIL_ADDRESS]",
        '      |       ^^^^^^^ did you mean "entities"?',
    ]


def test_without_a_source_line_the_head_is_all() -> None:
    assert show_problem(Problem(file="a", line=1, column=1, code="CL1010", message="m")) == "a:1:1: CL1010 m"
