"""A request, by a table of the test's own."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols.request import taken, written
from gateway.protocols.shapes import Flag, Free, Record, Served, Text

SHAPE = Record(
    fields={
        "model": Served(re.compile("m"), "m"),
        "stream": Flag(),
        "text": Text(),
        "response_format": Free(),
        "structured_outputs": Free(),
        "chat_template_kwargs": Free(),
    }
)


def request(**fields: Any) -> bytes:
    return json.dumps({"model": "m", **fields}).encode()


def test_a_request_is_read_by_its_table() -> None:
    asked, read = taken(request(stream=True, text="Maria"), SHAPE, frozenset())

    assert asked["text"] == "Maria"
    assert (read.model, read.streamed) == ("m", True)
    assert read.segments[0].text == Sensitive("Maria")
    with pytest.raises(ProtocolError):
        taken(b"[]", SHAPE, frozenset())


def test_it_is_written_with_a_salt_or_without() -> None:
    _, read = taken(request(text="Maria"), SHAPE, frozenset())
    texts = [Sensitive("<PERSON_1>")]

    assert json.loads(written(read, texts)) == {"model": "m", "text": "<PERSON_1>"}
    assert json.loads(written(read, texts, "ours")) == {"model": "m", "text": "<PERSON_1>", "cache_salt": "ours"}


@pytest.mark.parametrize(
    ("fields", "json_content"),
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
def test_who_asks_for_a_document(fields: dict[str, Any], json_content: bool) -> None:
    assert taken(request(**fields), SHAPE, frozenset())[1].json_content is json_content


@pytest.mark.parametrize("options", [None, [], {"enable_thinking": False}])
def test_options_of_a_template_are_free(options: Any) -> None:
    taken(request(chat_template_kwargs=options), SHAPE, frozenset())


def test_options_of_a_template_are_no_arguments_of_its_call() -> None:
    with pytest.raises(ProtocolError) as raised:
        taken(request(chat_template_kwargs={"greeting": "hi", "tools": []}), SHAPE, frozenset())

    assert raised.value.pointer == "/chat_template_kwargs/tools"
