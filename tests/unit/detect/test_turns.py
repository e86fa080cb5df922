import asyncio

import pytest

from gateway.detect.turns import Turns


async def waiting(turns: Turns[str], order: list[str], *askers: str) -> list[asyncio.Task[None]]:
    async def one(asker: str) -> None:
        await turns.take((asker[0], asker))
        order.append(asker)

    tasks = [asyncio.create_task(one(asker)) for asker in askers]
    await asyncio.sleep(0)
    return tasks


async def test_what_is_free_is_taken_at_once() -> None:
    turns: Turns[str] = Turns()
    turns.give("first")
    turns.give("second")

    assert [await turns.take(("a", "k")), await turns.take(("a", "k"))] == ["first", "second"]


async def test_askers_take_turns_however_many_each_has_waiting() -> None:
    turns: Turns[str] = Turns()
    order: list[str] = []
    tasks = await waiting(turns, order, "a", "a", "a", "b", "c", "b")
    for _ in tasks:
        turns.give("it")
        await asyncio.sleep(0)

    await asyncio.gather(*tasks)
    assert order == ["a", "b", "c", "a", "b", "a"]


async def test_within_a_tenant_those_who_ask_take_turns() -> None:
    turns: Turns[str] = Turns()
    order: list[str] = []
    tasks = await waiting(turns, order, "a1", "a1", "a1", "a2", "b1", "b1")
    for _ in tasks:
        turns.give("it")
        await asyncio.sleep(0)

    await asyncio.gather(*tasks)
    assert order == ["a1", "b1", "a2", "b1", "a1", "a1"]


@pytest.mark.parametrize("given_first", [False, True])
async def test_a_turn_of_somebody_who_has_gone_is_given_on(given_first: bool) -> None:
    turns: Turns[str] = Turns()
    order: list[str] = []
    gone, *_ = tasks = await waiting(turns, order, "a", "b")
    if given_first:
        turns.give("it")
        gone.cancel()
    else:
        gone.cancel()
        turns.give("it")

    await asyncio.gather(*tasks, return_exceptions=True)
    assert order == ["b"]
