import pytest

from gateway.core.findings import ENTITY_TYPES
from gateway.policy.vocabulary import WORDS, home


def test_every_word_of_the_schema_is_known() -> None:
    assert {"keep_last", "regex", "delete_after", "pseudonymise", "/v1/messages", "cloister/v1", "sv", "true"} <= WORDS
    assert set(ENTITY_TYPES) <= WORDS


@pytest.mark.parametrize(
    ("key", "kind", "where"),
    [
        ("restore", "RedactionPolicy", 'it belongs under "responses"'),
        ("threshold", "RedactionPolicy", 'it belongs under "defaults" or under an entity type'),
        ("kind", "RedactionPolicy", "it belongs at the top level"),
        ("rules", "RedactionPolicy", "it belongs in a RetentionPolicy"),
        ("entities", "RetentionPolicy", "it belongs in a RedactionPolicy"),
        ("tenants", "RetentionPolicy", 'it belongs under "match"'),
        ("default", "RedactionPolicy", 'it belongs under "restore_in_tools"'),
        ("nonsense", "RedactionPolicy", ""),
        ("kind", "", ""),
    ],
)
def test_a_key_has_a_home(key: str, kind: str, where: str) -> None:
    assert home(key, kind) == where
