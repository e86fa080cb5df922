import pytest
from presidio_analyzer import RecognizerResult
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer

from gateway.detect.context import NearbyWordsEnhancer

CARD = "4111 1111 1111 1111"


def score(text: str, *, given: list[str] | None = None, words: list[str] | None = None) -> float:
    recognizer = CreditCardRecognizer(context=words)
    result = RecognizerResult(
        "CREDIT_CARD",
        text.index(CARD),
        text.index(CARD) + len(CARD),
        0.3,
        recognition_metadata={RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: recognizer.id},
    )
    (scored,) = NearbyWordsEnhancer().enhance_using_context(text, [result], None, [recognizer], given)
    return float(scored.score)


@pytest.mark.parametrize(
    "text",
    [
        f"card {CARD}",
        f"My credit CARD\nnumber is {CARD}.",
        f"the creditcard:{CARD}",
        f"card that is with all of the others: {CARD}",
        f"card red green blue black {CARD}",
        f"who;creditCard;when\nEva;{CARD};May",
        f"| who | card_no |\n|---|---|\n| Eva and all of her many friends in town | {CARD} |",
        "INSERT INTO t (who, card) VALUES ('a b c d e f g', '4111 1111 1111 1111')",
        f'"visaCardNumber": "{CARD}"',
    ],
)
def test_a_word_before_a_finding_speaks_for_it(text: str) -> None:
    assert score(text) == pytest.approx(0.65)


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        f"number {CARD}",
        f"{CARD} card",
        f"card red green blue black white {CARD}",
    ],
)
def test_without_one_it_keeps_its_score(text: str) -> None:
    assert score(text) == pytest.approx(0.3)


@pytest.mark.parametrize("word", ["mykad", " kad "])
def test_a_word_counts_whole_and_by_its_parts(word: str) -> None:
    assert score(f"MyKad {CARD}", words=[word]) == pytest.approx(0.65)


def test_a_caller_may_give_words() -> None:
    assert score(CARD, given=["Card"]) == pytest.approx(0.65)


def test_what_has_no_words_keeps_its_score() -> None:
    recognizer = CreditCardRecognizer(context=["x"])
    recognizer.context = []
    result = RecognizerResult("CREDIT_CARD", 0, 4, 0.3, recognition_metadata={"recognizer_identifier": recognizer.id})

    assert NearbyWordsEnhancer().enhance_using_context("card", [result], None, [recognizer]) == [result]
    assert result.score == pytest.approx(0.3)


@pytest.mark.parametrize(("text", "counts"), [("sin", True), ("my SIN:", True), ("sin 1", True), ("business", False)])
def test_a_word_between_spaces_counts_as_a_whole_only(text: str, counts: bool) -> None:
    assert (score(f"{text} {CARD}", words=[" sin "]) > 0.3) == counts
