import pytest

from gateway.core.retention import Period
from gateway.policy import hints


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("180d", "P180D"),
        ("30", "P30D"),
        ("6 months", "P6M"),
        ("6 Monate", "P6M"),
        ("P6m", "P6M"),
        ("6M", "P6M"),
        ("1 year", "P1Y"),
        ("2w", "P2W"),
        ("p1y6m", "P1Y6M"),
        ("PT24H", "P1D"),
        ("36 hours", ""),
        ("PT25h", "P2D"),
    ],
)
def test_periods_as_people_write_them(given: str, right: str) -> None:
    suggestion = hints.period(given)

    assert f'"{right}"' in suggestion if right else "such as" in suggestion
    if right:
        assert str(Period.parse(right)) == right


@pytest.mark.parametrize("given", ["forever", "P6", "P9999Y", "7x", "", "9" * 1000, "P1.5Y"])
def test_what_is_no_period_is_answered_by_an_example(given: str) -> None:
    assert "such as P6M" in hints.period(given)


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("https://corp.local/", "corp.local"),
        ("*.corp.local", "corp.local"),
        (".corp.local", "corp.local"),
        ("CORP.local", "corp.local"),
        ("corp.local:8080", "corp.local"),
        ("bob@corp.local", "corp.local"),
        ("corp.local.", "corp.local"),
        ("http://user@host.example:1/path?query", "host.example"),
    ],
)
def test_domains_as_people_write_them(given: str, right: str) -> None:
    assert hints.domain(given) == f'write "{right}"'
    assert hints.DOMAIN.fullmatch(right)


@pytest.mark.parametrize("given", ["a_b.c", "-a.b", "", "*", "x" * 100_000, "a..b"])
def test_what_is_no_domain_is_answered_by_an_example(given: str) -> None:
    assert hints.domain(given) == "lower case, such as corp.local"


@pytest.mark.parametrize(
    ("given", "right"), [("0,5", 0.5), ("50%", 0.5), ("50 %", 0.5), ("0.5", 0.5), ("80", 0.8), (" 0.7 ", 0.7)]
)
def test_numbers_as_people_write_them(given: str, right: float) -> None:
    assert hints.number(given, low=0, high=1) == f"write {right:g}"


@pytest.mark.parametrize("given", ["high", "1e3", "150%", "", "1,000,000", "-1"])
def test_what_is_no_number_is_left_alone(given: str) -> None:
    assert hints.number(given, low=0, high=1) == ""


def test_only_a_share_of_one_may_be_a_percentage() -> None:
    assert hints.between(80, low=0, high=1) == "write 0.8"
    assert hints.between(80, low=0, high=4) == ""
    assert hints.between(3, low=0, high=4) == "write 3"
    assert hints.between(80, low=0, high=1, whole=True) == ""
    assert hints.number("2.5", low=0, high=4, whole=True) == ""


@pytest.mark.parametrize(
    ("given", "right"), [("HR strict", "HR-strict"), ("Müller & Söhne", "Muller-Sohne"), ("a/b", "a-b"), ("--", "")]
)
def test_names_without_what_names_do_not_hold(given: str, right: str) -> None:
    assert hints.name(given) == (f'write "{right}"' if right else "such as hr-strict")


@pytest.mark.parametrize(
    ("given", "right"), [("badge", "BADGE"), ("badge-number", "BADGE_NUMBER"), ("BADGE_", "BADGE"), ("x", ""), ("", "")]
)
def test_types_of_ones_own(given: str, right: str) -> None:
    assert hints.entity(given) == (f'write "{right}"' if right else "such as BADGE_NUMBER")


@pytest.mark.parametrize(
    ("given", "fault", "hint"),
    [
        ("(?=a)b", "does not compile", "look-around"),
        ("(?<!a)b", "does not compile", "look-around"),
        (r"(a)\1", "does not compile", "back references"),
        ("(?P<x>a)(?P=x)", "does not compile", "back references"),
        ("a*", "matches the empty text", "at least one"),
        ("(", "does not compile", ""),
    ],
)
def test_what_to_do_about_a_pattern(given: str, fault: str, hint: str) -> None:
    assert hint in hints.pattern(given, fault)


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        (hints.NAME, ["a", "hr-strict", "a.b_c"], ["", "-a", "a b", "x" * 64]),
        (hints.ENTITY, ["AGE", "BADGE_2"], ["A", "AB", "badge", "BADGE_", "_BADGE"]),
        (hints.TOOL, ["search", "a b", "mcp__x.y"], ["", "*", "send_*", " a", "a\n"]),
    ],
)
def test_forms(form: object, good: list[str], bad: list[str]) -> None:
    assert all(form.fullmatch(each) for each in good)  # type: ignore[attr-defined]
    assert not any(form.fullmatch(each) for each in bad)  # type: ignore[attr-defined]
