"""A worker process: ``python -m gateway.detect.worker ENGINE MODEL``.

Law: it reads frames from standard input and answers each on what was its standard output; it ends with its parent, and
nothing that it or a library prints reaches the answers. A frame is four bytes of length (big-endian) and MessagePack; a
recognizer that fails makes the answer nil, and takes nobody else's process along.
"""

from __future__ import annotations

import gc
import os
import signal
import struct
import sys
from typing import Any, BinaryIO, Final, cast

import msgspec

from gateway.core.processes import end_with
from gateway.detect.raw import Raw

_LENGTH: Final = struct.Struct(">I")


def main(engine: str, model: str) -> None:
    """Serve frames until the parent is gone."""
    end_with(os.getppid(), signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the parent's to answer, streams first
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from gateway.detect.scanner import Scanner

    scanner = Scanner(engine, model)
    gc.collect()
    gc.freeze()
    _write(answers, msgspec.msgpack.encode("ready"))
    while frame := _read(sys.stdin.buffer):
        asked = msgspec.msgpack.decode(frame, type=tuple[list[str], list[str], bytes])
        _write(answers, msgspec.msgpack.encode(_scanned(scanner, *asked)))


def _scanned(scanner: Any, texts: list[str], entities: list[str], recognizers: bytes) -> list[list[Raw]] | None:  # noqa: ANN401 - imported late
    try:
        return cast("list[list[Raw]]", scanner.scan(texts, entities, recognizers))
    except Exception:  # noqa: BLE001 - whatever a recognizer raises may hold the text
        return None


def _read(stream: BinaryIO) -> bytes:
    head = stream.read(_LENGTH.size)
    return stream.read(_LENGTH.unpack(head)[0]) if len(head) == _LENGTH.size else b""


def _write(stream: BinaryIO, data: bytes) -> None:
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
