"""What becomes of each field, told from the tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gateway.api.routes import LENSES
from gateway.core.errors import ProtocolError
from gateway.protocols import ChatLens, Lens
from gateway.protocols.coverage import Row, Treatment, rows

NEEDED: dict[str, Any] = {"model": "m", "messages": [], "input": "", "prompt": "", "max_tokens": 1}


def test_rows_name_every_place() -> None:
    found = {row.path: row for row in rows(ChatLens.shape)}

    assert found["/messages/*[role=user]/content"] == Row("/messages/*[role=user]/content", Treatment.SCANNED, "text")
    assert found["/messages/*[role=assistant]/tool_calls/*/function/arguments"].treatment is Treatment.SCANNED
    assert found["/messages/*[role=user]/content/*[type=audio_url]"].treatment is Treatment.REFUSED
    assert found["/temperature"].treatment is Treatment.CHECKED
    assert found["/cache_salt"].treatment is Treatment.LEFT_OUT


@pytest.mark.parametrize("lens", LENSES, ids=lambda lens: lens.endpoint)
def test_what_is_said_to_be_refused_or_left_out_is(lens: Lens) -> None:
    """Top-level fields, with a value that no exception is made for."""
    told = {row.path[1:]: row.treatment for row in rows(lens.shape) if row.path.count("/") == 1}
    fields = {name: NEEDED[name] for name in lens.shape.needs}
    for name, treatment in told.items():
        if name in fields or "[" in name or treatment not in {Treatment.REFUSED, Treatment.LEFT_OUT}:
            continue
        body = json.dumps({**fields, name: "Mörker"}).encode()
        if treatment is Treatment.REFUSED:
            with pytest.raises(ProtocolError) as raised:
                lens.request(body)
            assert raised.value.pointer == f"/{name}"
        else:
            assert f"/{name}" in lens.request(body).dropped
