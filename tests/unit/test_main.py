import runpy
import sys
from collections.abc import Sequence

import pytest

import gateway.cli.main


def test_the_module_is_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway.cli.main, "main", lambda: 42)
    monkeypatch.delitem(sys.modules, "gateway.__main__", raising=False)

    with pytest.raises(SystemExit) as raised:
        runpy.run_module("gateway", run_name="__main__")

    assert raised.value.code == 42


def test_the_installed_script_finds_the_same_function(monkeypatch: pytest.MonkeyPatch) -> None:
    from gateway.__main__ import main

    assert main is gateway.cli.main.main


def test_importing_it_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(argv: Sequence[str] | None = None) -> int:
        pytest.fail("a command ran")

    monkeypatch.setattr(gateway.cli.main, "main", refuse)
    monkeypatch.delitem(sys.modules, "gateway.__main__", raising=False)
    runpy.run_module("gateway.__main__", run_name="imported")
