"""Whatever a model server answers, it is read or refused: no answer of another shape ends in a bug.

A good answer is spoilt in every one of its places, with every kind of JSON and with halves of placeholders; what comes
out is a document of the protocol's, or the error that says that the model server is to blame.
"""

from __future__ import annotations

import json
import os
import random
import uuid
from collections.abc import Iterator
from typing import Any, Final

import pytest

from gateway.core.errors import BackendProtocolError, BackendUnavailable
from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import (
    ChatLens,
    CompletionsLens,
    CountTokensLens,
    EmbeddingsLens,
    Lens,
    MessagesLens,
    ResponsesLens,
    SseParser,
)
from gateway.restore import StreamRestorer, restore
from tests.doubles import protocols
from tests.doubles.protocols import TOOL, Protocol

NAME: Final = "<PERSON_1>"
WRONG: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 7, 1.5, 1e300, 10**18, "", "x", NAME, "<PERS", "stop", "tool_calls", [], {}, [[]], [{}],
    [None], ["x"], {"x": 1}, {"type": "text"}, {"index": 0}, {"name": "<PERS"}, {"error": {"message": NAME}},
)  # fmt: skip
GONE: Final = object()

ROUNDS: Final = 30_000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 1_500
"""Answers of each protocol that are spoilt in several places at once."""

LENSES: Final[dict[Protocol, Lens]] = {
    protocols.CHAT: ChatLens(),
    protocols.COMPLETIONS: CompletionsLens(),
    protocols.RESPONSES: ResponsesLens(),
    protocols.MESSAGES: MessagesLens(),
}
TABLE: Final = PseudonymTable(
    {NAME: Pseudonym(placeholder=NAME, entity_type="PERSON", original=Sensitive('Alma "A" Quist'))}
)
POLICY: Final = Policy(name="p", digest="0" * 64, entities={})
EXCHANGE: Final = uuid.UUID(int=7 << 76 | 2 << 62)

Path = tuple[str | int, ...]


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in items:
        yield from paths(inner, (*at, step))


def spoilt(value: Any, path: Path, wrong: Any) -> Any:
    """Return a document with another value at a place, or without what stands there."""
    if not path:
        return wrong
    step, rest = path[0], path[1:]
    if isinstance(value, list):
        return [
            item
            for at, old in enumerate(value)
            if (item := spoilt(old, rest, wrong) if at == step else old) is not GONE
        ]
    made = {key: spoilt(old, rest, wrong) if key == step else old for key, old in value.items()}
    return {key: item for key, item in made.items() if item is not GONE}


def answered(lens: Lens, document: Any, *, json_content: bool) -> bool:
    """Read an answer and write it again. Return whether it was good."""
    try:
        reply = lens.reply(json.dumps(document).encode(), json_content=json_content)
        texts, _ = restore(reply.segments, TABLE, POLICY, tools=frozenset({TOOL}), joined=lens.joined)
        json.loads(lens.write_reply(reply, texts, exchange=EXCHANGE))
    except (BackendProtocolError, BackendUnavailable):
        return False
    return True


def streamed(lens: Lens, events: list[Any], *, json_content: bool) -> bool:
    """Read a stream and write it again. Return whether it came to its end."""
    restorer = StreamRestorer(
        lens, TABLE, POLICY, json_content=json_content, tools=frozenset({TOOL}), exchange=EXCHANGE
    )
    parser = SseParser()
    try:
        for event in parser.feed(b"".join(protocols.framed(as_event(event) for event in events))):
            for frame in restorer.write(restorer.read(event)):
                frame.decode()
    except (BackendProtocolError, BackendUnavailable):
        return False
    return restorer.end is not None


def as_event(event: Any) -> Any:
    return event if isinstance(event, dict) and event else json.dumps(event) if event != protocols.DONE else event


def each_spoilt(document: Any) -> Iterator[Any]:
    for path in paths(document):
        for wrong in (GONE, *WRONG):
            if path or wrong is not GONE:
                yield spoilt(document, path, wrong)


@pytest.mark.parametrize("protocol", LENSES, ids=lambda protocol: protocol.name)
@pytest.mark.parametrize("json_content", [False, True])
def test_a_whole_answer_is_read_or_refused(protocol: Protocol, json_content: bool) -> None:
    lens, good = LENSES[protocol], protocol.whole(f"Dear {NAME}")
    outcomes = [answered(lens, made, json_content=json_content) for made in each_spoilt(good)]

    assert answered(lens, good, json_content=False)
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize("protocol", LENSES, ids=lambda protocol: protocol.name)
@pytest.mark.parametrize("json_content", [False, True])
def test_a_stream_is_read_or_refused(protocol: Protocol, json_content: bool) -> None:
    lens, good = LENSES[protocol], protocol.events("Dear <PER", "SON_1>", tool=True)
    outcomes = [streamed(lens, made, json_content=json_content) for made in each_spoilt(good) if isinstance(made, list)]

    assert streamed(lens, good, json_content=False)
    assert {True, False} == set(outcomes)


@pytest.mark.parametrize("protocol", LENSES, ids=lambda protocol: protocol.name)
def test_what_is_spoilt_in_several_places_is_read_or_refused(protocol: Protocol) -> None:
    chance, lens = random.Random(protocol.path), LENSES[protocol]
    outcomes = []
    for number in range(ROUNDS):
        is_whole = number % 2 == 0
        made: Any = protocol.whole(NAME) if is_whole else protocol.events("<PERS", "ON_1>", tool=True)
        for _ in range(chance.randint(2, 4)):
            inner = [path for path in paths(made) if path]
            if inner:
                made = spoilt(made, chance.choice(inner), chance.choice((GONE, *WRONG)))
        read = answered if is_whole else streamed
        outcomes.append(read(lens, made, json_content=chance.random() < 0.3))
    assert {True, False} == set(outcomes)
    print(f"\n{protocol.path}: {ROUNDS:,} spoilt answers, {sum(outcomes):,} of them read")


@pytest.mark.parametrize(
    ("lens", "good"),
    [
        (EmbeddingsLens(), {"model": "m", "data": [{"index": 0, "embedding": [1, 0.5]}], "usage": {"total_tokens": 1}}),
        (CountTokensLens(), {"input_tokens": 3}),
    ],
    ids=["embeddings", "count_tokens"],
)
def test_an_answer_without_text_is_read_or_refused(lens: Lens, good: Any) -> None:
    outcomes = [answered(lens, made, json_content=False) for made in each_spoilt(good)]

    assert {True, False} == set(outcomes)
