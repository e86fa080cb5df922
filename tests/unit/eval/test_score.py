import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.eval.corpus import Document, Span
from gateway.eval.labels import Labels
from gateway.eval.score import ALL, NOTHING, Counts, Facet, Score
from gateway.eval.sides import Found


def document(text: str, *spans: tuple[str, str], kind: str = "", harmless: tuple[str, ...] = ()) -> Document:
    """A document whose values are named by what they are; a value counts at its next place."""
    placed, at = [], 0
    for value, label in spans:
        at = text.index(value, at)
        placed.append(Span(start=at, end=at + len(value), label=label, kind=kind))  # type: ignore[arg-type]
        at += len(value)
    places = tuple((text.index(each), text.index(each) + len(each)) for each in harmless)
    return Document(text=text, spans=tuple(placed), language="en", genre="note", harmless=places)


def found(text: str, *values: tuple[str, str]) -> list[Found]:
    return [Found(text.index(value), text.index(value) + len(value), name) for value, name in values]


def scored(given: Document, *values: tuple[str, str], only: str = "") -> Score:
    wanted = frozenset(ENTITY_TYPES)
    score = Score(Labels(mapped={}, wanted=wanted, only=frozenset({only} - {""})))
    score.add(given, found(given.text, *values))
    return score


TEXT = "Ann Lee (12, Elm St) met Bob."
PEOPLE = document(TEXT, ("Ann Lee", "PERSON"), ("Bob", "PERSON"))


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ([("Ann Lee", "PERSON"), ("Bob", "PERSON")], Counts(gold=2, hit=2, values=2, found=2, right=2)),
        ([], Counts(gold=2, leaked=2, values=2, leaked_values=2)),
        ([("Ann", "PERSON")], Counts(gold=2, hit=1, leaked=2, values=2, leaked_values=2, found=1, right=1)),
        ([("Ann Lee (", "PERSON")], Counts(gold=2, hit=1, leaked=1, values=2, leaked_values=1, found=1, right=1)),
        ([("Ann Lee", "LOCATION")], Counts(gold=2, leaked=1, values=2, leaked_values=1, found=1)),
        ([("Elm", "PERSON")], Counts(gold=2, leaked=2, values=2, leaked_values=2, found=1)),
    ],
)
def test_what_is_hit_leaked_and_right(values: list[tuple[str, str]], counts: Counts) -> None:
    assert scored(PEOPLE, *values).total(ALL) == counts


def test_half_a_value_may_be_hit_and_leaks() -> None:
    score = scored(document("Ann Leeds", ("Ann Leeds", "PERSON")), ("Leeds", "PERSON"))

    assert score.total(ALL) == Counts(gold=1, hit=1, leaked=1, values=1, leaked_values=1, found=1, right=1)


def test_a_value_that_leaks_in_one_place_leaks() -> None:
    score = scored(document("Bob and Bob", ("Bob", "PERSON"), ("Bob", "PERSON")), ("Bob", "PERSON"))

    assert score.total(ALL) == Counts(gold=2, hit=1, leaked=1, values=1, leaked_values=1, found=1, right=1)


def test_counts_are_kept_by_entity_language_genre_and_kind() -> None:
    score = scored(document(TEXT, ("Bob", "PERSON"), kind="direct"), ("12, Elm St", "LOCATION"))
    leaked = Counts(gold=1, leaked=1, values=1, leaked_values=1)

    assert score.total(Facet("entity", "PERSON")) == leaked
    assert score.total(Facet("entity", "LOCATION")) == Counts(found=1)
    assert score.total(Facet("language", "en")) == score.total(Facet("genre", "note")) == leaked.plus(Counts(found=1))
    assert score.total(Facet("direct by language", "en")) == score.total(Facet("direct by entity", "PERSON")) == leaked
    assert score.total(Facet("quasi by language", "en")) == Counts()


def test_what_is_taken_for_what_is_told() -> None:
    score = scored(PEOPLE, ("Ann Lee", "LOCATION"), ("Elm", "US_SSN"))

    assert score.confusion == {("PERSON", "LOCATION"): 1, ("PERSON", NOTHING): 1, (NOTHING, "NATIONAL_ID"): 1}


def test_labels_that_are_not_judged_count_for_nothing() -> None:
    given = document(TEXT, ("Ann Lee", "PERSON"), ("Elm St", "MISC"))

    assert scored(given, ("Ann Lee", "PERSON"), ("Elm St", "LOCATION")).total(ALL) == Counts(
        gold=1, hit=1, values=1, found=1, right=1
    )
    assert scored(given, only="GPE").total(ALL) == Counts()


def test_only_letters_and_digits_outside_labels_are_touched_in_vain() -> None:
    score = scored(document(TEXT, ("Ann Lee", "PERSON"), ("Bob", "MISC")), ("Lee (12,", "PERSON"), ("Bob", "PERSON"))

    assert score.outside == len(TEXT) - len("Ann Lee") - len("Bob")
    assert score.touched_outside == len("12")


def test_harmless_strings_and_documents_without_values() -> None:
    lost = scored(document("Fuse F2, page 9", harmless=("F2", "page 9")), ("F2", "PERSON"))
    kept = scored(document("Fuse F2"))

    assert (lost.harmless, lost.harmless_lost, lost.clean, lost.clean_touched) == (2, 1, 1, 1)
    assert (kept.harmless, kept.harmless_lost, kept.clean, kept.clean_touched) == (0, 0, 1, 0)


def test_documents_with_equal_counts_share_a_cell() -> None:
    score = Score(Labels(mapped={}, wanted=frozenset(ENTITY_TYPES)))
    for _ in range(3):
        score.add(PEOPLE, [])

    assert list(score.cells[ALL].values()) == [3]
    assert score.total(ALL).gold == 6


def test_examples_are_places() -> None:
    score = scored(PEOPLE, ("Ann", "PERSON"), ("Elm", "PERSON"))

    assert [(each.label, each.found, TEXT[each.start : each.end]) for each in score.examples] == [
        ("PERSON", "PERSON", "Ann Lee"),
        ("PERSON", NOTHING, "Bob"),
        (NOTHING, "PERSON", "Elm"),
    ]


@pytest.mark.parametrize(("score", "tenth"), [(0.0, "0.0"), (0.3, "0.3"), (0.7, "0.7"), (0.799, "0.7"), (1.0, "0.9")])
def test_findings_are_counted_by_their_scores(score: float, tenth: str) -> None:
    made = Score(Labels(mapped={}, wanted=frozenset(ENTITY_TYPES)))
    made.add(PEOPLE, [Found(0, 7, "PERSON", score), Found(9, 11, "PHONE_NUMBER", score)])

    assert made.total(Facet("score", tenth)) == Counts(found=2, right=1)
