from __future__ import annotations

import argparse
import json
from pathlib import Path

import pytest

from gateway.cli.options import at_least, deliver, measurement
from gateway.core.errors import Misconfigured


def args(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    measurement(parser, seeded="it")
    return parser.parse_args(words)


@pytest.mark.parametrize(("least", "text"), [(0, "0"), (1, "1"), (1, "27")])
def test_a_number_that_is_enough(least: int, text: str) -> None:
    assert at_least(least)(text) == int(text)


@pytest.mark.parametrize(("least", "text"), [(0, "-1"), (1, "0")])
def test_a_number_that_is_too_small(least: int, text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"at least {least}"):
        at_least(least)(text)


def test_what_every_measurement_is_told() -> None:
    assert vars(args()) == {"config": None, "policy": "", "seed": 1, "format": "md", "output": None}
    assert args("--json") == args("--format", "json")


def test_people_get_it_laid_out(capsys: pytest.CaptureFixture[str]) -> None:
    deliver(args(), lambda: "# Zoë\n\n", pytest.fail)

    assert capsys.readouterr().out == "# Zoë\n"


def test_machines_get_one_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    deliver(args("--json"), pytest.fail, lambda: {"name": "Zoë"})

    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert "Zoë" in out
    assert json.loads(out) == {"name": "Zoë"}


def test_a_file_gets_it_instead(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "r.md"
    deliver(args("--output", str(file)), lambda: "# Zoë\n", pytest.fail)

    assert file.read_text(encoding="utf-8") == "# Zoë\n"
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "r.md"

    with pytest.raises(Misconfigured, match="nowhere"):
        deliver(args("--output", str(file)), lambda: "", pytest.fail)
