"""What cannot be found, decided or recorded is not forwarded."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.db.embedded import EmbeddedPostgres
from tests.doubles.recording_backend import events, stream, whole
from tests.e2e.gateways import processes
from tests.waiting import until

pytestmark = pytest.mark.integration

PROMPT = "Write to Maria Gonzalez"
LIMIT = 3.0


def postmaster(gateway: Any) -> list[int]:
    return [pid for pid in processes(gateway, "postgres") if Path(f"/proc/{pid}/exe").resolve().name == "postgres"]


@contextmanager
def stopped(pids: list[int]) -> Iterator[None]:
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):  # a detector has been killed by now
                os.kill(pid, signal.SIGCONT)


def assert_refused(gateway: Any, code: str, **fields: Any) -> None:
    began = time.monotonic()
    status, headers, body = gateway.chat(PROMPT, **fields)

    assert (status, json.loads(body)["error"]["code"]) == (503, code)
    assert time.monotonic() - began < LIMIT
    assert int(headers["retry-after"]) > 0
    assert gateway.backend.received == []


def eventually_answers(gateway: Any) -> None:
    until(lambda: gateway.chat(PROMPT)[0] == 200)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_frozen_detector(own_gateway: Any, streamed: bool) -> None:
    with stopped(processes(own_gateway, "gateway.detect.worker")):
        assert_refused(own_gateway, "detection_unavailable", stream=streamed)

    eventually_answers(own_gateway)


def test_a_killed_detector(own_gateway: Any) -> None:
    for pid in processes(own_gateway, "gateway.detect.worker"):
        os.kill(pid, signal.SIGKILL)

    assert_refused(own_gateway, "detection_unavailable")
    eventually_answers(own_gateway)


@pytest.mark.parametrize("streamed", [False, True])
def test_a_frozen_database(own_gateway: Any, streamed: bool) -> None:
    with stopped(postmaster(own_gateway)):
        assert_refused(own_gateway, "audit_unavailable", stream=streamed)

    eventually_answers(own_gateway)
    time.sleep(0.5)
    own_gateway.cloister("audit", "verify")


def test_a_stopped_database(own_gateway: Any) -> None:
    with stopped(processes(own_gateway, "keeper.py")):
        for pid in postmaster(own_gateway):
            os.kill(pid, signal.SIGKILL)

        assert_refused(own_gateway, "audit_unavailable")

    eventually_answers(own_gateway)


def test_a_missing_policy(own_gateway: Any) -> None:
    asyncio.run(forget_policies(own_gateway))
    time.sleep(1.5)

    assert_refused(own_gateway, "policy_unavailable")


async def forget_policies(gateway: Any) -> None:
    with EmbeddedPostgres(gateway.home / "postgres") as server:
        connection = await asyncpg.connect(server.owner_url)
        for statement in (
            "ALTER TABLE cloister.policy_versions DISABLE ROW LEVEL SECURITY",
            "DELETE FROM cloister.policy_versions",
            "ALTER TABLE cloister.policy_versions ENABLE ROW LEVEL SECURITY",
            "UPDATE cloister.revisions SET value = value + 1",
        ):
            await connection.execute(statement)
        await connection.close()


@pytest.mark.parametrize("how", ["cut", "no end mark", "error event", "garbage"])
def test_a_stream_that_breaks_is_not_ended_well(gateway: Any, how: str) -> None:
    frames = events("Hello <PERSON", "_1>, how")[:3]
    broken: dict[str, Any] = {
        "cut": lambda: stream(frames, die=True),
        "no end mark": lambda: stream(frames),
        "error event": lambda: stream([*frames, b'data: {"error": {"message": "SECRET-OF-BACKEND", "code": 500}}\n\n']),
        "garbage": lambda: stream([*frames, b"data: {not json\n\n"]),
    }
    gateway.backend.script = lambda request: whole(b"", kind="text/plain") if request.method == "GET" else broken[how]()

    status, _, body = gateway.chat(PROMPT, stream=True)

    assert status == 200
    assert b"Hello " in body
    assert b"[DONE]" not in body
    last = body.strip().split(b"\n\n")[-1]
    assert json.loads(last.removeprefix(b"data: "))["error"]["code"] in {
        "backend_unavailable",
        "backend_protocol_error",
    }
    assert b"SECRET-OF-BACKEND" not in body
