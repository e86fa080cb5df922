import re

from gateway.core.findings import ENTITY_TYPES, LITERAL
from gateway.core.pseudonym import PLACEHOLDER


def test_every_entity_type_makes_a_placeholder() -> None:
    for name in [*ENTITY_TYPES, LITERAL]:
        assert PLACEHOLDER.fullmatch(f"<{name}_1>"), name


def test_no_entity_type_is_read_as_a_placeholder_by_itself() -> None:
    for name in ENTITY_TYPES:
        assert not PLACEHOLDER.fullmatch(f"<{name}>"), name


def test_every_entity_type_is_described() -> None:
    assert all(re.fullmatch(r"[a-z].+[^.]", text, re.IGNORECASE) for text in ENTITY_TYPES.values())
    assert LITERAL not in ENTITY_TYPES
