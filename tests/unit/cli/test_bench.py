import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.cli import bench
from gateway.cli.main import main
from gateway.core.errors import Misconfigured


def parsed(*options: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    bench.add(parser.add_subparsers())
    return parser.parse_args(["bench", *options])


@pytest.fixture
def echo(tmp_path: Path) -> Iterator[str]:
    place = tmp_path / "echo.sock"
    process = subprocess.Popen([sys.executable, "-m", "gateway.bench.backend", "--uds", place])
    deadline = time.monotonic() + 20
    while not place.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
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


@pytest.mark.parametrize("options", [(), ("--url", "http://h"), ("--url", "http://h", "--key-file", "/nonexistent")])
def test_what_is_missing_is_said(options: tuple[str, ...]) -> None:
    args = parsed(*options)
    with pytest.raises(Misconfigured):
        args.run(args)


def test_a_prompt_that_cannot_be_read_is_named(echo: str, key: str, tmp_path: Path) -> None:
    args = parsed("--url", echo, "--key-file", key, "--prompt-file", str(tmp_path / "none"))

    with pytest.raises(Misconfigured, match="none: the prompt cannot be read"):
        args.run(args)


@pytest.mark.parametrize("words", [("--rounds", "0"), ("--clients", "4,0"), ("--seconds", "-1"), ("--seconds", "nan")])
def test_what_would_measure_nothing_is_refused(words: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["bench", *words])

    assert raised.value.code == 2
