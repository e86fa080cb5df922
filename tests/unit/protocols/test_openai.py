"""What the lenses of OpenAI's routes have in common."""

from __future__ import annotations

import json

import pytest

from gateway.core.errors import BackendUnavailable
from gateway.protocols import ChatLens, CompletionsLens, Lens


@pytest.mark.parametrize(("lens", "prefix"), [(ChatLens(), "chatcmpl-"), (CompletionsLens(), "cmpl-")])
def test_ids_errors_and_salts(lens: Lens, prefix: str) -> None:
    reply = lens.reply(b'{"id":"theirs","choices":[]}')
    assert json.loads(lens.write_reply(reply, []))["id"].startswith(prefix)
    error = BackendUnavailable("x")
    assert lens.error_event(error) == b"data: " + lens.error(error) + b"\n\n"
    assert json.loads(lens.error(error))["error"]["code"] == "backend_unavailable"
