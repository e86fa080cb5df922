"""Model servers that fail as real ones do: one that is killed, and what was recorded of one when it failed."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import pytest

from tests.doubles.protocols import BY_PATH, MODEL, PROTOCOLS
from tests.e2e.cases import UNAVAILABLE, Case, Make, ask, ask_all, closings
from tests.e2e.gateways import Gateway, running
from tests.e2e.misdeeds import pieces
from tests.waiting import until

pytestmark = pytest.mark.integration

GOOD: Final = b"HTTP/1.1 200"
MEANS: Final = {
    200: UNAVAILABLE,
    400: (400, "invalid_request"),
    401: UNAVAILABLE,
    404: (404, "not_found"),
    500: UNAVAILABLE,
}
"""What the gateway answers where a real server's status is this; 200 is that of a stream that broke."""


def test_a_backend_that_is_killed(root: Path, tmp_path: Path) -> None:
    socket = tmp_path / "mortal.sock"
    command = [sys.executable, "-m", "tests.doubles.stalling_backend", str(socket)]
    backends = json.dumps([{"name": "mortal", "uds": str(socket), "models": [MODEL]}])
    some = [
        Case(what="killed", protocol=protocol, streamed=streamed, make=lambda _: b"", expected=UNAVAILABLE)
        for protocol in PROTOCOLS
        for streamed in (False, True)
    ]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as mortal:
        until(socket.exists)
        with running(tmp_path, root, CLOISTER_BACKENDS=backends) as gateway, ThreadPoolExecutor(len(some)) as threads:
            asked = [threads.submit(ask, gateway, case) for case in some]
            assert mortal.stdout
            assert [mortal.stdout.readline() for _ in some] == ["begun\n"] * len(some)
            time.sleep(1)  # the heads of the answers have arrived by then
            mortal.kill()
            answers = [each.result(20) for each in asked]
            closed = closings(gateway)

    assert {answer.status for answer in answers if answer.case.streamed} == {200}
    assert {answer.status for answer in answers if not answer.case.streamed} <= {502, 503}
    assert [str(answer) for answer in answers if answer.case.protocol.ends in answer.body] == []
    assert {answer.told[1] for answer in answers} == {UNAVAILABLE[1]}
    assert all(b"Hello " in answer.body for answer in answers if answer.case.streamed)
    assert [[event["outcome"] for event in closed[answer.exchange]] for answer in answers] == [["failure"]] * 8


def recorded(wire: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name, path and answer of every recorded failure."""
    for file in sorted((wire / "E_killed_midstream").glob("*.resp")):
        path = next(p.path for p in PROTOCOLS if file.stem.startswith(p.path[1:].replace("/", "_")))
        yield file.stem, path, file.read_bytes()
    for file in sorted(wire.glob("*/*.req")):
        answer = file.with_suffix(".resp").read_bytes()
        method, path = file.read_bytes().decode("latin-1").split(" ")[:2]
        if method == "POST" and path in BY_PATH and not answer.startswith(GOOD):
            yield f"{file.parent.name}/{file.stem}", path, answer


def replayed(raw: bytes) -> Make:
    """Say what was recorded, byte by byte what it was, and close the connection."""
    return lambda _: pieces(raw, then=ConnectionAbortedError())


def cases_of(name: str, path: str, raw: bytes) -> Iterator[Case]:
    """Yield a request whose answer is what was recorded, whole and streamed; what broke was a stream."""
    begun, expected = raw.startswith(GOOD), MEANS[int(raw[9:12])]
    for streamed in (True,) if begun else (False, True):
        protocol, make = BY_PATH[path], replayed(raw)
        yield Case(what=name, protocol=protocol, streamed=streamed, make=make, expected=expected, begun=begun)


def test_what_a_real_server_said_when_it_failed(own_gateway: Gateway, shared: Path) -> None:
    found = list(recorded(shared / "vllm/wire"))
    words = {name: words_of(raw) for name, _, raw in found if not raw.startswith(GOOD)}

    answers = ask_all(own_gateway, [case for each in found for case in cases_of(*each)])

    print(f"\n{len(found)} recorded failures, {len(answers)} answers")
    assert len(found) > 40
    assert [str(answer) for answer in answers if answer.told != answer.case.expected] == []
    assert [str(answer) for answer in answers if answer.case.begun and answer.case.protocol.ends in answer.body] == []
    assert [
        str(answer) for answer in answers if any(word in answer.body for word in words.get(answer.case.what, ()))
    ] == []
    assert not any(b"EngineCore" in answer.body or b"pydantic" in answer.body for answer in answers)
    closed = closings(own_gateway)
    assert {tuple(event["outcome"] for event in closed[answer.exchange]) for answer in answers} == {("failure",)}


def words_of(raw: bytes) -> set[bytes]:
    """The sentences of a recorded error, as they would be repeated."""
    body = raw.partition(b"\r\n\r\n")[2]
    try:
        error = json.loads(body)
    except ValueError:
        return {body} - {b""}
    message = error.get("error", error) if isinstance(error, dict) else error
    text = message.get("message", message.get("detail", "")) if isinstance(message, dict) else message
    return {str(text).encode()} - {b""}
