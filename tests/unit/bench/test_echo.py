import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.bench import echo


def asked(text: Any = "Hi <PERSON_1>, ok", **fields: Any) -> dict[str, Any]:
    return {"model": "echo", "messages": [{"role": "user", "content": text}], **fields}


def content(request: dict[str, Any]) -> str:
    return str(echo.whole(echo.say(request), "1")["choices"][0]["message"]["content"])


def streamed(request: dict[str, Any]) -> list[dict[str, Any]]:
    return list(echo.stream(request, echo.say(request), "1"))


TOOL = {"type": "function", "function": {"name": "send", "parameters": {"properties": {"to": {}, "cc": {}}}}}


@given(st.text())
def test_pieces_are_the_text(text: str) -> None:
    pieces = echo.pieces_of(text)

    assert "".join(pieces) == text
    assert all(3 <= len(piece) <= 7 for piece in pieces[:-1])
    assert all(pieces)


def test_it_says_what_it_heard() -> None:
    assert content(asked()) == "You said: Hi <PERSON_1>, ok"


def test_it_hears_the_last_user() -> None:
    messages = [
        {"role": "user", "content": "first"},
        {"role": "user", "content": [{"type": "text", "text": "se"}, {"type": "text", "text": "cond"}]},
        {"role": "assistant", "content": "third"},
    ]
    assert content(asked() | {"messages": messages}) == "You said: se\ncond"
    assert content(asked() | {"messages": messages[2:]}) == "You said: third"
    assert content(asked() | {"messages": []}) == "You said: "


def test_a_placeholder_arrives_in_parts() -> None:
    pieces = [step["choices"][0]["delta"].get("content") for step in streamed(asked(stream=True))]

    assert "".join(piece or "" for piece in pieces) == "You said: Hi <PERSON_1>, ok"
    assert not any("<PERSON_1>" in (piece or "") for piece in pieces)


def test_choices_come_by_turns() -> None:
    whole = echo.whole(echo.say(asked(n=2)), "1")
    turns = [step["choices"][0]["index"] for step in streamed(asked(n=2, stream=True))]

    assert [choice["index"] for choice in whole["choices"]] == [0, 1]
    assert turns == [0, 1] * (len(turns) // 2)


def test_usage_comes_when_asked_for() -> None:
    request = asked(stream=True, stream_options={"include_usage": True})

    assert streamed(request)[-1]["choices"] == []
    assert streamed(request)[-1]["usage"] == echo.say(request).usage()
    assert all("usage" not in step for step in streamed(asked(stream=True)))


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "send"}}])
def test_a_tool_is_called_with_what_was_heard(choice: Any) -> None:
    request = asked('He said "no"', tools=[TOOL], tool_choice=choice)
    whole = echo.whole(echo.say(request), "1")["choices"][0]
    steps = [call for step in streamed(request) for call in step["choices"][0]["delta"].get("tool_calls") or []]

    assert whole["finish_reason"] == "tool_calls"
    (call,) = whole["message"]["tool_calls"]
    assert json.loads(call["function"]["arguments"]) == {"to": 'He said "no"'}
    assert steps[0]["function"] == {"name": "send"}
    assert "".join(step["function"].get("arguments", "") for step in steps) == call["function"]["arguments"]


def test_a_tool_without_parameters_gets_one() -> None:
    tool = {"type": "function", "function": {"name": "send"}}
    request = asked("hi", tools=[tool], tool_choice="required")

    assert json.loads(echo.say(request).text) == {"text": "hi"}


@pytest.mark.parametrize("choice", ["auto", "none", None])
def test_no_tool_is_called_unasked(choice: str | None) -> None:
    assert echo.say(asked(tools=[TOOL], tool_choice=choice)).tool == ""


def test_it_can_be_told_what_to_say() -> None:
    assert content(asked(structured_outputs={"choice": ["Dear <PERSON_9>"]})) == "Dear <PERSON_9>"


def test_json_is_said_as_json() -> None:
    assert json.loads(content(asked('a "b"', response_format={"type": "json_object"}))) == {"you_said": 'a "b"'}


@pytest.mark.parametrize("field", ["max_tokens", "max_completion_tokens"])
def test_it_stops_at_the_limit(field: str) -> None:
    said = echo.say(asked(**{field: 2}))

    assert (said.text, said.finish, said.usage()["completion_tokens"]) == ("You said", "length", 2)


@pytest.mark.parametrize("least", [1, 7, 256, 1000])
def test_it_goes_on_until_it_has_said_enough(least: int) -> None:
    request = asked(min_tokens=least, max_tokens=max(least, 10), stream=True)
    pieces = [step["choices"][0]["delta"].get("content") or "" for step in streamed(request)]

    assert sum(map(bool, pieces)) >= least
    assert set("".join(pieces).split("\n")[:-1]) <= {"You said: Hi <PERSON_1>, ok"}
    assert not any("<PERSON_1>" in piece for piece in pieces)


def test_it_never_goes_on_for_ever() -> None:
    assert len(echo.say(asked(min_tokens=10**12)).pieces) < 300_000


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ([], 400),
        ({}, 400),
        ({"messages": "x"}, 400),
        (asked(model="other"), 404),
        (asked(stream_options={"a": 1}), 400),
    ],
)
def test_errors_have_the_shape_of_the_real_server(request_: Any, status: int) -> None:
    with pytest.raises(echo.Refused) as refused:
        echo.say(request_)

    assert refused.value.status == status
    assert set(refused.value.body["error"]) == {"message", "type", "param", "code"}
