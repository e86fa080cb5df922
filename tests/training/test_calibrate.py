import tomllib
from pathlib import Path
from random import Random

from gateway.detect.calibration import RULES, Calibration
from gateway.detect.raw import NAMES
from gateway.eval import office
from tests.training.calibrate import FOLDER, PRIOR, Block, isotonic, levels, shares, weighed, written


def some(score: float, right: int, found: int) -> list[tuple[float, bool]]:
    return [(score, number < right) for number in range(found)]


def test_a_share_counts_one_more_of_either() -> None:
    assert isotonic(levels(some(0.5, 38, 38))) == [(0.5, 0.975)]


def test_shares_never_fall() -> None:
    rated = [*some(0.2, 10, 100), *some(0.4, 90, 100), *some(0.6, 50, 100), *some(0.9, 99, 100)]
    knots = isotonic(levels(rated))
    assert [share for _, share in knots] == sorted(share for _, share in knots)
    assert [score for score, _ in knots] == [0.2, 0.5, 0.9]
    assert [score for score, _ in isotonic(levels(rated), steps=True)] == [0.2, 0.4, 0.9]


def test_a_few_findings_make_no_knot() -> None:
    chance = Random(1)
    rated = [(chance.random(), chance.random() < 0.5) for _ in range(30)]
    assert len(isotonic(levels(rated), fewest=20)) <= 2


def test_a_score_that_one_rule_has_seldom_is_what_it_is_with_all() -> None:
    others = [(0.15, 0.02), (0.5, 0.9)]
    knots = Calibration({RULES: isotonic(weighed(levels([*some(0.15, 0, 400), *some(0.5, 3, 3)]), others))})
    assert knots.of("", "", 0.15) < 0.02
    assert knots.of("", "", 0.5) > 0.8


def test_much_outweighs_what_is_known_of_all() -> None:
    (level,) = weighed(levels(some(0.5, 0, 50 * PRIOR)), [(0.5, 0.9)]).values()
    assert level.share < 0.03
    assert Block(0, 0, 0, 0).share == 0.5


def test_a_table_can_be_read_again_and_knows_the_model_by_types() -> None:
    findings = [(NAMES, "PERSON", score, right) for score, right in some(0.7, 40, 80)]
    findings += [("Rule", "IMEI", score, right) for score, right in some(0.9, 79, 80)]
    findings += [("Rare", "IMEI", score, right) for score, right in some(0.9, 2, 2)]
    table = shares(findings)
    assert table.keys() == {f"{NAMES} PERSON", "Rule", RULES}
    read = tomllib.loads(written(table))
    assert read[f"{NAMES} PERSON"] == {"scores": [0.7], "shares": [0.5]}


def test_the_documents_are_of_twelve_languages_and_speak_of_people_and_of_none(tmp_path: Path) -> None:
    documents = list(office.documents(FOLDER))
    assert len({each.language for each in documents}) == 12
    assert {bool(each.spans) for each in documents} == {True, False}
    assert not list(office.documents(tmp_path))
