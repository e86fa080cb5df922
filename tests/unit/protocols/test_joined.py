"""Texts that clients join: where each begins."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from gateway.core.errors import BackendProtocolError
from gateway.protocols import Joined

TEXT = frozenset({"text"})


def test_a_text_begins_where_the_one_before_it_is_at_that_time() -> None:
    joined, read = Joined[str](TEXT), ["a"]

    assert joined.before("0/text") is None
    joined.begun("0/text", lambda: "".join(read))
    read.append("b")
    assert joined.before("1/text") == "ab"


def test_a_text_that_comes_again_begins_where_it_began_at_first() -> None:
    joined = Joined[str](TEXT)
    for channel in ("0/text", "1/text", "again/0/text"):
        joined.before(channel)
        joined.begun(channel, lambda channel=channel: channel)  # type: ignore[misc]

    assert joined.before("again/0/text") is None
    assert joined.before("again/1/text") == "0/text"


@pytest.mark.parametrize(
    ("channels", "refused"),
    [
        (["0/text", "0/text", "1/text", "1/text"], False),
        (["0/0/text", "0/1/text", "2/0/text"], False),
        (["1/thinking", "0/thinking"], False),
        (["1/text", "0/text"], True),
        (["0/text", "1/text", "0/text"], True),
        (["9/text", "10/text"], False),
    ],
)
def test_texts_that_clients_join_come_one_after_another(channels: list[str], refused: bool) -> None:
    joined = Joined[str](TEXT)

    with pytest.raises(BackendProtocolError) if refused else nullcontext():
        for channel in channels:
            joined.goes_on(channel)


@pytest.mark.parametrize(
    ("families", "channel"), [(frozenset(), "1/text"), (TEXT, "1/thinking"), (TEXT, "1/arguments")]
)
def test_other_texts_begin_afresh(families: frozenset[str], channel: str) -> None:
    joined = Joined[str](families)
    for before in ("0/text", "0/thinking", "0/arguments"):
        joined.begun(before, lambda: "a")

    assert joined.before(channel) is None
