"""What officers said, listed and written into files."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gateway.cli import feedback
from gateway.core.actor import PLATFORM
from gateway.core.errors import Misconfigured, ProtocolError
from gateway.policy import Source, read_sources
from tests.unit.cli.desks import PLAN

VALUE = "hmac-sha256:2026-11:0123456789abcdef0123456789abcdef"
POLICY = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {name: hr}\nspec:\n  media: refuse\n"


def proposal(*documents: tuple[str, bool], value: str = VALUE) -> dict[str, Any]:
    told = [{"name": name, "own": own, "file": "p.yaml", "line": 1} for name, own in documents]
    finding = {"exchange": "e1", "entity": "PERSON", "value": value}
    return {**finding, "tenant": "acme", "said_by": "k1", "time": "t1", "documents": told}


class Officers:
    """A desk with feedback."""

    def __init__(self, scope: str, *proposals: dict[str, Any]) -> None:
        self.scope, self.proposals = scope, list(proposals)
        self.said: list[dict[str, Any]] = []

    async def feedback(self) -> list[dict[str, Any]]:
        return self.proposals

    async def say_false(self, finding: dict[str, Any]) -> None:
        self.said.append(finding)

    async def plan(self, _sources: Any) -> Any:
        return replace(PLAN, scope=self.scope)


def arguments(*words: str, as_json: bool = False) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    feedback.options(parser)
    return argparse.Namespace(**vars(parser.parse_args(words)), json=as_json)


def written(tmp_path: Path, text: str = POLICY) -> list[Source]:
    (tmp_path / "hr.yaml").write_bytes(text.encode())
    return read_sources([tmp_path / "hr.yaml"])


async def test_a_finding_is_said_to_be_false_and_taken_back(capsys: pytest.CaptureFixture[str]) -> None:
    desk: Any = Officers("acme")
    named = ("--exchange", "e1", "--entity", "PERSON", "--value", VALUE)
    for words in (named, (*named, "--withdraw")):
        assert await feedback.act(desk, arguments(*words)) == 0

    finding = {"exchange": "e1", "entity": "PERSON", "value": VALUE}
    assert desk.said == [{**finding, "withdrawn": False}, {**finding, "withdrawn": True}]
    assert capsys.readouterr().out.splitlines()[-1] == "taken back"


@pytest.mark.parametrize(
    ("words", "missing"),
    [(("--exchange", "e1"), "--entity, --value"), (("--value", VALUE), "--exchange"), (("--withdraw",), "--withdraw")],
)
async def test_a_finding_is_named_whole(words: tuple[str, ...], missing: str) -> None:
    desk: Any = Officers("acme")
    with pytest.raises(ProtocolError) as raised:
        await feedback.act(desk, arguments(*words))

    assert raised.value.detail.startswith(missing)
    assert desk.said == []


async def test_what_was_said_is_listed_with_the_policies_it_is_about(capsys: pytest.CaptureFixture[str]) -> None:
    desk: Any = Officers("acme", proposal(("hr", True), ("floor", False)), proposal(value="\x1b[2J"))
    await feedback.act(desk, arguments())
    shown = capsys.readouterr().out
    assert f"{VALUE}" in shown
    assert "hr, floor (platform)" in shown
    assert "\x1b" not in shown

    await feedback.act(desk, arguments(as_json=True))
    assert json.loads(capsys.readouterr().out)[0] == desk.proposals[0]


@pytest.mark.parametrize(
    ("scope", "own", "writes"), [("acme", True, True), ("acme", False, False), (PLATFORM, False, True)]
)
async def test_what_a_scope_s_own_policies_do_is_written_into_their_files(
    tmp_path: Path, scope: str, own: bool, writes: bool
) -> None:
    desk: Any = Officers(scope, proposal(("hr", own)))
    changed = await feedback.amend(desk, written(tmp_path))

    text = (tmp_path / "hr.yaml").read_text()
    assert (VALUE in text) is writes
    assert (text != POLICY) is writes
    assert changed == [str(tmp_path / "hr.yaml")] * writes


async def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    desk: Any = Officers("acme", proposal(("hr", True)))
    await feedback.amend(desk, written(tmp_path, POLICY.replace("\n", "\r\n")))

    raw = (tmp_path / "hr.yaml").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n") == 9


async def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    desk: Any = Officers("acme", proposal(("hr", True)))
    (gone,) = written(tmp_path)
    (tmp_path / "hr.yaml").unlink()
    (tmp_path / "hr.yaml").mkdir()

    with pytest.raises(Misconfigured, match=r"hr\.yaml: "):
        await feedback.amend(desk, [gone])


async def test_what_was_written_meanwhile_stays(tmp_path: Path) -> None:
    desk: Any = Officers("acme", proposal(("hr", True), ("crm", True)))
    other = POLICY.replace("hr", "crm").replace("spec:\n", "spec:\n  match: {apps: [crm]}\n")
    (tmp_path / "crm.yaml").write_text(other)
    sources = read_sources([tmp_path / "crm.yaml"]) + written(tmp_path)
    (tmp_path / "hr.yaml").write_text(f"{POLICY}# by somebody else\n")

    with pytest.raises(ProtocolError, match=r"hr\.yaml has changed"):
        await feedback.amend(desk, sources)
    assert (tmp_path / "hr.yaml").read_text() == f"{POLICY}# by somebody else\n"
    assert (tmp_path / "crm.yaml").read_text() == other


async def test_a_link_stays_one_and_what_it_leads_to_is_written(tmp_path: Path) -> None:
    desk: Any = Officers("acme", proposal(("hr", True)))
    written(tmp_path)
    (tmp_path / "link.yaml").symlink_to(tmp_path / "hr.yaml")

    await feedback.amend(desk, read_sources([tmp_path / "link.yaml"]))

    assert (tmp_path / "link.yaml").is_symlink()
    assert VALUE in (tmp_path / "hr.yaml").read_text()
