"""The sentence itself.

Law: intent is durable before a byte is forwarded; the outcome is written whatever happens; what leaves has been
looked at once more, and what comes back is restored by this request's own table and no other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final

from gateway.aside import aside
from gateway.audit import Entry
from gateway.core.content import PartKind, Segment, last_name
from gateway.core.decision import Decision
from gateway.core.errors import GatewayError, PayloadTooLarge, ProtocolError, ResponseBlocked
from gateway.core.exchange import ClientGone, Exchange
from gateway.core.policy import Policy, Target
from gateway.core.residue import KNOWN, Replacements
from gateway.core.sensitive import Sensitive
from gateway.core.values import epoch_of
from gateway.exchange.screen import Screen
from gateway.exchange.shadow import Shadow, beside
from gateway.exchange.stages import Call, Reply, Stages, StreamReply, fates
from gateway.exchange.stream import restored
from gateway.exchange.values import named
from gateway.forward import Residue, Route
from gateway.observability import metrics
from gateway.policy import decide
from gateway.protocols import Lens, ParsedReply, ParsedRequest
from gateway.restore import restore
from gateway.transform import Transformed, apply

_ASKER: Final = "user"
_BEGINNING: Final = 1000
"""Characters of each text by which a conversation is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A request that may leave: recorded, permitted and made safe."""

    body: Sensitive[bytes]
    route: Route
    residue: Residue
    decision: Decision
    transformed: Transformed


class Pipeline:
    """One request through every stage, and back."""

    def __init__(self, stages: Stages) -> None:
        self._stages = stages

    async def run(self, call: Call) -> Reply:
        """Answer a request whole. Every failure is a ``GatewayError``, and is on record."""
        async with self._followed(call) as (entry, shadow):
            prepared = await self._prepare(call, entry, shadow)
            with call.progress.timed("upstream"):
                answer = await self._stages.sender.send(prepared.body, prepared.route, prepared.residue)
            entry.note(backend=answer.backend)
            read = partial(call.lens.reply, answer.body, json_content=call.request.json_content)
            reply = await aside(len(answer.body), read)
            entry.note(tokens=dict(reply.usage))
            texts = await self._screened(call, prepared, reply, entry)
            body = await aside(len(answer.body), partial(_restored, call, prepared, reply, texts, entry))
        return Reply(body=body)

    @asynccontextmanager
    async def stream(self, call: Call) -> AsyncIterator[StreamReply]:
        """Answer a request as a stream. The exchange is closed, on record, when the context is left."""
        async with self._followed(call) as (entry, shadow):
            prepared = await self._prepare(call, entry, shadow)
            upstream = self._stages.sender.stream(prepared.body, prepared.route, prepared.residue)
            async with AsyncExitStack() as stack:
                with call.progress.timed("upstream"):
                    answer = await stack.enter_async_context(upstream)
                entry.note(backend=answer.backend)
                screen = self._screen(call, prepared)
                yield restored(call, answer.chunks, prepared.transformed.table, screen, entry)

    async def refuse(self, exchange: Exchange, error: GatewayError | ClientGone) -> None:
        """Put on record a request that could not be read, and raise its error."""
        async with self._stages.recorder.follow(exchange):
            raise error

    @asynccontextmanager
    async def _followed(self, call: Call) -> AsyncIterator[tuple[Entry, Shadow]]:
        stages = self._stages
        async with (
            stages.recorder.follow(call.exchange) as entry,
            stages.drain.within(),
            beside(stages.detector, entry) as shadow,
        ):
            yield entry, shadow

    async def _prepare(self, call: Call, entry: Entry, shadow: Shadow) -> Prepared:
        """Find, decide, record and make safe. Nothing has left when this returns."""
        stages, actor, request = self._stages, call.exchange.actor, call.request
        size = sum(len(segment.text.reveal()) for segment in request.segments)
        _require_size(size, stages.text_characters)
        stages.sender.require(request.model)
        entry.serves(request.model)
        target = Target(tenant=actor.tenant, app=actor.app, model=request.model, endpoint=call.lens.endpoint)
        call.progress.policy = policy = stages.policies.active(target)
        _require_media(request, policy, stages.media_bytes)
        asker = (actor.tenant, actor.id)
        with call.progress.timed("detect"):
            findings = await stages.detector.analyze(request.segments, policy, asker=asker)
        call.progress.decision = decision = decide(policy, findings)
        naming = partial(named, stages.values, actor.tenant, epoch_of(call.exchange.began), request.segments)
        shadow.begin(stages.policies.shadow(target), decision, request.segments, asker, naming)

        values = await aside(size, partial(naming, decision))
        with call.progress.timed("audit"):
            await entry.open(decision, values)
        decision.require_permit()
        replacing = partial(
            apply,
            decision,
            request.segments,
            tenant=actor.tenant,
            fingerprints=stages.fingerprints,
            keyed=call.lens.keyed,
        )
        safe = await aside(size, replacing)
        KNOWN.set(safe.replacements)
        _count(decision)
        if request.media:
            entry.note(media=len(request.media))
        if left_out := _left_out(request, safe.texts):
            entry.note(dropped=dict(left_out))
        writing = partial(call.lens.write, request, safe.texts, cache_salt=self._salt(actor.tenant))
        return Prepared(
            body=Sensitive(await aside(size, writing)),
            route=self._route(call, safe.texts),
            residue=partial(_last_look, safe.replacements, _inert(call.lens, request)),
            decision=decision,
            transformed=safe,
        )

    async def _screened(self, call: Call, prepared: Prepared, reply: ParsedReply, entry: Entry) -> Sequence[Segment]:
        """Return the texts of a whole answer without what the model disclosed by itself."""
        screen = self._screen(call, prepared)
        try:
            return await screen.whole(reply.segments)
        except ResponseBlocked:
            call.progress.blocked = True
            raise
        finally:
            entry.note(**screen.found())

    def _screen(self, call: Call, prepared: Prepared) -> Screen:
        actor = call.exchange.actor
        policy, detector = prepared.decision.policy, self._stages.detector
        return Screen(
            detector,
            policy,
            call.request.segments,
            prepared.transformed.table,
            tools=call.request.tools.reveal(),
            joined=call.lens.joined,
            asker=(actor.tenant, actor.id),
        )

    def _route(self, call: Call, texts: Sequence[Sensitive[str]]) -> Route:
        """Say where a request goes. Its conversation is known by a keyed hash of how it begins."""
        beginning, tenant = _beginning(call.request, texts), call.exchange.actor.tenant
        prefix = self._stages.fingerprints.fingerprint(tenant, "PREFIX", beginning)
        return Route(model=call.request.model, path=call.lens.endpoint, prefix=prefix)

    def _salt(self, tenant: str) -> str:
        """The salt that keeps one tenant's prefixes out of another's cache (vLLM's ``cache_salt``)."""
        return self._stages.fingerprints.fingerprint(tenant, "CACHE_SALT", tenant)


def _left_out(request: ParsedRequest, texts: Sequence[Sensitive[str]]) -> Counter[str]:
    """Count by name what is not forwarded: the gateway's own affairs, and numbers of the protocol that were found."""
    numbers = (
        segment.pointer.split("/")[1]
        for segment, text in zip(request.segments, texts, strict=True)
        if segment.kind is PartKind.NUMBER and not segment.whole and segment.text != text
    )
    return Counter((*(last_name(pointer) for pointer in request.dropped), *numbers))


def _inert(lens: Lens, request: ParsedRequest) -> frozenset[str]:
    """What is never text of the caller's: the words of the protocol, and images, which a hit by chance would break."""
    return lens.inert | {request.model} | {media.text.reveal() for media in request.media}


def _beginning(request: ParsedRequest, texts: Sequence[Sensitive[str]]) -> str:
    """Return what stands before a conversation and its first question, as it leaves; else the first text."""
    roles = [segment.role for segment in request.segments]
    end = roles.index(_ASKER) + 1 if _ASKER in roles else 1
    return "\n".join(text.reveal()[:_BEGINNING] for text in texts[:end])


async def _last_look(replacements: Replacements, inert: frozenset[str], body: bytes) -> bytes:
    """Return a body as it may leave; raise ``EgressDenied``."""
    return await aside(len(body), partial(replacements.clean, body, inert))


def _restored(
    call: Call, prepared: Prepared, reply: ParsedReply, screened: Sequence[Segment], entry: Entry
) -> Sensitive[bytes]:
    """Return a whole answer with its values, and note what became of it."""
    texts, counts = restore(
        screened,
        prepared.transformed.table,
        prepared.decision.policy,
        tools=call.request.tools.reveal(),
        joined=call.lens.joined,
    )
    entry.note(**fates(counts))
    return Sensitive(call.lens.write_reply(reply, texts, exchange=call.exchange.id))


def _require_size(size: int, limit: int) -> None:
    if size > limit:
        detail = f"limits.text_characters allows {limit} characters of text."
        raise PayloadTooLarge(detail)


def _require_media(request: ParsedRequest, policy: Policy, limit: int) -> None:
    """Refuse images that the policy does not accept, or that are too large."""
    for media in request.media:
        if policy.media == "refuse":
            detail = "Images are not accepted: nobody can look into them. 'media' of the policy may allow them."
            raise ProtocolError(detail, pointer=media.pointer)
        if media.size > limit:
            detail = f"limits.media_bytes allows {limit} bytes of an image."
            raise PayloadTooLarge(detail, pointer=media.pointer)


def _count(decision: Decision) -> None:
    for entity_type, count in decision.counts.items():
        metrics.entities.labels(entity_type).inc(count)
