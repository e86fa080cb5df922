"""Whatever a model server does, the client gets its protocol's own error, and nobody gets anything else.

A gateway stands before a backend that breaks off, falls silent, never ends, says what is no answer, or speaks oddly, at
every endpoint that generates, whole and streamed. Everything is sent once; then the answers, the log, the audit and the
memory are looked at.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.cases import ADDRESS, GOOD, PATIENCE, Answer, ask_all, closings, frames_in
from tests.e2e.gateways import Gateway, processes, running
from tests.e2e.misdeeds import HARM, ODDLY, SENT, cases

pytestmark = pytest.mark.integration

CORE: Final = b"qv7zk2xw"
"""What no failure may hold of the client's value."""

MOST_READ: Final = 24 << 20
"""Bytes that an endless backend may get rid of: what is read, and what lies in buffers."""

MOST_GROWTH: Final = 96
"""MiB by which the gateway may grow meanwhile."""


@dataclass
class Sweep:
    """Everything that was sent, and what is left of it. grown: in MiB."""

    answers: list[Answer] = field(default_factory=list)
    closed: dict[str, list[Any]] = field(default_factory=dict)
    log: str = ""
    grown: float = 0.0


def highest(gateway: Gateway) -> float:
    """The most memory that the gateway's own processes ever held, in MiB."""
    return sum(most_held(pid) for pid in processes(gateway, "-m gateway serve") if pid)


def most_held(pid: int) -> float:
    held = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert held
    return int(held[1]) / 1024


@pytest.fixture(scope="module")
def hostile(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with running(tmp_path_factory.mktemp("hostile"), root, **PATIENCE) as gateway:
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
