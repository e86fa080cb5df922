"""The canary sweep: values that stand out, sent in every place and in every way, are nowhere but with their client.

Good, bad, odd and crashed requests carry an e-mail address, a secret, a person's name and a plain word. Afterwards
everything that the gateway has written is searched, in eight encodings, for what these values have in common. The
plain word is no personal data, so it may reach the backend, and nothing else.
"""

from __future__ import annotations

import asyncio
import base64
import http.client
import itertools
import json
import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest

from gateway.core.errors import ProtocolError
from gateway.db.embedded import EmbeddedPostgres
from gateway.identity import api_keys
from gateway.protocols import ChatLens
from tests.doubles.recording_backend import Received, completion, events, head, stream, whole
from tests.e2e.gateways import Gateway, running
from tests.waiting import until

pytestmark = pytest.mark.integration

NAME = "Ingrid Halvorsen"
PERSONAL = ("email", "secret", "name")
KEPT_BY_NOBODY = (*PERSONAL, "plain", "reply", "key")
KEY = "(key)"
INSIDE = "#"
"""In a place: the key itself, not what stands under it; and the JSON that a string holds."""

NUMBERS = itertools.count(10_000)
"""Beyond those of the places that canaries are planted in."""

Place = tuple[str | int, ...]


def core() -> str:
    """Letters that no pattern takes for a number of somebody's."""
    return "q" + "".join(secrets.choice("abcdefghijk") for _ in range(15))


@dataclass
class Sweep:
    """What was sent and what is left of it. cores: what all canaries of a kind have in common."""

    folder: Path
    cores: dict[str, str]
    answers: list[tuple[str, int, bytes]] = field(default_factory=list)
    forwarded: bytes = b""
    metrics: bytes = b""
    rows: bytes = b""
    data: Path = Path()

    def value(self, kind: str, number: int = 0) -> str:
        """A canary of a kind; the number tells where it was planted."""
        shared = self.cores[kind]
        match kind:
            case "email" | "model" | "reply":
                return f"{shared}.{number}@{shared}.example"
            case "secret":
                return f"sk-{shared}{number:05}"
            case "name":
                return NAME
            case _:
                return f"{shared}{number}"

    def sentence(self, number: int = 0) -> str:
        """A canary of each kind in one text."""
        email, secret, name, plain = (self.value(kind, number) for kind in (*PERSONAL, "plain"))
        return f"My name is {name}, {email}, my key is {secret}, {plain}."

    def needles(self, *kinds: str) -> dict[str, bytes]:
        return {f"{kind} as {how}": needle for kind in kinds for how, needle in encodings(self.cores[kind]).items()}


def encodings(text: str) -> dict[str, bytes]:
    """A text in every spelling in which it might hide, in lower case."""
    raw = text.encode()
    spelled = {
        "UTF-8": raw,
        "UTF-16LE": text.encode("utf-16-le"),
        "UTF-16BE": text.encode("utf-16-be"),
        "hex": raw.hex().encode(),
        "URL": "".join(f"%{byte:02x}" for byte in raw).encode(),
        "JSON": "".join(f"\\u{ord(letter):04x}" for letter in text).encode(),
        "HTML": "".join(f"&#{ord(letter)};" for letter in text).encode(),
        "HTML in hex": "".join(f"&#x{ord(letter):x};" for letter in text).encode(),
    }
    for shift in range(3):
        spelled[f"base64 at {shift}"] = base64_inside(raw, shift)
    return {how: needle.lower() for how, needle in spelled.items()}


def base64_inside(raw: bytes, shift: int) -> bytes:
    """The digits that depend on ``raw`` alone where it stands ``shift`` bytes after a multiple of three."""
    digits = base64.b64encode(bytes(shift) + raw)
    return digits[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]


def found(data: bytes, needles: Mapping[str, bytes]) -> list[str]:
    folded = data.lower()
    return [name for name, needle in needles.items() if needle in folded]


def found_in_files(folder: Path, needles: Mapping[str, bytes]) -> list[str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [f"{path.relative_to(folder)}: {hit}" for path in files for hit in found(path.read_bytes(), needles)]


# Places of a document


def places(value: Any, at: Place = (), *, numbers: bool = False) -> Iterator[Place]:
    """Every string of a document, every key, and every string and key of the JSON that a string holds."""
    match value:
        case str():
            yield at
            yield from places(embedded(value), (*at, INSIDE), numbers=numbers)
        case list():
            for index, item in enumerate(value):
                yield from places(item, (*at, index), numbers=numbers)
        case dict():
            for key, item in value.items():
                yield (*at, key, KEY)
                yield from places(item, (*at, key), numbers=numbers)
        case int() | float() if numbers:
            yield at


def planted(value: Any, canaries: Mapping[Place, Any], at: Place = ()) -> Any:
    """The document with canaries in some of its places."""
    match value:
        case str():
            inner = embedded(value)
            holds = json.dumps(planted(inner, canaries, (*at, INSIDE))) if inner is not None else value
            return canaries.get(at, holds)
        case list():
            return [planted(item, canaries, (*at, index)) for index, item in enumerate(value)]
        case dict():
            return {
                canaries.get((*at, key, KEY), key): planted(item, canaries, (*at, key)) for key, item in value.items()
            }
        case _:
            return canaries.get(at, value)


def embedded(text: str) -> Any:
    with suppress(ValueError):
        value = json.loads(text)
        return value if isinstance(value, dict | list) else None
    return None


def is_taken(document: Any) -> bool:
    try:
        ChatLens().request(json.dumps(document).encode())
    except ProtocolError:
        return False
    return True


def good_documents(sweep: Sweep, document: Any) -> Iterator[Any]:
    """Documents that together hold canaries in every place that takes some."""
    numbered = [(number, place) for number, place in enumerate(places(document)) if place != ("model",)]
    words = {place: sweep.value("plain", number) for number, place in numbered}
    free = [(number, place) for number, place in numbered if is_taken(planted(document, {place: sweep.sentence()}))]
    values = [(number, place) for number, place in free if place[-1] != KEY]
    for planting in (
        {place: sweep.sentence(number) for number, place in free},
        {place: sweep.value("email", number) for number, place in free},
        {place: sweep.value("secret", number) for number, place in values},
        dict.fromkeys((place for _, place in values), NAME),
        {place: word for place, word in words.items() if is_taken(planted(document, {place: word}))},
    ):
        holders = {place[: place.index(INSIDE)] for place in planting if INSIDE in place}
        yield planted(document, {place: value for place, value in planting.items() if place not in holders})
        yield planted(document, {place: value for place, value in planting.items() if place in holders})


def bad_documents(sweep: Sweep, document: Any) -> Iterator[tuple[str, Any]]:
    """A document for each place that takes no sentence, with one in it."""
    for place in places(document):
        made = planted(document, {place: sweep.sentence()})
        if place != ("model",) and not is_taken(made):
            yield f"{place}", made


# Sending


def echo(request: Received) -> Any:
    """Say what was said last, whole or in pieces of three characters."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    heard = request.json["messages"][-1]["content"]
    if not request.json.get("stream"):
        return whole(completion(heard))
    return stream(events(*(heard[at : at + 3] for at in range(0, len(heard), 3))))


def chat_body(text: Any, **fields: Any) -> dict[str, Any]:
    return {"model": "tiny-moe", "messages": [{"role": "user", "content": text}], **fields}


def ask(gateway: Gateway, sweep: Sweep, what: str, body: Any = None, **how: Any) -> int:
    """Send a request and keep its answer; a connection that the gateway closes is an answer too."""
    status, said = 0, b""
    method, path = how.pop("method", "POST"), how.pop("path", "/v1/chat/completions")
    with suppress(OSError, http.client.HTTPException):
        status, headers, said = gateway.call(method, path, body, **how)
        said += str(headers).encode()
    sweep.answers.append((what, status, said))
    return status


def send_bytes(gateway: Gateway, sweep: Sweep, what: str, request: bytes) -> None:
    """Send bytes that no client would, and keep what comes back."""
    said = b""
    with suppress(OSError), socket.create_connection(("127.0.0.1", gateway.port), timeout=1) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            said += piece
    sweep.answers.append((what, int(said[9:12] or 0), said))


def good(gateway: Gateway, sweep: Sweep, document: Any) -> None:
    introduction = {"role": "user", "content": f"My name is {NAME}."}
    for made in good_documents(sweep, document):
        made["messages"].append(introduction)
        assert ask(gateway, sweep, "good", made) == 200, sweep.answers[-1]
    for streamed in (False, True):
        assert ask(gateway, sweep, "own", chat_body(sweep.sentence(), stream=streamed)) == 200


def bad(gateway: Gateway, sweep: Sweep, document: Any) -> None:
    for place, made in bad_documents(sweep, document):
        assert ask(gateway, sweep, f"bad {place}", made) == 400, sweep.answers[-1]


def odd_bodies(sweep: Sweep) -> dict[str, bytes]:
    text, plain = sweep.sentence(), json.dumps(chat_body("hi"))
    long = text * (400_000 // len(text) + 1)
    made: dict[str, Any] = {
        "unknown field": chat_body("hi", **{text: 1}),
        "unknown field's value": chat_body("hi", unknown=text),
        "text for messages": {"model": "tiny-moe", "messages": text},
        "text for a number": chat_body("hi", temperature=text),
        "text for a flag": chat_body("hi", stream=text),
        "object for text": chat_body({text: text}),
        "media": chat_body([{"type": "image_url", "image_url": {"url": f"http://{text}/"}}]),
        "refused field": chat_body(text, echo=True),
        "no object": text,
        "too much text": chat_body(long),
        "too large": chat_body(long * 12),
        "unknown model": chat_body(text, model=sweep.value("model")),
    }
    return {
        **{what: json.dumps(body).encode() for what, body in made.items()},
        "cut": plain[:-4].encode() + text.encode(),
        "not UTF-8": plain.replace("hi", text).encode() + b"\xff",
        "twice": f'{plain[:-1]},"{text}":1,"{text}":2}}'.encode(),
        "deep": ('{"' + text + '":').encode() * 200,
    }


def odd_headers(sweep: Sweep) -> list[tuple[str, str]]:
    names = """user-agent cookie referer x-request-id traceparent baggage content-type content-encoding accept from
        x-forwarded-for if-none-match host expect x-api-key authorization"""
    values = [sweep.sentence(), *(sweep.value(kind) for kind in ("email", "secret", "plain"))]
    pairs = [(name, value) for name in names.split() for value in values[:1]]
    pairs += [("authorization", f"{scheme} {value}") for scheme in ("Bearer", "Basic") for value in values[1:]]
    return [*pairs, (sweep.value("plain"), sweep.sentence()), ("authorization", f"Bearer {sweep.cores['key']}")]


def odd_paths(sweep: Sweep) -> list[str]:
    values = [quote(sweep.sentence()), *(quote(sweep.value(kind), safe="@") for kind in ("email", "secret", "plain"))]
    stems = "/ /v1/ /v1/models/ /v1/models? /v1/chat/completions/ /v1/chat/completions?q= /metrics?q= /health/ready?q="
    return [stem + value for stem in stems.split() for value in values]


def odd_bytes(gateway: Gateway, sweep: Sweep) -> dict[str, bytes]:
    text, plain = sweep.sentence().encode(), sweep.value("plain").encode()
    start = b"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n"
    known = start + b"content-type: application/json\r\nauthorization: Bearer " + gateway.keys["app"].encode() + b"\r\n"
    return {
        "no HTTP": text + b"\r\n\r\n",
        "a method": plain + b" / HTTP/1.1\r\nhost: x\r\n\r\n",
        "no header": start + text + b"\r\n\r\n",
        "a long header": start + b"x: " + text * 2000 + b"\r\n\r\n",
        "a bad length": known + b"content-length: " + text + b"\r\n\r\n",
        "a bad chunk": known + b"transfer-encoding: chunked\r\n\r\n" + text + b"\r\n",
        "half a body": known + b"content-length: 9999\r\n\r\n" + text,
    }


def odd(gateway: Gateway, sweep: Sweep, document: Any) -> None:
    for what, raw in odd_bodies(sweep).items():
        assert ask(gateway, sweep, what, raw=raw) in {0, *range(400, 500)}, what
    for name, value in odd_headers(sweep):
        ask(gateway, sweep, f"header {name}", chat_body(sweep.sentence()), **{name: value})
    for path in odd_paths(sweep):
        for method in ("GET", "POST"):
            ask(gateway, sweep, f"{method} {path[:20]}", method=method, path=path)
    for what, raw in odd_bytes(gateway, sweep).items():
        send_bytes(gateway, sweep, what, raw)


def hostile(gateway: Gateway, sweep: Sweep, document: Any) -> None:
    """Let the backend say what nobody may write down, in answers that are good, bad and broken."""
    said = f"{sweep.value('reply')} and {sweep.sentence()}"
    refusal = {"error": {"message": said, "code": said}}
    broken: list[Callable[[], Any]] = [
        lambda: whole(completion(said)),
        lambda: stream(events(said)),
        lambda: stream(events(said)[:2], die=True),
        lambda: stream([*events("hi")[:2], b"data: " + json.dumps(refusal).encode() + b"\n\n"]),
        lambda: stream([f"data: {{{said}\n\n".encode()]),
        lambda: whole(said.encode()),
        lambda: whole(completion("hi") | {said: said}),
        lambda: whole(completion("hi"), kind=sweep.value("reply"), x_said=said),
        lambda: head(200) + said.encode(),
        *(lambda status=status: whole(refusal, status=status) for status in (302, 400, 401, 404, 422, 429, 500, 503)),
    ]
    for make in broken:
        gateway.backend.script = lambda request, make=make: (
            whole(b"", kind="text/plain") if request.method == "GET" else make()
        )
        for streamed in (False, True):
            ask(gateway, sweep, "hostile backend", chat_body(sweep.sentence(), stream=streamed))
    gateway.backend.script = echo
    until(lambda: gateway.chat("hi")[0] == 200)


def detectors(gateway: Gateway) -> list[int]:
    """The detection workers: processes of the gateway's own session."""
    assert gateway.process
    own = []
    for folder in Path("/proc").iterdir():
        with suppress(ValueError, OSError):
            pid = int(folder.name)
            if os.getsid(pid) == gateway.process.pid and b"gateway.detect.worker" in (folder / "cmdline").read_bytes():
                own.append(pid)
    assert own
    return own


def under_way(gateway: Gateway, sweep: Sweep, what: str, **fields: Any) -> threading.Thread:
    """Ask what nobody has asked before, so that it has to be looked at."""
    text = sweep.sentence(next(NUMBERS))
    thread = threading.Thread(target=ask, args=(gateway, sweep, what, chat_body(text, **fields)))
    thread.start()
    return thread


def crashed(gateway: Gateway, sweep: Sweep, document: Any) -> None:
    for pid in detectors(gateway):
        os.kill(pid, signal.SIGSTOP)
        waiting = under_way(gateway, sweep, "the detector dies")
        time.sleep(0.2)
        os.kill(pid, signal.SIGKILL)
        waiting.join(30)
    assert sweep.answers[-1][1] == 503
    until(lambda: gateway.chat(f"hi {next(NUMBERS)}")[0] == 200)  # what is remembered asks no detector

    before = len(gateway.backend.received)
    gateway.backend.script = lambda request: (
        whole(b"", kind="text/plain") if request.method == "GET" else stream(events("<PERSON_1>")[:2], hang=True)
    )
    threads = [under_way(gateway, sweep, "the gateway dies while the backend speaks", stream=True) for _ in range(2)]
    until(lambda: len(gateway.backend.received) == before + 2)
    for pid in detectors(gateway):
        os.kill(pid, signal.SIGSTOP)
    threads.append(under_way(gateway, sweep, "the gateway dies while it looks"))
    time.sleep(0.2)
    gateway.kill()
    for thread in threads:
        thread.join(30)
    gateway.backend.script = echo
    gateway.start()


async def read_rows(gateway: Gateway, control: str) -> bytes:
    """Every row of the gateway's tables as text, for a large value is compressed on disk; and leave the control."""
    with EmbeddedPostgres(gateway.home / "postgres") as server:
        password = (server.data.parent / "superuser.password").read_text()
        connection = await asyncpg.connect(f"postgresql://postgres:{password}@{server.owner_url.partition('@')[2]}")
        try:
            names = await connection.fetch("""
                SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind = 'r' AND (n.nspname = 'cloister' OR c.relname IN ('pg_statistic', 'pg_description'))""")
            queries = [f"SELECT t::text FROM {row['name']} t" for row in names]  # noqa: S608 - our names
            rows = [row[0] for query in queries for row in await connection.fetch(query)]
            await connection.execute(f"CREATE TABLE control AS SELECT '{control}'::text")
            await connection.execute(f"DO $$ BEGIN RAISE LOG '{control}'; END $$")
        finally:
            await connection.close()
    return "\n".join(rows).encode()


@pytest.fixture(scope="module")
def sweep(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """Send everything, stop the gateway and its database, and hand over what they leave."""
    folder = tmp_path_factory.mktemp("canary")
    (folder / "tmp").mkdir()
    key = api_keys.make(secrets.token_bytes(40)).reveal()
    kinds = ("email", "secret", "plain", "model", "reply", "control")
    made = Sweep(folder, {kind: core() for kind in kinds} | {"name": "Halvorsen", "key": key})
    document = json.loads((root / "tests/vectors/chat_request.json").read_text()) | {"stream": False}
    with running(folder, root, TMPDIR=str(folder / "tmp"), PYTHONDONTWRITEBYTECODE="") as gateway:
        gateway.backend.script = echo
        for send in (good, bad, odd, hostile, crashed):
            if send is crashed:
                made.metrics += gateway.call("GET", "/metrics", key="platform")[2]
            send(gateway, made, document)
        made.metrics += gateway.call("GET", "/metrics", key="platform")[2]
        made.rows = asyncio.run(read_rows(gateway, made.cores["control"]))
        made.forwarded = bytes(gateway.backend.raw)
        made.data = EmbeddedPostgres(gateway.home / "postgres").data
    until(lambda: not (made.data / "postmaster.pid").exists())
    return made


def test_nothing_of_it_is_in_any_file_that_the_gateway_or_its_database_wrote(sweep: Sweep) -> None:
    hits = found_in_files(sweep.folder, sweep.needles(*KEPT_BY_NOBODY))
    if not sweep.data.is_relative_to(sweep.folder):
        hits += found_in_files(sweep.data, sweep.needles(*KEPT_BY_NOBODY))

    assert hits == []


def test_nothing_of_it_is_in_any_row(sweep: Sweep) -> None:
    assert len(sweep.rows.splitlines()) > 500
    assert found(sweep.rows, sweep.needles(*KEPT_BY_NOBODY)) == []


def test_nothing_of_it_is_in_the_metrics(sweep: Sweep) -> None:
    assert found(sweep.metrics, sweep.needles(*KEPT_BY_NOBODY, "model")) == []


def test_the_metrics_count_what_was_done(sweep: Sweep) -> None:
    assert b'cloister_entities_total{entity_type="EMAIL_ADDRESS"}' in sweep.metrics


def test_nothing_of_an_unknown_model_s_name_is_kept(sweep: Sweep) -> None:
    assert found(sweep.rows, sweep.needles("model")) == []
    assert found_in_files(sweep.folder, sweep.needles("model")) == []


def test_nothing_personal_reached_the_backend(sweep: Sweep) -> None:
    assert found(sweep.forwarded, sweep.needles(*PERSONAL, "key")) == []


def test_the_plain_word_reached_the_backend_from_every_place_that_takes_it(sweep: Sweep) -> None:
    assert sweep.forwarded.count(sweep.cores["plain"].encode()) > 90


def test_the_client_got_its_own_values_back(sweep: Sweep) -> None:
    whole_answer, streamed = (said for what, _, said in sweep.answers if what == "own")

    assert sweep.value("email").encode() in whole_answer
    assert NAME.encode() in whole_answer
    assert b"[DONE]" in streamed


def test_no_error_repeats_what_was_sent(sweep: Sweep) -> None:
    refused = [(what, status, said) for what, status, said in sweep.answers if status >= 400]

    assert len(refused) > 150
    assert [(what, hit) for what, _, said in refused for hit in found(said, sweep.needles(*KEPT_BY_NOBODY))] == []
    assert {status for _, status, _ in refused if status >= 500} <= {502, 503}


def test_every_way_of_sending_was_tried(sweep: Sweep) -> None:
    statuses = {status for _, status, _ in sweep.answers}

    assert statuses >= {0, 200, 400, 401, 404, 413, 502, 503}


# The search itself


@pytest.mark.parametrize("place", ["server.log", "base/", "pg_wal/"])
def test_the_search_finds_what_the_database_was_made_to_write(sweep: Sweep, place: str) -> None:
    hits = found_in_files(sweep.data.parent, sweep.needles("control"))
    hits += found_in_files(sweep.folder / "home/postgres", sweep.needles("control"))

    assert [hit for hit in hits if place in hit and hit.endswith("UTF-8")]


def wrapped(text: str) -> dict[str, bytes]:
    """A text as others write it, in the midst of other text."""
    said = f"Dear {text}, hello"
    return {
        "UTF-8": said.upper().encode(),
        "UTF-16LE": said.encode("utf-16-le"),
        "UTF-16BE": b"\0" + said.encode("utf-16-be"),
        "hex": said.encode().hex().upper().encode(),
        "URL": b"".join(b"%%%02X" % byte for byte in said.encode()),
        "JSON": said.encode("utf-16-be").hex(" ", 2).replace(" ", "\\u").encode(),
        "HTML": said.encode("ascii").decode().translate({code: f"&#{code};" for code in range(128)}).encode(),
        "HTML in hex": said.translate({code: f"&#x{code:X};" for code in range(128)}).encode(),
        **{f"base64 at {shift}": base64.b64encode(b"x" * shift + b"say" + text.encode() + b"!") for shift in range(3)},
    }


@pytest.mark.parametrize("how", encodings(""))
def test_the_search_finds_a_canary_that_was_planted_in_a_file(tmp_path: Path, how: str) -> None:
    canary = core()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/file").write_bytes(bytes(1000) + wrapped(canary)[how] + bytes(1000))

    assert f"deep/file: {how}" in found_in_files(tmp_path, encodings(canary))
    assert found_in_files(tmp_path, encodings(core())) == []
