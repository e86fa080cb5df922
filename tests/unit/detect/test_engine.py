import random
from pathlib import Path

import pytest
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry

from gateway.core.findings import ENTITY_TYPES
from gateway.core.policy import CustomPattern, CustomRecognizer
from gateway.detect.context import NearbyWordsEnhancer
from gateway.detect.custom import PolicyRecognizer
from gateway.detect.engine import Engine
from gateway.detect.ner import LocalNlpEngine
from gateway.detect.raw import NAMES
from gateway.detect.registry import make_engine
from tests.doubles.texts import corpora, generated

NLP = LocalNlpEngine("patterns", "")
EVERY = frozenset(ENTITY_TYPES)
PARTS = (
    "card 4111 1111 1111 1111",
    "IBAN DE89 3704 0044 0532 0130 00",
    "SSN 536-22-8147",
    "passport 123456789",
    "write to bob@corp.local",
    "call (212) 555-0143",
    "from 192.168.14.77",
    "password: hunter2hunter2",
    "NHS 943 476 5919",
    "NINO AB123456C",
    "PAN ABCPL1234C",
    "Dear Ms Smith, thank you for your letter.",
    "https://corp.local/x?y=1",
    "\u00e9t\u00e9 \u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
    "DNI 12345678Z",
    "mac 00:1B:44:11:3A:B7",
)


def stock(engine: Engine) -> AnalyzerEngine:
    registry = RecognizerRegistry(recognizers=list(engine._recognizers), supported_languages=["en"])
    return AnalyzerEngine(
        registry=registry, nlp_engine=NLP, supported_languages=["en"], context_aware_enhancer=NearbyWordsEnhancer()
    )


def agreed(mine: Engine, theirs: AnalyzerEngine, text: str) -> int:
    """Return how much both find; fail where it is not the same."""
    found = {(each.entity_type, each.start, each.end, each.score) for each in mine.analyze(text, EVERY)}

    assert found == {
        (each.entity_type, each.start, each.end, each.score)
        for each in theirs.analyze(text, "en", entities=sorted(EVERY))
    }, text
    return len(found)


def made_up(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return generated(chance)
    return chance.choice((" ", "\n", ", ", " x")).join(chance.choices(PARTS, k=chance.randint(1, 6)))


SLOW = [pytest.mark.slow, pytest.mark.timeout(10_800)]


@pytest.mark.parametrize("count", [300, pytest.param(100_000, marks=SLOW)])
def test_it_finds_what_presidio_s_engine_finds(count: int) -> None:
    chance = random.Random(5)
    mine = make_engine(NLP)
    theirs = stock(mine)

    assert sum(agreed(mine, theirs, made_up(chance)) for _ in range(count)) > count


@pytest.mark.slow
@pytest.mark.timeout(10_800)
def test_it_finds_the_same_in_texts_of_others(shared: Path) -> None:
    mine = make_engine(NLP)
    theirs = stock(mine)
    texts = list(corpora(shared / "corpora", 600))
    random.Random(1).shuffle(texts)

    assert sum(agreed(mine, theirs, text) for text in texts[:20_000]) > 0


def test_only_what_is_wanted_is_given() -> None:
    text = "bob@corp.local 192.168.14.77"

    assert {each.entity_type for each in make_engine(NLP).analyze(text, frozenset({"IP_ADDRESS"}))} == {"IP_ADDRESS"}


def test_no_recognizer_has_thresholds_or_a_context_stage_of_its_own() -> None:
    for recognizer in make_engine(LocalNlpEngine("embedded", ""))._recognizers:
        assert recognizer.score_thresholds == {}
        assert type(recognizer).enhance_using_context is EntityRecognizer.enhance_using_context


def test_what_the_model_finds_does_not_stand_for_what_a_rule_finds() -> None:
    text = "Zoon Douwe belt soms"
    nlp, wanted = LocalNlpEngine("embedded", ""), frozenset({"PERSON"})
    engine = make_engine(nlp)

    with nlp.wanting(wanted):
        found = engine.analyze(text, wanted)
    names = {(each.recognition_metadata or {})["recognizer_name"] for each in found}
    assert names == {NAMES, "CloisterPeopleRecognizer"}


def test_what_a_policy_s_own_recognizer_finds_stands_beside_the_rest_and_in_place_of_nothing() -> None:
    text, kind = "write to bob@corp.local or eve@corp.local", "EMAIL_ADDRESS"
    larger, surer, named = (
        PolicyRecognizer(
            CustomRecognizer(name=name, entity_type=kind, patterns=(CustomPattern(regex=regex, score=score),))
        )
        for name, regex, score in [("larger", ".+", 1.0), ("surer", "bob@[a-z.]+", 1.0), (NAMES, ".+", 0.2)]
    )
    engine = make_engine(NLP)

    alone = {(each.start, each.end) for each in engine.analyze(text, frozenset({kind}))}
    found = engine.analyze(text, frozenset({kind}), [larger, surer, named])

    names = [each.recognition_metadata["recognizer_name"] for each in found]
    assert alone == {(9, 23), (27, 41)}
    assert alone | {(0, 41)} == {(each.start, each.end) for each in found}
    assert sorted(names) == sorted(["CloisterEmailRecognizer"] * 2 + ["larger", "surer", NAMES])
