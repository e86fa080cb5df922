import time
from collections.abc import Callable

import pytest

from gateway.core.findings import RecognizerResult
from gateway.core.pseudonym import Pseudonym, PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.transform import masked, values

TABLE = PseudonymTable(
    {
        name: Pseudonym(placeholder=name, entity_type="PERSON", original=Sensitive("x"))
        for name in ("<PERSON_1>", "<PERSON_2>", "<PERSON_7Q4KX2M9ABCDE>")
    }
)


def found(text: str, value: str, kind: str = "PERSON", members: tuple[RecognizerResult, ...] = ()) -> RecognizerResult:
    at = text.index(value)
    return RecognizerResult(
        entity_type=kind, start=at, end=at + len(value), score=0.9, recognizer="fake", members=members
    )


def own(*known: str) -> Callable[[str], bool]:
    return lambda value: value in known


def test_what_the_caller_did_not_say_is_masked_and_counted() -> None:
    text = "Ask Maria or Peter."
    result, counts = masked(text, 0, [found(text, "Maria"), found(text, "Peter")], is_own=own("Maria"), table=TABLE)
    assert (result, dict(counts)) == ("Ask Maria or [PERSON].", {"PERSON": 1})


def test_of_what_was_said_before_nothing_changes() -> None:
    text = "Card 4111 1111 1111 1111 and Maria"
    findings = [found(text, "4111 1111 1111 1111", "CREDIT_CARD"), found(text, "Maria")]
    assert (
        masked(text, text.index("1 1111 and"), findings, is_own=own(), table=TABLE)[0] == "[CREDIT_CARD] and [PERSON]"
    )
    assert masked(text, text.index(" and"), findings, is_own=own(), table=TABLE)[0] == " and [PERSON]"


def test_the_gateways_own_marks_stay() -> None:
    text = "Dear <PERSON_1> Smith [SECRET] <PERSON_2>"
    assert (
        masked(text, 0, [found(text, text)], is_own=own(), table=TABLE)[0]
        == "[PERSON]<PERSON_1>[PERSON][SECRET] <PERSON_2>"
    )
    assert masked(text, 0, [found(text, "<PERSON_1>"), found(text, "SECRET")], is_own=own(), table=TABLE)[0] == text


def test_what_is_made_of_the_callers_own_is_the_callers_own() -> None:
    text = "Write to Maria Gonzalez, m@corp.local, today"
    members = (found(text, "Maria Gonzalez"), found(text, "m@corp.local", "EMAIL_ADDRESS"))
    both = found(text, "Maria Gonzalez, m@corp.local", members=members)
    assert list(values(text, [both])) == ["Maria Gonzalez, m@corp.local", "Maria Gonzalez", "m@corp.local"]
    assert masked(text, 0, [both], is_own=own("Maria Gonzalez", "m@corp.local"), table=TABLE)[0] == text
    assert masked(text, 0, [both], is_own=own("Maria Gonzalez"), table=TABLE)[0] == "Write to [PERSON], today"


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("see [DE89370400440532013000](x)", "see [[PERSON]](x)"),
        ("[AKIAIOSFODNN7EXAMPLE]", "[[PERSON]]"),
        ("<JOHN_1>", "[PERSON]"),
        ("<PERSON_4111111111111111>", "[PERSON]"),
        ("<PERSON_7Q4KX2M9ABCDE>", "<PERSON_7Q4KX2M9ABCDE>"),
        ("<PERSON_9>", "<PERSON_9>"),
        ("[CREDIT_CARD:0123456789abcdef]", "[CREDIT_CARD:0123456789abcdef]"),
    ],
)
def test_what_only_looks_like_a_mark_hides_nothing(text: str, result: str) -> None:
    value = text if text[0] == "<" else text.partition("[")[2].partition("]")[0]
    assert masked(text, 0, [found(text, value)], is_own=own(), table=TABLE)[0] == result


def seconds(times: int) -> float:
    text = "Maria <PERSON_1> " * times
    findings = [
        RecognizerResult(entity_type="PERSON", start=at, end=at + 5, score=0.9, recognizer="fake")
        for at in range(0, len(text), 17)
    ]
    began = time.process_time()
    assert masked(text, 0, findings, is_own=own(), table=TABLE)[1]["PERSON"] == times
    return time.process_time() - began


def test_many_findings_and_marks_take_time_in_proportion() -> None:
    """Eight times as much would take sixty-four times as long if each finding went through the whole text."""
    assert min(seconds(16_000) for _ in range(2)) < 30 * max(seconds(2_000) for _ in range(2))
