from dataclasses import dataclass
from typing import Any

import pytest

from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.core.sensitive import Sensitive
from gateway.protocols.template import Embedded, FreeObject, Parsed, Slot, fill


@dataclass(frozen=True)
class Piece:
    text: Sensitive[str]


def pieces(*texts: str) -> list[Piece]:
    return [Piece(Sensitive(text)) for text in texts]


def texts(*values: str) -> list[Sensitive[str]]:
    return [Sensitive(value) for value in values]


def test_text_stands_where_its_slot_was() -> None:
    template = {"a": [Slot(index=1), 2, None], "b": Slot(index=0)}
    assert fill(template, pieces("x", "y"), texts("X", "Y")) == {"a": ["Y", 2, None], "b": "X"}


def test_a_number_stays_a_number_until_it_changes() -> None:
    free, fixed = Slot(index=0, raw=4111), Slot(index=0, raw=4111, needs_number=True)
    assert fill({"n": free}, pieces("4111"), texts("4111")) == {"n": 4111}
    assert fill({"n": free}, pieces("4111"), texts("****")) == {"n": "****"}
    assert fill({"n": fixed}, pieces("4111"), texts("****")) == {}
    assert fill([fixed], pieces("4111"), texts("****")) == []


def test_keys_are_renamed_and_keep_their_order() -> None:
    template = FreeObject(entries=((Slot(index=0), 1), ("type", Slot(index=1))), pointer="/metadata")
    filled: Any = fill(template, pieces("Alma", "x"), texts("<PERSON_1>", "y"))
    assert list(filled.items()) == [("<PERSON_1>", 1), ("type", "y")]


def test_two_keys_never_become_one() -> None:
    template = FreeObject(entries=((Slot(index=0), 1), (Slot(index=1), 2)), pointer="/metadata")
    with pytest.raises(ProtocolError, match="would become one") as caught:
        fill(template, pieces("Alma", "alma"), texts("<PERSON_1>", "<PERSON_1>"))
    assert caught.value.pointer == "/metadata"


def embedded(raw: str) -> Embedded:
    return Embedded(
        raw=Sensitive(raw), inner=FreeObject(entries=(("who", Slot(index=0)),), pointer=""), first=0, last=1
    )


def test_json_in_a_string_is_left_alone_while_nothing_in_it_changes() -> None:
    assert fill(embedded('{"who":  "Alma"}'), pieces("Alma"), texts("Alma")) == '{"who":  "Alma"}'


def test_json_in_a_string_is_escaped_anew_when_it_changes() -> None:
    assert fill(embedded('{"who":  "Alma"}'), pieces("Alma"), texts('a "b"\n')) == '{"who":"a \\"b\\"\\n"}'


@pytest.mark.parametrize("raw", ['{"who": "\\u0041lma"}', '{"who": "A\\/a"}'])
def test_escapes_that_hide_text_are_taken_away(raw: str) -> None:
    assert fill(embedded(raw), pieces("Alma"), texts("Alma")) == '{"who":"Alma"}'


def test_as_many_texts_are_put_back_as_were_taken_out() -> None:
    with pytest.raises(ValueError, match="as many"):
        fill(Slot(index=0), pieces("x"), [])


def test_json_that_was_taken_out_as_one_text_is_read_again() -> None:
    taken = {"input": Parsed(text=Slot(index=0))}

    assert fill(taken, pieces('{"a":"<PERSON_1>"}'), texts('{"a":"Alma \\"Q\\""}')) == {"input": {"a": 'Alma "Q"'}}


@pytest.mark.parametrize("text", ['{"Alma":1,"Alma":2}', "{"])
def test_json_that_cannot_be_read_again_is_an_error(text: str) -> None:
    with pytest.raises(BackendProtocolError):
        fill(Parsed(text=Slot(index=0)), pieces("{}"), texts(text))
