import pytest
from presidio_analyzer import predefined_recognizers

from gateway.core.findings import ENTITY_TYPES
from gateway.detect.ner import NER_TYPES, LocalNlpEngine
from gateway.detect.registry import make_engine


def test_patterns_cover_every_type_but_those_that_the_model_alone_knows() -> None:
    assert make_engine(LocalNlpEngine("patterns", "")).entities == set(ENTITY_TYPES) - NER_TYPES | {"PERSON"}


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("it goes to pl65 2834 3298 8746 5454 4314 9699 today", "IBAN_CODE", "pl65 2834 3298 8746 5454 4314 9699"),
        ('{"us_bank_number": "985053849448"}', "US_BANK_NUMBER", "985053849448"),
        ("medicare number 1eg4-te5-mk02", "US_MBI", "1eg4-te5-mk02"),
        ("her driver's license 14401356B", "US_DRIVER_LICENSE", "14401356B"),
        ("con DNI 0580755M", "ES_NIF", "0580755M"),
        ("주민등록번호 9001011883323.", "KR_RRN", "9001011883323"),
    ],
)
def test_what_stock_presidio_finds_is_found(text: str, kind: str, value: str) -> None:
    engine = make_engine(LocalNlpEngine("patterns", ""))
    found = engine.analyze(text, frozenset({kind}))

    assert value in {text[each.start : each.end] for each in found if each.score >= 0.5}


def test_no_recognizer_of_ours_bears_the_name_of_one_of_presidio_s() -> None:
    """Presidio makes its own by looking for their names among all classes that there are."""
    engine = make_engine(LocalNlpEngine("patterns", ""))
    ours = {type(each).__name__ for each in engine._recognizers if type(each).__module__.startswith("gateway.")}

    assert ours & set(vars(predefined_recognizers)) == set()
