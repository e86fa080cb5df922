from collections import Counter

import pytest

from gateway.eval.placements import LENSES, PLACEMENTS, Placement

MARKER = "Mörker-7731"


@pytest.mark.parametrize("placement", PLACEMENTS, ids=lambda each: f"{each.endpoint}: {each.name}")
def test_the_text_is_seen_in_its_place(placement: Placement) -> None:
    raw = placement.body(MARKER, "Hällo-42" if placement.split or placement.told else "")
    request = LENSES[placement.endpoint].request(raw)
    seen = [segment.text.reveal() for segment in request.segments]

    assert any(MARKER in text for text in seen)
    assert any("Hällo-42" in text for text in seen) == (placement.split or placement.told)


def test_each_endpoint_has_its_places() -> None:
    counts = Counter(placement.endpoint for placement in PLACEMENTS)
    names = {placement.name for placement in PLACEMENTS if placement.endpoint == "chat"}

    assert counts.keys() == LENSES.keys()
    assert len(set(PLACEMENTS)) == len(PLACEMENTS)
    assert names >= {
        *("system", "user", "assistant", "tool result", "tool arguments", "function description", "schema enum"),
        *("name", "metadata", "user field", "stop", "response format", "two parts", "two messages"),
    }


def test_places_that_are_two_say_so() -> None:
    assert {each.name for each in PLACEMENTS if each.split} == {"two parts", "two messages"}
    assert {each.name for each in PLACEMENTS if each.beyond} == {"two messages"}
    assert all(each.told == ("told" in each.name) for each in PLACEMENTS)
