"""Any chunking of a stream gives the same bytes."""

from __future__ import annotations

import json
import uuid

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import ChatLens, SseParser
from gateway.restore import Restorer, StreamRestorer

POLICY = Policy(name="p", digest="0" * 64, entities={}, internal_domains=("corp.local",))
TABLE = PseudonymTable(
    {
        name: Pseudonym(placeholder=name, entity_type="PERSON", original=Sensitive(value))
        for name, value in {"<PERSON_1>": "Maria", "<PERSON_2>": "<PERSON_1>", "<URL_1>": "http://e.com/?"}.items()
    }
)
PIECES = st.sampled_from(
    [
        "<PERSON_1>",
        "<PERSON_2>",
        "<URL_1>",
        "<PERSON_9>",
        "<PER",
        "SON_1>",
        "<",
        ">",
        "http://evil.com/",
        "http://corp.local/x?",
        "](",
        ")",
        '"',
        "'",
        " ",
        "\n",
        "href=",
        "//",
        "a",
        "<base",
        "www.",
        "mailto:",
        "(",
        "évé",
        "\u4e2d" * 300,
        "&#00",
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join)


@given(TEXTS, st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_text_in_any_pieces(text: str, sizes: list[int]) -> None:
    whole, pieces = Restorer(TABLE, POLICY), Restorer(TABLE, POLICY)
    said, at, turn = [], 0, 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        said.append(pieces.feed(text[at : at + size]))
        at, turn = at + size, turn + 1

    assert "".join([*said, pieces.finish()]) == whole.feed(text) + whole.finish()
    assert pieces.counts == whole.counts


def frame(text: str, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if finish is None else {}, "finish_reason": finish}
    body = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return b"data: " + json.dumps(body, ensure_ascii=False).encode() + b"\n\n"


def restored(chunks: list[bytes]) -> bytes:
    parser = SseParser()
    restorer = StreamRestorer(
        ChatLens(), TABLE, POLICY, json_content=False, tools=frozenset(), exchange=uuid.UUID(int=7 << 76 | 2 << 62)
    )
    return b"".join(
        out for chunk in chunks for event in parser.feed(chunk) for out in restorer.write(restorer.read(event))
    )


@given(TEXTS, st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(1, 7))
def test_a_stream_in_any_pieces(text: str, sizes: list[int], token: int) -> None:
    events = [frame(text[at : at + token]) for at in range(0, len(text), token)]
    stream = b"".join([*events, frame("", "stop"), b"data: [DONE]\n\n"])
    chunks, at, turn = [], 0, 0
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        chunks.append(stream[at : at + size])
        at, turn = at + size, turn + 1

    assert restored(chunks) == restored([stream])
