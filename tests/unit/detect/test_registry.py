from gateway.core.findings import ENTITY_TYPES
from gateway.detect.ner import NER_TYPES, LocalNlpEngine
from gateway.detect.registry import make_engine


def test_patterns_cover_every_type_but_names() -> None:
    supported = set(make_engine(LocalNlpEngine("patterns", "")).get_supported_entities("en"))

    assert supported == set(ENTITY_TYPES) - NER_TYPES


def test_presidio_does_not_log_its_decisions() -> None:
    assert make_engine(LocalNlpEngine("patterns", "")).log_decision_process is False
