"""Everything around the pipeline as one fake that writes down in which order its parts were used."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from gateway.core.errors import GatewayError
from gateway.core.exchange import Exchange
from gateway.core.findings import ENTITY_TYPES, SUSPICIOUS, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, MediaRule, Policy, Screening, Suspicion, Target
from gateway.exchange import Drain, Pipeline, Stages
from tests.doubles.recording_backend import completion


@dataclass
class World:
    """Everything around the pipeline. fails: what raises, by the name of a step."""

    order: list[str] = field(default_factory=list)
    fails: dict[str, GatewayError] = field(default_factory=dict)
    operator: Operator = Operator.PSEUDONYMISE
    screen: Screening = "off"
    media: MediaRule = "refuse"
    suspicious: Suspicion = "off"
    shadowed: Policy | None = None
    sent: bytes = b""
    routes: list[Any] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    ended: BaseException | None = None
    chunks: list[bytes] = field(default_factory=list)
    names: str = "Maria|4829134"
    answer: str = "Hello <PERSON_1>"

    def step(self, name: str) -> None:
        self.order.append(name)
        if name in self.fails:
            raise self.fails[name]

    # recorder
    @asynccontextmanager
    async def follow(self, exchange: Exchange) -> AsyncIterator[World]:
        try:
            yield self
        except BaseException as error:
            self.ended = error
            self.order.append("close")
            raise
        self.step("close")

    async def open(self, decision: Any, values: Any) -> None:
        self.step("open")
        self.recorded_values = values

    def serves(self, model: str) -> None:
        self.step("serves")

    def note(self, **details: Any) -> None:
        self.notes.update(details)

    # policies, detector, fingerprints
    def active(self, target: Target) -> Policy:
        self.step("policy")
        rule = EntityRule(operator=OperatorConfig(operator=self.operator), threshold=0.5)
        rules = dict.fromkeys(ENTITY_TYPES, rule)
        return Policy(
            name="p",
            digest="ab" * 32,
            entities=rules,
            screen=self.screen,
            media=self.media,
            suspicious_encoding=self.suspicious,
        )

    def shadow(self, target: Target) -> Policy | None:
        return self.shadowed

    async def analyze(self, segments: Any, policy: Policy, *, asker: Any) -> Any:
        self.step("detect")
        texts = [segment.text.reveal() for segment in segments]
        if policy.suspicious_encoding == "off":
            return tuple(tuple(names(self.names, text)) for text in texts)
        return tuple((*names(self.names, text), *names("j-o-h-n", text, SUSPICIOUS)) for text in texts)

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return hashlib.sha256(f"{tenant} {entity_type} {value}".encode()).hexdigest()

    def recorded(self, tenant: str, epoch: str, entity_type: str, value: str) -> str:
        return f"hmac-sha256:{epoch}:{hashlib.sha256(f'{tenant} {value}'.encode()).hexdigest()[:32]}"

    # sender
    def require(self, model: str) -> None:
        self.step("require")

    async def send(self, body: Any, route: Any, residue: Callable[[bytes], Awaitable[bytes]]) -> Any:
        self.routes.append(route)
        self.sent = await residue(body.reveal())
        self.step("send")
        return Answered(body=json.dumps(completion(self.answer, "m")).encode())

    @asynccontextmanager
    async def stream(self, body: Any, route: Any, residue: Callable[[bytes], Awaitable[bytes]]) -> AsyncIterator[Any]:
        self.routes.append(route)
        self.sent = await residue(body.reveal())
        self.step("send")
        yield Answered(chunks=self.pieces())
        self.order.append("left")

    async def pieces(self) -> AsyncIterator[bytes]:
        for piece in self.chunks:
            yield piece


@dataclass
class Answered:
    body: bytes = b""
    chunks: Any = None
    backend: str = "one"


def names(known: str, text: str, kind: str = "PERSON") -> Any:
    for name in re.finditer(known, text):
        yield RecognizerResult(entity_type=kind, start=name.start(), end=name.end(), score=0.9, recognizer="fake")


def pipeline_in(world: Any) -> Pipeline:
    return Pipeline(
        Stages(
            recorder=world,
            policies=world,
            detector=world,
            fingerprints=world,
            values=world,
            sender=world,
            drain=Drain(1),
            text_characters=1000,
            media_bytes=1000,
        )
    )
