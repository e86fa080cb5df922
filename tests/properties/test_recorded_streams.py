"""However a stream of a real server is cut into chunks, the same bytes come out."""

from __future__ import annotations

import itertools
import os
import random
import uuid
from pathlib import Path

import pytest

from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
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


def restored(lens: Lens, chunks: list[bytes]) -> bytes:
    parser = SseParser()
    restorer = StreamRestorer(
        lens, TABLE, POLICY, json_content=False, tools=frozenset({"get_record", "send_mail"}), exchange=EXCHANGE
    )
    said = [out for chunk in chunks for event in parser.feed(chunk) for out in restorer.feed(event)]
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
def test_any_cut_gives_the_same_bytes(shared: Path, lens: Lens, least: int) -> None:
    found = streams(shared / "vllm/wire", lens.endpoint)
    chance = random.Random(lens.endpoint)
    assert len(found) >= least
    for body in found:
        whole = restored(lens, [body])
        for _ in range(CUTS):
            assert restored(lens, cut(body, chance)) == whole
    print(f"\n{lens.endpoint}: {len(found)} streams, {len(found) * CUTS} ways to cut them")
