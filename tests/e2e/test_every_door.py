"""A value in every place of a request to every endpoint that takes one: the model server receives none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gateway.api.routes import LENSES
from gateway.core.errors import ProtocolError
from gateway.protocols import CountTokensLens, Lens
from tests.doubles.recording_backend import whole
from tests.e2e.test_canary import INSIDE, encodings, places, planted

pytestmark = pytest.mark.integration

CORE = "qv7zk2xw"


def canary(number: int) -> str:
    return f"{CORE}.{number}@{CORE}.example"


def vector(root: Path, lens: Lens) -> Any:
    """A request that uses every field; counting tokens takes fewer of a message's."""
    name = lens.endpoint.removeprefix("/v1/").partition("/")[0]
    document = json.loads((root / f"tests/vectors/{name}_request.json").read_bytes())
    if isinstance(lens, CountTokensLens):
        document = {field: value for field, value in document.items() if field in lens.shape.fields}
    return document | {"model": "tiny-moe"}


def is_taken(lens: Lens, document: Any) -> bool:
    try:
        lens.request(json.dumps(document).encode())
    except ProtocolError:
        return False
    return True


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_nothing_of_any_place_is_received(gateway: Any, root: Path, lens: Lens) -> None:
    document = vector(root, lens)
    found = [place for place in places(document) if is_taken(lens, planted(document, {place: canary(0)}))]
    free = {place: canary(number) for number, place in enumerate(found) if place != ("model",)}
    gateway.backend.script = lambda request: whole({})

    for inside in (False, True):  # a string that holds a document, or the places in it
        chosen = {place: value for place, value in free.items() if (INSIDE in place) is inside}
        if chosen:
            status, _, _ = gateway.call("POST", lens.endpoint, planted(document, chosen))
            assert status == 502, "what this backend answers is no answer"

    raw = bytes(gateway.backend.raw).lower()
    assert gateway.backend.received
    assert [how for how, needle in encodings(CORE).items() if needle in raw] == []
    print(f"\n{lens.endpoint}: {len(free)} places, 0 received")
