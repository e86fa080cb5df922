from __future__ import annotations

import asyncio
import threading

import pytest

from gateway.core.errors import Overloaded
from gateway.policy.aside import Aside
from tests.waiting import until_async


async def test_the_loop_goes_on_while_work_is_done() -> None:
    aside, told = Aside(), threading.Event()
    work = asyncio.create_task(aside(lambda: told.wait(30)))
    await asyncio.sleep(0)
    told.set()

    assert await work is True


async def test_one_work_is_done_after_the_other() -> None:
    aside, at_work, most = Aside(), 0, 0

    def work() -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        threading.Event().wait(0.005)
        at_work -= 1

    await asyncio.gather(*(aside(work) for _ in range(8)))
    assert most == 1


async def test_too_many_are_refused_and_nothing_of_them_is_done() -> None:
    aside, told, done = Aside(), threading.Event(), []
    works = [asyncio.create_task(aside(lambda: told.wait(30))) for _ in range(8)]
    await until_async(lambda: aside._waiting == 8)

    with pytest.raises(Overloaded):
        await aside(lambda: done.append(1))
    told.set()
    assert await asyncio.gather(*works) == [True] * 8
    assert await aside(lambda: 5) == 5
    assert done == []


async def test_one_waits_for_no_other_s(monkeypatch: pytest.MonkeyPatch) -> None:
    aside, told = Aside(), threading.Event()
    work = asyncio.create_task(aside(lambda: told.wait(30)))

    assert await Aside()(lambda: 5) == 5
    assert not work.done()
    told.set()
    await work


async def test_what_fails_fails_where_it_was_asked_for() -> None:
    aside = Aside()

    def fail() -> None:
        raise KeyError

    for _ in range(9):
        with pytest.raises(KeyError):
            await aside(fail)
