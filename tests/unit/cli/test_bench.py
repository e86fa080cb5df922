import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from gateway.cli import bench
from gateway.cli.main import main
from gateway.core.errors import Misconfigured, ProtocolError
from tests.e2e.gateways import backend_at
from tests.waiting import until


def parsed(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench.add(parser.add_subparsers())
    return parser.parse_args(["bench", *options])


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[str]:
    place = tmp_path / "echo.sock"
    process = subprocess.Popen([sys.executable, "-m", "gateway.bench.backend", "--uds", place])
    until(place.exists)
    time.sleep(0.2)
    yield f"unix:{place}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def key(tmp_path: Path) -> str:
    (tmp_path / "key").write_text("k\n")
    return str(tmp_path / "key")


def test_both_sides_are_measured(echo: str, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    short = (
        "--url",
        echo,
        "--direct",
        echo,
        "--key-file",
        key,
        "--clients",
        "1,2",
        "--rounds",
        "1",
        "--seconds",
        "0.1",
    )
    args = parsed(*short, "--json")

    assert args.run(args) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(line["kind"], line["clients"], line["target"]) for line in report] == [
        (kind, clients, target)
        for kind in ("whole", "stream")
        for clients in (1, 2)
        for target in ("direct", "gateway")
    ]
    assert all(line["answers"] and line["p50"] <= line["p95"] <= line["p99"] for line in report)


def test_a_person_gets_a_table_and_a_failure_is_no(echo: str, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    args = parsed(
        *("--url", echo, "--key-file", key, "--clients", "1", "--rounds", "1", "--seconds", "0.1"),
        *("--only", "whole", "--model", "other"),
    )

    assert args.run(args) == 1
    assert "per s" in capsys.readouterr().out


def test_streams_are_compared_side_by_side(echo: str, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    short = ("--url", echo, "--direct", echo, "--key-file", key, "--clients", "1,3", "--rounds", "2")
    args = parsed("stream", *short, "--seconds", "0.1", "--chunks", "40", "--pid", str(os.getpid()), "--json")

    assert args.run(args) == 0
    report = json.loads(capsys.readouterr().out)
    assert [(side["streams"], side["target"]) for side in report["sides"]] == [
        (streams, target) for streams in (1, 3) for target in ("direct", "gateway")
    ]
    assert all(side["chunks"] == side["answers"] * 42 > 0 for side in report["sides"])
    assert all(0 < side["first_p50"] <= side["first_p95"] for side in report["sides"])
    assert [line["figure"] for line in report["compared"]][:2] == ["first_p50", "first_p95"]
    spent = [line for line in report["compared"] if line["figure"] == "processor"]
    assert all(line["gateway"] > 0 and line["direct"] is None for line in spent)
    assert all(line["ratio"] > 0 for line in report["compared"] if line not in spent)


def test_a_person_gets_two_tables_of_streams(echo: str, key: str, capsys: pytest.CaptureFixture[str]) -> None:
    args = parsed(
        *("stream", "--url", echo, "--direct", echo, "--key-file", key),
        *("--clients", "1", "--rounds", "1", "--seconds", "0.1", "--model", "other"),
    )

    assert args.run(args) == 1
    shown = capsys.readouterr().out
    assert all(word in shown for word in ("first text, median", "time per chunk", "ratio", "truncated"))


def test_a_truncated_stream_is_no(
    tmp_path: Path, key: str, wire: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with backend_at(tmp_path / "backend.sock") as backend:
        backend.script = lambda request: wire.stream(wire.events("one", "two", done=False))
        place = f"unix:{backend.uds}"
        args = parsed(
            *("stream", "--url", place, "--direct", place, "--key-file", key),
            *("--clients", "1", "--rounds", "1", "--seconds", "0.1", "--json"),
        )

        assert args.run(args) == 1
    sides = json.loads(capsys.readouterr().out)["sides"]
    assert all(side["truncated"] == side["failures"] > 0 == side["answers"] for side in sides)


def test_streams_are_compared_with_something(echo: str, key: str) -> None:
    alone = ("stream", "--url", echo, "--key-file", key)
    with pytest.raises(Misconfigured, match="--direct"):
        parsed(*alone).run(parsed(*alone))
    args = parsed(*alone, "--direct", echo, "--only", "whole")
    with pytest.raises(ProtocolError, match="--only"):
        args.run(args)


@pytest.mark.parametrize("options", [(), ("--url", "http://h"), ("--url", "http://h", "--key-file", "/nonexistent")])
def test_what_is_missing_is_said(options: tuple[str, ...]) -> None:
    args = parsed(*options)
    with pytest.raises(Misconfigured):
        args.run(args)


def test_a_prompt_that_cannot_be_read_is_named(echo: str, key: str, tmp_path: Path) -> None:
    args = parsed("--url", echo, "--key-file", key, "--prompt-file", str(tmp_path / "none"))

    with pytest.raises(Misconfigured, match="none: the prompt cannot be read"):
        args.run(args)


@pytest.mark.parametrize(
    "words", [("--rounds", "0"), ("--clients", "4,0"), ("--seconds", "-1"), ("--seconds", "nan"), ("--chunks", "0")]
)
def test_what_would_measure_nothing_is_refused(words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["bench", *words])

    assert raised.value.code == 2
