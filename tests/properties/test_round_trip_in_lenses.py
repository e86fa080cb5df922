"""What a request says comes back as it was said, from every place of it and through every protocol.

Texts hold values, placeholders, halves of them and what JSON escapes. They go into the places of requests and come back
as if the model had repeated them: as they are, as answers, as the arguments of tool calls, whole and cut anywhere.
"""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.api.routes import LENSES
from gateway.core.content import PartKind, Segment
from gateway.core.decision import Decision, Effect
from gateway.core.errors import ProtocolError
from gateway.core.escapes import unescaped
from gateway.core.findings import RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import Policy
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.protocols import Lens, SseParser
from gateway.restore import Restorer, StreamRestorer, restore
from gateway.transform import Transformed, apply
from tests.doubles.protocols import PROTOCOLS, TOOL, Protocol, framed
from tests.e2e.test_canary import Place, embedded, places, planted
from tests.e2e.test_every_door import is_taken, vector

POLICY: Final = Policy(name="p", digest="0" * 64, entities={}, restore_in_urls="always")
NOTHING: Final = PseudonymTable({})
EXCHANGE: Final = uuid.UUID(int=7 << 76 | 2 << 62)
VALUES: Final = ("Bob Eve", "Bob", "Eve", 'O"Neil', "D\\x", "王伟", "a@b", "t\tb")
VALUE: Final = re.compile("|".join(map(re.escape, VALUES)))
PLACEHOLDERS: Final = ("<PERSON_1>", "<SECRET_1>", "<LITERAL_1>", "<SECRET_", "1>", "<", ">", "_", "2", "SECRET")
ESCAPES: Final = ('"', "\\", '\\"', "\\n", "\\u003c", "\\u003e", "{", "}", "[1]", '{"a": 1}', "\x01")
PIECES: Final = st.sampled_from([*VALUES, *PLACEHOLDERS, *ESCAPES, "\u2028", "é", "\n", "😀", " "])
SLASHES: Final = re.compile(r"\\[\x00-\x20]*\\")
"""Two slashes or backslashes begin a URL, whatever invisible stands between, and nothing is restored into its host."""

TEXTS: Final = st.lists(PIECES, min_size=1, max_size=10).map("".join).filter(lambda text: not SLASHES.search(text))
CUTS: Final = st.lists(st.integers(1, 9), min_size=1, max_size=6)
HOLDERS: Final = frozenset({"arguments", "json", "structural_tag"})
"""Fields whose string is a JSON document."""


class NoHashes:
    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        return "5" * 64


def transformed(segments: Sequence[Segment]) -> Transformed:
    """Replace the values wherever they stand."""
    findings = tuple(
        tuple(
            RecognizerResult(entity_type="SECRET", start=hit.start(), end=hit.end(), score=1.0, recognizer="r")
            for hit in VALUE.finditer(segment.text.reveal())
        )
        for segment in segments
    )
    replace = OperatorConfig(operator=Operator.PSEUDONYMISE)
    decision = Decision(
        effect=Effect.PERMIT,
        policy=POLICY,
        findings=findings,
        operators=tuple((replace,) * len(each) for each in findings),
        counts={},
        blocked={},
    )
    hashes: Any = NoHashes()
    return apply(decision, segments, tenant="t", fingerprints=hashes)


def cut(text: str, sizes: list[int]) -> Iterator[str]:
    at = turn = 0
    while at < len(text):
        size = sizes[turn % len(sizes)]
        yield text[at : at + size]
        at, turn = at + size, turn + 1


def plain(text: str) -> str:
    """A text without the escapes that nobody needs: where something was replaced, they are undone."""
    return unescaped(text)


# Every place of a request


def free_places(root: Path, lens: Lens) -> tuple[Any, list[Place]]:
    """Return a request that uses every field, and the places in it that take any text and are forwarded."""
    document = vector(root, lens)
    taken = []
    for place in places(document):
        made = planted(document, {place: 'a "b\\'})
        if place != ("model",) and is_taken(lens, made):
            request = lens.request(json.dumps(made).encode())
            if any('a "b\\' in segment.text.reveal() for segment in request.segments):
                taken.append(place)
    return document, taken


def back(value: Any, table: PseudonymTable, sizes: list[int], field: str = "") -> Any:
    """Restore a document string by string, and open the documents within its strings."""
    match value:
        case str():
            holds = field in HOLDERS and embedded(value) is not None
            restorer = Restorer(table, POLICY, escape=holds)
            said = "".join([*(restorer.feed(piece) for piece in cut(value, sizes)), restorer.finish()])
            return opened(json.loads(said)) if holds else plain(said)
        case list():
            return [back(item, table, sizes) for item in value]
        case dict():
            return {back(key, table, sizes): back(item, table, sizes, key) for key, item in value.items()}
        case _:
            return value


def opened(value: Any, field: str = "") -> Any:
    """The same for a document that nobody has transformed."""
    return back(value, NOTHING, [1 << 20], field)


def forwarded(lens: Lens, document: Any) -> Any:
    """What would leave of a document if nothing were found in it."""
    request = lens.request(json.dumps(document).encode())
    return json.loads(lens.write(request, [segment.text for segment in request.segments]))


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_every_place_of_a_request_comes_back(root: Path, lens: Lens) -> None:
    document, taken = free_places(root, lens)
    assert len(taken) >= (3 if lens.endpoint == "/v1/embeddings" else 20)

    @settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(st.dictionaries(st.sampled_from(taken), TEXTS, min_size=1, max_size=4), CUTS)
    def holds(texts: dict[Place, str], sizes: list[int]) -> None:
        made = planted(document, texts)
        if not is_taken(lens, made):
            return  # JSON that two parsers would read differently, or a key that is there already
        request = lens.request(json.dumps(made).encode())
        safe = transformed(request.segments)
        try:
            sent = json.loads(lens.write(request, safe.texts))
        except ProtocolError:
            keys = [plain(text) for place, text in texts.items() if place[-1] == "(key)"]
            assert len(set(keys)) < len(keys), "refused, and no two keys are told apart by their escapes alone"
            return

        assert back(sent, safe.table, sizes) == opened(forwarded(lens, made))

    holds()


# Every protocol's answers


def told(lens: Lens, body: Any, table: PseudonymTable) -> Any:
    """Read a whole answer and write it with its values."""
    reply = lens.reply(json.dumps(body).encode())
    texts, _ = restore(reply.segments, table, POLICY, tools=frozenset({TOOL}), joined=lens.joined)
    return opened(json.loads(lens.write_reply(reply, texts)))


def streamed(lens: Lens, events: Any, table: PseudonymTable, sizes: list[int]) -> dict[Any, str]:
    """Read a stream and join what comes out of it, by its channels."""
    restorer = StreamRestorer(lens, table, POLICY, json_content=False, tools=frozenset({TOOL}), exchange=EXCHANGE)
    parser = SseParser()
    raw = b"".join(framed(events)).decode("latin-1")
    said: dict[Any, str] = defaultdict(str)
    for chunk in cut(raw, [size * 40 for size in sizes]):
        for event in parser.feed(chunk.encode("latin-1")):
            for frame in restorer.write(restorer.read(event)):
                body = json.loads(frame.rpartition(b"data: ")[2])
                named = (body.get("type"), body.get("output_index"), body.get("index"))
                for path, text in texts_in(body):
                    said[*named, *path] += text
    assert restorer.end is not None
    return {path: opened(text, "arguments" if is_call(path) else "") for path, text in said.items()}


def is_call(path: tuple[Any, ...]) -> bool:
    """Whether a channel is that of a call's arguments."""
    return path[-1] in {"arguments", "partial_json"} or path[0] == "response.function_call_arguments.delta"


def texts_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Every text that a frame adds to."""
    match value:
        case str() if path[-1] in {"content", "text", "arguments", "partial_json", "delta"}:
            yield path, value
        case list():
            for at, item in enumerate(value):
                yield from texts_in(item, (*path, at))
        case dict():
            for key, item in value.items():
                yield from texts_in(item, (*path, key))


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.name)
def test_every_answer_comes_back(protocol: Protocol) -> None:
    lens = next(lens for lens in LENSES if lens.endpoint == protocol.path)

    @settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(TEXTS, CUTS)
    def holds(text: str, sizes: list[int]) -> None:
        request = lens.request(json.dumps(protocol.request(text, streamed=False)).encode())
        asked = [segment for segment in request.segments if segment.text.reveal() == plain(text)]
        made = transformed(asked[:1] or [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text))])
        safe, original = made.texts[0].reveal(), plain(text)

        assert told(lens, protocol.whole(safe), made.table) == told(lens, protocol.whole(original), NOTHING)
        pieces = [list(cut(said, sizes)) for said in (safe, original)]
        assert joined(lens, protocol, pieces[0], made.table, sizes) == joined(lens, protocol, pieces[1], NOTHING, sizes)

    holds()


def joined(lens: Lens, protocol: Protocol, pieces: list[str], table: PseudonymTable, sizes: list[int]) -> Any:
    return streamed(lens, protocol.events(*pieces, tool=True), table, sizes)
