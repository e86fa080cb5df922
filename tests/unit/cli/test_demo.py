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
    )

    page = demo._page(shown)

    for part in ("Write to Maria", "<PERSON_1>", "PERSON=1", "12.3 ms", "seq 1", "exchange.open", "the log holds"):
        assert part in page
    assert "\x1b" not in page


def test_only_what_the_model_did_not_see_is_coloured() -> None:
    assert demo._marked("a Maria b", "a <PERSON_1> b") == "a Maria b"
