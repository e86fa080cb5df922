"""What the lenses of OpenAI's routes have in common: how a body is written, and what an error looks like.

Law: a reply's id is made of the exchange's.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from gateway.core.errors import GatewayError
from gateway.core.sensitive import Sensitive
from gateway.protocols import errors, json_text, reply, template
from gateway.protocols.json_text import Json
from gateway.protocols.lens import ParsedEvent, ParsedReply, ParsedRequest
from gateway.protocols.request import written
from gateway.protocols.sse import frame


@dataclass(frozen=True, slots=True)
class OpenAiLens:
    """All of a lens but its tables. prefix: what the id of a reply begins with."""

    prefix: ClassVar[str]
    joined: ClassVar[frozenset[str]] = frozenset()
    keyed: ClassVar[bool] = False

    def write(self, request: ParsedRequest, texts: Sequence[Sensitive[str]], *, cache_salt: str = "") -> bytes:
        """Put the texts back, in the order of ``request.segments``. cache_salt: keeps tenants' prefix caches apart."""
        return written(request, texts, cache_salt)

    def write_reply(
        self, reply: ParsedReply, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Put the texts back. The reply's id is made of the exchange's."""
        return json_text.encode(self._identified(template.fill(reply.body, reply.segments, texts), exchange))

    def write_event(
        self, event: ParsedEvent, texts: Sequence[Sensitive[str]], *, exchange: uuid.UUID | None = None
    ) -> bytes:
        """Write one SSE frame, with the texts in the order of ``event.deltas``."""
        if event.done:
            return frame(reply.DONE)
        return frame(json_text.encode(self._identified(template.fill(event.body, event.deltas, texts), exchange)))

    def error(self, error: GatewayError) -> bytes:
        """Write OpenAI's error body."""
        return errors.openai_error(error)

    def error_event(self, error: GatewayError) -> bytes:
        """Write an error as an SSE frame. No end mark follows it."""
        return frame(errors.openai_error(error))

    def _identified(self, body: Json, exchange: uuid.UUID | None) -> dict[str, Json]:
        return {**cast("dict[str, Json]", body), "id": f"{self.prefix}-{exchange or uuid.UUID(int=0)}"}
