"""A stream, restored event by event.

Law: text leaves as soon as it is sure; what a channel held back leaves before, or in, the event that ends the channel.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from gateway.core.content import Delta, PartKind
from gateway.core.errors import BackendProtocolError
from gateway.core.policy import Policy
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import Lens, ParsedEvent, SseEvent
from gateway.restore.automaton import RestoreCounts, Restorer
from gateway.restore.tools import may_restore

_MOST_CHANNELS: Final = 1024
"""Texts (of choices and tool calls) that one stream may bring."""


class StreamRestorer:
    """Restores the channels of one stream. done: the stream's own end mark has come."""

    def __init__(  # noqa: PLR0913 - what a stream needs to know of its request
        self,
        lens: Lens,
        table: PseudonymTable,
        policy: Policy,
        *,
        json_content: bool,
        tools: frozenset[str],
        exchange: uuid.UUID,
    ) -> None:
        self.done = False
        self.usage: Mapping[str, int] = {}
        self._lens = lens
        self._table = table
        self._policy = policy
        self._json_content = json_content
        self._tools = tools
        self._exchange = exchange
        self._channels: dict[str, Restorer] = {}
        self._names: dict[str, str] = {}

    @property
    def counts(self) -> RestoreCounts:
        """What has become of the placeholders so far."""
        total = RestoreCounts()
        for restorer in self._channels.values():
            total.add(restorer.counts)
        return total

    def feed(self, event: SseEvent) -> list[bytes]:
        """Take an event and return the frames to send."""
        parsed = self._lens.event(event.data, json_content=self._json_content)
        self.done = parsed.done
        self.usage = parsed.usage or self.usage
        texts = [self._restored(parsed, delta) for delta in parsed.deltas]
        frames = [
            self._lens.flush_event(parsed, channel, Sensitive(held), exchange=self._exchange)
            for channel, restorer in self._channels.items()
            if parsed.closes and parsed.ends(channel) and (held := restorer.finish())
        ]
        if not parsed.done:
            frames.append(self._lens.write_event(parsed, texts, exchange=self._exchange))
        return frames

    def _restored(self, event: ParsedEvent, delta: Delta) -> Sensitive[str]:
        restorer = self._channels.get(delta.channel) or self._open(delta)
        text = restorer.feed(delta.text.reveal())
        if event.ends(delta.channel):
            text += restorer.finish()
        if delta.kind is PartKind.NAME:
            self._names[delta.channel] = self._names.get(delta.channel, "") + text
        return Sensitive(text)

    def _open(self, delta: Delta) -> Restorer:
        if len(self._channels) == _MOST_CHANNELS:
            detail = f"The reply has more than {_MOST_CHANNELS} texts."
            raise BackendProtocolError(detail)
        allowed = may_restore(delta.channel, delta.kind, self._names, self._tools)
        policy = self._policy if allowed else replace(self._policy, restore=False)
        restorer = Restorer(self._table, policy, escape=delta.kind is PartKind.ARGUMENTS)
        self._channels[delta.channel] = restorer
        return restorer
