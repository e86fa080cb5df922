"""No string, key or number of a request that the server's own schemas allow is forwarded unseen.

Requests are made by chance from vLLM's schemas. A value goes into every string, key and number of each, one at a time;
then all that were taken go together through detection, decision and transformation, up to the bytes that would leave.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings

from gateway.core.actor import Actor, Role
from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.exchange import Exchange
from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy, Target
from gateway.core.pseudonym import PLACEHOLDER
from gateway.detect import PresidioDetector
from gateway.detect.scanner import Scanner
from gateway.exchange import Call, Drain, Pipeline, Progress, Stages
from gateway.protocols import (
    ChatLens,
    CompletionsLens,
    CountTokensLens,
    EmbeddingsLens,
    Lens,
    MessagesLens,
    ResponsesLens,
)
from gateway.system import SystemIds
from tests.doubles.world import World
from tests.e2e.test_canary import INSIDE, KEY, Place, embedded, places, planted
from tests.properties.wire_schemas import Schemas, part_taken, refusal

EXAMPLES: Final = 2_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 50
"""Requests to each endpoint."""

LEAST_TAKEN: Final = 0.25
"""Of all requests, those of which a part is taken that holds a value."""

SCHEMAS: Final = {
    ChatLens(): "ChatCompletionRequest",
    CompletionsLens(): "CompletionRequest",
    ResponsesLens(): "ResponsesRequest",
    MessagesLens(): "AnthropicMessagesRequest",
    CountTokensLens(): "AnthropicCountTokensRequest",
}
_TOKENS: Final = {"type": "array", "items": {"type": "integer"}}
EMBEDDING: Final = {
    "type": "object",
    "required": ["input"],
    "properties": {
        "input": {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}},
                _TOKENS,
                {"type": "array", "items": _TOKENS},
            ]
        },
        "dimensions": {"type": "integer"},
        "encoding_format": {"type": "string", "enum": ["float", "base64"]},
        "user": {"type": "string"},
        "cache_salt": {"type": "string"},
        "request_id": {"type": "string"},
        "priority": {"type": "integer"},
        "truncate_prompt_tokens": {"type": "integer"},
        "messages": {"type": "array", "items": {"type": "object", "additionalProperties": True}},
        "chat_template_kwargs": {"type": "object", "additionalProperties": True},
    },
    "additionalProperties": True,
}
"""The server of the recordings serves no embeddings; this is what OpenAI and vLLM say of them."""

CORE: Final = "qv7zk2xw"
DIGITS: Final = "4539148803"


def address(number: int) -> str:
    return f"{CORE}.{number}@{CORE}.example"


def card(number: int) -> str:
    """A card number of 16 digits, by Luhn's rule."""
    head = f"{DIGITS}{number:05}"
    doubled = [int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(head)]
    return f"{head}{-sum(digit // 10 + digit % 10 for digit in doubled) % 10}"


MODES: Final[dict[str, Callable[[int, Place], Any]]] = {
    "address": lambda number, place: address(number),
    "digits": lambda number, place: card(number),
    "number": lambda number, place: card(number) if place[-1] == KEY else int(card(number)),
}

# The stages between a request and the bytes that would leave


class OneProcess:
    """Scans where the test runs."""

    def __init__(self) -> None:
        self._scanner = Scanner("patterns", "")

    async def run(self, texts: list[str], entities: list[str], asker: Any, recognizers: bytes) -> Any:
        return self._scanner.scan(texts, entities, recognizers)


def policy() -> Policy:
    kept = EntityRule(operator=OperatorConfig(operator=Operator.KEEP), threshold=0.5)
    replaced = EntityRule(operator=OperatorConfig(operator=Operator.PSEUDONYMISE), threshold=0.5)
    entities = dict.fromkeys(ENTITY_TYPES, kept) | dict.fromkeys(("EMAIL_ADDRESS", "CREDIT_CARD"), replaced)
    return Policy(name="p", digest="ab" * 32, entities=entities)


@dataclass
class Watched(World):
    """A world with real detection, which keeps what is to be sent as it is before the last look."""

    detector: Any = None
    policy: Any = field(default_factory=policy)
    unlooked: bytes = b""

    def active(self, target: Target) -> Policy:
        made: Policy = self.policy
        return made

    async def analyze(self, segments: Any, policy: Policy, *, asker: Any) -> Any:
        return await self.detector.analyze(segments, policy, asker=asker)

    async def send(self, body: Any, route: Any, residue: Any) -> Any:
        self.unlooked = body.reveal()
        return await super().send(body, route, residue)


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector(OneProcess())


def leaving(lens: Lens, document: Any, detector: PresidioDetector) -> bytes:
    """Return the bytes that a request would leave as, before the last look, and let that be taken."""
    world = Watched(detector=detector)
    stages: Any = dict.fromkeys(("recorder", "policies", "detector", "fingerprints", "values", "sender"), world)
    pipeline = Pipeline(Stages(**stages, drain=Drain(1), text_characters=1_000_000, media_bytes=1_000_000))
    request = lens.request(json.dumps(document).encode())
    exchange = Exchange(
        id=SystemIds().new(),
        actor=Actor(id="k", tenant="acme", role=Role.APP, app="crm"),
        endpoint=lens.endpoint,
        streamed=False,
        began=datetime.now(UTC),
    )
    call = Call(exchange=exchange, lens=lens, request=request, progress=Progress(exchange=str(exchange.id)))
    with suppress(BackendProtocolError, BackendUnavailable):  # the world answers chat alone
        asyncio.run(pipeline.run(call))
    assert world.unlooked
    return world.unlooked


# The law


@dataclass
class Tally:
    """What became of the values. whole, part: requests taken as they were made, and after something was left out."""

    fates: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        made, fates = self.requests, self.fates
        return (
            f"{made['made']:,} requests ({made['whole']:,} taken whole, {made['part']:,} in part; "
            f"{made['sent']:,} as they would leave), "
            f"{fates.total():,} values: {fates['seen']:,} replaced, {fates['refused']:,} refused, "
            f"{fates['dropped']:,} left out, 0 leaks"
        )


def fate(lens: Lens, document: Any, place: Place, value: Any) -> str:
    """Tell what becomes of one value: refused without being repeated, left out as declared, or seen as text."""
    made = planted(document, {place: value})
    error = refusal(lens, made)
    if error is not None:
        assert 400 <= error.status < 500
        assert error.pointer == "" or error.pointer.startswith("/")
        assert str(value) not in error.message + error.pointer, "an error repeats the client's text"
        return "refused"
    request = lens.request(json.dumps(made).encode())
    if any(str(value) in segment.text.reveal() for segment in request.segments):
        return "seen"
    assert any(lies_in(place, pointer) for pointer in request.dropped), f"{place} is neither seen nor left out"
    return "dropped"


def lies_in(place: Place, pointer: str) -> bool:
    steps = [str(step).replace("~", "~0").replace("/", "~1") for step in place if step != KEY]
    dropped = pointer.split("/")[1:]
    return len(dropped) <= len(steps) and all(one in ("*", other) for one, other in zip(dropped, steps, strict=False))


def strings(value: Any) -> Iterator[str]:
    """Every string and key of a document, and of those within its strings."""
    match value:
        case str():
            inner = embedded(value)
            if inner is None:
                yield value
            else:
                yield from strings(inner)
        case list():
            for item in value:
                yield from strings(item)
        case dict():
            for key, item in value.items():
                yield key
                yield from strings(item)


def assert_nothing_leaves(lens: Lens, sent: bytes, known: set[str]) -> None:
    """Nothing of the values is in what is sent, and every string there is a placeholder, a fixed word or known."""
    assert CORE not in sent.decode().lower()
    assert DIGITS not in sent.decode()
    for text in strings(json.loads(sent)):
        replaced = not any(map(str.isalnum, PLACEHOLDER.sub("", text)))
        assert replaced or text in lens.inert or text in known, f"{text!r} leaves, and nobody has said what it is"


def assert_total(lens: Lens, document: Any, mode: str, detector: PresidioDetector, tally: Tally) -> None:
    """Hold the law for one request, with a value of one mode in every place."""
    where = [place for place in places(document, numbers=mode == "number") if place != ("model",)]
    values = {place: MODES[mode](number, place) for number, place in enumerate(where)}
    fates = {place: fate(lens, document, place, value) for place, value in values.items()}
    tally.fates.update(fates.values())
    free = {place: values[place] for place, how in fates.items() if how != "refused"}
    holders = {place[: place.index(INSIDE)] for place in free if INSIDE in place}
    stay = {text for place in fates if place not in free for text in strings(at(document, place))}
    for chosen in (
        {place: value for place, value in free.items() if INSIDE not in place},
        {place: value for place, value in free.items() if place not in holders},
    ):
        made = planted(document, chosen)
        assert refusal(lens, made) is None, "what is taken one by one is taken together"
        unplanted = stay | {text for place in holders - chosen.keys() for text in strings(at(document, place))}
        assert_nothing_leaves(lens, leaving(lens, made, detector), unplanted | {"tiny-moe", SALT})
        tally.requests["sent"] += 1


SALT: Final = World().fingerprint("acme", "CACHE_SALT", "acme")


def at(document: Any, place: Place) -> Any:
    """Return what stands at a place: the key itself, or the value."""
    if place[-1:] == (KEY,):
        return place[-2]
    for step in place:
        document = embedded(document) if step == INSIDE else document[step]
    return document


def assert_law_for(lens: Lens, schemas: Schemas, schema: Any, detector: PresidioDetector) -> Tally:
    tally = Tally()

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(schemas.requests(schema))
    def holds(made: Any) -> None:
        tally.requests["made"] += 1
        taken = part_taken(lens, made)
        everywhere = {place: address(number) for number, place in enumerate(places(made)) if place != ("model",)}
        error = refusal(lens, planted(made, everywhere))
        assert error is None or CORE not in error.message + error.pointer
        if taken is None:
            return
        holds_more = len(list(places(taken))) > 4  # than the names of the model and of an empty prompt
        tally.requests["whole" if taken == made else "part"] += holds_more
        for mode in MODES:
            assert_total(lens, taken, mode, detector, tally)

    holds()
    return tally


@pytest.mark.parametrize("lens", [*SCHEMAS, EmbeddingsLens()], ids=lambda lens: lens.endpoint)
def test_no_string_of_a_request_is_forwarded_unseen(shared: Path, lens: Lens, detector: PresidioDetector) -> None:
    named = json.loads((shared / "vllm/wire/openapi.json").read_bytes())["components"]["schemas"]
    schema = named[SCHEMAS[lens]] if lens in SCHEMAS else EMBEDDING

    tally = assert_law_for(lens, Schemas(named), schema, detector)

    print(f"\n{lens.endpoint}: {tally}")
    assert tally.requests["whole"] + tally.requests["part"] >= LEAST_TAKEN * tally.requests["made"]
    assert tally.fates["seen"] > EXAMPLES


@pytest.mark.parametrize("lens", [*SCHEMAS, EmbeddingsLens()], ids=lambda lens: lens.endpoint)
def test_the_law_can_be_broken(
    shared: Path, lens: Lens, detector: PresidioDetector, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = json.loads((shared / "vllm/wire/openapi.json").read_bytes())["components"]["schemas"]
    schema = named[SCHEMAS[lens]] if lens in SCHEMAS else EMBEDDING
    monkeypatch.setattr("gateway.protocols.reader.Reader._text", lambda self, shape, value, place: value)

    with pytest.raises(AssertionError, match="neither seen nor left out"):
        assert_law_for(lens, Schemas(named), schema, detector)
