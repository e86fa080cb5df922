import pytest

from gateway.detect.hints import Hints
from gateway.detect.marked import HINTS, unmarked
from gateway.detect.views import View

MARKS = Hints({"marks": HINTS})


@pytest.mark.parametrize(
    ("text", "value", "written"),
    [
        ("on **4111** 1111 1111", "4111 1111 1111", "4111** 1111 1111"),
        ("on 4111 `1111` 1111", "4111 1111 1111", "4111 `1111` 1111"),
        ("on 41<b>11</b>1111", "41111111", "41<b>11</b>1111"),
        ("to **john**@example.com", "john@example.com", "john**@example.com"),
        ("to john@**example**.com", "john@example.com", "john@**example**.com"),
        ("to jo<em class='x'>hn</em>@x.com", "john@x.com", "jo<em class='x'>hn</em>@x.com"),
        (r"to john\_smith@x.com", "john_smith@x.com", r"john\_smith@x.com"),
        (r"to john\@x\.com", "john@x.com", r"john\@x\.com"),
        (r"at 10\.1\.2\.3 now", "10.1.2.3", r"10\.1\.2\.3"),
        ("call +49 ~~30~~ 12", "30 12", "30~~ 12"),
    ],
)
def test_marks_within_a_value_are_taken_out(text: str, value: str, written: str) -> None:
    view = unmarked(View.of(text))
    at = view.text.index(value)

    assert "marks" in MARKS.of(text)
    assert text[slice(*view.place(at, at + len(value)))] == written


@pytest.mark.parametrize(
    "text",
    [
        "**Step:** do *this* and `that`, in __init__",
        "2 * 3 and a**b, *args, **kwargs",
        "<b>John</b> has <i>many</i> friends",
        r"C:\users\x \d+ \w \alpha",
        "| **a** | `b` |",
        "john@example.com and **jane@example.com**",
    ],
)
def test_marks_around_words_are_no_disguise(text: str) -> None:
    assert "marks" not in MARKS.of(text)
