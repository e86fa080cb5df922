"""Whatever a model server does, the client gets its protocol's own error, and nobody gets anything else.

A gateway stands before a backend that breaks off, falls silent, never ends, says what is no answer, or speaks oddly, at
every endpoint that generates, whole and streamed. Everything is sent once; then the answers, the log, the audit and the
memory are looked at.
"""

from __future__ import annotations

import asyncio
import gzip
import http.client
import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from gateway.forward.health import STRIKES
from tests.doubles.protocols import COMPLETIONS, MESSAGES, MODEL, PROTOCOLS, RESPONSES, Protocol, framed
from tests.doubles.recording_backend import Die, Received, Reply, chunk, head, whole
from tests.e2e.gateways import Gateway, processes, running

pytestmark = pytest.mark.integration

ADDRESS: Final = "qv7zk2xw.1@qv7zk2xw.example"
CORE: Final = b"qv7zk2xw"
HARM: Final = "qharm7zk <EMAIL_ADDRESS_1>"
"""What a backend says where it should not: a word of its own, and the placeholder of the client's value."""

MORTAL: Final = "mortal"
"""The model of a backend in a process of its own."""

SILENCE: Final = 3.0
"""Seconds for which a backend may be silent."""

ENDLESS: Final = 1 << 30
MOST_READ: Final = 24 << 20
"""Bytes that a backend would say, and that it may get rid of: what is read, and what lies in buffers."""

MOST_GROWTH: Final = 96
"""MiB by which the gateway may grow meanwhile."""

UNAVAILABLE: Final = (502, "backend_unavailable")
WRONG: Final = (502, "backend_protocol_error")
SILENT: Final = (504, "backend_timeout")
GOOD: Final = (200, "")

Make = Callable[[Protocol], Reply]


@dataclass
class Sent:
    """How many bytes an endless backend got rid of."""

    most: int = 0


SENT: Final = Sent()


@dataclass(frozen=True, kw_only=True)
class Case:
    """One request, and what its backend does. expected: the status and the code of the error, "" for none."""

    what: str
    protocol: Protocol
    streamed: bool
    make: Make
    expected: tuple[int, str]
    begun: bool = False


# What a backend may do before its answer, or in the middle of a whole one. Of a bad chunk the HTTP library tells nobody
# who waits for the next good one, so it is silence


async def pieces(
    *said: bytes, then: BaseException | None = None, hang: bool = False, pause: float = 0
) -> AsyncIterator[bytes]:
    """Say something, and then break off, fall silent or end. pause: seconds before each piece."""
    for piece in said:
        await asyncio.sleep(pause)
        yield piece
    if hang:
        await asyncio.Event().wait()
    if then:
        raise then


async def endless(begin: bytes, piece: bytes, *, chunked: bool = True) -> AsyncIterator[bytes]:
    """Say the same again and again, a gigabyte of it, and note how much of that was taken."""
    yield begin
    for said in range(0, ENDLESS, len(piece)):
        SENT.most = max(SENT.most, said)
        yield chunk(piece) if chunked else piece


def spoken(protocol: Protocol, body: bytes | None = None, **headers: str) -> bytes:
    """An answer in one piece, good where no body is given."""
    said = json.dumps(protocol.whole("Hello")).encode() if body is None else body
    return whole(said, **headers)


LENGTH: Final = head(200, content_length="1000") + b"\r\n"
CHUNKED: Final = head(200, transfer_encoding="chunked") + b"\r\n"
EVENTS: Final = head(200, "text/event-stream", transfer_encoding="chunked") + b"\r\n"
LONG: Final = b"x" * 65_536

AT_ONCE: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset before its head": (lambda _: pieces(then=Die()), UNAVAILABLE),
    "closed before its head": (lambda _: pieces(then=ConnectionAbortedError()), UNAVAILABLE),
    "closed in its head": (lambda _: pieces(b"HTTP/1.1 200 OK\r\ncont", then=ConnectionAbortedError()), UNAVAILABLE),
    "silent": (lambda _: pieces(hang=True), SILENT),
    "silent in its head": (lambda _: pieces(b"HTTP/1.1 200 OK\r\ncont", hang=True), SILENT),
    "no HTTP": (lambda _: pieces(f"{HARM}\r\n\r\n".encode(), then=Die()), WRONG),
    "a line of its head without end": (lambda _: endless(b"HTTP/1.1 200 OK\r\nx: ", LONG, chunked=False), WRONG),
    "a head without end": (lambda _: endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 9000, chunked=False), WRONG),
    "a redirect": (lambda _: whole({"x": HARM}, status=302, location=f"http://{ADDRESS}/"), WRONG),
    "compressed": (lambda p: spoken(p, gzip.compress(HARM.encode()), content_encoding="gzip"), WRONG),
    "of another kind": (lambda p: spoken(p, HARM.encode(), kind="text/html"), WRONG),
    "an unknown status": (lambda p: spoken(p, HARM.encode(), status=299), WRONG),
    "an error of another shape": (lambda p: spoken(p, HARM.encode(), status=500), UNAVAILABLE),
}
IN_A_BODY: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset in its body": (lambda _: pieces(LENGTH + HARM.encode(), then=Die()), UNAVAILABLE),
    "closed in its body": (lambda _: pieces(LENGTH + HARM.encode(), then=ConnectionAbortedError()), UNAVAILABLE),
    "silent in its body": (lambda _: pieces(LENGTH + HARM.encode(), hang=True), SILENT),
    "a bad chunk": (lambda _: pieces(CHUNKED, b"zz\r\n" + HARM.encode() + b"\r\n", then=Die(), pause=0.1), SILENT),
    "a body without end": (lambda _: endless(CHUNKED, LONG), WRONG),
    "too long by its own account": (lambda _: pieces(head(200, content_length="1073741824") + b"\r\n"), WRONG),
    "no JSON": (lambda p: spoken(p, HARM.encode()), WRONG),
    "no body": (lambda p: spoken(p, b""), WRONG),
    "JSON of another shape": (lambda p: spoken(p, json.dumps([{"choices": HARM}]).encode()), WRONG),
    "parts of another shape": (
        lambda p: spoken(p, json.dumps(dict.fromkeys(("choices", "output", "content"), HARM)).encode()),
        WRONG,
    ),
    "NUL in a string": (lambda p: spoken(p, json.dumps(p.whole("A")).encode().replace(b"A", b"\0")), WRONG),
    "not UTF-8": (lambda p: spoken(p, json.dumps(p.whole("A")).encode().replace(b"A", b"\xc3")), WRONG),
    "a byte order mark": (lambda p: spoken(p, b"\xef\xbb\xbf" + json.dumps(p.whole("A")).encode()), WRONG),
    "more after its end": (lambda p: spoken(p, json.dumps(p.whole("A")).encode() + b'{"x":1}'), WRONG),
    "a stream nobody asked for": (lambda p: pieces(EVENTS, *map(chunk, framed(p.events("A")))), WRONG),
    "words nobody asked for": (lambda p: spoken(p, json.dumps({**p.whole("Hello"), "x": HARM}).encode()), GOOD),
}

# What it may do in the middle of a stream


def begun(protocol: Protocol) -> list[bytes]:
    """The chunks of a stream up to its first text."""
    events = protocol.events("Hello ", "there")
    first = next(at for at, event in enumerate(events) if "Hello " in str(event)) + 1
    return [EVENTS, *map(chunk, framed(events[:first]))]


def going_on(*said: bytes, then: BaseException | None = None, hang: bool = False) -> Make:
    """Go on after the first text with chunks that are no good."""
    return lambda protocol: pieces(*begun(protocol), *map(chunk, said), then=then, hang=hang)


def data(text: str | bytes) -> bytes:
    return b"data: " + (text if isinstance(text, bytes) else text.encode()) + b"\n\n"


def strange(protocol: Protocol) -> Reply:
    """Events of another protocol."""
    other = COMPLETIONS if protocol in (MESSAGES, RESPONSES) else MESSAGES
    return pieces(*begun(protocol), *map(chunk, framed(other.events(HARM))), chunk(b""))


def unended(protocol: Protocol) -> Reply:
    """All of a stream but what says that it has ended well."""
    return pieces(*begun(protocol), *map(chunk, framed(protocol.events("A")[1:-1])), chunk(b""))


IN_A_STREAM: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset": (going_on(then=Die()), UNAVAILABLE),
    "closed": (going_on(then=ConnectionAbortedError()), UNAVAILABLE),
    "closed in an event": (going_on(f'data: {{"x": "{HARM}'.encode(), then=ConnectionAbortedError()), UNAVAILABLE),
    "silent": (going_on(hang=True), SILENT),
    "over before its end": (unended, UNAVAILABLE),
    "over in a character": (going_on(data("é")[:-3], b""), UNAVAILABLE),
    "no JSON": (going_on(data(HARM)), WRONG),
    "JSON of another shape": (going_on(data(json.dumps([HARM]))), WRONG),
    "parts of another shape": (going_on(data(json.dumps({"type": HARM, "choices": HARM}))), WRONG),
    "an error": (going_on(data(json.dumps({"error": {"message": HARM}})), data("[DONE]"), b""), UNAVAILABLE),
    "of another protocol": (strange, WRONG),
    "NUL in its data": (going_on(data(f'{{"x": "\0 {HARM}"}}')), WRONG),
    "not UTF-8": (going_on(data(b'{"x": "\xc3 ' + HARM.encode() + b'"}')), WRONG),
    "a line without end": (lambda p: endless(b"".join([*begun(p), chunk(b"data: ")]), LONG), WRONG),
    "an event without end": (lambda p: endless(b"".join(begun(p)), b"data: xy\n" * 8000), WRONG),
    "a field without end": (lambda p: endless(b"".join(begun(p)), LONG), WRONG),
    "a bad chunk": (
        lambda p: pieces(*begun(p), b"zz\r\n" + data(HARM) + b"\r\n", then=ConnectionAbortedError(), pause=0.1),
        SILENT,
    ),
}

# How it may speak, oddly but well


def told(protocol: Protocol, change: Callable[[bytes], bytes], *after: bytes, size: int = 0) -> Reply:
    """A good stream, changed, in chunks of its frames or of so many bytes."""
    raw = change(b"".join(framed(protocol.events("Hello ", "thére", " <EMAIL_ADDRESS_1>"))))
    cut = [raw[at : at + size] for at in range(0, len(raw), size)] if size else [raw]
    return pieces(EVENTS, *map(chunk, (*cut, *after)), chunk(b""))


INJECTED: Final = f"id: {HARM}\nretry: 1\nevent: {HARM}\n: {HARM}\nx\0{HARM}\n".encode()
ODDLY: Final[dict[str, Make]] = {
    "CR": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r")),
    "CR, byte by byte": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r"), size=1),
    "CRLF, byte by byte": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r\n"), size=1),
    "byte by byte": lambda p: told(p, lambda raw: raw, size=1),
    "a byte order mark": lambda p: told(p, lambda raw: b"\xef\xbb\xbf" + raw),
    "other fields": lambda p: told(p, lambda raw: raw.replace(b"data: ", INJECTED + b"data: ")),
    "more after its end": lambda p: told(p, lambda raw: raw, data(HARM), INJECTED, *framed(p.events(HARM))),
}


def cases() -> Iterator[Case]:
    for protocol in PROTOCOLS:
        for streamed in (False, True):
            for what, (make, expected) in AT_ONCE.items():
                yield Case(what=what, protocol=protocol, streamed=streamed, make=make, expected=expected)
        for what, (make, expected) in IN_A_BODY.items():
            yield Case(what=what, protocol=protocol, streamed=False, make=make, expected=expected)
        for what, (make, expected) in IN_A_STREAM.items():
            yield Case(what=what, protocol=protocol, streamed=True, make=make, expected=expected, begun=True)
        for what, make in ODDLY.items():
            yield Case(what=what, protocol=protocol, streamed=True, make=make, expected=GOOD)


# Sending


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


@dataclass
class Sweep:
    """Everything that was sent, and what is left of it. grown: in MiB."""

    answers: list[Answer] = field(default_factory=list)
    closed: dict[str, list[Any]] = field(default_factory=dict)
    log: str = ""
    grown: float = 0.0


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
        protocol = next(protocol for protocol in PROTOCOLS if protocol.path == request.path)
        return numbered.get(named[1].decode(), fine)(protocol)

    return reply


def fine(protocol: Protocol) -> Reply:
    """Answer as a good model server does."""
    return spoken(protocol, json.dumps(protocol.whole("Hello")).encode())


def ask(gateway: Gateway, case: Case, number: int, model: str = MODEL) -> Answer:
    """Ask for a case; before it for something good, or the backend would be put out of use for failing in a row."""
    if model == MODEL:
        assert any(gateway.chat("Case good.")[0] == 200 for _ in range(5)), "the gateway has no backend any more"
    text = f"Case {in_words(number)}. Write to {ADDRESS}, please."
    body = case.protocol.request(text, streamed=case.streamed) | {"model": model}
    status, headers, said = gateway.call("POST", case.protocol.path, body)
    return Answer(case=case, status=status, exchange=headers["x-cloister-exchange"], body=said)


def ask_all(gateway: Gateway, some: Iterable[Case]) -> list[Answer]:
    numbered = dict(enumerate(some))
    gateway.backend.script = replying({in_words(number): case.make for number, case in numbered.items()})
    with ThreadPoolExecutor(STRIKES - 1) as threads:
        return list(threads.map(lambda item: ask(gateway, item[1], item[0]), numbered.items()))


def highest(gateway: Gateway) -> float:
    """The most memory that the gateway's own processes ever held, in MiB."""
    return sum(most_held(pid) for pid in processes(gateway, "-m gateway serve") if pid)


def most_held(pid: int) -> float:
    held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert held
    return int(held[1]) / 1024


def closings(gateway: Gateway) -> dict[str, list[Any]]:
    """The ``exchange.close`` events, by their exchange."""
    queried = gateway.cloister("audit", "query", "--action", "exchange.close", "--limit", "10000", "--json")
    found: dict[str, list[Any]] = {}
    for event in json.loads(queried.stdout):
        found.setdefault(event["exchange"], []).append(event)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def mortal(root: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A backend that begins to answer and never goes on."""
    command = [sys.executable, "-m", "tests.doubles.stalling_backend", str(folder / "mortal.sock")]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        eventually((folder / "mortal.sock").exists)
        yield process
        process.kill()


@pytest.fixture(scope="module")
def hostile(root: Path, folder: Path, mortal: subprocess.Popen[str]) -> Iterator[Gateway]:
    """A gateway of little patience, before a backend that does harm and one that can be killed."""
    described = [
        {"name": "recording", "uds": str(folder / "backend.sock"), "models": [MODEL]},
        {"name": "mortal", "uds": str(folder / "mortal.sock"), "models": [MORTAL]},
    ]
    limits = {f"CLOISTER_LIMITS__BACKEND_{name}": str(SILENCE) for name in ("FIRST_BYTE", "IDLE")}
    with running(folder, root, CLOISTER_BACKENDS=json.dumps(described), **limits) as gateway:
        yield gateway


@pytest.fixture(scope="module")
def sweep(hostile: Gateway) -> Sweep:
    made, some = Sweep(), list(cases())
    good = [case for case in some if case.expected == GOOD]
    ask_all(hostile, good)
    before = highest(hostile)
    made.answers = ask_all(hostile, some)
    made.grown = highest(hostile) - before
    made.closed = closings(hostile)
    made.log = hostile.log()
    return made


# What it must come to


def test_every_failure_has_the_documented_answer(sweep: Sweep) -> None:
    assert [str(answer) for answer in sweep.answers if answer.told != answer.case.expected] == []
    assert len(sweep.answers) > 200
    print(f"\n{len(sweep.answers)} answers, {dict(Counter(answer.told[1] or 'good' for answer in sweep.answers))}")


def test_a_stream_that_broke_says_so_last_and_does_not_end_well(sweep: Sweep) -> None:
    broken = [answer for answer in sweep.answers if answer.case.begun]

    assert [str(answer) for answer in broken if answer.status != 200 or b"Hello " not in answer.body] == []
    assert [str(answer) for answer in broken if answer.case.protocol.ends in answer.body] == []


def test_what_is_said_oddly_is_read_and_written_plainly(sweep: Sweep) -> None:
    good = [answer for answer in sweep.answers if answer.case.what in ODDLY and answer.case.expected == GOOD]
    lines = {line.partition(b":")[0] for answer in good for line in answer.body.split(b"\n")}

    assert [str(answer) for answer in good if answer.body.count(answer.case.protocol.ends) == 0] == []
    assert [str(answer) for answer in good if said_in(answer) != f"Hello thére {ADDRESS}"] == []
    assert lines == {b"", b"data", b"event"}


def said_in(answer: Answer) -> str:
    """Join the deltas of a stream."""
    texts = []
    for frame in frames_in(answer.body):
        event = frame.rpartition(b"data: ")[2]
        found = json.loads(event) if event.startswith(b"{") else {}
        match found:
            case {"choices": [{"delta": {"content": str(text)}}]} | {"choices": [{"text": str(text)}]}:
                texts.append(text)
            case {"type": "response.output_text.delta", "delta": str(text)}:
                texts.append(text)
            case {"type": "content_block_delta", "delta": {"text": str(text)}}:
                texts.append(text)
    return "".join(texts)


def test_no_value_comes_back_in_a_failure_and_none_is_logged(sweep: Sweep) -> None:
    word = HARM.split()[0].encode()
    failed = [answer for answer in sweep.answers if answer.case.expected != GOOD]

    assert [str(answer) for answer in failed if CORE in answer.body] == []
    assert [str(answer) for answer in sweep.answers if word in answer.body] == []
    assert CORE not in sweep.log.encode()
    assert word not in sweep.log.encode()


def test_every_exchange_is_closed_once_as_what_it_was(sweep: Sweep) -> None:
    wrong = []
    for answer in sweep.answers:
        closed = sweep.closed.get(answer.exchange, [])
        expected = ["success"] if answer.case.expected == GOOD else ["failure"]
        if [event["outcome"] for event in closed] != expected:
            wrong.append(f"{answer}: {closed}")
    assert wrong == []


def test_what_never_ends_is_neither_read_nor_kept(sweep: Sweep) -> None:
    print(f"\nat most {SENT.most / (1 << 20):.1f} MiB of an answer without end taken, {sweep.grown:.1f} MiB grown")

    assert SENT.most < MOST_READ
    assert sweep.grown < MOST_GROWTH


# A process that is killed


def test_a_backend_that_is_killed(hostile: Gateway, mortal: subprocess.Popen[str]) -> None:
    hostile.backend.script = None
    some = [
        Case(what="killed", protocol=protocol, streamed=streamed, make=lambda _: b"", expected=UNAVAILABLE)
        for protocol in PROTOCOLS
        for streamed in (False, True)
    ]
    with ThreadPoolExecutor(len(some)) as threads:
        asked = [threads.submit(ask, hostile, case, 0, MORTAL) for case in some]
        assert mortal.stdout
        assert [mortal.stdout.readline() for _ in some] == ["begun\n"] * len(some)
        time.sleep(1)  # the heads of the answers have arrived by then
        mortal.kill()
        answers = [each.result(20) for each in asked]

    assert {answer.status for answer in answers if answer.case.streamed} == {200}
    assert {answer.status for answer in answers if not answer.case.streamed} <= {502, 503}
    assert [str(answer) for answer in answers if answer.case.protocol.ends in answer.body] == []
    assert {answer.told[1] for answer in answers} == {UNAVAILABLE[1]}
    assert all(b"Hello " in answer.body for answer in answers if answer.case.streamed)
    closed = closings(hostile)
    assert [[event["outcome"] for event in closed[answer.exchange]] for answer in answers] == [["failure"]] * 8


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


# What a real server said when it failed


def recorded(wire: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield the name, path and answer of every recorded failure."""
    for file in sorted((wire / "E_killed_midstream").glob("*.resp")):
        path = next(p.path for p in PROTOCOLS if file.stem.startswith(p.path[1:].replace("/", "_")))
        yield file.stem, path, file.read_bytes()
    for file in sorted(wire.glob("*/*.req")):
        answer = file.with_suffix(".resp").read_bytes()
        method, path = file.read_bytes().decode("latin-1").split(" ")[:2]
        if (
            method == "POST"
            and path in {protocol.path for protocol in PROTOCOLS}
            and not answer.startswith(b"HTTP/1.1 200")
        ):
            yield f"{file.parent.name}/{file.stem}", path, answer


def replayed(raw: bytes) -> Make:
    """Say what was recorded, byte by byte what it was, and close the connection."""
    return lambda _: pieces(raw, then=ConnectionAbortedError())


MEANS: Final = {400: (400, "invalid_request"), 401: UNAVAILABLE, 404: (404, "not_found"), 500: UNAVAILABLE}
"""What the gateway answers where a real server's status is this; 200 is that of a stream that broke."""


def test_what_a_real_server_said_when_it_failed(hostile: Gateway, shared: Path) -> None:
    found = list(recorded(shared / "vllm/wire"))
    by_path = {protocol.path: protocol for protocol in PROTOCOLS}
    some, own = [], []
    for name, path, raw in found:
        status = int(raw[9:12])
        make = replayed(raw)
        begins = status == 200
        for streamed in (True,) if begins else (False, True):
            protocol = by_path[path]
            expected = UNAVAILABLE if begins else MEANS[status]
            some.append(
                Case(what=name, protocol=protocol, streamed=streamed, make=make, expected=expected, begun=begins)
            )
            own.append(words_of(raw) if not begins else set())

    answers = ask_all(hostile, some)

    print(f"\n{len(found)} recorded failures, {len(answers)} answers")
    assert len(found) > 40
    assert [str(answer) for answer in answers if answer.told != answer.case.expected] == []
    assert [str(answer) for answer in answers if answer.case.begun and answer.case.protocol.ends in answer.body] == []
    assert [str(a) for a, words in zip(answers, own, strict=True) if any(word in a.body for word in words)] == []
    assert not any(b"EngineCore" in answer.body or b"pydantic" in answer.body for answer in answers)
    closed = closings(hostile)
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


# A client that leaves


def left(gateway: Gateway, protocol: Protocol, *, streamed: bool) -> float:
    """Ask, leave before the answer or in the middle of it, and return the seconds until the backend saw that."""
    backend = gateway.backend
    before = len(backend.received)
    backend.gone.clear()
    said = begun(protocol) if streamed else []
    backend.script = replying({"zero": lambda _: pieces(*said, hang=True)})
    body = json.dumps(protocol.request(f"Case zero. {ADDRESS}", streamed=streamed)).encode()
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=10)
    key = {"authorization": f"Bearer {gateway.keys['app']}", "content-type": "application/json"}
    connection.request("POST", protocol.path, body, key)
    if streamed:
        answer = connection.getresponse()
        assert answer.read(10)
        answer.close()
    eventually(lambda: len(backend.received) > before)
    connection.close()
    began = time.monotonic()
    eventually(backend.gone.is_set)
    return time.monotonic() - began


def test_a_client_that_leaves_is_left_within_a_second(hostile: Gateway) -> None:
    before = gone(hostile)
    seconds = [left(hostile, protocol, streamed=streamed) for protocol in PROTOCOLS for streamed in (False, True)]

    print(f"\nthe backend saw it after at most {max(seconds) * 1000:.0f} ms")
    assert sorted(seconds)[len(seconds) // 2] < 1
    assert max(seconds) < 5
    eventually(lambda: gone(hostile) == before + len(seconds))


def gone(gateway: Gateway) -> int:
    """Count the exchanges that were closed because their client had left."""
    events = [event for closed in closings(gateway).values() for event in closed]
    return sum((event["outcome"], event["details"].get("reason")) == ("failure", "client_gone") for event in events)
