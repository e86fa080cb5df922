import re

import pytest

from gateway.core import errors
from gateway.core.actor import Permission
from gateway.core.audit import ACTIONS, Action
from gateway.core.errors import GatewayError

NOUN_VERB = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")
ERRORS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GatewayError)]


def test_actions_are_sorted_documented_and_coded_once() -> None:
    names = [action.value for action in Action]

    assert names == sorted(names)
    assert all(NOUN_VERB.fullmatch(name) for name in names)
    assert set(ACTIONS) == set(Action)
    assert len({note.code for note in ACTIONS.values()}) == len(ACTIONS)
    assert all(note.text and not note.text.endswith(".") for note in ACTIONS.values())


def test_permissions_are_sorted_nouns_and_verbs() -> None:
    names = [permission.value for permission in Permission]

    assert names == sorted(names)
    assert all(NOUN_VERB.fullmatch(name) for name in names)


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_a_status_and_a_sentence(kind: type[GatewayError]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
    assert 400 <= kind.status <= 599
    assert kind.exit_code in {1, 2, 3, 69, 78}
    assert (kind.__doc__ or "").splitlines()[0].endswith(".")
    assert kind.__name__ in errors.__doc__.replace("\n", " ")
    assert kind.__name__ in errors.__all__
