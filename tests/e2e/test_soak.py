"""A gateway at full load for long: its memory does not grow, and its event loop does not wait for what is looked at.

No two prompts are alike and most of their words are new, so that whatever remembers texts, words or tenants is filled.
``SOAK_MINUTES`` (30) says for how long.
"""

from __future__ import annotations

import json
import os
import random
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import linear_regression, mean

import psutil
import pytest

from tests.e2e.gateways import ALL_ALONE, SERVE, Gateway, serving, session
from tests.e2e.test_network import echo

MINUTES = float(os.environ.get("SOAK_MINUTES", "30"))
pytestmark = [
    pytest.mark.integration,
    pytest.mark.slow,
    pytest.mark.timeout(MINUTES * 60 + 300),
    pytest.mark.skipif(ALL_ALONE, reason="calls a backend on loopback, which a gateway that is alone does not reach"),
]

CLIENTS = 6
SAMPLE_SECONDS = 5.0
PATIENCE_SECONDS = 120.0
LONG = 100_000
LONG_EACH = 50
"""Requests of which one holds a document of ``LONG`` characters."""

WARM = 1 / 3
"""Of the time: until then caches fill."""

FULL = 0.9
"""Of the requests, what must be answered; whoever waits too long for detection is refused."""

GROWTH = 0.05
"""Of a process's memory, what it may grow by in the time after."""

Samples = dict[str, list[tuple[float, float]]]
"""Of each process: seconds, and MiB that are its alone."""


class Writer:
    """Makes up prompts."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)

    def word(self) -> str:
        return "".join(self._chance.choices("abcdefghiklmnoprstuvwz", k=self._chance.randint(3, 10)))

    def sentence(self) -> str:
        chance = self._chance
        words = [self.word() for _ in range(chance.randint(5, 12))]
        told = (
            f"{words[0].title()} {words[1].title()}",
            f"{words[0]}@{words[1]}.example",
            f"4111 1111 1111 {chance.randint(1000, 9999)}",
            f"+44 20 7946 0{chance.randint(100, 999)}",
        )
        return f"{' '.join(words)}, {chance.choice(told)}."

    def prompt(self, characters: int) -> str:
        parts: list[str] = []
        while characters > 0:
            parts.append(self.sentence())
            characters -= len(parts[-1]) + 1
        return " ".join(parts)


def ask(gateway: Gateway, seed: int, until: float) -> Counter[str]:
    """Ask one thing after the other; return how often which answer came."""
    writer, seen = Writer(seed), Counter[str]()
    while time.monotonic() < until:
        long = sum(seen.values()) % LONG_EACH == seed
        text = writer.prompt(LONG if long else random.randint(100, 3000))
        status, _, answer = gateway.chat(text, model="echo", max_tokens=8, stream=random.random() < 0.5)
        seen[f"{status} {json.loads(answer)['error']['code'] if status != 200 else ''}".strip()] += 1
    return seen


def sample(gateway: Gateway, until: float) -> Samples:
    """Measure every process of the gateway, again and again; those of Postgres together."""
    assert gateway.process
    samples: Samples = {}
    leader = gateway.process.pid
    began = time.monotonic()
    while time.monotonic() < until:
        at, held = time.monotonic() - began, Counter[str]()
        for pid in session(leader):
            try:
                process = psutil.Process(pid)
                name = "postgres" if "postgres" in process.name() else f"{role(process)} {pid}"
                held[name] += process.memory_full_info().uss / 2**20
            except (psutil.NoSuchProcess, psutil.AccessDenied):
                continue
        for name, size in held.items():
            samples.setdefault(name, []).append((at, size))
        time.sleep(SAMPLE_SECONDS)
    return samples


def role(process: psutil.Process) -> str:
    line = " ".join(process.cmdline())
    return "detection" if "detect" in line else "gateway" if "gateway" in line or "spawn" in line else process.name()


def growth(samples: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the mean once it is warm, in MiB, and the growth in MiB an hour, by least squares."""
    warm = samples[int(len(samples) * WARM) :]
    slope, _ = linear_regression(*zip(*warm, strict=True))
    return mean(size for _, size in warm), slope * 3600


def stalls(gateway: Gateway) -> dict[float, float]:
    """Return how many looks at the event loop found it at most so many seconds late."""
    text = gateway.call("GET", "/metrics", key="platform")[2].decode()
    return {float(le): float(n) for le, n in re.findall(r'loop_stall_seconds_bucket\{le="([^"]+)"\} (\S+)', text)}


def percentile(looks: dict[float, float], share: float) -> float:
    """Return the bound of the bucket that a share of the looks lies within."""
    return min(bound for bound, count in looks.items() if count >= share * max(looks.values()))


def test_memory_does_not_grow_and_the_loop_is_not_late(root: Path, tmp_path: Path) -> None:
    with echo() as backend:
        environ = os.environ | {
            "PYTHONPATH": str(root),
            "CLOISTER_BACKENDS": f'[{{"name": "echo", "url": "http://127.0.0.1:{backend}"}}]',
        }
        with serving(SERVE, tmp_path, environ) as gateway, ThreadPoolExecutor(CLIENTS + 1) as threads:
            gateway.patience = PATIENCE_SECONDS
            until = time.monotonic() + MINUTES * 60
            measured = threads.submit(sample, gateway, until)
            asked = [threads.submit(ask, gateway, seed, until) for seed in range(CLIENTS)]
            answers = sum((each.result() for each in asked), Counter[str]())
            looks = stalls(gateway)
            log = gateway.log()
    grown = {name: growth(each) for name, each in measured.result().items() if len(each) > 10}
    print(f"\n{MINUTES:g} minutes, {dict(answers)}")
    for name, (size, slope) in grown.items():
        print(f"{name}: {size:.0f} MiB, {slope:+.2f} MiB an hour")
    print(
        f"event loop late by at most {percentile(looks, 0.99) * 1000:g} ms in 99 of 100 looks of {max(looks.values()):g}"
    )

    assert set(answers) <= {"200", "503 detection_unavailable"}
    assert answers["200"] > FULL * sum(answers.values())
    assert all(slope * MINUTES / 60 < GROWTH * size for size, slope in grown.values())
    assert "inference.bug" not in log
