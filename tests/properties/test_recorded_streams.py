"""However a stream of a real server is cut into chunks, the same bytes come out."""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import re
import uuid
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.core.content import Segment
from gateway.core.findings import Findings, RecognizerResult
from gateway.core.policy import Policy, Screening
from gateway.core.ports import Asker
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.exchange.screen import Screen
from gateway.protocols import ChatLens, CompletionsLens, Lens, MessagesLens, ResponsesLens, SseParser
from gateway.restore import StreamRestorer

POLICY = Policy(name="p", digest="0" * 64, entities={}, internal_domains=("corp.local",))
VALUES = {"<PERSON_1>": 'Alma "A" Quist', "<EMAIL_ADDRESS_1>": "alma@corp.local", "<IBAN_CODE_1>": "DE89 3704"}
TABLE = PseudonymTable(
    {
        name: Pseudonym(placeholder=name, entity_type="PERSON", original=Sensitive(value))
        for name, value in VALUES.items()
    }
)
EXCHANGE = uuid.UUID(int=7 << 76 | 2 << 62)
CUTS = 400 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 25
"""Ways in which each stream is cut."""


def streams(wire: Path, route: str) -> list[bytes]:
    """Return the bodies of good streams; what broke off has no end to compare."""
    files = [file for file in sorted(wire.glob("*/*.req")) if file.read_bytes().startswith(f"POST {route} ".encode())]
    bodies = (file.with_suffix(".body") for file in files)
    return [body.read_bytes() for body in bodies if body.exists() and body.read_bytes()[:6] in {b"data: ", b"event:"}]


class Words:
    """A detector that takes every seventh letter's word for a name, so that there is much to mask."""

    async def analyze(self, segments: Sequence[Segment], policy: Policy, *, asker: Asker) -> Findings:
        return tuple(
            tuple(
                RecognizerResult(entity_type="PERSON", start=at.start(), end=at.end(), score=1, recognizer="words")
                for at in re.finditer(r"\b[aemnrst]\w+", segment.text.reveal())
            )
            for segment in segments
        )


def restored(lens: Lens, chunks: list[bytes], screening: Screening = "off") -> bytes:
    return asyncio.run(_restored(lens, chunks, replace(POLICY, screen=screening)))


async def _restored(lens: Lens, chunks: list[bytes], policy: Policy) -> bytes:
    parser = SseParser()
    screen = Screen(Words(), policy, [], TABLE, tools=frozenset(), joined=lens.joined, asker=("acme", "k"))
    restorer = StreamRestorer(
        lens, TABLE, policy, json_content=False, tools=frozenset({"get_record", "send_mail"}), exchange=EXCHANGE
    )
    said: list[bytes] = []
    for chunk in chunks:
        for each in await screen.events([restorer.read(event) for event in parser.feed(chunk)]):
            said += restorer.write(each.event, each.late)
    assert restorer.end is not None
    return b"".join([*said, restorer.end])


def cut(body: bytes, chance: random.Random) -> list[bytes]:
    places = sorted({0, len(body), *(chance.randrange(len(body)) for _ in range(chance.choice((1, 5, 50, 500))))})
    return [body[start:end] for start, end in itertools.pairwise(places)]


@pytest.mark.parametrize(
    ("lens", "least"),
    [(ChatLens(), 15), (CompletionsLens(), 2), (ResponsesLens(), 3), (MessagesLens(), 5)],
    ids=lambda given: getattr(given, "endpoint", ""),
)
@pytest.mark.parametrize("screening", ["off", "mask"])
def test_any_cut_gives_the_same_bytes(shared: Path, lens: Lens, least: int, screening: Screening) -> None:
    found = streams(shared / "vllm/wire", lens.endpoint)
    chance = random.Random(lens.endpoint)
    assert len(found) >= least
    for body in found:
        whole = restored(lens, [body], screening)
        for _ in range(CUTS):
            assert restored(lens, cut(body, chance), screening) == whole
    print(f"\n{lens.endpoint}: {len(found)} streams, {len(found) * CUTS} ways to cut them")
