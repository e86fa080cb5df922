import tomllib
from pathlib import Path
from typing import Final

import pytest

from gateway.core.policy import CustomPattern, CustomRecognizer
from gateway.detect.calibration import RULES, SHIPPED, Calibration, shipped
from gateway.detect.custom import encoded
from gateway.detect.raw import NAMES
from gateway.detect.recognizers.americas import AMERICAS
from gateway.detect.recognizers.asia import ASIA
from gateway.detect.recognizers.elsewhere import ELSEWHERE
from gateway.detect.recognizers.europe import EUROPE
from gateway.detect.scanner import Scanner
from gateway.policy import offline_policy

LEAST: Final = 0.5
"""From here on a number counts without its word, because its form or its check is enough."""

TABLE = Calibration(
    {
        "ModelRecognizer PERSON": [(0.5, 0.2), (0.9, 0.8)],
        "Phone": [(0.4, 0.7)],
        RULES: [(0.2, 0.1), (1.0, 0.9)],
    }
)


@pytest.mark.parametrize(
    ("score", "share"), [(0.5, 0.2), (0.7, 0.5), (0.9, 0.8), (0.3, 0.2), (0.99, 0.8), (0.6, 0.35), (0.0, 0.2)]
)
def test_between_two_scores_a_share_lies_on_the_line(score: float, share: float) -> None:
    assert TABLE.of(NAMES, "PERSON", score, model=True) == pytest.approx(share)


def test_a_recognizer_of_which_too_little_is_known_counts_as_all_rules_do() -> None:
    assert TABLE.of("Phone", "PHONE_NUMBER", 0.9) == 0.7
    assert TABLE.of("Rare", "US_SSN", 0.2) == 0.1


def test_a_rule_s_score_that_was_not_met_counts_as_the_next_lower_one() -> None:
    assert TABLE.of("Rare", "US_SSN", 0.99) == 0.1
    assert TABLE.of("Rare", "US_SSN", 0.05) == 0.1


def test_what_is_certain_stays_so() -> None:
    assert TABLE.of("Phone", "PHONE_NUMBER", 1.0) == 1.0
    assert TABLE.of(NAMES, "PERSON", 1.0, model=True) == 1.0


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
    assert {(kind, score) for kind, _, _, score, _ in found} == {("EMAIL_ADDRESS", 1.0), ("CUSTOM", 0.3)}
    (phone,) = Scanner("patterns", "", table).scan(["call 0171 5550143"], ["PHONE_NUMBER"])[0][:1]
    assert phone[3] == 0.05


def test_a_number_that_wants_a_word_counts_without_it_in_no_shipped_policy(root: Path) -> None:
    for name in ("default", "strict"):
        rules = offline_policy(root / "policies" / f"{name}.yaml").entities
        for row in (*EUROPE, *AMERICAS, *ASIA, *ELSEWHERE):
            recognizer = f"Cloister{row.type.title().replace('_', '')}Recognizer"
            if row.led and row.score < LEAST:
                assert shipped().of(recognizer, row.type, row.score) < rules[row.type].threshold, row.type


def test_names_of_another_model_keep_their_scores(spacy_model: Path) -> None:
    found = Scanner("spacy", str(spacy_model)).scan(["Maria Gonzalez lives in Berlin."], ["PERSON", "LOCATION"])[0]
    assert {score for *_, score, name in found if name == NAMES} == {0.85}
