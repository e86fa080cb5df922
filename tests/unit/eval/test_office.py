import itertools
from collections import Counter

from gateway.eval.office import documents, templates

HERE = list(documents())


def test_the_suite_is_as_wide_as_it_says() -> None:
    languages = Counter(document.language for document in documents(variants=1) if document.spans)

    assert len(languages) == 12
    assert min(languages.values()) >= 3
    assert sum(languages.values()) >= 60
    assert len({document.genre for document in HERE if document.language == "en"}) >= 12
    assert sum(not document.spans for document in HERE) >= 25


def test_every_value_stands_where_it_is_said_to_stand() -> None:
    for document in HERE:
        places = sorted([*((span.start, span.end) for span in document.spans), *document.harmless])

        assert "{{" not in document.text
        assert "}}" not in document.text
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(places))
        assert all(document.text[start:end].strip() for start, end in places)


def test_every_document_says_what_must_survive() -> None:
    assert all(document.harmless or document.spans for document in HERE)
    assert sum(len(document.harmless) for document in HERE) > 1000


def test_a_seed_gives_the_same_documents_and_another_others() -> None:
    assert list(documents()) == HERE
    assert [document.text for document in documents(seed=2)] != [document.text for document in HERE]


def test_a_template_begins_at_its_heading() -> None:
    assert list(templates("=== a b\none\ntwo\n=== c\nthree\n")) == [("a b", "one\ntwo"), ("c", "three")]


def test_values_by_hand_forms_and_harmless_strings_are_told_apart() -> None:
    text = "\n".join(document.text for document in HERE)
    labels = {span.label for document in HERE for span in document.spans}

    assert "Big Tommo" in text
    assert "Fehlercode" in text
    assert {"PERSON", "CASE_NUMBER", "STREET_ADDRESS", "SECRET"} <= labels
    assert {span.kind for document in HERE for span in document.spans if span.label == "AGE"} == {"quasi"}
