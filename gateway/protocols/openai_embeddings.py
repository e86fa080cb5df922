"""OpenAI's embeddings protocol, as vLLM 0.32.0 speaks it.

Law: what is embedded is text; token ids and conversations are refused. A vector holds no text: it passes as numbers, or
as base64, and as nothing else. Placeholders are keyed, or all people would be one point.
"""

from __future__ import annotations

import math
import re
import uuid
from dataclasses import dataclass
from typing import ClassVar, Final, NoReturn, cast

from gateway.core.sensitive import Sensitive
from gateway.protocols import fields, reply
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.openai import OpenAiLens
from gateway.protocols.request import taken
from gateway.protocols.shapes import Dropped, Either, ListOf, Number, Record, Refused, Text, Words, vocabulary, words_of
from gateway.protocols.template import Template

_INPUT: Final = Text(says="What is embedded is text here: token ids are not accepted.")
_CHAT: Final = "It is not accepted here: give the text in input."

REQUEST: Final = Record(
    fields={
        "model": fields.MODEL_NAME,
        "input": Either({str: _INPUT, list: ListOf(item=_INPUT, most=2048)}),
        "user": fields.WORD,
        "dimensions": Number(low=1, high=1_000_000, whole=True),
        "encoding_format": Words(vocabulary("float base64")),
        "embed_dtype": Words(vocabulary("float32 float16 bfloat16 fp8_e4m3 fp8_e5m2")),
        "endianness": Words(vocabulary("native big little")),
        "use_activation": fields.FLAG,
        "padding": Words(vocabulary("max_length do_not_pad")),
        "truncate_prompt_tokens": Number(low=-1, high=100_000_000, whole=True),
        "truncation_side": Words(vocabulary("left right")),
        "add_special_tokens": fields.FLAG,
        "cache_salt": Dropped(),
        "request_id": Dropped(),
        "messages": Refused(_CHAT),
        "add_generation_prompt": Refused(_CHAT, unless=(False,)),
        "continue_final_message": Refused(_CHAT, unless=(False,)),
        "chat_template": Refused(fields.ROUTES),
        "chat_template_kwargs": Refused(_CHAT, unless=({},)),
        "mm_processor_kwargs": Refused(fields.MEDIA, unless=({},)),
        "media_io_kwargs": Refused(fields.MEDIA, unless=({},)),
        "priority": Refused(fields.ROUTES, unless=(0,)),
        "normalize": Refused("It is no longer a field of vLLM: use use_activation."),
    },
    needs=vocabulary("model input"),
)
INERT: Final = frozenset(words_of(REQUEST))
KNOWN: Final = INERT | fields.NEIGHBOURS

_BASE64: Final = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_LONGEST: Final = 1 << 20
"""Numbers, or characters of base64, of one vector."""


@dataclass(frozen=True, slots=True)
class EmbeddingsLens(OpenAiLens):
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/embeddings"
    shape: ClassVar[Record] = REQUEST
    inert: ClassVar[frozenset[str]] = INERT
    prefix: ClassVar[str] = "embd"
    keyed: ClassVar[bool] = True

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        return taken(raw, self.shape, KNOWN)[1]

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        del json_content
        body = reply.read_body(raw)
        data = [
            {"index": reply.index(item), "object": "embedding", "embedding": _vector(item.get("embedding"))}
            for item in reply.several(body.get("data"))
        ]
        usage = reply.usage(body.get("usage"))
        head = reply.head(body, "list")
        return ParsedReply(
            body={**head, "data": cast("Template", data), "usage": cast("Template", usage)},
            segments=(),
            usage=reply.totals(usage),
        )

    def event(self, data: bytes, *, json_content: bool = False) -> NoReturn:
        """Raise ``BackendProtocolError``: there is no stream of embeddings."""
        del data, json_content
        reply.fail("There is no stream of embeddings.")

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> NoReturn:
        """Raise ``BackendProtocolError``, as ``event`` has."""
        del event, channel, text, exchange
        reply.fail("There is no stream of embeddings.")


def _vector(vector: Json) -> Json:
    """Return a vector, as the numbers or the base64 that it must be."""
    is_base64 = isinstance(vector, str) and len(vector) <= _LONGEST and _BASE64.fullmatch(vector) is not None
    are_numbers = isinstance(vector, list) and len(vector) <= _LONGEST and all(map(_is_number, vector))
    if not is_base64 and not are_numbers:
        reply.fail("An embedding is no list of numbers and no base64.")
    return vector


def _is_number(value: Json) -> bool:
    return type(value) is int or (type(value) is float and math.isfinite(value))
