from gateway.core.findings import ENTITY_TYPES
from gateway.detect.ner import NER_TYPES, LocalNlpEngine
from gateway.detect.registry import make_engine


def test_patterns_cover_every_type_but_those_that_the_model_alone_knows() -> None:
    assert make_engine(LocalNlpEngine("patterns", "")).entities == set(ENTITY_TYPES) - NER_TYPES | {"PERSON"}
