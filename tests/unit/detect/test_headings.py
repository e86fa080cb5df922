"""Words of forms and code that are nobody, and names in the same places."""

from __future__ import annotations

import pytest

from gateway.detect.headings import is_everyday_alone, is_heading


def judged(example: str) -> bool:
    before, value, behind = example.replace("]]", "[[").split("[[")
    return is_heading(before + value + behind, len(before), len(before + value))


@pytest.mark.parametrize(
    "example",
    [
        "INFO [[c.b]].auth.Login",
        "- [[Z]]. n. Morbus Scheuermann",
        "mit [[V]]. a. Sepsis",
        "Text\n[[ARIZA]]             : F28",
        "Text\n[[Yesterday]]           : none",
        "an [[Qschw]]. Agnieszka".replace("Qs", "S"),
        "hinter [[Abzw]]. Molzen",
        "6 × 10⁻³⁴ [[J·s]].",
        "von [[Mo]]–Do erreichbar",
        "then [[said]] so".replace("said", "everything"),
        "[[Yesterday]]: rain",
        "[[YESTERDAY]]: rain",
        "the [[other B]] now",
        "an [[Everything. B]] of it",
        "der [[kistner]] kam".replace("kistner", "becker"),
        "then [[everything about yesterday]]",
        "Allergies: [[NKDA]]. Next",
        "Page\n[[PREDVOL\u00c1N\u00cd]]\nText",
        "Page\n[[YESTERDAY EVERYTHING]]\nText",
    ],
)
def test_words_of_forms_and_code_are_nobody(example: str) -> None:
    assert judged(example)


@pytest.mark.parametrize(
    "example",
    [
        "[[Okafor]]: I agree",
        "[[anna]]: hi",
        "hi [[anna]], yesterday",
        "[[OKAFOR]]\nText",
        "[[ANNA]]\nText",
        "[[Yesterday]] sang",
        "[[J. Kowalski]]",
        "[[Z]]. Nowak",
        "Text\n[[ANNA]]           : hi",
        "Text\n[[OKAFOR]]: hi",
        "Tiefensee, [[K]].",
        "[[Mo]] said",
        "[[王小明]]:",
        "[[KOWALSKI]]: 3",
    ],
)
def test_a_name_is_no_heading(example: str) -> None:
    assert not judged(example)


@pytest.mark.parametrize(("value", "expected"), [("Yesterday", True), ("Everything Yesterday", True), ("Anna", False)])
def test_words_of_everyday_text_are_known(value: str, expected: bool) -> None:
    assert is_everyday_alone(f"x {value} y", 2, 2 + len(value)) is expected
