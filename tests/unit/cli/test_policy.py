import argparse
import json
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import policy
from gateway.cli.main import main
from gateway.core.errors import (
    ApprovalRequired,
    CredentialError,
    DatabaseUnavailable,
    GatewayAway,
    GatewayError,
    NotFound,
    PermissionDenied,
    PolicyConflict,
    PolicyInvalid,
    Problem,
    ProtocolError,
)
from gateway.keys import SigningKey
from gateway.policy import Emergency, Plan, Source, compile_bundle
from gateway.policy.plan import read_plan
from gateway.policy.show import fields_of
from gateway.policy.signed import sign_bundle
from tests.doubles.bundles import NOON

FILE = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {}\n"
CHANGE = 'RedactionPolicy "p": EMAIL_ADDRESS: pseudonymise → block'
DIGEST = "0123456789abcdef" * 4
VERSION = {
    "version": 7,
    "created": "2027-02-01T12:00:00Z",
    "created_by": "a1",
    "origin": "apply",
    "policies": {"p": DIGEST},
    "restores": None,
    "approved_by": "",
    "reason": "",
}


EFFECTS = {
    "exchanges": 30,
    "changed": 2,
    "would_block": 1,
    "would_permit": 0,
    "changes": [{"type": "PERSON", "from": "keep", "to": "block", "count": 2}],
    "open": {"what BOAT would have found": 30},
}


class Desk:
    """Writes down what it is asked, and answers with what the test gave it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.fails: GatewayError | None = None
        self.changes: tuple[str, ...] = (CHANGE,)
        self.base, self.changed = 3, True
        self.warnings: tuple[Problem, ...] = ()
        self.shadows: dict[str, Any] = {DIGEST: EFFECTS}
        self.versions: list[dict[str, Any]] = [VERSION]
        self.documents = [{"file": "p.yaml", "text": FILE}]

    def told(self, *what: Any) -> None:
        self.asked.append(what)
        if self.fails:
            raise self.fails

    async def plan(self, sources: Any, cases: Any = ()) -> Plan:
        self.told("plan", [each.text for each in sources], *(["cases", cases] if cases else []))
        return Plan(
            scope="acme",
            base=self.base,
            digest="ab",
            sources=tuple(sources),
            changes=self.changes,
            warnings=self.warnings,
        )

    async def replay(self, sources: Any, seconds: int) -> Any:
        self.told("replay", [each.text for each in sources], seconds)
        return EFFECTS

    async def shadow_report(self, seconds: int) -> Any:
        self.told("shadow_report", seconds)
        return self.shadows

    async def approve(self, plan: Plan) -> Plan:
        self.told("approve", plan.hash)
        return plan

    async def apply(
        self, sources: Any, *, expected: Any = None, scope: Any = None, emergency: Any = None, cases: Any = ()
    ) -> Any:
        self.told(
            "apply", [each.text for each in sources], expected, scope, emergency, *(["cases", cases] if cases else [])
        )
        return self.applied

    async def apply_signed(self, raw: bytes) -> Any:
        self.told("apply_signed", raw)
        return self.applied

    async def roll_back(self, *, to: Any = None, emergency: Any = None) -> Any:
        self.told("roll_back", to, emergency)
        return self.applied

    @property
    def applied(self) -> dict[str, Any]:
        warnings = [fields_of(each) for each in self.warnings]
        return {"version": 7, "changed": self.changed, "policies": {"p": DIGEST}, "warnings": warnings}

    async def history(self) -> Any:
        self.told("history")
        return self.versions

    async def show(self, version: Any = None) -> Any:
        self.told("show", version)
        return {**VERSION, "documents": self.documents}


CASES = """\
apiVersion: cloister/v1
kind: PolicyCases
metadata: {{name: c}}
spec: {{cases: [{{name: one, text: Hello., expect: {{decision: {decision}}}}}]}}
"""


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk()

    @asynccontextmanager
    async def opened(args: argparse.Namespace) -> AsyncIterator[Desk]:
        yield made

    monkeypatch.setattr(policy, "desk", opened)
    return made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "p.yaml"
    made.write_text(FILE)
    return made


@pytest.fixture
def plan(tmp_path: Path, file: Path, desk: Desk) -> Path:
    """A saved plan."""
    made = tmp_path / "plan.json"
    assert main(["policy", "plan", str(file), "-o", str(made)]) == 0
    desk.asked.clear()
    return made


def test_good_files_are_named_with_their_digests(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", str(root / "policies" / "default.yaml"), "--json"]) == 0
    (name, digest), *_ = json.loads(capsys.readouterr().out)["policies"].items()
    assert (name, len(digest)) == ("default", 64)


def test_every_mistake_is_shown_in_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(
        "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {entites: {}, mod: x}\n"
    )

    assert main(["policy", "validate", str(file)]) == 2
    said = capsys.readouterr().err
    assert f'{file}:4:8: CL1003 unknown key "entites" in RedactionPolicy "p"' in said
    assert 'did you mean "mode"?' in said

    assert main(["policy", "validate", str(file), "--format", "json"]) == 2
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)["problems"]] == ["CL1003", "CL1003"]


@pytest.mark.parametrize(
    ("form", "good", "bad"),
    [
        ("text", "valid: default ", ""),
        ("json", '{"problems": [], "policies": {"default": ', '{"problems": [{"file": '),
        ("sarif", '{"$schema": ', '{"$schema": '),
        ("github", "valid: default ", "::error file="),
    ],
)
def test_programs_read_the_mistakes_in_their_own_form(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, good: str, bad: str
) -> None:
    (tmp_path / "p.yaml").write_text("kind: Redaction\n")

    assert main(["policy", "validate", "--format", form, str(root / "policies" / "default.yaml")]) == 0
    assert capsys.readouterr().out.startswith(good)
    assert main(["policy", "validate", "--format", form, str(tmp_path / "p.yaml")]) == 2
    said = capsys.readouterr().out
    assert said.startswith(bad)
    assert bool(said) == bool(bad)


def test_a_tenants_file_is_held_against_its_tenant(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "validate", "--tenant", "acme", str(root / "policies" / "default.yaml")]) == 2
    assert "CL2008" in capsys.readouterr().err


def doubtful(folder: Path) -> str:
    file = folder / "p.yaml"
    file.write_text("apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: p}\nspec: {floor: true}\n")
    return str(file)


def test_a_warning_is_said_beside_the_result_and_changes_it_only_where_that_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = doubtful(tmp_path)

    assert main(["policy", "validate", file]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("valid: p ")
    assert f"{file}:4:15: warning CL4010" in said.err
    assert main(["policy", "validate", "--strict", file]) == 1


@pytest.mark.parametrize(
    ("form", "part"),
    [("json", '"severity": "warning"'), ("sarif", '"level": "warning"'), ("github", "::warning file=")],
)
def test_programs_read_warnings_in_their_own_form(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, part: str
) -> None:
    file = doubtful(tmp_path)

    assert main(["policy", "validate", "--format", form, file]) == 0
    said = capsys.readouterr()
    assert part in said.out
    assert said.err == ""
    assert main(["policy", "validate", "--strict", "--format", form, file]) == 1


WARNING = Problem(file="p.yaml", line=4, column=15, code="CL4018", message="in shadow for 31 days", suggestion="end it")


@pytest.mark.parametrize("words", [["plan"], ["apply"], ["rollback"]], ids=lambda words: words[0])
def test_what_only_the_versions_tell_is_warned_of_beside_what_is_done(
    desk: Desk, file: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    given = [] if words == ["rollback"] else [str(file)]
    assert main(["policy", *words, *given]) == 0
    assert capsys.readouterr().err == ""

    desk.warnings = (WARNING,)
    assert main(["policy", *words, *given]) == 0
    assert capsys.readouterr().err == "p.yaml:4:15: warning CL4018 in shadow for 31 days: end it\n"
    assert main(["policy", *words, *given, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == [fields_of(WARNING)]


def test_a_folder_is_read_whole(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("b.yaml", "a.yml"):
        (tmp_path / name).write_text("kind: Foo\n")

    assert main(["policy", "validate", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert said.index("a.yml:1:7: CL1006") < said.index("b.yaml:1:7: CL1006")


def test_a_difference_is_an_answer(desk: Desk, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", str(file)]) == 1
    assert capsys.readouterr().out == f"compared with version 3:\n  {CHANGE}\n"
    assert main(["policy", "diff", str(file), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"base": 3, "changes": [CHANGE]}

    desk.changes = ()
    assert main(["policy", "diff", str(file)]) == 0
    assert capsys.readouterr().out == "nothing changes\n"
    assert desk.asked == [("plan", [FILE])] * 3


@pytest.mark.parametrize(
    "error",
    [
        CredentialError(),
        PermissionDenied(),
        NotFound(),
        GatewayError(),
        PolicyConflict(),
        GatewayAway(),
        ProtocolError(),
        PolicyInvalid((Problem(file="p", line=1, column=1, code="CL1010", message="m"),)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_is_no_difference(desk: Desk, file: Path, error: GatewayError) -> None:
    desk.fails = error

    assert main(["policy", "plan", str(file)]) == type(error).exit_code
    assert main(["policy", "diff", str(file)]) == max(2, type(error).exit_code)


def test_a_plan_is_saved_as_it_is(desk: Desk, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = tmp_path / "plan.json"

    assert main(["policy", "plan", str(file), "-o", str(saved)]) == 0
    plan = read_plan(saved.read_text())
    assert (plan.base, plan.scope, plan.sources, plan.changes) == (3, "acme", (Source(str(file), FILE),), (CHANGE,))
    assert capsys.readouterr().out.splitlines() == ["compared with version 3:", f"  {CHANGE}", f"plan {plan.hash[:12]}"]
    assert main(["policy", "plan", str(file), "--json"]) == 0
    assert read_plan(capsys.readouterr().out) == plan


TOLD = [
    "30 exchanges, 2 of which would have gone otherwise",
    "  1 refused that were not, 0 permitted that were refused",
    "  PERSON: keep → block, 2 times",
    "what the records do not tell, by exchanges:",
    "  30: what BOAT would have found",
]


def test_a_plan_is_held_to_recent_traffic(desk: Desk, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "plan", str(file), "--replay", "12h"]) == 0
    assert capsys.readouterr().out.splitlines()[-5:] == TOLD
    assert main(["policy", "plan", str(file), "--replay", "7d", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["replay"] == EFFECTS
    assert [each for each in desk.asked if each[0] == "replay"] == [
        ("replay", [FILE], 12 * 3600),
        ("replay", [FILE], 7 * 86_400),
    ]


def test_what_policies_in_shadow_would_have_done_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "shadow-report"]) == 0
    assert capsys.readouterr().out.splitlines() == [f"policy {DIGEST[:12]}", *TOLD]
    assert main(["policy", "shadow-report", "--since", "30m", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {DIGEST: EFFECTS}
    desk.shadows = {}
    assert main(["policy", "shadow-report"]) == 0
    assert capsys.readouterr().out == "no policy was in shadow\n"
    assert desk.asked == [("shadow_report", 7 * 86_400), ("shadow_report", 1800), ("shadow_report", 7 * 86_400)]


@pytest.mark.parametrize(
    "span", ["", "d", "7", "0d", "-1d", "1.5d", "7w", "401d", "9" * 30 + "d", "9" * 5000 + "m", "²d"]
)
def test_a_time_that_is_none_is_refused(desk: Desk, span: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["policy", "shadow-report", "--since", span])

    assert (ended.value.code, desk.asked) == (2, [])


def test_where_nothing_is_in_force_a_plan_says_so(desk: Desk, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk.base = 0
    assert main(["policy", "plan", str(file)]) == 0
    assert capsys.readouterr().out.startswith("nothing is in force yet:\n")

    desk.changes = ()
    assert main(["policy", "plan", str(file)]) == 0
    assert capsys.readouterr().out.startswith("nothing is in force, and nothing would be\n")


def test_a_plan_that_cannot_be_saved_is_not_made(
    desk: Desk, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "plan", str(file), "-o", str(tmp_path / "nowhere" / "plan")]) == 78
    assert "No such file" in capsys.readouterr().err


def test_files_are_applied_after_the_version_that_was_expected(
    desk: Desk, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["policy", "apply", str(file)]) == 0
    assert capsys.readouterr().out == f"version 7 in force: p {DIGEST[:12]}\n"
    desk.changed = False
    assert main(["policy", "apply", str(file), "--expect", "0"]) == 0
    assert capsys.readouterr().out == f"version 7 was in force already: p {DIGEST[:12]}\n"
    assert main(["policy", "apply", str(file.parent), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["policies"] == {"p": DIGEST}

    assert desk.asked == [
        ("apply", [FILE], None, None, None),
        ("apply", [FILE], 0, None, None),
        ("apply", [FILE], None, None, None),
    ]


def test_a_plan_is_applied_as_it_was_saved(desk: Desk, plan: Path, file: Path) -> None:
    file.write_text(FILE.replace("{}", "{mode: shadow}"))

    assert main(["policy", "apply", str(plan)]) == 0
    assert main(["policy", "apply", str(plan), "--break-glass", "nobody can work"]) == 0
    assert desk.asked == [
        ("apply", [FILE], 3, "acme", None),
        ("apply", [FILE], 3, "acme", Emergency(reason="nobody can work", seconds=3600)),
    ]


@pytest.mark.parametrize(("decision", "code"), [("permit", 0), ("deny", 1)])
def test_a_plan_is_held_to_the_cases_that_are_named(desk: Desk, plan: Path, decision: str, code: int) -> None:
    given = CASES.format(decision=decision)
    (plan.parent / "tests.yaml").write_text(given)

    assert main(["policy", "apply", str(plan), "--tests", str(plan.parent / "tests.yaml")]) == code
    assert [act for act, *_ in desk.asked] == ([] if code else ["apply"])


@pytest.mark.parametrize(
    ("was", "becomes"),
    [('"base": 3', '"base": 4'), ("spec: {}", "spec: {mode: shadow}"), ('"acme"', '"umbra"'), ("p.yaml", "q.yaml")],
)
@pytest.mark.parametrize("action", ["apply", "approve"])
def test_a_plan_that_was_edited_is_neither_applied_nor_approved(
    desk: Desk, plan: Path, capsys: pytest.CaptureFixture[str], action: str, was: str, becomes: str
) -> None:
    text = plan.read_text()
    assert text.count(was) == 1
    plan.write_text(text.replace(was, becomes))

    assert main(["policy", action, str(plan)]) == 2
    assert "changed after it was made" in capsys.readouterr().err
    assert desk.asked == []


@pytest.mark.parametrize(
    "content",
    [
        b'{"kind": "PolicyPlan"',
        b'{"kind": "PolicyPlan"}',
        b'{"kind": "PolicyPlan"}' + b" " * 17 * 2**20,
        b'{"PolicyPlan" \xff',
    ],
    ids=range(4),
)
@pytest.mark.parametrize("action", ["apply", "approve"])
def test_what_is_no_plan_is_refused(desk: Desk, tmp_path: Path, content: bytes, action: str) -> None:
    (tmp_path / "plan").write_bytes(content)

    assert main(["policy", action, str(tmp_path / "plan")]) == 2
    assert desk.asked == []


def test_a_bundle_is_applied_byte_by_byte(desk: Desk, tmp_path: Path) -> None:
    raw = sign_bundle(
        [Source("p.yaml", FILE)],
        scope="acme",
        revision=1,
        not_before=NOON,
        not_after=NOON + timedelta(days=1),
        keys=[SigningKey.make()],
    )
    (tmp_path / "bundle").write_bytes(raw)

    assert main(["policy", "apply", str(tmp_path / "bundle")]) == 0
    for beside in (["--expect", "3"], ["--expect", "0"], ["--break-glass", "nobody can work"], ["--tests", "cases"]):
        assert main(["policy", "apply", str(tmp_path / "bundle"), *beside]) == 2
    assert desk.asked == [("apply_signed", raw)]


def test_what_says_itself_what_it_follows_is_told_nothing_else(desk: Desk, plan: Path) -> None:
    assert main(["policy", "apply", str(plan), "--expect", "3"]) == 2
    assert desk.asked == []


def test_a_plan_among_files_is_none(desk: Desk, plan: Path, file: Path) -> None:
    main(["policy", "apply", str(plan), str(file)])

    assert [each[0] for each in desk.asked] == ["apply"]
    assert desk.asked[0][2:] == (None, None, None)
    assert sorted(map(len, desk.asked[0][1])) == sorted([len(FILE), len(plan.read_text())])


def test_a_plan_is_agreed_to(desk: Desk, plan: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = read_plan(plan.read_text())
    capsys.readouterr()

    assert main(["policy", "approve", str(plan)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [f"  {CHANGE}", f"agreed to plan {whole.hash[:12]}"]
    assert main(["policy", "approve", str(plan), "--json"]) == 0
    assert read_plan(capsys.readouterr().out) == whole
    assert desk.asked == [("approve", whole.hash)] * 2


def test_versions_come_back(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "rollback"]) == 0
    assert capsys.readouterr().out == f"version 7 in force: p {DIGEST[:12]}\n"
    assert main(["policy", "rollback", "--to", "2", "--break-glass", "nobody can work", "--hours", "0.5"]) == 0
    assert desk.asked == [
        ("roll_back", None, None),
        ("roll_back", 2, Emergency(reason="nobody can work", seconds=1800)),
    ]


@pytest.mark.parametrize(("hours", "seconds"), [("4", 14_400), ("0.0003", 1), ("1e-3", 4), ("0.25", 900), ("1", 3600)])
def test_an_emergency_lasts_as_long_as_it_says(desk: Desk, file: Path, hours: str, seconds: int) -> None:
    assert main(["policy", "apply", str(file), "--break-glass", "nobody can work", "--hours", hours]) == 0
    assert desk.asked[0][-1] == Emergency(reason="nobody can work", seconds=seconds)


@pytest.mark.parametrize(
    "options",
    [
        *(
            ["--break-glass", "nobody can work", "--hours", each]
            for each in ("nan", "inf", "-1", "0", "4.1", "1e308", "x")
        ),
        ["--break-glass", ""],
        ["--break-glass", "short"],
        ["--break-glass", "nobody can work\n"],
        ["--break-glass"],
        ["--hours", "1"],
        ["--hours", "0"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("action", ["apply", "rollback"])
def test_what_is_no_emergency_changes_nothing(desk: Desk, file: Path, action: str, options: list[str]) -> None:
    given = ["policy", action, *([str(file)] if action == "apply" else []), *options]
    try:
        code = main(given)
    except SystemExit as ended:
        code = int(str(ended.code))

    assert (code, desk.asked) == (2, [])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (PolicyConflict("Version 4 is in force, not 3. Since then:\n  PERSON: keep → block"), 3),
        (ApprovalRequired("Ask."), 3),
        (PermissionDenied(), 1),
        (DatabaseUnavailable(), 69),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_refused_exits_as_its_kind_does(
    desk: Desk, plan: Path, capsys: pytest.CaptureFixture[str], error: GatewayError, code: int
) -> None:
    desk.fails = error
    for given in (["apply", str(plan)], ["approve", str(plan)], ["rollback"], ["show"], ["history"]):
        assert main(["policy", *given]) == code
        assert capsys.readouterr().err == f"cloister: {error.message}\n"


def test_history_says_how_each_version_came_about(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.versions = [
        {**VERSION, "version": 5, "origin": "return", "restores": 3, "created_by": "local"},
        {**VERSION, "version": 4, "origin": "break_glass", "reason": "nobody can work"},
        {**VERSION, "version": 3, "origin": "rollback", "restores": 1},
        {**VERSION, "version": 2, "approved_by": "bob"},
        {**VERSION, "version": 1},
    ]
    assert main(["policy", "history"]) == 0
    rows = [re.split(r"  +", row.rstrip()) for row in capsys.readouterr().out.splitlines()]

    assert rows[0] == ["version", "created", "by", "how", "policies"]
    assert [row[3] for row in rows[1:]] == [
        "returned to 3",
        "break-glass: nobody can work",
        "back to 1",
        "applied, agreed by bob",
        "applied",
    ]
    assert {tuple(row[4:]) for row in rows[1:]} == {(f"p {DIGEST[:12]}",)}
    assert {row[1] for row in rows[1:]} == {"2027-02-01 12:00:00"}


def test_nothing_that_others_said_moves_the_cursor(
    desk: Desk, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = "a\x1b[2J\x1b[A\x9b\u202e\rb"
    desk.changes = (hostile, "c\nd")
    desk.versions = [{**VERSION, "created_by": hostile, "reason": f"{hostile}\n9  now", "policies": {hostile: hostile}}]
    desk.shadows = {hostile: {**EFFECTS, "open": {f"{hostile}\n": 1}}}
    desk.documents = [{"file": f"{hostile}\n", "text": f"{hostile}\n# end\n"}]
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("NO_COLOR", "1")
    for given in (["plan", str(file)], ["diff", str(file)], ["history"], ["show"], ["rollback"], ["shadow-report"]):
        main(["policy", *given])
        lines = capsys.readouterr().out.splitlines()
        assert all(line.isprintable() for line in lines)
        assert (
            len(lines) == {"plan": 4, "diff": 3, "history": 2, "show": 4, "rollback": 1, "shadow-report": 6}[given[0]]
        )


def test_a_version_is_shown_as_it_was_applied(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "--version", "7"]) == 0
    assert capsys.readouterr().out == f"# p.yaml\n{FILE}\n"
    assert main(["policy", "show", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {**VERSION, "documents": desk.documents}
    assert desk.asked == [("show", 7), ("show", None)]


def test_what_is_shown_can_be_applied_again(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    rules, more = FILE.replace("spec: {}", "spec: {match: {apps: [a]}}"), FILE.replace("p}", "q}")
    desk.documents = [{"file": "a.yaml", "text": rules}, {"file": "b.yaml", "text": f"# more\n---\n{more.rstrip()}"}]

    assert main(["policy", "show"]) == 0
    assert set(compile_bundle([Source("both", capsys.readouterr().out)], scope="acme").digests) == {"p", "q"}


def test_what_is_not_there_is_not_sent(desk: Desk, tmp_path: Path) -> None:
    for given in (["diff"], ["plan"], ["apply"], ["approve"]):
        assert main(["policy", *given, str(tmp_path / "nothing")]) == 2
    assert main(["policy", "approve", str(tmp_path)]) == 2
    assert desk.asked == []


def test_commands_that_act_say_where(capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("diff", "plan", "approve", "apply", "rollback", "show", "history"):
        with pytest.raises(SystemExit):
            main(["policy", action, "--help"])
        said = capsys.readouterr().out
        assert all(option in said for option in ("--tenant", "--url", "--key-file", "--config", "--json"))
