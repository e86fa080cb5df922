import json

import pytest

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import read_inner


def test_every_string_key_and_number_of_a_document_is_taken_out() -> None:
    inner = read_inner(Sensitive('{"to": "m@corp.local", "cards": [4111111111111111]}'), "/3")

    assert [segment.text.reveal() for segment in inner.segments] == ["to", "m@corp.local", "cards", "4111111111111111"]
    assert {segment.whole for segment in inner.segments} == {"/3#"}
    texts = [Sensitive("to"), Sensitive("[EMAIL_ADDRESS]"), Sensitive("cards"), Sensitive("[CREDIT_CARD]")]
    assert json.loads(inner.write(texts)) == {"to": "[EMAIL_ADDRESS]", "cards": ["[CREDIT_CARD]"]}


def test_escapes_are_undone() -> None:
    inner = read_inner(Sensitive(r'{"to": "\u006d@corp.local"}'), "/0")
    assert inner.segments[1].text.reveal() == "m@corp.local"


def test_what_is_no_json_is_one_text() -> None:
    inner = read_inner(Sensitive('{"to": "m@corp'), "/0")
    assert [(each.kind, each.text.reveal()) for each in inner.segments] == [(PartKind.ARGUMENTS, '{"to": "m@corp')]
    assert inner.write([Sensitive('{"to": "[X]')]) == '{"to": "[X]'


def test_what_two_parsers_read_differently_is_refused() -> None:
    with pytest.raises(BackendProtocolError, match="ambiguous"):
        read_inner(Sensitive('{"a": "m@corp.local", "a": 1}'), "/0")
