import itertools
from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from gateway.core.findings import ENTITY_TYPES, RecognizerResult
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.detect.conflicts import apart, settle

RULES = {
    name: EntityRule(operator=OperatorConfig(operator=Operator.PSEUDONYMISE), threshold=0.0) for name in ENTITY_TYPES
}
FINDINGS = st.lists(
    st.builds(
        lambda kind, start, length, score: RecognizerResult(
            entity_type=kind, start=start, end=start + length, score=score, recognizer="r"
        ),
        st.sampled_from(sorted(ENTITY_TYPES)),
        st.integers(0, 60),
        st.integers(1, 20),
        st.sampled_from([0.4, 0.85, 1.0]),
    ),
    max_size=12,
)


def covered(findings: object) -> set[int]:
    return {at for found in findings for at in range(found.start, found.end)}  # type: ignore[attr-defined]


@given(FINDINGS)
def test_nothing_found_is_left_uncovered(findings: list[RecognizerResult]) -> None:
    assert covered(settle(findings, RULES)) == covered(findings)


@given(FINDINGS)
def test_the_result_is_sorted_and_apart(findings: list[RecognizerResult]) -> None:
    settled = settle(findings, RULES)

    assert all(one.end <= other.start for one, other in itertools.pairwise(settled))


def found(kind: str, start: int, end: int, score: float) -> RecognizerResult:
    return RecognizerResult(entity_type=kind, start=start, end=end, score=score, recognizer="r")


def test_of_equals_every_process_takes_the_same() -> None:
    equals = [found(kind, 0, 9, 0.9) for kind in ("PATIENT_ID", "CASE_NUMBER", "DEVICE_ID")]

    assert {settle(order, RULES) for order in itertools.permutations(equals)} == {settle(equals, RULES)}


def test_the_best_gives_its_type() -> None:
    (one,) = settle([found("PHONE_NUMBER", 5, 12, 0.4), found("IBAN_CODE", 0, 20, 1.0)], RULES)

    assert (one.entity_type, one.start, one.end) == ("IBAN_CODE", 0, 20)


def test_the_stronger_operator_wins_whatever_the_score(policy: Callable[..., Policy]) -> None:
    rules = RULES | {"US_SSN": EntityRule(operator=OperatorConfig(operator=Operator.BLOCK), threshold=0.0)}

    (one,) = settle([found("PHONE_NUMBER", 0, 12, 1.0), found("US_SSN", 3, 11, 0.5)], rules)

    assert one.entity_type == "US_SSN"


def test_what_a_finding_was_made_of_stays_known() -> None:
    secret, address = found("SECRET", 0, 12, 0.9), found("EMAIL_ADDRESS", 0, 26, 1.0)

    (one,) = settle([secret, address], RULES)

    assert one.members == (secret,)


def test_of_one_type_the_first_and_longest_stands() -> None:
    rows = [found("SUSPICIOUS_ENCODING", *place, 1.0) for place in ((4, 9), (0, 3), (0, 5), (5, 7), (6, 12))]

    assert [(one.start, one.end) for one in apart(rows)] == [(0, 5), (5, 7)]


def test_what_hides_more_at_the_same_place_stays_known_and_so_do_parts_of_parts() -> None:
    rules = RULES | {"PHONE_NUMBER": masking(4), "US_SSN": masking(2), "CRYPTO": masking(4)}
    phone, shorter, alike, plain = (
        found(kind, 0, 9, score)
        for kind, score in [("PHONE_NUMBER", 1.0), ("US_SSN", 0.6), ("CRYPTO", 0.6), ("PERSON", 0.5)]
    )

    (one,) = settle([phone, shorter, alike, plain], rules)
    (again,) = settle([one, found("PERSON", 2, 14, 0.5)], rules)

    assert (one.entity_type, one.members) == ("PHONE_NUMBER", (plain, shorter))
    assert {plain, shorter} < set(again.members)


def masking(keep_last: int) -> EntityRule:
    return EntityRule(operator=OperatorConfig(operator=Operator.MASK, keep_last=keep_last), threshold=0.0)
