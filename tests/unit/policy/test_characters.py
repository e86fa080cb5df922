import pytest

from gateway.policy.characters import readable
from gateway.policy.report import LARGEST, Report


def found(text: str) -> tuple[str | None, list[tuple[int, int, str]]]:
    report = Report("p.yaml", text)
    read = readable(text, report)
    return read, [(problem.line, problem.column, problem.code) for problem in report.problems]


@pytest.mark.parametrize(
    "text", ["a: 1\n", "ä: 名\r\n", "a: b\tc\n", "# \u200b\u202e in a comment\n", "", "a: \U0001f642"]
)
def test_a_text_is_read_as_it_is(text: str) -> None:
    assert found(text) == (text, [])


def test_a_byte_order_mark_is_left_out() -> None:
    assert found("\ufeffa: 1") == ("a: 1", [])


@pytest.mark.parametrize("text", ["x" * (LARGEST + 1), "ä" * (LARGEST // 2 + 1)])
def test_what_is_too_large_is_not_read(text: str) -> None:
    assert found(text) == (None, [(1, 1, "CL1009")])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf_16_is_told_by_its_mark_or_by_its_zeroes(encoding: str) -> None:
    text = "a: 1\n".encode(encoding).decode("utf-8", "surrogateescape")
    read, problems = found(text)

    assert read is None
    assert {code for _, _, code in problems} == {"CL1015"}
    assert encoding != "utf-16" or problems == [(1, 1, "CL1015")]


def test_of_bytes_that_are_not_utf_8_the_first_is_told_and_the_rest_is_read() -> None:
    text = "a: für\nb: über\n".encode("latin-1").decode("utf-8", "surrogateescape")

    assert found(text) == ("a: f\ufffdr\nb: \ufffdber\n", [(1, 5, "CL1015")])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: 1\nb: \x00\n", (2, 4, "CL1015")),
        ("a: \x1b[31m\n", (1, 4, "CL1015")),
        ("a: 1\n\ufeffb: 2\n", (2, 1, "CL1015")),
        ("a: \ufffe\n", (1, 4, "CL1015")),
        ("a:\n\tb: 1\n", (2, 1, "CL1012")),
        ("a:\n  \tb: 1\n", (2, 3, "CL1012")),
        ("a:\n \u00a0b: 1\n", (2, 2, "CL1012")),
        ("a: 1\n\t# a comment\n", (2, 1, "CL1012")),
    ],
)
def test_what_no_file_holds_is_told_where_it_stands(text: str, place: tuple[int, int, str]) -> None:
    assert found(text) == (None, [place])


def test_all_of_it_is_told() -> None:
    assert found("\ta: 1\nb: \x00\x01\n\tc: 1\n")[1] == [
        (1, 1, "CL1012"),
        (2, 4, "CL1015"),
        (2, 5, "CL1015"),
        (3, 1, "CL1012"),
    ]
