import pytest

from gateway.detect.hints import Hints

HINTS = Hints({"digits": ("[0-9]{3}", "one two"), "words": ("(?i)ü",)})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", set()),
        ("12 ab", set()),
        ("1234", {"digits"}),
        ("one two", {"digits"}),
        ("a Ü b 999", {"digits", "words"}),
        ("\ud800 123", {"digits"}),
    ],
)
def test_what_may_be_in_a_text_is_named(text: str, named: set[str]) -> None:
    assert HINTS.of(text) - {""} == named


def test_a_pass_that_fails_names_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failed:
        def Match(self, text: bytes) -> list[int]:  # noqa: N802 - RE2's name
            return []

    hints = Hints({"a": ("x",), "b": ("y",)})
    monkeypatch.setattr(hints, "_set", Failed())

    assert {"a", "b"} <= hints.of("nothing")
