"""The one law of a lens: a marker in every string and key, and a card number in every number, is seen or refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols import ChatLens, CompletionsLens, EmbeddingsLens, Lens, MessagesLens, ResponsesLens

CHAT, COMPLETIONS, EMBEDDINGS = ChatLens(), CompletionsLens(), EmbeddingsLens()
MESSAGES, RESPONSES = MessagesLens(), ResponsesLens()
CITED = " ".join(
    f"/input/4/content/0/annotations/0/{name}" for name in ["end_index", "start_index", "title", "type", "url"]
)
DROPPED = {
    CHAT: """/messages/1/content/0/cache_control/type /messages/3/tool_calls/0/index /cache_salt /request_id
    /service_tier""",
    COMPLETIONS: "/cache_salt /request_id /service_tier",
    EMBEDDINGS: "/cache_salt /request_id",
    MESSAGES: """/system/0/cache_control/type /messages/1/content/0/signature /messages/1/content/1/data
    /messages/1/content/2/citations/0/type /messages/1/content/2/citations/0/cited_text
    /messages/1/content/3/caller/type /tools/0/cache_control/type /tools/0/input_examples/0/who
    /context_management/edits/0/type /inference_geo /speed /cache_salt /service_tier""",
    RESPONSES: f"""{CITED} /input/3/id /input/4/id /input/4/phase /input/5/id /input/5/status /input/7/id /input/7/name
    /input/7/status /reasoning/context /reasoning/mode /cache_salt /request_id /service_tier /safety_identifier
    /prompt_cache_key /prompt_cache_options/mode""",
}
"""The strings and numbers of each vector that are left out."""

MARKER = "Mörker-7731"
CARD = 5555555555554444
Plant = Callable[[Any], Any]


def plantings(value: Any, rebuild: Plant = lambda new: new, where: str = "") -> Iterator[tuple[str, str, Any]]:
    """Yield (place, what was planted, the whole document with it) for each string, key and number."""
    match value:
        case bool() | None:
            return
        case str():
            yield where, MARKER, rebuild(MARKER)
            inner = embedded(value)
            if inner is not None:
                yield from plantings(inner, lambda new: rebuild(json.dumps(new)), f"{where}#")
        case int() | float():
            yield where, str(CARD), rebuild(CARD)
        case list():
            for i, item in enumerate(value):
                yield from plantings(item, lambda new, i=i: rebuild([*value[:i], new, *value[i + 1 :]]), f"{where}/{i}")
        case dict():
            for key, item in value.items():
                renamed = {MARKER if name == key else name: other for name, other in value.items()}
                yield f"{where}/{key} (the key)", MARKER, rebuild(renamed)
                yield from plantings(item, lambda new, key=key: rebuild({**value, key: new}), f"{where}/{key}")


def embedded(text: str) -> Any:
    """Return the JSON in a string, where it is an object or a list."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None


def fate(lens: Lens, planted: str, document: Any) -> str:
    """Tell what became of the marker: refused, dropped or seen. Fail if it left unseen."""
    try:
        request = lens.request(json.dumps(document).encode())
    except ProtocolError as error:
        return "repeated" if MARKER in error.message + error.pointer else "refused"
    seen = any(planted in segment.text.reveal() for segment in request.segments)
    redone = lens.write(request, [Sensitive(f"[{i}]") for i in range(len(request.segments))]).decode()
    assert planted not in redone, "it leaves although all text was replaced"
    assert MARKER not in json.dumps(json.loads(redone), ensure_ascii=False)
    return "seen" if seen else "dropped"


def assert_total(lens: Lens, body: Any) -> dict[str, str]:
    fates = {}
    for where, planted, document in plantings(body):
        if where == "/model":
            continue  # a name, not text: it must be that of a served model, or nothing is forwarded
        fates[where] = fate(lens, planted, document)
        assert fates[where] != "repeated", "an error repeats the client's text"
    return fates


def own(root: Path, lens: Lens) -> Any:
    """Return a request that uses every field."""
    name = lens.endpoint.removeprefix("/v1/").partition("/")[0]
    return json.loads((root / f"tests/vectors/{name}_request.json").read_bytes())


@pytest.mark.parametrize("lens", DROPPED, ids=lambda lens: lens.endpoint)
def test_own_body_is_total_and_nothing_but_the_gateways_own_affairs_is_dropped(root: Path, lens: Lens) -> None:
    fates = assert_total(lens, own(root, lens))
    dropped = {where for where, how in fates.items() if how == "dropped"}
    assert {where for where in dropped if not where.endswith(" (the key)")} == set(DROPPED[lens].split())
    assert sum(how == "seen" for how in fates.values()) > {EMBEDDINGS: 2, COMPLETIONS: 15}.get(lens, 60)


@pytest.mark.parametrize(("lens", "least"), [(CHAT, 30), (COMPLETIONS, 3), (MESSAGES, 15), (RESPONSES, 15)])
def test_recorded_bodies_are_total(shared: Path, lens: Lens, least: int) -> None:
    bodies = 0
    for file in sorted((shared / "vllm/wire").glob("*/*.req")):
        head, _, raw = file.read_bytes().partition(b"\r\n\r\n")
        if not head.startswith(f"POST {lens.endpoint} HTTP".encode()):
            continue
        try:
            lens.request(raw)
        except ProtocolError:
            continue  # refused as it is; what it would take to refuse it is not the question here
        assert_total(lens, json.loads(raw))
        bodies += 1
    assert bodies >= least


@pytest.mark.parametrize("lens", DROPPED, ids=lambda lens: lens.endpoint)
def test_the_law_can_be_broken(root: Path, lens: Lens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gateway.protocols.reader.Reader.slot", lambda self, text, kind, place: text)
    with pytest.raises(AssertionError, match="leaves"):
        assert_total(lens, own(root, lens))
