import pytest

from gateway.policy.patterns import fault


@pytest.mark.parametrize("pattern", ["[A-Z]{2}-[0-9]+", "Cloister", "a+b+c+", "(ab){2,3}", "(?:x|y)z*w"])
def test_linear_patterns_pass(pattern: str) -> None:
    assert fault(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a+)+", "for ever"),
        ("(a*b*)*c", "for ever"),
        ("((x|y+)z)*w", "for ever"),
        ("(", "compile"),
        ("", "empty"),
        ("a?", "empty"),
        ("x" * 501, "longer"),
    ],
)
def test_others_are_refused_with_their_fault(pattern: str, why: str) -> None:
    assert why in fault(pattern)
