"""A gateway that serves, its log checked by others meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from gateway.audit import offline
from gateway.audit.offline import VerifierKey
from tests.e2e.commands import asked, cloister
from tests.waiting import until

pytestmark = pytest.mark.integration


@pytest.fixture
def busy(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Somebody is served all the time."""
    monkeypatch.setenv("CLOISTER_HOME", str(gateway.home))
    over = Event()

    def ask() -> int:
        count = 0
        while not over.is_set():
            count += gateway.chat("My name is Maria Gonzalez.")[0] == 200
        return count

    with ThreadPoolExecutor(2) as pool:
        served = [pool.submit(ask) for _ in range(2)]
        yield
        over.set()
        assert all(each.result() for each in served)


def newest() -> int:
    note, key = asked("audit", "checkpoint").values()
    return offline.opened(note, VerifierKey.read(key)).size


def test_a_gateway_that_serves_seals_what_it_did(gateway: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOISTER_HOME", str(gateway.home))
    first = newest()
    for _ in range(3):
        assert gateway.chat("hello")[0] == 200

    until(lambda: newest() >= first + 6, 10)


@pytest.mark.usefixtures("busy")
def test_whoever_checks_a_log_while_it_grows_finds_it_right(tmp_path: Path) -> None:
    pin, key = tmp_path / "pin", str(asked("audit", "checkpoint")["key"])
    asked("audit", "pin", str(pin))
    for number in range(3):
        folder = tmp_path / f"export-{number}"
        told = asked("audit", "export", "--pin", str(pin), "-o", str(folder))

        assert told["to_seq"] <= told["of"]
        assert offline.verify(folder, VerifierKey.read(key), pin.read_text()).last == told["to_seq"]
        code, said = cloister("audit", "verify", "--tenant", "default", "--pin", str(pin))
        assert code == 0, said
        assert cloister("audit", "verify", str(folder), "--key", key, "--pin", str(pin))[0] == 0
        moved = asked("audit", "pin", str(pin))
        assert moved["size"] > moved["was"]
