from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from structlog.testing import capture_logs

from gateway import __version__
from gateway.cli import main as root
from gateway.cli.output import emit
from gateway.core import errors
from gateway.core.errors import GatewayError, Misconfigured, PolicyInvalid, Problem, ProtocolError, VerificationError

Act = Callable[[argparse.Namespace], int]
PROBLEM = Problem(file="policies/hr.yaml", line=14, column=7, code="CL1003", message="unknown key", source="  entites:")


@pytest.fixture
def cloister(monkeypatch: pytest.MonkeyPatch) -> Callable[[Act], int]:
    """Run ``cloister act``, where the act is the test's."""

    def run(act: Act) -> int:
        command = ModuleType("gateway.cli.act")

        def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
            commands.add_parser("act").set_defaults(run=act)

        command.add = add  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "gateway.cli.act", command)
        monkeypatch.setattr(root, "COMMANDS", ("act",))
        return root.main(["act"])

    return run


def failing(error: BaseException) -> Act:
    def act(args: argparse.Namespace) -> int:
        raise error

    return act


@pytest.mark.parametrize("code", [0, 1, 3])
def test_a_command_answers_with_its_code(cloister: Callable[[Act], int], code: int) -> None:
    assert cloister(lambda _: code) == code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.NotFound(), 1),
        (errors.RequestBlocked({"US_SSN": 1}), 1),
        (VerificationError("seq 3"), 1),
        (errors.ProtocolError("limit"), 2),
        (PolicyInvalid((PROBLEM,)), 2),
        (errors.PolicyConflict("version 3"), 3),
        (errors.DatabaseUnavailable(), 69),
        (errors.AuditUnavailable(), 69),
        (errors.BackendTimeout(), 69),
        (Misconfigured("keys.path"), 78),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_class_of_an_error_decides_the_code(
    cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str], error: GatewayError, code: int
) -> None:
    assert cloister(failing(error)) == code

    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


def test_an_error_is_one_line_with_the_mend(cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str]) -> None:
    cloister(failing(Misconfigured("database.url is not set.")))

    assert capsys.readouterr().err == "cloister: The configuration is unsafe or incomplete. database.url is not set.\n"


def test_the_field_that_is_concerned_is_named(
    cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cloister(failing(ProtocolError("This field is needed.", pointer="/messages/0\x1b[2J"))) == 2
    assert capsys.readouterr().err.endswith(" This field is needed. (/messages/0\\x1b[2J)\n")


def test_a_failed_verification_shows_its_evidence(
    cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str]
) -> None:
    cloister(failing(VerificationError("2 found.", evidence=("seq 3: hash differs", "seq 9: absent"))))

    assert capsys.readouterr().err.splitlines() == [
        "cloister: Verification failed. 2 found.",
        "  seq 3: hash differs",
        "  seq 9: absent",
    ]


def test_every_mistake_of_a_policy_stands_in_its_place(
    cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str]
) -> None:
    cloister(failing(PolicyInvalid((PROBLEM, PROBLEM))))

    assert capsys.readouterr().err.count("policies/hr.yaml:14:7: CL1003 unknown key") == 2


def test_an_interrupt_is_the_shells_130(cloister: Callable[[Act], int]) -> None:
    assert cloister(failing(KeyboardInterrupt())) == 130


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nobody read standard output."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        yield


def refuted(args: argparse.Namespace) -> int:
    """Print what was found, then say that it does not hold."""
    emit(argparse.Namespace(json=True), ["x" * 100_000], str)
    return failing(VerificationError("1 found.", evidence=("seq 3: hash differs",)))(args)


@pytest.mark.usefixtures("unread")
def test_a_result_that_nobody_reads_leaves_the_answer(
    cloister: Callable[[Act], int], capfd: pytest.CaptureFixture[str]
) -> None:
    assert cloister(refuted) == 1
    assert "seq 3: hash differs" in capfd.readouterr().err


@pytest.mark.usefixtures("unread")
def test_work_that_was_cut_short_because_nobody_reads_is_the_shells_141(cloister: Callable[[Act], int]) -> None:
    assert cloister(failing(BrokenPipeError())) == 141
    print("nobody reads this", flush=True)


def test_a_mistake_of_its_own_is_one_line_without_its_text(
    cloister: Callable[[Act], int], capsys: pytest.CaptureFixture[str]
) -> None:
    with capture_logs() as lines:
        assert cloister(failing(ValueError("maria.gonzalez@corp.local"))) == 70

    assert capsys.readouterr() == ("", "cloister: The command failed by a mistake of its own (ValueError).\n")
    assert [line["event"] for line in lines] == ["command.failed"]


def test_a_mistake_is_logged_without_its_text_where_nothing_was_configured(root: Path) -> None:
    script = "from gateway.cli import main; main.parser = lambda _: 1 / 0; raise SystemExit(main.main([]))"

    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (70, "")
    assert "command.failed" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "division by zero" not in done.stderr


def test_an_argument_that_is_no_text_is_unusable(capsys: pytest.CaptureFixture[str]) -> None:
    assert root.main(["audit", "query", "--actor", "\udcff"]) == 2
    assert capsys.readouterr().err == "cloister: The request is not valid. An argument is not UTF-8.\n"


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        root.main(["--version"])

    assert raised.value.code == 0
    assert capsys.readouterr().out == f"cloister {__version__}\n"


@pytest.mark.parametrize("words", [[], ["nonsense"], ["--nonsense"]], ids=" ".join)
def test_unusable_words_are_exit_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        root.main(words)

    assert raised.value.code == 2


@pytest.mark.parametrize("name", root.COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        root.main([name, "--help"])

    assert raised.value.code == 0
    assert f"usage: cloister {name}" in capsys.readouterr().out
