import asyncio
from contextlib import AsyncExitStack

import pytest

from gateway.core.errors import Overloaded
from gateway.eval.lanes import Lanes


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def work(lanes: Lanes, tenant: str, log: list[str], gate: asyncio.Event) -> asyncio.Task[None]:
    async def done() -> None:
        async with lanes.turn(tenant):
            log.append(tenant)
            await gate.wait()

    return asyncio.create_task(done())


async def test_a_tenant_s_works_come_one_after_the_other_and_another_s_beside_them() -> None:
    lanes, log, gate = Lanes(), list[str](), asyncio.Event()
    tasks = [work(lanes, tenant, log, gate) for tenant in ("acme", "acme", "acme", "umbra")]
    await settled()

    assert log == ["acme", "umbra"]
    assert lanes.used == 2
    gate.set()
    await asyncio.gather(*tasks)
    assert (sorted(log), lanes.used) == (["acme"] * 3 + ["umbra"], 0)


async def test_of_very_many_the_last_are_refused_and_no_other_tenant_s() -> None:
    lanes, gate = Lanes(), asyncio.Event()
    tasks = [work(lanes, "acme", [], gate) for _ in range(8)]
    await settled()

    with pytest.raises(Overloaded):
        async with lanes.turn("acme"):
            pytest.fail("nine are let in")
    async with lanes.turn("umbra"):
        pass
    gate.set()
    await asyncio.gather(*tasks)
    async with lanes.turn("acme"):
        assert lanes.used == 1


async def test_who_goes_away_leaves_the_lane_in_order() -> None:
    lanes, log, gate = Lanes(), list[str](), asyncio.Event()
    first, second, third = (work(lanes, "acme", log, gate) for _ in range(3))
    await settled()
    second.cancel()
    first.cancel()
    await settled()

    assert log == ["acme"] * 2
    gate.set()
    await third
    assert lanes.used == 0


async def test_a_failure_gives_the_turn_on() -> None:
    lanes = Lanes()
    with pytest.raises(ZeroDivisionError):
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(lanes.turn("acme"))
            raise ZeroDivisionError

    assert lanes.used == 0
