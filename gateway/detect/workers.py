"""The pool of worker processes.

Law: a worker that has not answered within the deadline is killed and replaced, because a thread inside a regular
expression cannot be stopped. Whatever goes wrong is ``DetectionUnavailable``, waiting too long for a turn included; an
answer is never made up. A caller that goes away leaves the pipe in order: its worker is given back when it has
answered.
"""

from __future__ import annotations

import asyncio
import os
import struct
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec

from gateway.core.errors import DetectionUnavailable
from gateway.core.ports import Asker
from gateway.detect.raw import Raw
from gateway.detect.turns import Turns
from gateway.observability import metrics
from gateway.observability.logs import logger

T = TypeVar("T")

_LENGTH: Final = struct.Struct(">I")
_WARM_SECONDS: Final = 60.0
_PAUSE: Final = 0.5
_PATIENCE: Final = 1.25
"""How many deadlines a frame may take, its waiting for a turn included."""
_ENVIRONMENT: Final = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "HOME", "TMPDIR")


class Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            message = "a worker is started with pipes"
            raise RuntimeError(message)
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    async def receive(self) -> bytes:
        """Return the next frame. Raise EOFError when the process is gone."""
        try:
            (length,) = _LENGTH.unpack(await self._stdout.readexactly(_LENGTH.size))
            return await self._stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise EOFError from None

    async def ask(self, frame: bytes) -> bytes:
        """Send a frame and return the answer. Raise EOFError when the process is gone."""
        if self._stdin.is_closing():  # uvloop knows before the pipe is used, and fails in its own way
            raise EOFError
        self._stdin.write(_LENGTH.pack(len(frame)) + frame)
        await self._stdin.drain()
        return await self.receive()

    async def end(self) -> None:
        """Kill the process and wait for its end."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._stdin.close()
        await self._process.wait()


class WorkerPool:
    """Workers, warm and waiting. deadline: seconds that a worker has for one frame."""

    def __init__(self, *, engine: str, model: str, workers: int, deadline: float) -> None:
        self._command = (sys.executable, "-P", "-m", "gateway.detect.worker", engine, model)
        self._size = workers
        self._deadline = deadline
        self._idle: Turns[Worker] = Turns()
        self._workers: set[Worker] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    @property
    def ready(self) -> bool:
        """Whether there is a worker."""
        return bool(self._workers)

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes' ids."""
        return tuple(worker.pid for worker in self._workers)

    async def start(self) -> None:
        """Start the workers and wait until all are warm."""
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def stop(self) -> None:
        """End every worker; one that is just being started is waited for, so that none is left behind."""
        self._stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in self._workers:
            await worker.end()
        self._workers.clear()

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        """Scan texts in one worker, when it is the asker's turn. Raise ``DetectionUnavailable``."""
        frame = msgspec.msgpack.encode((texts, entities, recognizers))
        try:
            async with asyncio.timeout(self._deadline * _PATIENCE):
                worker = await self._idle.take(asker)
                return await asyncio.shield(self._spawn(self._use(worker, frame)))
        except TimeoutError:
            raise DetectionUnavailable from None

    async def _use(self, worker: Worker, frame: bytes) -> list[list[Raw]]:
        """Ask a worker, and give it back or replace it."""
        try:
            answer = await asyncio.wait_for(worker.ask(frame), self._deadline)
            found = msgspec.msgpack.decode(answer, type=list[list[Raw]] | None)
        except (TimeoutError, EOFError, OSError, msgspec.DecodeError) as error:
            logger("detect").error("worker.replaced", pid=worker.pid, why=type(error).__name__)
            metrics.detect_restarts.inc()
            self._workers.discard(worker)
            self._spawn(self._replace(worker))
            raise DetectionUnavailable from None
        self._idle.give(worker)
        if found is None:
            logger("detect").error("worker.failed", pid=worker.pid)
            raise DetectionUnavailable
        return found

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Begin some work that is done to its end, whoever waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def _forget(self, task: asyncio.Task[Any]) -> None:
        """Look at how it ended, which nobody else may do, and let go of it."""
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()

    async def _replace(self, worker: Worker) -> None:
        await worker.end()
        while not self._stopping:
            try:
                await self._add()
            except (DetectionUnavailable, OSError):
                await asyncio.sleep(_PAUSE)
            else:
                return

    async def _add(self) -> None:
        """Start a worker and wait until it is warm."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        worker = Worker(process)
        try:
            await asyncio.wait_for(worker.receive(), _WARM_SECONDS)
        except (TimeoutError, EOFError):
            await worker.end()
            raise DetectionUnavailable from None
        except asyncio.CancelledError:
            await worker.end()
            raise
        self._workers.add(worker)
        self._idle.give(worker)
