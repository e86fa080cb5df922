"""What the lenses of OpenAI's routes have in common."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gateway.core.errors import BackendUnavailable, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import ChatLens, CompletionsLens, Lens
from gateway.protocols.openai import asks_for_json, require_template_options, taken
from gateway.protocols.shapes import Flag, Record, Served, Text


@pytest.mark.parametrize(("lens", "prefix"), [(ChatLens(), "chatcmpl-"), (CompletionsLens(), "cmpl-")])
def test_ids_errors_and_salts(lens: Lens, prefix: str) -> None:
    reply = lens.reply(b'{"id":"theirs","choices":[]}')
    assert json.loads(lens.write_reply(reply, []))["id"].startswith(prefix)
    error = BackendUnavailable("x")
    assert lens.error_event(error) == b"data: " + lens.error(error) + b"\n\n"
    assert json.loads(lens.error(error))["error"]["code"] == "backend_unavailable"


def test_a_request_is_read_by_its_table() -> None:
    shape = Record(fields={"model": Served(re.compile("m"), "m"), "stream": Flag(), "text": Text()})
    asked, request = taken(b'{"model":"m","stream":true,"text":"Maria"}', shape, frozenset())

    assert asked["text"] == "Maria"
    assert (request.model, request.streamed) == ("m", True)
    assert request.segments[0].text == Sensitive("Maria")
    with pytest.raises(ProtocolError):
        taken(b"[]", shape, frozenset())


@pytest.mark.parametrize(
    ("asked", "json_content"),
    [
        ({}, False),
        ({"response_format": {"type": "text"}}, False),
        ({"response_format": {"type": "json_object"}}, True),
        ({"response_format": {"type": "json_schema"}}, True),
        ({"structured_outputs": {"choice": ["a"]}}, False),
        ({"structured_outputs": {"json": {}}}, True),
        ({"structured_outputs": {"json_object": True}}, True),
    ],
)
def test_who_asks_for_a_document(asked: dict[str, Any], json_content: bool) -> None:
    assert asks_for_json(asked) is json_content


@pytest.mark.parametrize("options", [None, [], {"enable_thinking": False}])
def test_options_of_a_template_are_free(options: Any) -> None:
    require_template_options(options)


def test_options_of_a_template_are_no_arguments_of_its_call() -> None:
    with pytest.raises(ProtocolError) as raised:
        require_template_options({"greeting": "hi", "tools": []})

    assert raised.value.pointer == "/chat_template_kwargs/tools"
