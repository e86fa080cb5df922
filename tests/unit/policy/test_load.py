import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from gateway.core.actor import PLATFORM
from gateway.core.errors import PolicyInvalid, ProtocolError
from gateway.policy.codes import CODES
from gateway.policy.lint import lint
from gateway.policy.load import Source, load, load_kind, read_sources
from gateway.policy.report import LARGEST
from gateway.policy.show import github_of, json_of, sarif_of, show_problem
from gateway.policy.tree import MOST_VALUES
from tests.doubles.bombs import BOMBS
from tests.doubles.golden import golden, told

REDACTION = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: %s}\nspec: {match: {tenants: [%s]}}\n"
ERRORS = {"CL1", "CL2", "CL3"}
RETENTION = "apiVersion: cloister/v1\nkind: RetentionPolicy\nmetadata: {name: r}\nspec:\n  rules:\n    - %s\n"


def codes(text: str, scope: str = PLATFORM) -> list[str]:
    with pytest.raises(PolicyInvalid) as raised:
        load([Source("p.yaml", text)], scope=scope)
    return [problem.code for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "CL1010"),
        ("# nothing\n", "CL1010"),
        ("- a\n", "CL1005"),
        ("kind: Redaction\n", "CL1006"),
        ("apiVersion: cloister/v1\n", "CL1004"),
        ("a: [\n", "CL1001"),
        ("a: b: c\n", "CL1001"),
        ("a: &x 1\nb: *x\n", "CL1007"),
        ("? [a]\n: 1\n", "CL1005"),
        ("<<: {}\n", "CL1007"),
        ((REDACTION % ("p", '"*"')) + "---\n" + (REDACTION % ("p", '"*"')), "CL1011"),
    ],
)
def test_the_form_of_a_file(text: str, code: str) -> None:
    assert code in codes(text)


def test_retention_by_app_is_not_enforced_yet() -> None:
    text = RETENTION % "{data: transcripts, keep: P0D}" + "  match: {apps: [crm]}\n"

    assert codes(text) == ["CL3001"]


def test_the_audit_rule_is_accepted() -> None:
    assert load(
        [Source("r.yaml", RETENTION % "{data: audit, keep_at_least: P6M, delete_after: P184D}")], scope=PLATFORM
    )


def test_a_file_is_refused_for_its_documents_before_they_are_read() -> None:
    text = "".join(REDACTION % (f"p{number}", f"t{number}") + "---\n" for number in range(101))

    assert codes(text) == ["CL1009"]
    assert len(load([Source("p.yaml", text.rsplit("---\n", 3)[0])], scope=PLATFORM)) == 99


def test_of_very_many_mistakes_the_first_are_reported() -> None:
    found = codes(REDACTION % ("p", "a") + "".join(f"wrong{number}: 1\n" for number in range(3000)))

    assert found == ["CL1003"] * 1000 + ["CL1014"]


def test_files_and_folders_are_read_in_order_and_once(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "c.txt"):
        (tmp_path / name).write_text(name)

    read = read_sources([tmp_path, tmp_path / "a.yml", tmp_path / "c.txt"])

    assert [source.text for source in read] == ["a.yml", "b.yaml", "c.txt"]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match=r"x\.yaml"):
        read_sources([tmp_path / "x.yaml"])


def test_a_folder_without_policies_is_said(tmp_path: Path) -> None:
    with pytest.raises(ProtocolError, match="No policy file"):
        read_sources([tmp_path])


def test_of_a_file_no_more_is_read_than_a_file_may_hold(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("ä".encode() * LARGEST)

    (source,) = read_sources([tmp_path / "x.yaml"])

    assert len(source.text.encode(errors="surrogateescape")) == LARGEST + 1
    assert codes(source.text) == ["CL1009"]


def test_what_is_not_utf_8_is_a_mistake_in_its_place_like_others(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_bytes("# für\nkind: Foo\n".encode("latin-1"))

    with pytest.raises(PolicyInvalid) as raised:
        load(read_sources([tmp_path]), scope=PLATFORM)

    assert [(each.line, each.column, each.code) for each in raised.value.problems] == [
        (1, 4, "CL1015"),
        (2, 7, "CL1006"),
    ]


def test_bombs_are_refused_within_a_hundred_megabytes(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "tests.doubles.bombs"], cwd=root, capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()[-500:]
    told = json.loads(done.stdout)
    assert {name: code for name, (_, code) in BOMBS.items() if code not in told.get(name, [])} == {}


@pytest.mark.parametrize("bomb", ["keys", "as many documents as a file may hold", "a billion laughs", "brackets"])
def test_of_a_bomb_no_more_is_read_than_a_file_may_hold(bomb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = 0

    def counted(self: YAML, stream: str) -> Iterator[object]:
        nonlocal drawn
        for event in parse(self, stream):
            drawn += 1
            yield event

    parse = YAML.parse
    monkeypatch.setattr(YAML, "parse", counted)
    codes(BOMBS[bomb][0]())

    assert 0 < drawn <= MOST_VALUES + 100


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_in_a_second_or_three(bomb: str) -> None:
    text = BOMBS[bomb][0]()
    took = []
    for _ in range(3):
        began = time.perf_counter()
        codes(text)
        took.append(time.perf_counter() - began)

    print(f"{bomb}: {min(took):.2f} s")
    assert min(took) < (1 if "megabytes" in bomb or "laughs" in bomb else 3)


BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_file_is_told_as_it_says(file: Path) -> None:
    wanted = golden(file)

    with pytest.raises(PolicyInvalid) as raised:
        load(read_sources([file]), scope=wanted.scope)

    problems = raised.value.problems[-1:] if wanted.last else raised.value.problems
    assert told(problems) == wanted.expected


def test_there_is_a_broken_file_for_every_code() -> None:
    expected = [place for file in BROKEN for place in golden(file).expected]

    assert len(BROKEN) >= 80
    assert {code for _, _, code, _ in expected} | {"CL1009"} >= {code for code in CODES if code[:3] in ERRORS}


@pytest.mark.slow
def test_each_broken_file_is_told_in_a_second() -> None:
    for file in BROKEN:
        began = time.perf_counter()
        with pytest.raises(PolicyInvalid):
            load(read_sources([file]), scope=golden(file).scope)
        assert time.perf_counter() - began < 1, file.name


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_of_a_broken_file_the_wrong_word_is_underlined_and_nothing_else_is_shown(file: Path) -> None:
    lines = re.split(r"\r\n|\r|\n", file.read_bytes().decode("utf-8", "replace").removeprefix("\ufeff"))

    with pytest.raises(PolicyInvalid) as raised:
        load(read_sources([file]), scope=golden(file).scope)

    for problem in raised.value.problems:
        word = lines[problem.line - 1][problem.column - 1 :][: problem.length]
        shown = problem.source[len(problem.pointer) - problem.pointer.count("^") :]
        assert shown[:1] in {word[:1], "…", "→", "\ufffd", ""}
        assert problem.source.isprintable()
        assert not {"Whale", "Person", "Lee", "Abteilung"} & set(re.findall(r"\w+", problem.source.replace(word, "")))


def test_mistakes_of_all_files_are_told_in_one_run() -> None:
    with pytest.raises(PolicyInvalid) as raised:
        load([Source(name, "a: [\n---\nkind: Foo\n") for name in ("b.yaml", "a.yaml")], scope=PLATFORM)

    assert [(each.file, each.line, each.code) for each in raised.value.problems] == [
        ("a.yaml", 1, "CL1001"),
        ("a.yaml", 3, "CL1006"),
        ("b.yaml", 1, "CL1001"),
        ("b.yaml", 3, "CL1006"),
    ]


CONTROL = "apiVersion: cloister/v1\nkind: ChangeControl\nmetadata: {name: c}\nspec: {approvals: 1}\n"


def test_of_one_kind_documents_are_read_whatever_is_wrong_with_others() -> None:
    wrong = (REDACTION % ("p", "other")).replace("match", "mach")
    (found,) = load_kind([Source("p.yaml", f"{wrong}---\n{CONTROL}")], "ChangeControl", scope="acme")

    assert (found.kind, found.spec) == ("ChangeControl", {"approvals": 1})
    assert load_kind([Source("p.yaml", REDACTION % ("p", "acme"))], "ChangeControl", scope="acme") == []


@pytest.mark.parametrize(
    "other", ["a: [\n", "kind: &x ChangeControl\n", "\x00\n", CONTROL.replace("approvals", "approval")]
)
def test_where_nobody_can_tell_what_kinds_there_are_nothing_is_taken_for_told(other: str) -> None:
    with pytest.raises(PolicyInvalid):
        load_kind([Source("p.yaml", f"{other}---\n{CONTROL}")], "ChangeControl", scope=PLATFORM)


def test_a_document_knows_where_it_stands() -> None:
    text = "# a comment\n---\n" + REDACTION % ("p", '"*"')

    (document,) = load([Source("p.yaml", text)], scope=PLATFORM)

    assert (document.file, document.line, document.name, document.scope) == ("p.yaml", 3, "p", PLATFORM)
    assert document.spec == {"match": {"tenants": ["*"]}}


SECRET = "Geheimwort"
HIDING = f"""apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {{name: hr}}
spec:
  match: {{apps: [hr]}}
  recognizers:
    - name: Projects
      supported_entity: PROJECT_NAME
      deny_list: [Blue Whale, {SECRET}, '{SECRET}']
      patterns: [{{regex: '{SECRET}[0-9]+', score: 0.5}}]
    - name: Others
      supported_entity: OTHER_NAME
      deny_list:
        - {SECRET}
        - "{SECRET} two"
  allow:
    values: [{SECRET}, other]
    patterns:
      - '{SECRET}.+'
  responses: {{restore: true}}
"""
MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(HIDING) - 1), st.sampled_from(["", "", *"x: -[]{},'\"#&*!|>\n\t"])),
    min_size=1,
    max_size=3,
)


@given(MUTATIONS)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_wrong_around_a_value_that_is_looked_for_it_is_never_shown(changes: list[tuple[int, str]]) -> None:
    text = HIDING
    for at, new in changes:
        if SECRET not in text[max(0, at - len(SECRET) + 1) : at + len(SECRET)]:
            text = text[:at] + new + text[at + 1 :]
    try:
        found = lint(load([Source("p.yaml", text)], scope=PLATFORM))
    except PolicyInvalid as invalid:
        found = invalid.problems

    shown = "\n".join([*map(show_problem, found), json_of(found), sarif_of(found), github_of(found)])
    assert SECRET not in shown


def moved(lines: list[str]) -> Iterator[list[str]]:
    """Every line left out, indented more and less, and changed for every other."""
    for at, line in enumerate(lines):
        before, after = lines[:at], lines[at + 1 :]
        yield from (before + after, [*before, line.lstrip(), *after], [*before, f"  {line}", *after])
        for other in range(at + 1, len(lines)):
            yield [*before, lines[other], *lines[at + 1 : other], line, *lines[other + 1 :]]


def shown(text: str) -> str:
    """All that a program is shown about a text."""
    try:
        return json_of(lint(load([Source("p.yaml", text)], scope=PLATFORM)))
    except PolicyInvalid as invalid:
        return json_of(invalid.problems)


def test_whichever_line_is_in_the_wrong_place_no_value_that_is_looked_for_is_shown() -> None:
    texts = ["\n".join(lines) for lines in moved(HIDING.splitlines())]

    assert len(texts) > 200
    assert [text for text in texts if SECRET in shown(text)] == []
