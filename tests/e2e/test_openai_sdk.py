"""The official SDK, unchanged but for its address and key."""

import base64
import json
import re
import struct
from collections.abc import Iterator
from typing import Any

import openai
import pytest

from tests.doubles.recording_backend import Received, completion, stream, whole

pytestmark = pytest.mark.integration

VALUES = ["Maria Gonzalez", "maria.gonzalez@corp.local", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00"]
PROMPT = (
    "Write to Maria Gonzalez (maria.gonzalez@corp.local), card 4111 1111 1111 1111, IBAN DE89 3704 0044 0532 0130 00."
)


def echo(request: Received) -> Any:
    """Answer with what was received, in pieces of three characters, as often as ``n`` says."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    body = request.json
    said = body["messages"][-1]["content"]
    count = body.get("n", 1)
    if not body.get("stream"):
        answer = completion(said)
        answer["choices"] = [answer["choices"][0] | {"index": index} for index in range(count)]
        return whole(answer)
    return stream(frames(said, count))


def frames(said: str, count: int) -> list[bytes]:
    pieces = [said[at : at + 3] for at in range(0, len(said), 3)]
    texts = [event({"content": piece}, index) for piece in pieces for index in range(count)]
    return [*texts, *(event({}, index, "stop") for index in range(count)), b"data: [DONE]\n\n"]


def event(delta: dict[str, Any], index: int, finish: str | None = None) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "tiny-moe", "choices": [choice]}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


@pytest.fixture
def client(gateway: Any) -> Any:
    gateway.backend.script = echo
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.keys["app"], max_retries=0) as made:
        yield made


def messages(text: str = PROMPT) -> Any:
    return [{"role": "user", "content": text}]


def assert_clean(gateway: Any) -> None:
    assert gateway.backend.received
    for value in VALUES:
        assert value.encode() not in bytes(gateway.backend.raw)


def test_a_whole_answer(gateway: Any, client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="tiny-moe", messages=messages())

    assert answer.choices[0].message.content == PROMPT
    assert_clean(gateway)
    assert b"<PERSON_1>" in bytes(gateway.backend.raw)


def test_a_stream(gateway: Any, client: openai.OpenAI) -> None:
    chunks = list(client.chat.completions.create(model="tiny-moe", messages=messages(), stream=True))

    assert "".join(piece.choices[0].delta.content or "" for piece in chunks if piece.choices) == PROMPT
    assert len(chunks) > 20
    assert_clean(gateway)


def test_two_choices_streamed(gateway: Any, client: openai.OpenAI) -> None:
    said = {0: "", 1: ""}
    for piece in client.chat.completions.create(model="tiny-moe", messages=messages(), n=2, stream=True):
        for choice in piece.choices:
            said[choice.index] += choice.delta.content or ""

    assert said == {0: PROMPT, 1: PROMPT}
    assert_clean(gateway)


def test_two_choices(gateway: Any, client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="tiny-moe", messages=messages(), n=2)

    assert [choice.message.content for choice in answer.choices] == [PROMPT, PROMPT]


async def test_asynchronously(gateway: Any, client: openai.OpenAI) -> None:
    async with openai.AsyncOpenAI(base_url=f"{gateway.url}/v1", api_key=gateway.keys["app"], max_retries=0) as app:
        answer = await app.chat.completions.create(model="tiny-moe", messages=messages())
        said = ""
        async for piece in await app.chat.completions.create(model="tiny-moe", messages=messages(), stream=True):
            said += piece.choices[0].delta.content or ""

    assert (answer.choices[0].message.content, said) == (PROMPT, PROMPT)
    assert_clean(gateway)


def test_tools_there_and_back(gateway: Any, client: openai.OpenAI) -> None:
    tools: Any = [
        {
            "type": "function",
            "function": {"name": "send", "parameters": {"type": "object", "properties": {"to": {"type": "string"}}}},
        }
    ]
    history: Any = [
        *messages(),
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "send", "arguments": '{"to": "maria.gonzalez@corp.local"}'},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": 'sent to "Maria Gonzalez"'},
    ]
    call = {"id": "c2", "type": "function", "function": {"name": "send", "arguments": '{"to": "<PERSON_1>"}'}}

    def answer(request: Received) -> bytes:
        if request.method == "GET":
            return whole(b"", kind="text/plain")
        made = completion("")
        made["choices"][0]["message"] = {"role": "assistant", "content": None, "tool_calls": [call]}
        made["choices"][0]["finish_reason"] = "tool_calls"
        return whole(made)

    gateway.backend.script = answer
    given = client.chat.completions.create(model="tiny-moe", messages=history, tools=tools)

    calls = given.choices[0].message.tool_calls
    assert calls
    assert json.loads(calls[0].function.arguments) == {"to": "Maria Gonzalez"}
    assert_clean(gateway)


def test_history_keeps_its_numbers(gateway: Any, client: openai.OpenAI) -> None:
    first = messages()
    client.chat.completions.create(model="tiny-moe", messages=first)
    second = [*first, {"role": "assistant", "content": "To Maria Gonzalez."}, *messages("And to Peter Jones too.")]
    client.chat.completions.create(model="tiny-moe", messages=second)

    sent = [request.json["messages"] for request in gateway.backend.received]
    assert sent[1][: len(sent[0])] == sent[0]
    assert sent[1][1]["content"] == "To <PERSON_1>."


def test_models(gateway: Any, client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["tiny-moe"]
    assert client.models.retrieve("tiny-moe").id == "tiny-moe"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("other")


def test_errors_are_the_sdk_s_own(gateway: Any, client: openai.OpenAI) -> None:
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(model="other", messages=messages())
    with pytest.raises(openai.BadRequestError) as refused:
        client.chat.completions.create(model="tiny-moe", messages=messages(), extra_body={"echo": True})
    with (
        pytest.raises(openai.AuthenticationError),
        openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="nothing") as app,
    ):
        app.models.list()

    assert refused.value.param == "/echo"
    assert gateway.backend.received == []


def test_an_answer_says_what_was_done(gateway: Any) -> None:
    _, headers, _ = gateway.chat(PROMPT)

    assert headers["x-cloister-decision"] == "permit"
    assert headers["x-cloister-entities"] == "CREDIT_CARD=1,EMAIL_ADDRESS=1,IBAN_CODE=1,PERSON=1"
    assert len(headers["x-cloister-policy"]) == 12
    assert {part.split(";")[0].strip() for part in headers["server-timing"].split(",")} == {
        "detect",
        "audit",
        "upstream",
    }


def told(request: Received) -> Any:
    """Continue a prompt with itself, in pieces of three characters where a stream is asked for."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    said = request.json["prompt"]
    head = {"id": "x", "object": "text_completion", "created": 1, "model": "tiny-moe"}
    choice = {"index": 0, "logprobs": None, "finish_reason": None}
    if not request.json.get("stream"):
        return whole({**head, "choices": [choice | {"text": said, "finish_reason": "stop"}]})
    pieces = [choice | {"text": said[at : at + 3]} for at in range(0, len(said), 3)]
    ended = [*pieces, choice | {"text": "", "finish_reason": "stop"}]
    lines = (json.dumps({**head, "choices": [piece]}).encode() for piece in ended)
    return stream([*(b"data: " + line + b"\n\n" for line in lines), b"data: [DONE]\n\n"])


def test_completions_whole_and_streamed(gateway: Any, client: openai.OpenAI) -> None:
    gateway.backend.script = told

    answer = client.completions.create(model="tiny-moe", prompt=PROMPT)
    pieces = list(client.completions.create(model="tiny-moe", prompt=PROMPT, stream=True))

    assert answer.choices[0].text == PROMPT
    assert "".join(piece.choices[0].text for piece in pieces) == PROMPT
    assert pieces[-1].choices[0].finish_reason == "stop"
    assert_clean(gateway)


def embedded(request: Received) -> Any:
    """Give each input a vector of its own: how long it is, and what its letters add up to."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    inputs = request.json["input"]
    texts = [inputs] if isinstance(inputs, str) else inputs
    vectors = [[len(text) / 8, sum(map(ord, text)) / 1024] for text in texts]
    as_asked: list[Any] = vectors
    if request.json.get("encoding_format") == "base64":
        as_asked = [base64.b64encode(struct.pack("<2f", *vector)).decode() for vector in vectors]
    data = [{"index": at, "object": "embedding", "embedding": vector} for at, vector in enumerate(as_asked)]
    usage = {"prompt_tokens": 2, "total_tokens": 2}
    return whole({"id": "x", "object": "list", "created": 1, "model": "tiny-moe", "data": data, "usage": usage})


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_embeddings_tell_people_apart_in_every_request(gateway: Any, client: openai.OpenAI, encoding: Any) -> None:
    gateway.backend.script = embedded
    texts = ["Maria Gonzalez is ill", "John Smith is ill", "Maria Gonzalez is ill"]

    many = client.embeddings.create(model="tiny-moe", input=texts, encoding_format=encoding)
    one = client.embeddings.create(model="tiny-moe", input=texts[1])

    received = [json.loads(request.body)["input"] for request in gateway.backend.received]
    assert received[0] == [received[0][0], received[1], received[0][0]]
    assert received[0][0] != received[1]
    assert re.fullmatch(r"<PERSON_[0-9A-Z]{13}> is ill", received[1])
    assert (len(many.data), many.usage.total_tokens) == (3, 2)
    if encoding == "float":
        assert many.data[1].embedding == one.data[0].embedding
    assert_clean(gateway)


def responded(request: Received) -> Any:
    """Say what was heard, and send it with the tool where there is one; in pieces where a stream is asked for."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    asked = request.json
    said = asked["input"] if isinstance(asked["input"], str) else asked["input"][-1]["content"]
    part = {"type": "output_text", "text": said, "annotations": []}
    items: list[dict[str, Any]] = [
        {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
    ]
    if asked.get("tools"):
        items.append(
            {"type": "function_call", "id": "f", "call_id": "c", "name": "send", "arguments": json.dumps({"to": said})}
        )
    usage = {"input_tokens": 3, "output_tokens": 5, "total_tokens": 8}
    head = {"id": "resp_x", "object": "response", "created_at": 1, "model": "tiny-moe", "instructions": said}
    ended = {**head, "status": "completed", "output": items, "usage": usage}
    if not asked.get("stream"):
        return whole(ended)
    events: list[dict[str, Any]] = [{"type": "created", "response": {**head, "status": "in_progress", "output": []}}]
    for index, item in enumerate(items):
        events += [event | {"output_index": index, "item_id": item["id"]} for event in item_events(item)]
    events.append({"type": "completed", "response": ended})
    for number, event in enumerate(events):
        event |= {"type": f"response.{event['type']}", "sequence_number": number}
    return stream([f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events])


def item_events(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if item["type"] == "message":
        part, at = item["content"][0], {"content_index": 0}
        yield {"type": "output_item.added", "item": item | {"content": []}}
        yield {"type": "content_part.added", "part": part | {"text": ""}, **at}
        for start in range(0, len(part["text"]), 3):
            yield {"type": "output_text.delta", "delta": part["text"][start : start + 3], "logprobs": [], **at}
        yield {"type": "output_text.done", "text": part["text"], "logprobs": [], **at}
        yield {"type": "content_part.done", "part": part, **at}
    else:
        text = item["arguments"]
        yield {"type": "output_item.added", "item": item | {"arguments": ""}}
        for start in range(0, len(text), 3):
            yield {"type": "function_call_arguments.delta", "delta": text[start : start + 3]}
        yield {"type": "function_call_arguments.done", "arguments": text, "name": item["name"]}
    yield {"type": "output_item.done", "item": item}


SEND: Any = {"type": "function", "name": "send", "parameters": {"type": "object"}, "strict": False}


def test_a_response_whole_and_streamed(gateway: Any, client: openai.OpenAI) -> None:
    gateway.backend.script = responded

    answer: Any = client.responses.create(model="tiny-moe", input=PROMPT, tools=[SEND], instructions=PROMPT)
    with client.responses.stream(model="tiny-moe", input=messages(), tools=[SEND]) as streamed:
        events: list[Any] = list(streamed)
        final: Any = streamed.get_final_response()

    assert (answer.output_text, json.loads(answer.output[1].arguments)) == (PROMPT, {"to": PROMPT})
    assert (final.output_text, json.loads(final.output[1].arguments)) == (PROMPT, {"to": PROMPT})
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == PROMPT
    assert json.loads(gateway.backend.received[0].body)["store"] is False
    assert_clean(gateway)
