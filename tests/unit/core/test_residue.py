import contextvars
import json
from typing import Any

import pytest

from gateway.core.errors import EgressDenied
from gateway.core.residue import KNOWN, Replacements, guarded

MADE = Replacements(
    {
        "Maria": "<PERSON_1>",
        'say "x"': "<PERSON_2>",
        "a\nb": "[SECRET]",
        "user": "<PERSON_3>",
        "J": "<PERSON_4>",
        "sk/abc": "<KEY_1>",
    }
)
INERT = frozenset({"user", "role", "content", "messages"})


def clean(document: Any) -> Any:
    return json.loads(MADE.clean(json.dumps(document, ensure_ascii=False).encode(), INERT))


@pytest.mark.parametrize(
    ("document", "cleaned"),
    [
        ({"content": "for Maria."}, {"content": "for <PERSON_1>."}),
        ({"Maria": 1}, {"<PERSON_1>": 1}),
        ([["Maria"]], [["<PERSON_1>"]]),
        ({"arguments": '{"to": "Maria", "Maria": [1]}'}, {"arguments": '{"to": "<PERSON_1>", "<PERSON_1>": [1]}'}),
        ({"content": 'they say "x" often'}, {"content": "they <PERSON_2> often"}),
        ({"arguments": json.dumps({"q": 'say "x"'})}, {"arguments": '{"q": "<PERSON_2>"}'}),
        ({"content": "a\nb"}, {"content": "[SECRET]"}),
        ({"arguments": ' \n{"to": "Maria"}'}, {"arguments": '{"to": "<PERSON_1>"}'}),
        ({"arguments": r'{"k": "sk\/abc"}'}, {"arguments": '{"k": "<KEY_1>"}'}),
        ({"content": r"see \u004daria"}, {"content": "see <PERSON_1>"}),
        ({"arguments": r'{"a": "Maria", "a": "x"}'}, {"arguments": '{"a": "<PERSON_1>", "a": "x"}'}),
        ({"role": "user", "content": "the user"}, {"role": "user", "content": "the <PERSON_3>"}),
    ],
)
def test_what_remains_is_replaced_wherever_it_stands(document: Any, cleaned: Any) -> None:
    assert clean(document) == cleaned


@pytest.mark.parametrize("text", ["Mariana", "J is too short", "nothing"])
def test_what_is_no_original_stays(text: str) -> None:
    body = json.dumps({"content": text}).encode()

    assert MADE.clean(body, INERT) == body


def test_placeholders_are_not_looked_into() -> None:
    made = Replacements({"PERSON": "<ORGANIZATION_1>"})
    body = b'{"content":"<PERSON_1> and [PERSON] and [PERSON:0123456789abcdef]"}'

    assert made.clean(body) == body


def test_what_cannot_be_replaced_stops_the_request() -> None:
    with pytest.raises(EgressDenied):
        Replacements({"Bob": "Bob x"}).clean(b'{"content":"Bob"}')


def test_the_originals_are_not_shown() -> None:
    assert "Maria" not in repr(MADE)


def test_many_originals_and_many_strings_are_looked_through_in_one_pass() -> None:
    made = Replacements({f"u{each}@corp.local": f"<EMAIL_ADDRESS_{each}>" for each in range(12_000)})
    body = json.dumps({"content": "\x01", "metadata": ["u7@corp.local", *("v" * 1000)]}).encode()

    assert json.loads(made.clean(body))["metadata"][0] == "<EMAIL_ADDRESS_7>"


@pytest.mark.parametrize("depth", [100, 480, 100_000])
def test_what_is_too_deep_to_be_a_document_is_text(depth: int) -> None:
    text = "[" * depth + '"Maria"' + "]" * depth

    assert clean({"content": text}) == {"content": text.replace("Maria", "<PERSON_1>")}


def test_half_a_character_stays_as_it_was_written() -> None:
    cleaned = clean({"content": r'["\ud800", "x\nMaria"]'})["content"]

    assert json.loads(cleaned) == ["\ud800", "x\n<PERSON_1>"]


def test_lines_and_records_are_held_against_the_values_of_their_exchange() -> None:
    fields = {
        "event": "Maria",
        "note": "for Maria",
        "all": ["Maria", {"Maria": ("x", "Maria"), "PERSON": 1}],
        "count": 3,
    }

    def within() -> dict[str, Any]:
        KNOWN.set(Replacements({"Maria": "<PERSON_1>"}))
        return guarded(fields, frozenset({"event"}))

    assert contextvars.copy_context().run(within) == {
        "event": "Maria",
        "note": "for <PERSON_1>",
        "all": ["<PERSON_1>", {"<PERSON_1>": ["x", "<PERSON_1>"], "PERSON": 1}],
        "count": 3,
    }
    assert guarded(fields, frozenset()) == fields
