import pytest

from gateway.policy.report import LARGEST, MOST_PROBLEMS, WHOLE, Place, Report

TEXT = "mode: enforce\r\nallow: {values: [Ann Lee]}\rfloor: maybe\n"


def test_a_problem_has_its_line_as_far_as_it_may_be_shown() -> None:
    report = Report("p.yaml", TEXT)
    report.add(Place(2, 18, 7), "CL2012", "too short", "write more", shown="nothing")
    report.add(Place(3, 8, 5), "CL1005", "no boolean")
    first, second = report.problems

    assert (first.file, first.line, first.column, first.length, first.suggestion) == ("p.yaml", 2, 18, 7, "write more")
    assert (first.source, first.pointer) == ("allow: {values: […]}", " " * 17 + "^")
    assert (second.source, second.pointer) == ("floor: maybe", " " * 7 + "^^^^^")


def test_files_of_another_kind_have_words_of_their_own() -> None:
    report = Report("c.yaml", "expect: {result: Ann}", words={"expect"})
    report.add(Place(1, 10, 6), "CL1003", "unknown")

    assert report.problems[0].source == "expect: {result: …}"


def test_a_byte_order_mark_takes_no_column() -> None:
    report = Report("p.yaml", "\ufeffmod: x")
    report.add(Place(1, 1, 3), "CL1003", "unknown")

    assert report.problems[0].source == "mod: …"


@pytest.mark.parametrize("place", [WHOLE, Place(99, 1)])
def test_what_stands_nowhere_shows_nothing(place: Place) -> None:
    report = Report("p.yaml", TEXT)
    report.add(place, "CL1009", "too large")

    assert (report.problems[0].source, report.problems[0].pointer) == ("", "")


def test_of_very_many_problems_the_first_are_kept_and_the_last_says_so() -> None:
    report = Report("p.yaml", TEXT)
    for _ in range(MOST_PROBLEMS * 3):
        report.add(Place(1, 1, 4), "CL1003", "unknown")

    assert report.found == MOST_PROBLEMS * 3
    assert report.full
    assert [problem.code for problem in report.problems] == ["CL1003"] * MOST_PROBLEMS + ["CL1014"]


def test_no_more_of_a_text_is_cut_into_lines_than_a_file_may_hold() -> None:
    assert sum(map(len, Report("p.yaml", "x" * LARGEST * 10).lines)) == LARGEST + 1
