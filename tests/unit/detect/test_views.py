import re

from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.views import View


def shown(view: View, source: str) -> list[str]:
    return [source[start:end] for start, end in zip(view.starts, view.ends, strict=True)]


def test_a_text_stands_where_it_is_written() -> None:
    view = View.of("abc")

    assert (view.text, view.place(0, 3), view.place(1, 2)) == ("abc", (0, 3), (1, 2))


def test_what_is_read_otherwise_stands_for_all_that_was_written() -> None:
    source = "a&amp;b-&lt;"
    view = View.of(source).rewritten(re.compile("&(?:amp|lt);"), lambda found: "&&" if found[0] == "&amp;" else "<")

    assert view.text == "a&&b-<"
    assert shown(view, source) == ["a", "&amp;", "&amp;", "b", "-", "&lt;"]


def test_what_is_taken_out_belongs_to_what_is_around_it_and_to_nothing_else() -> None:
    source = "**4*1** x"
    view = View.of(source).rewritten(re.compile(r"\*+"), lambda _: "")

    assert view.text == "41 x"
    assert source[slice(*view.place(0, 2))] == "4*1"
    assert source[slice(*view.place(3, 4))] == "x"


def test_changes_of_changes_stand_in_the_first_text() -> None:
    source = "%2525"
    twice = re.compile("%25")
    view = View.of(source).rewritten(twice, lambda _: "%").rewritten(twice, lambda _: "%")

    assert (view.text, shown(view, source)) == ("%", ["%2525"])


def test_nothing_to_read_otherwise_is_the_same_view() -> None:
    view = View.of("abc")

    assert view.rewritten(re.compile("x"), lambda _: "y") is view
    assert view.rewritten(re.compile("b"), lambda _: "b") is view


def test_a_text_of_the_same_length_takes_the_places_over() -> None:
    view = View.of("a-b").rewritten(re.compile("-"), lambda _: "").respelled("AB")

    assert (view.text, view.place(0, 2), view.place(1, 2)) == ("AB", (0, 3), (2, 3))


@given(st.text("ab-", max_size=30), st.text("xy", max_size=3))
def test_what_stays_stands_in_its_place(source: str, read: str) -> None:
    view = View.of(source).rewritten(re.compile("-+"), lambda _: read)

    assert view.text == re.sub("-+", read, source)
    assert len(view.starts) == len(view.ends) == len(view.text)
    for character, written in zip(view.text, shown(view, source), strict=True):
        assert written == character or (character in read and set(written) == {"-"})
