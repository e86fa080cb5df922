"""OpenAI's chat protocol, as vLLM 0.32.0 speaks it.

Law: what may stand in a request is in ``chat_fields``, what comes back in a reply is in ``chat_reply``; here the two
meet bytes. A lens is a value without memory, so that one serves every exchange at once.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import ClassVar

from gateway.core.sensitive import Sensitive
from gateway.protocols import chat_fields, chat_reply
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.openai import OpenAiLens
from gateway.protocols.request import taken, tool_names
from gateway.protocols.shapes import Record


@dataclass(frozen=True, slots=True)
class ChatLens(OpenAiLens):
    """Implements ``lens.Lens``."""

    endpoint: ClassVar[str] = "/v1/chat/completions"
    shape: ClassVar[Record] = chat_fields.REQUEST
    inert: ClassVar[frozenset[str]] = chat_fields.INERT
    prefix: ClassVar[str] = "chatcmpl"

    def request(self, raw: bytes) -> ParsedRequest:
        """Take a request apart, or raise ``ProtocolError`` for whatever cannot be inspected."""
        asked, request = taken(raw, self.shape, chat_fields.KNOWN)
        return replace(request, tools=Sensitive(tool_names(asked)))

    def reply(self, raw: bytes, *, json_content: bool = False) -> ParsedReply:
        """Take a reply apart, or raise ``BackendProtocolError``."""
        return chat_reply.read_reply(raw, json_content=json_content)

    def event(self, data: bytes, *, json_content: bool = False) -> ParsedEvent:
        """Take one event's data apart, or raise ``BackendProtocolError``, ``BackendUnavailable``."""
        return chat_reply.read_event(data, json_content=json_content)

    def flush_event(
        self, event: ParsedEvent, channel: str, text: Sensitive[str], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write an SSE frame of the lens's own making, with text held back on a channel; it goes before ``event``."""
        return self.write_event(chat_reply.carrier(event, channel, text), [text], exchange=exchange)
