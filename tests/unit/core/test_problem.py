import pytest

from gateway.core.problem import Problem


@pytest.mark.parametrize(
    ("code", "severity"), [("CL1001", "error"), ("CL2009", "error"), ("CL3001", "error"), ("CL4001", "warning")]
)
def test_the_code_says_whether_a_policy_is_valid_all_the_same(code: str, severity: str) -> None:
    assert Problem(file="p.yaml", line=1, column=1, code=code, message="m").severity == severity
