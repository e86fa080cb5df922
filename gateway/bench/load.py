"""Load, on several targets by turns.

Law: a round visits every target with the same prompt and the same number of clients, one right after the other, and the
next round begins with the next target: whatever else the machine does hits all of them alike. A client asks again as
soon as it has its answer. No two requests are alike, for a gateway remembers what it has seen.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from gateway.bench import processor
from gateway.core.errors import BackendUnavailable
from gateway.core.sensitive import Sensitive
from gateway.egress.raw import RawConnection, Timed

PROMPT: Final = (
    "Good morning. I am preparing the weekly review of open cases and need a short summary of the following one, "
    "with a proposal for our answer. A customer wrote from the address maria.gonzalez@example.com that two "
    "payments were taken for one order. The card in question is 4111 1111 1111 1111, and the order was placed on "
    "a Tuesday from a machine with the address 192.168.14.77, as far as the shop's log can tell. She would like "
    "the second payment to go to her account DE89 3704 0044 0532 0130 00, and can be reached at (212) 555-0143 in"
    " the afternoon. When she was asked to prove who she is, she gave the social security number 536-22-8147, and"
    " the back office found that it matches. Write three sentences on what happened, and then a reply that says "
    "that we are sorry, that the money is on its way, how many days a bank usually needs, and that a voucher is "
    "waiting in her account. It should sound friendly and be free of legal terms; it should promise nothing "
    "beyond our usual conditions and end with the greeting of the support team. Where something remains open, put"
    " it as a question at the end, so that a colleague can clear it up tomorrow."
)
"""1.1 kB with six things to find: an e-mail address, a card, an IP address, an IBAN, a telephone number, an SSN."""

_NUMBERS: Final = itertools.count(1)
_MAX_TOKENS: Final = 256
_NO_KEY: Final = Sensitive("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is measured.

    place: ``http://host:port`` or ``unix:PATH``. roots: processes whose trees' time counts. fields: what its requests
    hold besides the prompt.
    """

    name: str
    place: str
    model: str
    key: Sensitive[str] = _NO_KEY
    roots: tuple[int, ...] = ()
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much load, and of what. seconds: of each volley. warm_up: seconds before, on each target, not counted."""

    clients: tuple[int, ...] = (1, 16, 64)
    streamed: tuple[bool, ...] = (False, True)
    rounds: int = 3
    seconds: float = 3.0
    warm_up: float = 1.0
    prompt: str = PROMPT


@dataclass(frozen=True, slots=True, kw_only=True)
class Volley:
    """What one target did for one number of clients. processor: seconds that its processes used, None if unknown.

    failures: what was refused, broke off or told of an error. truncated: those of them that began as a good stream and
    ended without their end mark.
    """

    target: str
    clients: int
    streamed: bool
    seconds: float
    answers: tuple[Timed, ...]
    failures: int
    processor: float | None
    truncated: int = 0


async def volleys(targets: Sequence[Target], plan: Plan) -> AsyncIterator[Volley]:
    """Measure, and yield each volley as it ends."""
    for target in targets:
        await volley(target, clients=2, streamed=False, seconds=plan.warm_up, prompt=plan.prompt)
    for turn in range(plan.rounds):
        first = turn % len(targets)
        for streamed in plan.streamed:
            for clients in plan.clients:
                for target in (*targets[first:], *targets[:first]):
                    yield await volley(
                        target, clients=clients, streamed=streamed, seconds=plan.seconds, prompt=plan.prompt
                    )


async def volley(target: Target, *, clients: int, streamed: bool, seconds: float, prompt: str = PROMPT) -> Volley:
    """Let so many clients ask for so long. Requests under way at the end are waited for, and count."""
    used = processor.used(target.roots)
    began = time.perf_counter()
    asked = [_Client(target, prompt, streamed=streamed) for _ in range(clients)]
    await asyncio.gather(*(client.ask(began + seconds) for client in asked))
    took = time.perf_counter() - began
    return Volley(
        target=target.name,
        clients=clients,
        streamed=streamed,
        seconds=took,
        answers=tuple(answer for client in asked for answer in client.answers),
        failures=sum(client.failures for client in asked),
        processor=processor.used(target.roots) - used if target.roots else None,
        truncated=sum(client.truncated for client in asked),
    )


def request_to(target: Target, prompt: str, *, streamed: bool) -> bytes:
    """Write a request with the prompt and a number that no other has."""
    message = {"role": "user", "content": f"{prompt}\n\n({next(_NUMBERS)})"}
    asked: dict[str, object] = {"model": target.model, "messages": [message], "max_tokens": _MAX_TOKENS}
    body = json.dumps({**asked, **target.fields, **({"stream": True} if streamed else {})}).encode()
    lines = ["POST /v1/chat/completions HTTP/1.1", "host: localhost", "content-type: application/json"]
    lines += [f"content-length: {len(body)}"]
    lines += [f"authorization: Bearer {target.key.reveal()}"] if target.key.reveal() else []
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Client:
    """One client, and what became of its requests."""

    def __init__(self, target: Target, prompt: str, *, streamed: bool) -> None:
        self._place = target.place
        self._next = partial(request_to, target, prompt, streamed=streamed)
        self.answers: list[Timed] = []
        self.failures = 0
        self.truncated = 0

    async def ask(self, until: float) -> None:
        """Ask until the time is over. A connection that closes is a failure, and is opened again."""
        connection = await RawConnection.open(self._place)
        while time.perf_counter() < until:
            try:
                self._count(await connection.exchange(self._next()))
            except BackendUnavailable:
                self.failures += 1
                connection.close()
                connection = await RawConnection.open(self._place)
        connection.close()

    def _count(self, answer: Timed) -> None:
        if answer.good:
            self.answers.append(answer)
        else:
            self.failures += 1
            self.truncated += answer.status == 200 and not answer.done
