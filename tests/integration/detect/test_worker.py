import signal
import struct
import subprocess
import sys

import msgspec
import pytest

from gateway.detect import worker
from gateway.detect.raw import Raw

pytestmark = pytest.mark.integration


def frame(value: object) -> bytes:
    data = msgspec.msgpack.encode(value)
    return struct.pack(">I", len(data)) + data


def test_it_answers_frame_by_frame_and_ends_with_its_input() -> None:
    asked = frame((["bob@corp.local", "nothing"], ["EMAIL_ADDRESS"], b"")) + frame(([""], ["EMAIL_ADDRESS"], b""))

    ran = subprocess.run(
        [sys.executable, "-m", "gateway.detect.worker", "patterns", ""],
        input=asked,
        capture_output=True,
        check=True,
        timeout=60,
    )

    answers, data = [], ran.stdout
    while data:
        (length,) = struct.unpack(">I", data[:4])
        answers.append(msgspec.msgpack.decode(data[4 : 4 + length]))
        data = data[4 + length :]
    assert answers[0] == "ready"
    assert [found[0][:3] for found in answers[1] if found] == [["EMAIL_ADDRESS", 0, 14]]
    assert answers[2] == [[]]


def test_a_recognizer_that_fails_ends_no_process() -> None:
    class Failing:
        def scan(self, texts: list[str], entities: list[str], recognizers: bytes) -> list[list[Raw]]:
            raise KeyError(texts[0])

    assert worker._scanned(Failing(), ["x"], ["PERSON"], b"") is None


def test_an_interrupt_of_the_terminal_does_not_end_it() -> None:
    command = [sys.executable, "-m", "gateway.detect.worker", "patterns", ""]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        assert worker.stdin
        ready = worker.stdout.read(len(frame("ready")))
        worker.send_signal(signal.SIGINT)

        answer, _ = worker.communicate(frame((["bob@corp.local"], ["EMAIL_ADDRESS"], b"")), timeout=60)

    assert ready == frame("ready")
    assert b"EMAIL_ADDRESS" in answer
    assert worker.returncode == 0
