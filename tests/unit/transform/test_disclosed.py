from collections.abc import Callable

from gateway.core.findings import RecognizerResult
from gateway.transform import masked, values


def found(text: str, value: str, kind: str = "PERSON", members: tuple[RecognizerResult, ...] = ()) -> RecognizerResult:
    at = text.index(value)
    return RecognizerResult(
        entity_type=kind, start=at, end=at + len(value), score=0.9, recognizer="fake", members=members
    )


def own(*known: str) -> Callable[[str], bool]:
    return lambda value: value in known


def test_what_the_caller_did_not_say_is_masked_and_counted() -> None:
    text = "Ask Maria or Peter."
    result, counts = masked(text, 0, [found(text, "Maria"), found(text, "Peter")], own("Maria"))
    assert (result, dict(counts)) == ("Ask Maria or [PERSON].", {"PERSON": 1})


def test_of_what_was_said_before_nothing_changes() -> None:
    text = "Card 4111 1111 1111 1111 and Maria"
    findings = [found(text, "4111 1111 1111 1111", "CREDIT_CARD"), found(text, "Maria")]
    assert masked(text, text.index("1 1111 and"), findings, own())[0] == "[CREDIT_CARD] and [PERSON]"
    assert masked(text, text.index(" and"), findings, own())[0] == " and [PERSON]"


def test_the_gateways_own_marks_stay() -> None:
    text = "Dear <PERSON_1> Smith [SECRET] <PERSON_2>"
    assert masked(text, 0, [found(text, text)], own())[0] == "[PERSON]<PERSON_1>[PERSON][SECRET] <PERSON_2>"
    assert masked(text, 0, [found(text, "<PERSON_1>"), found(text, "SECRET")], own())[0] == text


def test_what_is_made_of_the_callers_own_is_the_callers_own() -> None:
    text = "Write to Maria Gonzalez, m@corp.local, today"
    members = (found(text, "Maria Gonzalez"), found(text, "m@corp.local", "EMAIL_ADDRESS"))
    both = found(text, "Maria Gonzalez, m@corp.local", members=members)
    assert list(values(text, [both])) == ["Maria Gonzalez, m@corp.local", "Maria Gonzalez", "m@corp.local"]
    assert masked(text, 0, [both], own("Maria Gonzalez", "m@corp.local"))[0] == text
    assert masked(text, 0, [both], own("Maria Gonzalez"))[0] == "Write to [PERSON], today"
