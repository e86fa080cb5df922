import pytest

from gateway.policy.patterns import breadth, compiled, fault, lets_all_through


@pytest.mark.parametrize(
    "pattern", ["[A-Z]{2}-[0-9]+", "Cloister", "a+b+c+", "(ab){2,3}", "(?:x|y)z*w", "(a+)+", "(?i)[[:alpha:]]é+"]
)
def test_patterns_of_re2_pass(pattern: str) -> None:
    assert fault(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        (r"(x+?)\1+!", "back references"),
        ("(?=x)x", "look-around"),
        ("((x{100}){100}){100}", "too large"),
        ("(x{0,40}){1,40}!", "too large"),
        ("\ud800", "compile"),
        ("(", "compile"),
        ("", "empty"),
        ("a?", "empty"),
        ("x" * 501, "longer"),
    ],
)
def test_others_are_refused_with_their_fault(pattern: str, why: str) -> None:
    assert why in fault(pattern)


@pytest.mark.parametrize("pattern", ["(x|x)+!", "(x|xx)+!", "x*x*x*x*x*x*x*x*!", "(?:a?){50}x{50}!"])
@pytest.mark.timeout(20)
def test_no_pattern_takes_longer_than_the_text_is_long(pattern: str) -> None:
    assert not compiled(pattern).fullmatch("x" * 8000)


@pytest.mark.parametrize(
    ("pattern", "flags", "all_of"),
    [
        (".", "", "words"),
        (r"\w+", "", "words"),
        ("[A-Z]+", "i", "words"),
        ("[A-Z]+", "", ""),
        (r"\d+", "", "numbers"),
        (r"\d{9}", "", ""),
        (r"B-\d+", "ims", ""),
        (r"\pL{6}\PN{6}", "ims", ""),
    ],
)
def test_of_what_a_pattern_finds_nearly_all(pattern: str, flags: str, all_of: str) -> None:
    assert breadth(pattern, flags) == all_of


def test_a_pattern_that_lets_all_through() -> None:
    assert lets_all_through(".+")
    assert lets_all_through("[^!]{1,99}")
    assert not lets_all_through(".+@corp\\.example")
