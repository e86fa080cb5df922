"""``cloister redact --jsonl`` as a filter: a line in, a line out at once, and no more memory for more lines."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.integration

LINES = 1000
WORDS = [
    "the",
    "report",
    "on",
    "invoices",
    "went",
    "yesterday",
    "to",
    "a",
    "desk",
    "in",
    "Berlin",
    "and",
    "from",
    "there",
]
MOST_MEBIBYTES = 8.0


@contextmanager
def filtering(root: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gateway", "redact", "--jsonl"]
    process = subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def text_of(chance: random.Random, number: int) -> str:
    """A value of this line's own, among words and numbers that no other line has; now and then many of them."""
    words = chance.choices(WORDS, k=chance.choice([1, 5, 20, 60])) if number % 97 else chance.choices(WORDS, k=1200)
    return f"{' '.join(words)} zq{chance.randrange(10**9)}x to n{number}@example.com"


def said(process: subprocess.Popen[bytes], line: dict[str, Any]) -> dict[str, Any]:
    """Put one line in and wait for its answer, with nothing behind it."""
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(line).encode() + b"\n")
    return dict(json.loads(process.stdout.readline()))


def memory(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """What the process holds, and the most that it has held so far, in MiB."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    held, most = (int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024 for name in ("VmRSS", "VmHWM"))
    return held, most


def test_each_line_is_answered_in_its_turn_and_memory_stays_flat(root: Path) -> None:
    chance = random.Random(7)
    texts = [text_of(chance, number) for number in range(LINES)]
    with filtering(root) as process:
        held = {}
        for number, text in enumerate(texts):
            answer = said(process, {"id": number, "text": text})
            assert answer["id"] == number
            assert answer["redacted"].endswith(" to <EMAIL_ADDRESS_1>")
            assert answer["findings"][-1]["end"] == len(text)
            held[number + 1] = memory(process)
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(10) == 0
    print("".join(f"\n{n} lines: RSS {held[n][0]:.1f} MiB, at most {held[n][1]:.1f}" for n in (1, 10, 100, LINES)))

    assert held[LINES][0] - held[100][0] < MOST_MEBIBYTES
    assert held[LINES][1] - held[100][1] < MOST_MEBIBYTES


def test_a_bad_line_is_named_by_its_number_and_those_before_it_are_out(root: Path) -> None:
    with filtering(root) as process:
        for number in range(3):
            assert said(process, {"id": number, "text": "x"})["id"] == number
        process.stdin.write(b'{"id": 3, "text": SECRET-OF-LINE-4}\n{"id": 4, "text": "x"}\n')
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(10) == 2
        complaint = process.stderr.read().decode()

    assert "stdin:4:1: not a JSON object" in complaint
    assert "SECRET" not in complaint
