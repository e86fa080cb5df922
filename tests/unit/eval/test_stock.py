from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.eval.stock import StockAnalyzer


def test_presidio_answers_as_it_comes(spacy_model: Path) -> None:
    text = "Olivia Hartley paid with 4111 1111 1111 1111 from 10.1.2.3, mail bob@corp.local."
    analyzer = StockAnalyzer(spacy_model, ["CREDIT_CARD", "IP_ADDRESS", "EMAIL_ADDRESS", "PERSON", "SHOE_SIZE"])

    found = {(text[start:end], name) for start, end, name, _ in analyzer.analyze(text)}

    assert {("4111 1111 1111 1111", "CREDIT_CARD"), ("10.1.2.3", "IP_ADDRESS")} <= found
    assert ("Olivia Hartley", "PERSON") in found
    assert ("bob@corp.local", "EMAIL_ADDRESS") not in found


def test_context_words_match(spacy_model: Path) -> None:
    analyzer = StockAnalyzer(spacy_model, ["US_BANK_NUMBER"])
    scores = {
        lead: max(
            each.score
            for each in analyzer._engine.analyze(f"{lead} 945456787654", language="en", entities=["US_BANK_NUMBER"])
        )
        for lead in ("My bank account number is", "My long number is")
    }

    assert scores["My bank account number is"] > scores["My long number is"]


def test_nothing_wanted_is_nothing_found(spacy_model: Path) -> None:
    assert list(StockAnalyzer(spacy_model, ["SHOE_SIZE"]).analyze("10.1.2.3")) == []


def test_a_model_is_never_fetched(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="no spaCy model"):
        StockAnalyzer(tmp_path, ["PERSON"])
