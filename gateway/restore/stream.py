"""A stream, restored event by event.

Law: text leaves as soon as it is sure; what a channel held back leaves before, or in, the event that ends the channel.
The arguments of a tool call are not sure before its name is there. Nothing is read after the end mark.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from gateway.core.content import PartKind
from gateway.core.errors import BackendProtocolError
from gateway.core.policy import Policy
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import Joined, Lens, ParsedEvent, SseEvent
from gateway.restore.automaton import Context, RestoreCounts, Restorer
from gateway.restore.body import named
from gateway.restore.tools import arguments_beside, awaits_name, may_restore

_MOST_CHANNELS: Final = 1024
"""Texts (of choices and tool calls) that one stream may bring, with those that one event repeats."""

_MOST_EARLY: Final = 1 << 16
"""Characters of arguments that one stream may bring before the names of their calls."""


_LONGEST_NAME: Final = 512
_NOTHING: Final[Mapping[str, str]] = {}


@dataclass(slots=True)
class _Channel:
    """One text of a stream. early: what came of it before it was known how to restore it."""

    kind: PartKind
    early: list[str] = field(default_factory=list)
    restorer: Restorer | None = None


class StreamRestorer:
    """Restores the channels of one stream. end: the frame of its end mark, once that has come."""

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
        self.end: bytes | None = None
        self.usage: Mapping[str, int] = {}
        self._lens = lens
        self._table = table
        self._policy = policy
        self._json_content = json_content
        self._tools = tools
        self._exchange = exchange
        self._channels: dict[str, _Channel] = {}
        self._joined = Joined[Context](lens.joined)
        self._names: dict[str, str] = {}
        self._early = 0

    @property
    def counts(self) -> RestoreCounts:
        """What has become of the placeholders so far."""
        total = RestoreCounts()
        for channel in self._channels.values():
            if channel.restorer:
                total.add(channel.restorer.counts)
        return total

    def read(self, event: SseEvent) -> ParsedEvent:
        """Take an event apart."""
        return self._lens.event(event.data, json_content=self._json_content)

    def write(self, parsed: ParsedEvent, late: Mapping[str, str] = _NOTHING) -> list[bytes]:
        """Take an event and return the frames to send. That of the end mark is kept, to be sent when all is well.

        late: text of channels that end with the event, and of which it brings none itself.
        """
        if self.end is not None:
            return []
        self.usage = parsed.usage or self.usage
        texts = []
        for delta, ends in zip(parsed.deltas, parsed.last(), strict=True):
            self._open(delta.channel, delta.kind)
            if not delta.repeated:
                self._joined.goes_on(delta.channel)
            texts.append(Sensitive(self._restored(delta.channel, delta.text.reveal(), ends=ends)))
        frames = [
            self._lens.flush_event(parsed, name, Sensitive(held), exchange=self._exchange)
            for name in self._channels
            if parsed.closes and parsed.ends(name) and (held := self._restored(name, late.get(name, ""), ends=True))
        ]
        for delta in parsed.deltas:
            if delta.repeated:
                self._forget(delta.channel)
        written = self._lens.write_event(parsed, texts, exchange=self._exchange)
        if parsed.done:
            self.end = written
        else:
            frames.append(written)
        return frames

    def _open(self, name: str, kind: PartKind) -> None:
        if name in self._channels:
            return
        if len(self._channels) == _MOST_CHANNELS:
            detail = f"The reply has more than {_MOST_CHANNELS} texts."
            raise BackendProtocolError(detail)
        self._channels[name] = _Channel(kind)

    def _forget(self, name: str) -> None:
        """Leave no trace of a text that has come before: neither its placeholders nor the channel count twice."""
        self._channels.pop(name, None)
        self._names.pop(name, None)

    def _restored(self, name: str, text: str, *, ends: bool) -> str:
        """Return what is sure of a channel, with the text that follows on it. ends: no more will follow."""
        channel = self._channels[name]
        if channel.restorer is None:
            if not ends and awaits_name(name, channel.kind, self._names):
                self._wait(channel, text)
                return ""
            channel.restorer = self._restorer(name, channel.kind)
            text = "".join(channel.early) + text
        said = channel.restorer.feed(text) + (channel.restorer.finish() if ends else "")
        if channel.kind is PartKind.NAME and ends:
            rule = self._policy.restore_in_tools
            said = named(channel.restorer, name, written=text, restored=said, tools=self._tools, rule=rule)
        if channel.kind is PartKind.NAME and said:
            self._name(name, said)
        return said

    def _name(self, name: str, said: str) -> None:
        """Remember a tool's name, which must be whole before anything is decided by it."""
        arguments = self._channels.get(arguments_beside(name))
        if arguments is not None and arguments.restorer is not None:
            detail = "The name of a tool call went on after its arguments had begun."
            raise BackendProtocolError(detail)
        self._names[name] = self._names.get(name, "") + said
        if len(self._names[name]) > _LONGEST_NAME:
            detail = f"The name or id of a tool call has more than {_LONGEST_NAME} characters."
            raise BackendProtocolError(detail)

    def _wait(self, channel: _Channel, text: str) -> None:
        self._early += len(text)
        if self._early > _MOST_EARLY:
            detail = f"More than {_MOST_EARLY} characters of arguments came before the names of their calls."
            raise BackendProtocolError(detail)
        channel.early.append(text)

    def _restorer(self, name: str, kind: PartKind) -> Restorer:
        permitted = may_restore(name, kind, self._names, self._tools, self._policy.restore_in_tools)
        before = self._joined.before(name)
        made = Restorer(
            self._table, self._policy, escape=kind is PartKind.ARGUMENTS, permitted=permitted, before=before
        )
        self._joined.begun(name, made.read_so_far)
        return made
