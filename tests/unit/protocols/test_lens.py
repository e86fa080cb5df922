import pytest

from gateway.protocols import ChatLens, Lens, ParsedEvent


@pytest.mark.parametrize(
    ("closes", "channel", "ends"),
    [
        ((), "0/content", False),
        (("",), "0/content", True),
        (("0",), "0/content", True),
        (("0",), "0/tool_calls/0/name", True),
        (("1",), "10/content", False),
        (("0/tool_calls/0/name",), "0/tool_calls/0/name", True),
        (("0/tool_calls/0/name",), "0/tool_calls/0/arguments", False),
    ],
)
def test_a_name_closes_all_channels_beneath_it(closes: tuple[str, ...], channel: str, *, ends: bool) -> None:
    assert ParsedEvent(body=None, deltas=(), closes=closes, usage={}).ends(channel) is ends


def test_the_chat_lens_is_a_lens() -> None:
    lens: Lens = ChatLens()
    assert lens.endpoint == "/v1/chat/completions"
