"""Where a text stands says what it is."""

from __future__ import annotations

import pytest

from gateway.core.content import last_name


@pytest.mark.parametrize(
    ("place", "name"),
    [("0/tool_calls/1/arguments", "arguments"), ("/messages/0/content", "content"), ("text", "text"), ("", "")],
)
def test_the_last_step_says_what_a_text_is(place: str, name: str) -> None:
    assert last_name(place) == name
