import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvloop

from gateway.core.errors import DetectionUnavailable
from gateway.core.policy import CustomRecognizer
from gateway.detect import WorkerPool, workers
from gateway.detect.custom import encoded
from tests.waiting import is_gone, until

pytestmark = pytest.mark.integration

MAIL = (["mail bob@corp.local"], ["EMAIL_ADDRESS"], ("default", "k"))


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    made = WorkerPool(engine="patterns", model="", workers=1, deadline=1.0)
    await made.start()
    yield made
    await made.stop()


async def recovers(pool: WorkerPool) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            assert len((await pool.run(*MAIL))[0]) == 1
        except DetectionUnavailable:
            await asyncio.sleep(0.1)
        else:
            return
    pytest.fail("no worker came back")


async def test_a_frozen_worker_is_killed_at_the_deadline_and_replaced(pool: WorkerPool) -> None:
    (pid,) = pool.pids
    os.kill(pid, signal.SIGSTOP)
    began = time.monotonic()

    with pytest.raises(DetectionUnavailable):
        await pool.run(*MAIL)

    assert time.monotonic() - began < 2
    await recovers(pool)
    assert pool.pids != (pid,)
    assert not Path(f"/proc/{pid}").exists()  # noqa: ASYNC240 - a look at /proc does not block


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_a_worker_that_was_seen_to_end_is_replaced(loop: Any) -> None:
    async def killed() -> None:
        pool = WorkerPool(engine="patterns", model="", workers=1, deadline=1.0)
        await pool.start()
        os.kill(pool.pids[0], signal.SIGKILL)
        await asyncio.sleep(0.5)
        with pytest.raises(DetectionUnavailable):
            await pool.run(*MAIL)
        await recovers(pool)
        await pool.stop()

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(killed())


async def test_recognizers_of_a_policy_go_along(pool: WorkerPool) -> None:
    given = encoded((CustomRecognizer(name="Badges", entity_type="BADGE", deny_list=("B-1234",)),))

    assert await pool.run(["badge B-1234"], ["BADGE"], ("default", "k"), given) == [[("BADGE", 6, 12, 1.0, "Badges")]]
    assert await pool.run(["badge B-1234"], ["BADGE"], ("default", "k")) == [[]]


async def test_a_worker_that_has_failed_says_so_and_stays(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    pids = pool.pids
    with monkeypatch.context() as patch:
        patch.setattr(workers.Worker, "ask", failing)
        with pytest.raises(DetectionUnavailable):
            await pool.run(*MAIL)

    assert len((await pool.run(*MAIL))[0]) == 1
    assert pool.pids == pids


async def failing(_worker: object, _frame: bytes) -> bytes:
    return msgspec.msgpack.encode(None)


async def test_a_killed_worker_is_replaced(pool: WorkerPool) -> None:
    os.kill(pool.pids[0], signal.SIGKILL)

    with pytest.raises(DetectionUnavailable):
        await pool.run(*MAIL)

    await recovers(pool)


async def test_a_caller_that_leaves_does_not_disturb_the_next(pool: WorkerPool) -> None:
    for _ in range(20):
        task = asyncio.create_task(pool.run(["x " * 2000], ["EMAIL_ADDRESS", "SECRET"], ("default", "k")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert len((await pool.run(*MAIL))[0]) == 1


async def test_who_waits_too_long_for_a_turn_is_refused(pool: WorkerPool) -> None:
    os.kill(pool.pids[0], signal.SIGSTOP)
    began = time.monotonic()

    answers = await asyncio.gather(*(pool.run(*MAIL) for _ in range(5)), return_exceptions=True)

    assert all(isinstance(answer, DetectionUnavailable) for answer in answers[:1])
    assert time.monotonic() - began < 3


async def test_one_key_with_many_texts_does_not_keep_another_waiting(pool: WorkerPool) -> None:
    texts = ["x " * 4000]
    flood = [asyncio.create_task(pool.run(texts, ["EMAIL_ADDRESS", "SECRET"], ("default", "loud"))) for _ in range(30)]
    await asyncio.sleep(0)

    await pool.run(["mail bob@corp.local"], ["EMAIL_ADDRESS"], ("default", "quiet"))
    done = sum(task.done() for task in flood)
    for task in flood:
        task.cancel()
    await asyncio.gather(*flood, return_exceptions=True)

    assert done <= 3


PARENT = """
import asyncio, sys
from gateway.detect import WorkerPool
async def main():
    pool = WorkerPool(engine="patterns", model="", workers=1, deadline=1.0)
    await pool.start()
    print(pool.pids[0], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def test_workers_die_with_a_killed_parent(root: Path) -> None:
    environ = os.environ | {"PYTHONPATH": str(root)}
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environ, text=True) as parent:
        assert parent.stdout
        worker = int(parent.stdout.readline())
        parent.kill()

    until(lambda: is_gone(worker), 5)


async def test_a_worker_imports_nothing_from_the_callers_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("msgspec", "re2", "gateway"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(99)\n")
    monkeypatch.chdir(tmp_path)
    pool = WorkerPool(engine="patterns", model="", workers=1, deadline=1.0)
    await pool.start()

    assert len((await pool.run(*MAIL))[0]) == 1

    await pool.stop()
