from pathlib import Path

from gateway.cli import demo
from gateway.cli.demo import Shown


def test_the_page_shows_all_four_sides() -> None:
    shown = Shown(
        sent="Write to Maria",
        seen="Write to <PERSON_1>",
        received="You said: Write to Maria",
        decision={"x-cloister-entities": "PERSON=1", "server-timing": "detect;dur=1.0"},
        milliseconds=12.3,
        record=[{"seq": 1, "time": "t", "action": "exchange.open", "outcome": "success", "leaf": "ab" * 32}],
        verified="the log holds",
        keys={"app": "cl_live_made"},
    )

    page = demo._page(shown)

    for part in (
        "Write to Maria",
        "<PERSON_1>",
        "PERSON=1",
        "12.3 ms",
        "seq 1",
        "exchange.open",
        "the log holds",
        "cl_live_made",
    ):
        assert part in page
    assert "\x1b" not in page


def test_only_what_the_model_did_not_see_is_coloured() -> None:
    assert demo._marked("a Maria b", "a <PERSON_1> b") == "a Maria b"


def test_the_keys_are_those_that_the_gateway_announced(tmp_path: Path) -> None:
    (tmp_path / "log").write_text('{"version": "1", "keys": {"app": "cl_live_made"}}\n{"event": "backend.up"}\n')

    assert demo._made(tmp_path / "log") == {"app": "cl_live_made"}
