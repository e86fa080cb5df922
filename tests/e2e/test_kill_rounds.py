"""The gateway is killed in the middle of its work, again and again; the log knows of every prompt that left.

Neither the body nor the headers that go upstream carry the exchange's id. So every request has a text of its own, by
which it is known at the backend, and every client a key of its own and one request at a time: what it was answered
names its exchange, and what was cut, at most one a round, is the open of its key that no answer named.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from gateway.app import local_house
from gateway.core.actor import LOCAL_OPERATOR, Role
from gateway.db.embedded import EmbeddedPostgres
from gateway.identity import AccessService
from tests.doubles.recording_backend import Received, completion, events, stream, whole
from tests.e2e.gateways import Gateway, running
from tests.waiting import until

pytestmark = pytest.mark.integration

CLIENTS = 16
PIECES = [f"piece {number} " for number in range(8)]
MANY = (pytest.mark.slow, pytest.mark.timeout(3600))
QUICK = {"CLOISTER_DETECT__ENGINE": "patterns", "PYTHONDONTWRITEBYTECODE": ""}
"""No model to load, and none that takes a random text for a name; bytecode is kept from start to start."""
LETTERS = "bdgklmnr"
"""What the prompts are made of: no vowel, so that none of them says `mama` and somebody's name behind it."""

Moment = tuple[datetime, datetime]
"""When a round's traffic began, and when it was killed."""


@dataclass
class Sent:
    """One request as its client saw it. exchange: "" where no answer came. ended: the answer came whole."""

    round: int
    mark: str
    exchange: str = ""
    ended: bool = False


@dataclass
class Client:
    """One application: a key, and one request after the other."""

    port: int
    key: str
    actor: str
    sent: list[Sent] = field(default_factory=list)

    def work(self, round_: int, stop: threading.Event) -> None:
        while not stop.is_set():
            words = ["".join(random.choices(LETTERS, k=4)) for _ in range(6)]
            request = Sent(round_, " ".join(words))
            self.sent.append(request)
            try:
                self.ask(request, streamed=random.random() < 0.5)
            except (OSError, http.client.HTTPException):
                return

    def ask(self, request: Sent, *, streamed: bool) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        message = {"role": "user", "content": request.mark}
        body = json.dumps({"model": "tiny-moe", "messages": [message], "stream": streamed})
        headers = {"authorization": f"Bearer {self.key}", "content-type": "application/json"}
        try:
            connection.request("POST", "/v1/chat/completions", body, headers)
            answer = connection.getresponse()
            request.exchange = answer.headers["x-cloister-exchange"]
            said = answer.read()
            request.ended = answer.status == 200 and (not streamed or said.endswith(b"data: [DONE]\n\n"))
        finally:
            connection.close()


@dataclass(frozen=True)
class Event:
    """What the log says of one end of an exchange."""

    exchange: str
    action: str
    actor: str
    outcome: str
    time: datetime


@dataclass(frozen=True)
class Log:
    """The log of one tenant: its events, and the numbers that they have."""

    events: list[Event]
    numbers: list[int]
    unnumbered: int

    def of(self, action: str) -> dict[str, Event]:
        return {event.exchange: event for event in self.events if event.action == action}


def answer(request: Received) -> Any:
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    return stream(events(*PIECES), delay=0.005) if request.json.get("stream") else whole(completion("ok"))


async def make_clients(port: int) -> list[Client]:
    async with local_house(None) as house:
        access = AccessService(house.database, house.journal, house.clock)
        made = [
            await access.create_key(LOCAL_OPERATOR, "default", Role.APP, f"client-{number}")
            for number in range(CLIENTS)
        ]
    return [Client(port, key.key.reveal(), key.id) for key in made]


async def read_log(gateway: Gateway) -> Log:
    with EmbeddedPostgres(gateway.home / "postgres") as server:
        connection = await asyncpg.connect(server.owner_url)
        try:
            rows = await connection.fetch(
                "SELECT exchange::text, action, actor, outcome, time FROM cloister.audit_events"
                " WHERE tenant = 'default' AND exchange IS NOT NULL"
            )
            numbers = await connection.fetch(
                "SELECT seq FROM cloister.audit_leaves WHERE tenant = 'default' ORDER BY seq"
            )
            total = await connection.fetchval("SELECT count(*) FROM cloister.audit_events WHERE tenant = 'default'")
        finally:
            await connection.close()
    return Log([Event(*row) for row in rows], [row["seq"] for row in numbers], total - len(numbers))


@contextmanager
def traffic(clients: list[Client], round_: int) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=client.work, args=(round_, stop)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def killed_once(gateway: Gateway, clients: list[Client], round_: int) -> Moment:
    """Kill the gateway after a moment of traffic, start it again, and return when the moment began and ended."""
    began = datetime.now(UTC)
    with traffic(clients, round_):
        time.sleep(random.uniform(0.05, 0.4))
        gateway.kill()
        ended = datetime.now(UTC)
    gateway.start()
    return began, ended


def settled_log(gateway: Gateway) -> Log:
    """Wait until what the dead have left open is closed, and every event has its number."""

    def settled() -> Log | None:
        log = asyncio.run(read_log(gateway))
        return log if log.of("exchange.open").keys() == log.of("exchange.close").keys() and not log.unnumbered else None

    return until(settled, 60)


def unrecorded(clients: list[Client], reached: set[str], log: Log, moments: list[Moment]) -> list[Sent]:
    """Prompts that left although the log has no open for them."""
    opened = log.of("exchange.open")
    left = [(client, request) for client in clients for request in client.sent if request.mark in reached]
    named = {request.exchange for client in clients for request in client.sent}
    spare = Counter(
        (opened[exchange].actor, round_)
        for exchange in opened.keys() - named
        for round_, (began, ended) in enumerate(moments)
        if began <= opened[exchange].time <= ended
    )
    cut = Counter((client.actor, request.round) for client, request in left if not request.exchange)
    return [
        request
        for client, request in left
        if (request.exchange not in opened if request.exchange else (client.actor, request.round) in cut - spare)
    ]


@pytest.fixture
def own(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    with running(tmp_path, root, **QUICK) as gateway:
        gateway.backend.script = answer
        monkeypatch.setenv("CLOISTER_HOME", str(gateway.home))
        yield gateway


@pytest.fixture
def clients(own: Gateway) -> list[Client]:
    made = asyncio.run(make_clients(own.port))
    until(lambda: own.call("GET", "/v1/models", key=made[-1].key)[0] == 200)
    return made


@pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=MANY)])
def test_however_often_it_is_killed_every_prompt_that_left_is_on_record_and_closed_once(
    own: Gateway, clients: list[Client], rounds: int
) -> None:
    began = time.monotonic()
    moments = [killed_once(own, clients, round_) for round_ in range(rounds)]
    log = settled_log(own)
    sent = [request for client in clients for request in client.sent]
    reached = {request.json["messages"][0]["content"] for request in own.backend.received}
    print(f"\n{rounds} rounds in {time.monotonic() - began:.0f} s: {figures(sent, reached, log)}")

    assert reached <= {request.mark for request in sent}
    assert unrecorded(clients, reached, log, moments) == []
    assert {request.exchange for request in sent if request.exchange} <= log.of("exchange.open").keys()
    assert set(Counter(event.exchange for event in log.events).values()) == {2}
    assert {log.of("exchange.close")[request.exchange].outcome for request in sent if request.ended} == {"success"}
    assert log.numbers == list(range(1, len(log.numbers) + 1))
    assert "unknown" in {event.outcome for event in log.events}, "no exchange was cut, so nothing was shown"
    own.cloister("audit", "verify")


def figures(sent: list[Sent], reached: set[str], log: Log) -> str:
    outcomes = Counter(event.outcome for event in log.of("exchange.close").values())
    cut = sum(request.mark in reached and not request.exchange for request in sent)
    return (
        f"{len(sent)} requests sent, {len(reached)} reached the backend, {sum(request.ended for request in sent)}"
        f" answered whole, {cut} cut before their answer began; {len(log.of('exchange.open'))} opened,"
        f" closed as {dict(outcomes)}; {len(log.numbers)} numbers"
    )


@pytest.mark.parametrize("named", [True, False])
def test_a_prompt_that_left_without_a_record_would_be_noticed(named: bool) -> None:
    now = datetime.now(UTC)
    sent = Sent(round=0, mark="aaaa", exchange="x" if named else "")
    asker = Client(0, "key", "actor", [sent])
    opened = Event("x", "exchange.open", "actor", "success", now)

    assert unrecorded([asker], {"aaaa"}, Log([opened], [1], 0), [(now, now)]) == []
    assert unrecorded([asker], {"aaaa"}, Log([], [], 0), [(now, now)]) == [sent]
