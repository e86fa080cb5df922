import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from gateway.policy.report import Report
from gateway.policy.syntax import _TABLE
from gateway.policy.tree import documents

MISTAKES = [
    ("a: 1\nb\nc: 2\n", 2, 1, "CL1001", "without a colon"),
    ("ab\nc: 2\n", 1, 1, "CL1001", "without a colon"),
    ("a:b\nc: 2\n", 1, 1, "CL1001", "without a colon"),
    ("a: 1\n b: 2\n", 2, 2, "CL1001", "indented"),
    ("a:\n  - 1\n b: 2\n", 3, 2, "CL1001", "indented"),
    ("  a: 1\n b: 2\n", 2, 2, "CL1001", "indented"),
    ("- a\nb: 1\n", 2, 1, "CL1001", "indented"),
    ("a: b: c\n", 1, 5, "CL1001", "second colon"),
    ("a: - b\n", 1, 4, "CL1001", "below its key"),
    ("a: 'b' c\n", 1, 8, "CL1001", "after a value"),
    ("a: [b]]\n", 1, 7, "CL1001", "bracket that closes nothing"),
    ("a: {b: 1}}\n", 1, 10, "CL1001", "brace that closes nothing"),
    ("a: 'b', c\n", 1, 7, "CL1001", "comma outside"),
    ("a: [b, c\n", 1, 4, "CL1001", "never closed"),
    ("a: [b, c\nd: e\n", 1, 4, "CL1001", "never closed"),
    ("a: {b: [c, d}\n", 1, 13, "CL1001", "closes a bracket"),
    ("a: [{b: c]\n", 1, 10, "CL1001", "closes a brace"),
    ("a: {b: c d: e}\n", 1, 10, "CL1001", "comma is missing"),
    ("a: {\n  b: {},\n  c: {}\n  d: {}\n}\n", 4, 3, "CL1001", "comma is missing"),
    ("a: [b,, c]\n", 1, 7, "CL1001", "value is missing"),
    ("a: 'b\nc: d\n", 1, 4, "CL1001", "quote that is never closed"),
    ('a: "b\n', 1, 4, "CL1001", "quote that is never closed"),
    ("a: 'b\n---\nc: 1\n", 1, 4, "CL1001", "quote that is never closed"),
    ('a: "\\d"\n', 1, 5, "CL1001", "backslash"),
    ('a: "\\x1"\n', 1, 7, "CL1001", "too few digits"),
    ("a: |x\n  b\n", 1, 5, "CL1001", "next line"),
    ("a: @b\n", 1, 4, "CL1001", "begins with this"),
    ("a: `b`\n", 1, 4, "CL1001", "begins with this"),
    ("a:\tb\n", 1, 3, "CL1012", "tab"),
    ("a: *\n", 1, 4, "CL1007", "alias"),
    ("a: [*, b]\n", 1, 5, "CL1007", "alias"),
    ("a: & b\n", 1, 4, "CL1007", "anchor"),
    ("a: !<b\n", 1, 4, "CL1007", "tag"),
    ("a: !x!y b\n", 1, 4, "CL1007", "tag"),
    ("%YAML x\n---\na: 1\n", 1, 1, "CL1007", "directive"),
    ("%YAML 2.0\n---\na: 1\n", 1, 1, "CL1007", "directive"),
]


@pytest.mark.parametrize(("text", "line", "column", "code", "part"), MISTAKES, ids=lambda value: repr(value)[:24])
def test_what_is_no_yaml_is_told_where_the_hand_goes(text: str, line: int, column: int, code: str, part: str) -> None:
    report = Report("p.yaml", text)
    documents(text, report)
    problem = report.problems[0]

    assert (problem.line, problem.column, problem.code) == (line, column, code)
    assert part in problem.message


def test_what_follows_in_other_documents_is_read() -> None:
    text = "a: 'b\n---\nc: 1\n---\nd: [\n--- \ne: 2\n"
    report = Report("p.yaml", text)

    assert [value.plain() for value in documents(text, report)] == [{"c": 1}, {"e": 2}]
    assert [(problem.line, problem.column) for problem in report.problems] == [(1, 4), (5, 4)]


def test_every_entry_of_the_table_is_a_message_of_the_library() -> None:
    """A newer ruamel.yaml that words an error anew fails here, and not at an admin's desk."""
    said = set()
    for text, *_ in MISTAKES:
        try:
            list(YAML(typ="safe", pure=True).parse(text))
        except MarkedYAMLError as error:
            said.add(f"{error.context or ''}; {error.problem or ''}")
    unused = [entry.part for entry in _TABLE if not any(entry.part in each for each in said)]

    assert unused == []
