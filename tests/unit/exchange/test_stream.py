import json
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, BackendUnavailable


def frame(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return (
        b"data: "
        + json.dumps({"object": "chat.completion.chunk", "model": "m", "choices": [choice]}).encode()
        + b"\n\n"
    )


async def said(pipeline: Any, call: Any) -> tuple[str, Exception | None]:
    text, error = "", None
    try:
        async with pipeline.stream(call(stream=True)) as reply:
            async for part in reply.frames:
                for line in part.reveal().split(b"\n\n"):
                    if line:
                        event = json.loads(line.removeprefix(b"data: "))
                        text += "".join(choice["delta"].get("content") or "" for choice in event["choices"])
    except (BackendUnavailable, BackendProtocolError) as caught:
        error = caught
    return text, error


async def test_chunks_of_any_size_are_restored(world: Any, pipeline: Any, call: Any) -> None:
    whole = frame("Dear <PER") + frame("SON_1>!") + frame("", "stop") + b"data: [DONE]\n\n"
    world.chunks = [whole[at : at + 5] for at in range(0, len(whole), 5)]

    assert await said(pipeline, call) == ("Dear Maria!", None)


async def test_a_stream_without_its_end_mark_is_an_error(world: Any, pipeline: Any, call: Any) -> None:
    world.chunks = [frame("Dear "), frame("", "stop")]

    text, error = await said(pipeline, call)

    assert text == "Dear "
    assert isinstance(error, BackendUnavailable)


@pytest.mark.parametrize("broken", [b"data: {broken\n\n", b"x" * (2 << 20)])
async def test_what_came_before_a_broken_event_is_said(world: Any, pipeline: Any, call: Any, broken: bytes) -> None:
    world.chunks = [frame("Dear ") + broken]

    text, error = await said(pipeline, call)

    assert text == "Dear "
    assert isinstance(error, BackendProtocolError)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("more", [b"data: x\n\n", frame("hidden"), b"data: [DONE]\n\n", b"x" * (2 << 20)])
async def test_what_comes_after_the_end_mark_is_not_passed_on(
    world: Any, pipeline: Any, call: Any, more: bytes, *, together: bool
) -> None:
    chunks = [frame("x", "stop"), b"data: [DONE]\n\n", more]
    world.chunks = [b"".join(chunks)] if together else chunks

    assert await said(pipeline, call) == ("x", None)
