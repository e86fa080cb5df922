"""A model server that begins to answer and never goes on, in a process of its own that can be killed.

    python -m tests.doubles.stalling_backend PATH

It says "Hello " in any protocol where a stream is asked for, nothing where none is, and then writes a line to stdout.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from tests.doubles.protocols import BY_PATH
from tests.doubles.recording_backend import Received, RecordingBackend, Reply, chunk, head, whole


def stall(request: Received) -> Reply:
    """Answer probes, and begin to answer anything else."""
    return whole(b"", kind="text/plain") if request.method == "GET" else _begin(request)


async def _begin(request: Received) -> AsyncIterator[bytes]:
    if request.json.get("stream"):
        yield head(200, "text/event-stream", transfer_encoding="chunked") + b"\r\n"
        yield chunk(b"".join(BY_PATH[request.path].begun()))
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


async def _serve(place: Path) -> None:
    backend = RecordingBackend(script=stall)
    await backend.listen(uds=place)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
