import tomllib

import pytest

from gateway.core.policy import CustomPattern, CustomRecognizer
from gateway.detect.calibration import RULES, SHIPPED, Calibration, shipped
from gateway.detect.custom import encoded
from gateway.detect.raw import NAMES
from gateway.detect.scanner import Scanner

TABLE = Calibration(
    {
        "ModelRecognizer PERSON": [(0.5, 0.2), (0.9, 0.8)],
        "Phone": [(0.4, 0.7)],
        RULES: [(0.2, 0.1), (1.0, 0.9)],
    }
)


@pytest.mark.parametrize(
    ("score", "share"), [(0.5, 0.2), (0.7, 0.5), (0.9, 0.8), (0.3, 0.2), (1.0, 0.8), (0.6, 0.35), (0.0, 0.2)]
)
def test_between_two_scores_a_share_lies_on_the_line(score: float, share: float) -> None:
    assert TABLE.of(NAMES, "PERSON", score, model=True) == pytest.approx(share)


def test_a_recognizer_of_which_too_little_is_known_counts_as_all_rules_do() -> None:
    assert TABLE.of("Phone", "PHONE_NUMBER", 0.9) == 0.7
    assert TABLE.of("Rare", "US_SSN", 0.6) == pytest.approx(0.5)


def test_what_the_model_finds_of_a_type_that_is_not_known_stays_what_it_is() -> None:
    assert TABLE.of(NAMES, "NRP", 0.61, model=True) == 0.61
    assert Calibration({}).of("Phone", "PHONE_NUMBER", 0.4) == 0.4


def test_no_shipped_share_falls_where_the_score_rises() -> None:
    for name, each in tomllib.loads(SHIPPED.read_text(encoding="utf-8")).items():
        assert each["scores"] == sorted(set(each["scores"])), name
        assert each["shares"] == sorted(each["shares"]), name
        assert all(0 < share < 1 for share in each["shares"]), name
    assert shipped().of("Unknown", "US_SSN", 1.0) > shipped().of("Unknown", "US_SSN", 0.2)


def test_a_finding_has_the_share_of_its_score_and_a_policy_s_own_recognizer_its_score() -> None:
    custom = CustomRecognizer(
        name="Ours", entity_type="CUSTOM", patterns=(CustomPattern(regex="Q-[0-9]{4}", score=0.3),)
    )
    table = Calibration({RULES: [(0.0, 0.05), (1.0, 0.55)]})
    text = "write to bob@corp.example of Q-1234"
    found = Scanner("patterns", "", table).scan([text], ["EMAIL_ADDRESS", "CUSTOM"], encoded((custom,)))[0]
    assert {(kind, score) for kind, _, _, score, _ in found} == {("EMAIL_ADDRESS", 0.55), ("CUSTOM", 0.3)}
