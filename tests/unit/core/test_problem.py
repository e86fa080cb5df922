import pytest

from gateway.core.problem import Failure, Problem


@pytest.mark.parametrize(
    ("code", "severity"), [("CL1001", "error"), ("CL2009", "error"), ("CL3001", "error"), ("CL4001", "warning")]
)
def test_the_code_says_whether_a_policy_is_valid_all_the_same(code: str, severity: str) -> None:
    assert Problem(file="p.yaml", line=1, column=1, code=code, message="m").severity == severity


def test_a_failure_is_laid_out_with_its_place_and_what_differs_and_told_without_it() -> None:
    failure = Failure(file="c.yaml", line=3, column=7, name="one", about=("result",), lines=("result:", "- a", "+ b"))

    assert str(failure) == "c.yaml:3:7: one\n    result:\n    - a\n    + b"
    assert "- a" not in repr(failure)
