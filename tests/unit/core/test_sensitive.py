import copy
import json
import pickle

import pytest

from gateway.core.sensitive import Sensitive

SECRET = Sensitive("maria")


@pytest.mark.parametrize(
    "shown", [repr(SECRET), str(SECRET), f"{SECRET}", f"{SECRET:>20}", "%s" % SECRET, repr([SECRET])]
)
def test_it_never_becomes_text_by_accident(shown: str) -> None:
    assert "maria" not in shown


@pytest.mark.parametrize("escape", [pickle.dumps, json.dumps, copy.copy, copy.deepcopy])
def test_it_is_never_serialised(escape: object) -> None:
    with pytest.raises(TypeError):
        escape(SECRET)  # type: ignore[operator]


def test_reveal_is_the_way_out() -> None:
    assert SECRET.reveal() == "maria"


def test_it_compares_by_value() -> None:
    assert Sensitive("maria") == SECRET
    assert Sensitive("anna") != SECRET
    assert SECRET != "maria"
    assert len({SECRET, Sensitive("maria")}) == 1


def test_it_has_no_attributes_to_look_into() -> None:
    with pytest.raises(TypeError):
        vars(SECRET)
