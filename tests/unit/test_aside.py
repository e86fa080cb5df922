"""Work that would keep others waiting."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from gateway.aside import LONG, Queue, aside
from gateway.core.errors import Overloaded
from tests.waiting import until_async


@pytest.mark.parametrize(("size", "elsewhere"), [(0, False), (LONG - 1, False), (LONG, True)])
async def test_long_work_is_done_in_a_thread(size: int, elsewhere: bool) -> None:
    where = await aside(size, threading.current_thread)

    assert (where is not threading.current_thread()) is elsewhere


@pytest.mark.parametrize("size", [0, LONG])
async def test_an_error_is_the_callers(size: int) -> None:
    def fail() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await aside(size, fail)


async def test_who_is_cancelled_goes_on_when_the_thread_has_ended() -> None:
    begun, ended = threading.Event(), []

    def work() -> None:
        begun.set()
        time.sleep(0.1)
        ended.append(True)

    task = asyncio.create_task(aside(LONG, work))
    await asyncio.to_thread(begun.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert ended


async def test_the_loop_goes_on_while_work_is_done() -> None:
    queue, told = Queue(), threading.Event()
    work = asyncio.create_task(queue(lambda: told.wait(30)))
    await asyncio.sleep(0)
    told.set()

    assert await work is True


async def test_one_work_is_done_after_the_other() -> None:
    queue, at_work, most = Queue(), 0, 0

    def work() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        threading.Event().wait(0.005)
        at_work -= 1

    await asyncio.gather(*(queue(work) for _ in range(8)))
    assert most == 1


async def test_too_many_are_refused_and_nothing_of_them_is_done() -> None:
    queue, told, done = Queue(), threading.Event(), []
    works = [asyncio.create_task(queue(lambda: told.wait(30))) for _ in range(8)]
    await until_async(lambda: queue._waiting == 8)

    with pytest.raises(Overloaded):
        await queue(lambda: done.append(1))
    told.set()
    assert await asyncio.gather(*works) == [True] * 8
    assert await queue(lambda: 5) == 5
    assert done == []


async def test_one_waits_for_no_other_s(monkeypatch: pytest.MonkeyPatch) -> None:
    queue, told = Queue(), threading.Event()
    work = asyncio.create_task(queue(lambda: told.wait(30)))

    assert await Queue()(lambda: 5) == 5
    assert not work.done()
    told.set()
    await work


async def test_what_fails_fails_where_it_was_asked_for() -> None:
    queue = Queue()

    def fail() -> None:
        raise KeyError

    for _ in range(9):
        with pytest.raises(KeyError):
            await queue(fail)
