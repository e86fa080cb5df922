"""Requests to a gateway whose backend does something to each, and what the client is told.

Law: every request names its case in its text, by which the backend knows what to do. Where there are many, something
good is asked before each, or the backend would be put out of use for failing in a row.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from gateway.forward.health import STRIKES
from tests.doubles.protocols import BY_PATH, MESSAGES, Protocol
from tests.doubles.recording_backend import Received, Reply, whole
from tests.e2e.gateways import Gateway

ADDRESS: Final = "qv7zk2xw.1@qv7zk2xw.example"
"""What every client says, and what a backend knows by its placeholder alone."""

PATIENCE: Final = {f"CLOISTER_LIMITS__BACKEND_{name}": "3.0" for name in ("FIRST_BYTE", "IDLE")}
"""Settings of a gateway: seconds for which its backend may be silent."""

UNAVAILABLE: Final = (502, "backend_unavailable")
WRONG: Final = (502, "backend_protocol_error")
SILENT: Final = (504, "backend_timeout")
GOOD: Final = (200, "")
"""What a client may be told: the status, and the code of the error."""

Make = Callable[[Protocol], Reply]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request, and what its backend does. expected: the status and the code of the error, "" for none."""

    what: str
    protocol: Protocol
    streamed: bool
    make: Make
    expected: tuple[int, str]
    begun: bool = False


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a client was told."""

    case: Case
    status: int
    exchange: str
    body: bytes

    @property
    def told(self) -> tuple[int, str]:
        """The status that the answer amounts to, and the code of its error; the status of a stream's is in its code."""
        code = code_of(self.case.protocol, self.body)
        late = {"backend_unavailable": 502, "backend_protocol_error": 502, "backend_timeout": 504}
        return (late.get(code, 200) if self.status == 200 else self.status), code

    def __str__(self) -> str:
        how = "streamed" if self.case.streamed else "whole"
        return f"{self.case.protocol.name}, {how}, {self.case.what}: {self.told}, expected {self.case.expected}"


def frames_in(body: bytes) -> list[bytes]:
    return [frame for frame in body.split(b"\n\n") if frame]


def code_of(protocol: Protocol, body: bytes) -> str:
    """Read the error of an answer, or of the last event of a stream, in the protocol's own shape; "" for none."""
    last = frames_in(body)[-1] if body else b""
    name, _, text = last.rpartition(b"data: ")
    try:
        error = json.loads(text or last)
    except ValueError:
        return ""
    match protocol.path, error:
        case "/v1/messages", {"type": "error", "error": {"type": str(), "message": str(), "code": str(code)}}:
            assert name in {b"", b"event: error\n"}
            return code
        case "/v1/responses", {"type": "error", "message": str(), "code": str(code), "sequence_number": int()}:
            assert name == b"event: error\n"
            return code
        case _, {"error": {"message": str(), "type": str(), "code": str(code)}} if protocol is not MESSAGES:
            return code
    return ""


DIGITS: Final = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def in_words(number: int) -> str:
    """A number that nobody takes for somebody's."""
    return " ".join(DIGITS[int(digit)] for digit in str(number))


def replying(numbered: dict[str, Make]) -> Callable[[Received], Reply]:
    """Answer each request as its number in the text asks for, and any other well."""

    def reply(request: Received) -> Reply:
        if request.method == "GET":
            return whole(b"", kind="text/plain")
        named = re.search(rb"Case ([a-z ]+)[.]", request.body)
        assert named, "every request says which it is"
        return numbered.get(named[1].decode(), fine)(BY_PATH[request.path])

    return reply


def fine(protocol: Protocol) -> Reply:
    """Answer as a good model server does."""
    return whole(protocol.whole("Hello"))


def ask(gateway: Gateway, case: Case, number: int = 0) -> Answer:
    text = f"Case {in_words(number)}. Write to {ADDRESS}, please."
    body = case.protocol.request(text, streamed=case.streamed)
    status, headers, said = gateway.call("POST", case.protocol.path, body)
    return Answer(case=case, status=status, exchange=headers["x-cloister-exchange"], body=said)


def ask_all(gateway: Gateway, some: Iterable[Case]) -> list[Answer]:
    """Ask for every case, and before each for something good."""
    numbered = dict(enumerate(some))
    gateway.backend.script = replying({in_words(number): case.make for number, case in numbered.items()})

    def asked(number: int) -> Answer:
        assert any(gateway.chat("Case good.")[0] == 200 for _ in range(5)), "the gateway has no backend any more"
        return ask(gateway, numbered[number], number)

    with ThreadPoolExecutor(STRIKES - 1) as threads:
        return list(threads.map(asked, numbered))


def closings(gateway: Gateway, *filters: str) -> dict[str, list[Any]]:
    """The ``exchange.close`` events, by their exchange."""
    queried = gateway.cloister("audit", "query", "--action", "exchange.close", "--limit", "10000", *filters, "--json")
    found: dict[str, list[Any]] = {}
    for event in json.loads(queried.stdout):
        found.setdefault(event["exchange"], []).append(event)
    return found
