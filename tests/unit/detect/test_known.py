import pytest

from gateway.core.findings import SUSPICIOUS, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule
from gateway.detect.known import NAME, recalled

RULES = {
    "EMPLOYEE_ID": EntityRule(operator=OperatorConfig(operator=Operator.PSEUDONYMISE), threshold=0.5),
    "SECRET": EntityRule(operator=OperatorConfig(operator=Operator.REDACT), threshold=0.5),
}
TOLD = "employee number E119427"
WIDE = "\uff25\uff11\uff11\uff19\uff14\uff12\uff17"


def found(text: str, value: str, kind: str = "EMPLOYEE_ID") -> RecognizerResult:
    start = text.index(value)
    return RecognizerResult(entity_type=kind, start=start, end=start + len(value), score=0.9, recognizer="r")


def values(text: str, *before: RecognizerResult, told: str = TOLD, value: str = "E119427") -> list[str]:
    _, after = recalled([told, text], ((found(told, value),), before), RULES)
    return [text[each.start : each.end] for each in after]


@pytest.mark.parametrize(
    "written",
    [
        WIDE,
        "E119\u200b427",
        "E&#49;19427",
        "%45119427",
        r"\x45119427",
        "E①①9④2⑦",
        "E١١٩٤٢٧",
        "E1\u033619427",
        "E119<wbr>427",
    ],
)
def test_a_known_value_is_found_where_it_reads_the_same(written: str) -> None:
    assert values(f"see {written} there") == [written]


@pytest.mark.parametrize(
    "text", ["see E119427 there", "E\u200b1194270", "xE&#49;19427", "clean", "", "Straße 5 &amp; E1194"]
)
def test_where_it_stands_as_it_was_found_others_find_it_and_no_part_counts(text: str) -> None:
    assert values(text) == []


def test_a_value_that_was_found_in_disguise_is_known_as_it_reads() -> None:
    told = f"employee number {WIDE}"

    assert values("see E119\u00ad427 there", told=told, value=WIDE) == ["E119\u00ad427"]


def test_what_is_found_says_so() -> None:
    _, (one,) = recalled([TOLD, WIDE], ((found(TOLD, "E119427"),), ()), RULES)

    assert (one.entity_type, one.score, one.recognizer) == ("EMPLOYEE_ID", 1.0, NAME)


def test_what_was_found_there_before_stays_and_is_never_cut() -> None:
    text = f"pin {WIDE}!, {WIDE} x"
    whole = found(text, f"{WIDE}!", "SECRET")
    part = RecognizerResult(entity_type="SECRET", start=text.rindex(WIDE[3:]), end=len(text), score=0.5, recognizer="r")

    assert values(text, whole) == [f"{WIDE}!", WIDE]
    assert values(text, whole, part) == [f"{WIDE}!", f"{WIDE} x"]
    _, (kept, _) = recalled([TOLD, text], ((found(TOLD, "E119427"),), (whole,)), RULES)
    assert kept is whole


def test_without_findings_nothing_is_read() -> None:
    findings = ((), ())

    assert recalled([WIDE, TOLD], findings, RULES) is findings


def test_work_grows_with_the_text() -> None:
    many = [found(TOLD, "E119427")]
    text = f"{WIDE} " * 3000
    _, after = recalled([TOLD, text], (tuple(many), ()), RULES)

    assert len(after) == 3000


def test_what_is_suspicious_stays_behind_the_values_and_is_none() -> None:
    text = f"see {WIDE} and {WIDE} there"
    strange = found(text, f"{WIDE} and {WIDE}", SUSPICIOUS)

    _, after = recalled([TOLD, text], ((found(TOLD, "E119427"),), (strange,)), RULES)

    assert [each.entity_type for each in after] == ["EMPLOYEE_ID", "EMPLOYEE_ID", SUSPICIOUS]
    assert after[-1] == strange


def test_a_value_of_several_types_and_a_part_of_one_are_known_too() -> None:
    told = "employee number E119427, E119427"
    part = found(TOLD, "E119427", "SECRET")
    larger = RecognizerResult(
        entity_type="EMPLOYEE_ID", start=0, end=len(TOLD), score=0.9, recognizer="r", members=(part,)
    )
    first, second = (
        RecognizerResult(entity_type=kind, start=at, end=at + 7, score=0.9, recognizer="r")
        for kind, at in [("EMPLOYEE_ID", 16), ("SECRET", 25)]
    )

    _, (known,) = recalled([told, WIDE], ((first, second), ()), RULES)
    _, (within,) = recalled([TOLD, WIDE], ((larger,), ()), RULES)

    assert (known.entity_type, within.entity_type) == ("SECRET", "SECRET")
