"""OpenAI's older completions protocol, as vLLM 0.32.0 speaks it.

Law: a prompt is text; one made of token ids, or of vectors, is refused, and so is whatever brings the prompt back. What
is not in the table is refused, and a reply is made anew from its texts and counts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final, cast

from gateway.core.content import Delta, PartKind
from gateway.core.sensitive import Sensitive
from gateway.protocols import fields, json_schema, reply
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.openai import OpenAiLens
from gateway.protocols.reply import Taker
from gateway.protocols.request import taken
from gateway.protocols.shapes import Either, ListOf, Record, Refused, Text, vocabulary, words_of
from gateway.protocols.template import Slot, Template

_OBJECT: Final = "text_completion"
_PROMPT: Final = Text(says="A prompt is text here: token ids are not accepted.")

REQUEST: Final = Record(
    fields={
        **fields.GENERATION,
        **fields.OWN_AFFAIRS,
        **fields.REFUSED,
        "prompt": Either({str: _PROMPT, list: ListOf(item=_PROMPT, most=256)}),
        "suffix": fields.TEXT,
        "logprobs": Refused(fields.UNREADABLE),
        "prompt_embeds": Refused(fields.UNREADABLE),
    },
    needs=vocabulary("model prompt"),
)
INERT: Final = frozenset(words_of(REQUEST)) | json_schema.WORDS
KNOWN: Final = INERT | fields.NEIGHBOURS


@dataclass(frozen=True, slots=True)
class CompletionsLens(OpenAiLens):
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/completions"
    shape: ClassVar[Record] = REQUEST
    inert: ClassVar[frozenset[str]] = INERT
    prefix: ClassVar[str] = "cmpl"

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        return taken(raw, self.shape, KNOWN)[1]

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        body = reply.read_body(raw)
        taker = Taker()
        choices = [
            {**_choice(taker, choice, place, json_content=json_content), "finish_reason": _finish(choice) or "stop"}
            for place, choice in enumerate(reply.several(body.get("choices")))
        ]
        usage = reply.usage(body.get("usage"))
        return ParsedReply(
            body={**reply.head(body, _OBJECT), "choices": list(choices), "usage": cast("Template", usage)},
            segments=taker.segments(),
            usage=reply.totals(usage),
        )

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        if data.strip() == reply.DONE:
            return reply.END
        body = reply.read_data(data)
        taker = Taker()
        choices = [
            _choice(taker, choice, place, json_content=json_content)
            for place, choice in enumerate(reply.several(body.get("choices")))
        ]
        usage = reply.usage(body.get("usage"))
        shown = {"usage": cast("Template", usage)} if "usage" in body else {}
        return ParsedEvent(
            body={**reply.head(body, _OBJECT), "choices": list(choices), **shown},
            deltas=taker.deltas(),
            closes=tuple(f"{choice['index']}" for choice in choices if choice["finish_reason"]),
            usage=reply.totals(usage),
        )

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        return self.write_event(_carrier(event, channel, text), [text], exchange=exchange)


def _carrier(event: ParsedEvent, channel: str, text: Sensitive[str]) -> ParsedEvent:
    """Return an event that brings nothing but ``text`` on ``channel``, dated like ``event``."""
    index, _, name = channel.partition("/")
    choice: dict[str, Template] = {"index": int(index), "text": "", "logprobs": None, "finish_reason": None}
    return ParsedEvent(
        body={**reply.same_head(event, _OBJECT), "choices": [choice | {name: Slot(index=0)}]},
        deltas=(Delta(channel=channel, kind=PartKind.TEXT, text=text),),
        closes=(),
        usage={},
    )


def _choice(taker: Taker, choice: Mapping[str, Json], place: int, *, json_content: bool) -> dict[str, Template]:
    """Return a choice, or the piece of one, without its text."""
    index = reply.index(choice)
    pointer, channel = f"/choices/{place}", f"{index}"
    kind = PartKind.ARGUMENTS if json_content else PartKind.TEXT
    text = taker.take(choice.get("text"), f"{pointer}/text", f"{channel}/text", kind)
    return {
        "index": index,
        "text": "" if text is None else text,
        "logprobs": None,
        "finish_reason": _finish(choice),
        "stop_reason": taker.stop_reason(choice.get("stop_reason"), pointer, channel),
    }


def _finish(choice: Mapping[str, Json]) -> str | None:
    return reply.finish(choice.get("finish_reason"))
