from collections.abc import Iterator

import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator
from gateway.core.policy import LANGUAGES
from gateway.policy.schema import KINDS, Either, Fields, Items, Node
from gateway.policy.suggest import _BESIDE, closest, did_you_mean, meant

OPERATORS = tuple(Operator)


def typos(word: str) -> set[str]:
    """Every single slip of the fingers, and every other way to write the same."""
    made = {word.lower(), word.upper(), word.title(), word + "s", word.removesuffix("s")}
    made |= {word.replace("_", "-"), word.replace("_", ""), word.replace("_", " ")}
    for at, letter in enumerate(word):
        before, after = word[:at], word[at + 1 :]
        made |= {before + after, before + letter + letter + after}
        made |= {before + after[:1] + letter + after[1:]}
        for pair in _BESIDE:
            if pair[0] == letter.lower():
                made.add(before + (pair[1].upper() if letter.isupper() else pair[1]) + after)
    return made - {word, ""}


def mappings(node: Node) -> Iterator[Fields]:
    match node:
        case Fields():
            yield node
            for inner in node.keys.values():
                yield from mappings(inner)
        case Items():
            yield from mappings(node.of)
        case Either():
            yield from mappings(node.of)
            yield from mappings(node.other)
        case _:
            if hasattr(node, "of"):
                yield from mappings(node.of)


def share(lists: list[tuple[str, ...]]) -> tuple[int, int]:
    """Of all single typos of all words of some lists, how many are taken for the right word, and how many there are."""
    right = tried = 0
    for known in lists:
        for word in known:
            for typo in typos(word) - set(known):
                tried += 1
                right += closest(typo, known) == word
    return right, tried


def test_of_single_typos_of_keys_nearly_all_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    lists = {tuple(fields.keys) for kind in KINDS.values() for fields in mappings(kind)}
    right, tried = share(sorted(lists))

    with capsys.disabled():
        print(f"\nkeys: {right} of {tried} typos, {right / tried:.2%}")
    assert tried > 4000
    assert right / tried >= 0.99


def test_of_single_typos_of_entity_types_nearly_all_are_understood(capsys: pytest.CaptureFixture[str]) -> None:
    right, tried = share([tuple(ENTITY_TYPES)])

    with capsys.disabled():
        print(f"\nentity types: {right} of {tried} typos, {right / tried:.2%}")
    assert tried > 9000
    assert right / tried >= 0.99


def test_of_single_typos_of_values_nearly_all_are_understood() -> None:
    right, tried = share([OPERATORS, ("enforce", "shadow", "off"), ("internal", "always", "never")])

    assert right / tried >= 0.98


@pytest.mark.parametrize(
    ("word", "known", "right"),
    [
        ("replace", OPERATORS, "pseudonymise"),
        ("remove", OPERATORS, "redact"),
        ("anonymise", OPERATORS, ""),
        ("audit", ("enforce", "shadow", "off"), "shadow"),
        ("SSN", ENTITY_TYPES, "US_SSN"),
        ("password", ENTITY_TYPES, "SECRET"),
        ("German", LANGUAGES, "de"),
        ("de-DE", LANGUAGES, "de"),
        ("ja", LANGUAGES, ""),
        ("US_PASSPORT_NUMBER", ENTITY_TYPES, "PASSPORT"),
        ("masked", OPERATORS, "mask"),
        ("BADGE_NUMBER", ENTITY_TYPES, ""),
        ("", OPERATORS, ""),
        ("___", OPERATORS, ""),
        ("x" * 100_000, ENTITY_TYPES, ""),
        ("mo\u200bde", ("mode", "media"), "mode"),
        ("“enforce”", ("enforce", "shadow"), "enforce"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_typo_is_taken_for_what_others_call_it(word: str, known: tuple[str, ...], right: str) -> None:
    assert closest(word, known) == right


def test_a_slip_is_meant_and_several_are_only_close() -> None:
    assert meant("entites", ["entities"]) == "entities"
    assert meant("pseudonomyze", OPERATORS) == ""
    assert closest("pseudonomyze", OPERATORS) == "pseudonymise"


def test_a_suggestion_is_a_question() -> None:
    assert did_you_mean("mode") == 'did you mean "mode"?'
    assert did_you_mean("") == ""
