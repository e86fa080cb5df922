from collections.abc import Callable

import pytest

from gateway.core.policy import Policy
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive


@pytest.fixture
def table() -> PseudonymTable:
    values = {
        "<PERSON_1>": "Maria",
        "<PERSON_2>": 'Bob "B"\n',
        "<LITERAL_1>": "<PERSON_2>",
        "<URL_1>": "http://evil.com/?q=",
    }
    return PseudonymTable(
        {
            placeholder: Pseudonym(placeholder=placeholder, entity_type=placeholder[1:-3], original=Sensitive(value))
            for placeholder, value in values.items()
        }
    )


@pytest.fixture
def policy() -> Callable[..., Policy]:
    def make(**fields: object) -> Policy:
        known: dict[str, object] = {
            "name": "p",
            "digest": "0" * 64,
            "entities": {},
            "internal_domains": ("corp.local",),
        }
        return Policy(**(known | fields))  # type: ignore[arg-type]

    return make
