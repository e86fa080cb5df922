from gateway.eval.disguises import DISGUISES
from gateway.eval.leak_report import LeakLine, as_json, as_markdown, exceeds, leak_report
from gateway.eval.leaks import Outcome, Trial
from gateway.eval.placements import PLACEMENTS
from gateway.eval.planted import Planted


def outcome(disguise: str = "none", kind: str = "SECRET", *, refused: bool = False, leaked: bool = False) -> Outcome:
    value = Planted(kind, "Zebulon", "It is {}.")
    trial = Trial(
        value=value, disguise=DISGUISES[disguise], placement=PLACEMENTS[1], hidden="Zebulon", text="It is Zebulon."
    )
    return Outcome(trial=trial, refused=refused, leaked=leaked)


RUN = [
    outcome(),
    outcome("wide", leaked=True),
    outcome("wide", refused=True),
    outcome("wide", "PERSON"),
    outcome("backwards", leaked=True),
    outcome("dots", leaked=True),
]


def line(by: str, name: str) -> LeakLine:
    return next(each for each in leak_report(RUN).tables[by] if each.name == name)


def test_what_lies_beyond_is_never_added_to_the_rest() -> None:
    total = leak_report(RUN).total

    assert (total.tried, total.refused) == (4, 1)
    assert total.leaked is not None
    assert total.leaked.value == 0.25
    assert total.beyond is not None
    assert (total.beyond.value, total.beyond.of) == (1.0, 2)


def test_each_facet_has_its_line() -> None:
    assert [each.name for each in leak_report(RUN).tables["group"]] == ["plain", "normalisable", "beyond"]
    assert [each.name for each in leak_report(RUN).tables["disguise"]] == ["none", "wide", "dots", "backwards"]
    assert line("disguise", "wide").refused == 1
    assert line("disguise", "dots").leaked is None
    assert line("type", "PERSON").tried == 1
    assert line("endpoint", "chat").tried == 4
    assert line("placement", "user").tried == 4


def test_too_much_is_more_than_may_leak() -> None:
    report = leak_report(RUN)

    assert exceeds(report, 24.9)
    assert not exceeds(report, 25.0)
    assert not exceeds(leak_report([outcome("backwards", leaked=True)]), 0)


def test_reports_hold_names_and_figures_alone() -> None:
    report = leak_report(RUN)
    text = as_markdown(report)

    assert text.startswith("| Group | tried | refused | leaked |")
    assert "| all | 4 | 1 | 25.0 % (" in text
    assert as_json(report)["total"]["leaked"]["value"] == 0.25
    assert "Zebulon" not in text + str(as_json(report))
