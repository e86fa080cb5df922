import asyncio
import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from gateway.core.errors import (
    AuditUnavailable,
    BackendUnavailable,
    DetectionUnavailable,
    NotFound,
    PayloadTooLarge,
    PolicyUnavailable,
    ProtocolError,
    RequestBlocked,
)
from gateway.core.operators import Operator
from gateway.core.residue import KNOWN
from tests.doubles.images import NOTE, chunk, png, url


async def test_one_request_goes_down_the_stair(world: Any, pipeline: Any, call: Any) -> None:
    made = call()

    reply = await pipeline.run(made)

    assert world.order == ["require", "serves", "policy", "detect", "open", "send", "close"]
    assert json.loads(world.sent)["messages"][0]["content"] == "for <PERSON_1>"
    assert json.loads(reply.body.reveal())["choices"][0]["message"]["content"] == "Hello Maria"
    assert world.notes["restored"] == 1
    assert dict(made.progress.headers())["x-cloister-entities"] == "PERSON=1"


async def test_what_was_left_out_is_on_record(world: Any, pipeline: Any, call: Any) -> None:
    await pipeline.run(call(cache_salt="x", request_id="y"))

    assert world.notes["dropped"] == {"cache_salt": 1, "request_id": 1}


async def test_a_number_that_was_found_is_left_out_and_on_record(world: Any, pipeline: Any, call: Any) -> None:
    await pipeline.run(call(seed=4829134))

    assert world.notes["dropped"] == {"seed": 1}
    assert "seed" not in json.loads(world.sent)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("require", NotFound()),
        ("policy", PolicyUnavailable()),
        ("detect", DetectionUnavailable()),
        ("open", AuditUnavailable()),
    ],
)
async def test_nothing_is_sent_when_a_step_before_it_fails(
    world: Any, pipeline: Any, call: Any, step: str, error: Any
) -> None:
    world.fails[step] = error

    with pytest.raises(type(error)):
        await pipeline.run(call())

    assert "send" not in world.order
    assert world.ended is error


async def test_a_blocked_request_is_on_record_and_not_sent(world: Any, pipeline: Any, call: Any) -> None:
    world.operator = Operator.BLOCK

    with pytest.raises(RequestBlocked):
        await pipeline.run(call())

    assert world.order == ["require", "serves", "policy", "detect", "open", "close"]


async def test_what_hides_is_refused_where_policy_says_so(world: Any, pipeline: Any, call: Any) -> None:
    world.suspicious = "block"

    with pytest.raises(RequestBlocked) as raised:
        await pipeline.run(call("for j-o-h-n"))

    assert raised.value.counts == {"SUSPICIOUS_ENCODING": 1}
    assert "send" not in world.order


async def test_what_hides_is_flagged_and_leaves_as_it_is_written(world: Any, pipeline: Any, call: Any) -> None:
    world.suspicious, world.screen, world.answer = "flag", "mask", "Dear j-o-h-n"
    made = call("for Maria and j-o-h-n")

    reply = await pipeline.run(made)

    assert json.loads(world.sent)["messages"][0]["content"] == "for <PERSON_1> and j-o-h-n"
    assert dict(made.progress.headers())["x-cloister-entities"] == "PERSON=1,SUSPICIOUS_ENCODING=1"
    assert json.loads(reply.body.reveal())["choices"][0]["message"]["content"] == "Dear j-o-h-n"


async def test_an_answer_that_cannot_be_recorded_is_not_given(world: Any, pipeline: Any, call: Any) -> None:
    world.fails["close"] = AuditUnavailable()

    with pytest.raises(AuditUnavailable):
        await pipeline.run(call())


async def test_too_much_text_is_refused_before_it_is_looked_at(world: Any, pipeline: Any, call: Any) -> None:
    with pytest.raises(PayloadTooLarge, match="text_characters"):
        await pipeline.run(call("x" * 1001))

    assert world.order == ["close"]


async def test_each_tenant_has_its_own_cache_salt(world: Any, pipeline: Any, call: Any) -> None:
    salts = []
    for tenant in ("acme", "umbra", "acme"):
        asked = call()
        exchange = replace(asked.exchange, actor=replace(asked.exchange.actor, tenant=tenant))
        await pipeline.run(replace(asked, exchange=exchange))
        salts.append(json.loads(world.sent)["cache_salt"])

    assert salts[0] == salts[2] != salts[1]


async def test_what_cannot_be_read_is_refused_on_record(world: Any, pipeline: Any, call: Any) -> None:
    with pytest.raises(ProtocolError):
        await pipeline.refuse(call().exchange, ProtocolError())

    assert world.order == ["close"]


async def test_a_stream_is_closed_on_record_when_it_is_left(world: Any, pipeline: Any, call: Any) -> None:
    world.chunks = [b'data: {"object":"chat.completion.chunk","choices":[]}\n\ndata: [DONE]\n\n']

    async with pipeline.stream(call(stream=True)) as reply:
        assert "close" not in world.order
        [frame async for frame in reply.frames]

    assert world.order[-2:] == ["left", "close"]


async def test_a_stream_that_breaks_is_on_record_as_such(world: Any, pipeline: Any, call: Any) -> None:
    with pytest.raises(BackendUnavailable):
        async with pipeline.stream(call(stream=True)) as reply:
            [frame async for frame in reply.frames]

    assert isinstance(world.ended, BackendUnavailable)


async def test_a_conversation_is_known_by_how_it_begins(world: Any, pipeline: Any, call: Any) -> None:
    system, first = {"role": "system", "content": "Be brief."}, {"role": "user", "content": "for Maria"}
    later = [{"role": "assistant", "content": "Hello"}, {"role": "user", "content": "more"}]
    for messages in ([system, first], [system, first, *later], [system, {"role": "user", "content": "for Eve"}]):
        await pipeline.run(call(messages=messages))

    one, same, other = (route.prefix for route in world.routes)
    assert one == same != other
    assert {(route.model, route.path) for route in world.routes} == {("m", "/v1/chat/completions")}


def shown(call: Any, image: bytes) -> Any:
    picture = {"type": "image_url", "image_url": {"url": url("png", image)}}
    return call(messages=[{"role": "user", "content": [{"type": "text", "text": "for Maria"}, picture]}])


async def test_images_are_refused_unless_the_policy_accepts_them(world: Any, pipeline: Any, call: Any) -> None:
    with pytest.raises(ProtocolError, match="policy") as raised:
        await pipeline.run(shown(call, png()))

    assert raised.value.pointer == "/messages/0/content/1/image_url/url"
    assert world.sent == b""

    world.media = "allow-data-urls"
    await pipeline.run(shown(call, png()))

    assert b"data:image/png;base64," in world.sent
    assert NOTE not in base64.b64decode(world.sent.partition(b"base64,")[2].partition(b'"')[0])
    assert b"for <PERSON_1>" in world.sent
    assert world.notes["media"] == 1


async def test_an_image_has_a_limit(world: Any, pipeline: Any, call: Any) -> None:
    world.media = "allow-data-urls"
    noise = chunk(b"IDAT", bytes(range(256)) * 4)

    with pytest.raises(PayloadTooLarge, match="media_bytes"):
        await pipeline.run(shown(call, png(notes=noise)))

    assert world.sent == b""


async def test_whoever_writes_while_an_exchange_is_served_knows_its_values(
    world: Any, pipeline: Any, call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(world, "serves", lambda _: seen.append(KNOWN.get()))
    restored = pipeline._stages.sender.send

    async def send(*given: Any) -> Any:
        seen.append(KNOWN.get())
        return await restored(*given)

    monkeypatch.setattr(world, "send", send)
    await asyncio.create_task(pipeline.run(call()))

    assert seen[0] is None
    assert seen[1].text("for Maria") == "for <PERSON_1>"
    assert KNOWN.get() is None
