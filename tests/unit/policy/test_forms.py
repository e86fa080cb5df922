from typing import get_args

import pytest

from gateway.policy.forms import FORMS
from gateway.policy.schema import Check


def test_whatever_the_schema_asks_of_a_text_is_looked_at() -> None:
    assert set(FORMS) == set(get_args(Check)) - {""}


@pytest.mark.parametrize(
    ("check", "text", "code", "suggestion"),
    [
        ("pattern", "(?=a)b", "CL2003", "look-around"),
        ("pattern", "a*", "CL2003", "at least one"),
        ("domain", "https://Corp.local", "CL2004", '"corp.local"'),
        ("domain", "a." * 126 + "a", "", ""),
        ("domain", "a." * 130 + "a", "CL2004", "such as"),
        ("period", "6 months", "CL2006", '"P6M"'),
        ("name", "HR strict", "CL1006", '"HR-strict"'),
        ("tool", "send_*", "CL2011", "default"),
        ("entity", "person", "CL2001", '"PERSON"'),
        ("entity", "badge no", "CL2001", '"BADGE_NO"'),
        ("entity", "LITERAL", "CL2001", ""),
        ("value", " x ", "CL2012", ""),
        ("key", "officer", "CL2014", ""),
        ("pattern", "B-[0-9]+", "", ""),
        ("period", "P13M", "", ""),
        ("name", "hr", "", ""),
        ("tool", "search", "", ""),
        ("entity", "BADGE", "", ""),
        ("value", "ab", "", ""),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(check: Check, text: str, code: str, suggestion: str) -> None:
    fault = FORMS[check](text)

    assert (fault.code if fault else "") == code
    assert suggestion in (fault.suggestion if fault else "")


@pytest.mark.parametrize(("check", "text"), [("pattern", "(?=Geheim)b"), ("value", "§"), ("pattern", "Geheim*(")])
def test_no_value_or_pattern_is_quoted(check: Check, text: str) -> None:
    fault = FORMS[check](text)

    assert fault
    assert not any(word in fault.message + fault.suggestion for word in ("Geheim", "§"))
