import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.bench.load import Volley
from gateway.bench.report import TITLES, lines, percentile, rows
from gateway.egress.raw import Timed


def volley(target: str, *last: float, **fields: float | bool | None) -> Volley:
    shown = {"clients": 1, "streamed": False, "seconds": 1.0, "failures": 0, "processor": None} | fields
    return Volley(
        target=target,
        answers=tuple(Timed(status=200, first=value / 2, last=value) for value in last),
        **shown,  # type: ignore[arg-type]
    )


def test_rounds_are_put_together() -> None:
    (line,) = lines(
        [
            volley("a", 0.010, 0.020, processor=0.003, failures=1),
            volley("a", 0.030, 0.040, processor=0.005, failures=2, seconds=3.0),
        ]
    )

    assert (line.answers, line.failures, line.per_second) == (4, 3, 1.0)
    assert (line.p50, line.p95, line.p99) == (20.0, 40.0, 40.0)
    assert line.processor == 2.0
    assert line.first_p50 == 0.0


def test_only_streams_have_a_first_text() -> None:
    (line,) = lines([volley("a", 0.010, streamed=True)])

    assert (line.first_p50, line.first_p95) == (5.0, 5.0)


def test_kinds_clients_and_targets_stand_in_order() -> None:
    report = lines(
        [volley(target, 0.01, clients=c, streamed=s) for s in (True, False) for c in (16, 1) for target in ("z", "a")]
    )

    assert [(line.kind, line.clients, line.target) for line in report] == [
        (kind, clients, target) for kind in ("whole", "stream") for clients in (1, 16) for target in ("z", "a")
    ]
    assert all(len(row) == len(TITLES) for row in rows(report))


def test_nothing_came_back() -> None:
    (line,) = lines([volley("a", failures=7, processor=1.0)])

    assert (line.answers, line.p99, line.processor) == (0, 0.0, None)


@pytest.mark.parametrize(("percent", "expected"), [(50, 50_000.0), (95, 95_000.0), (99, 99_000.0), (100, 100_000.0)])
def test_percentiles_are_by_nearest_rank(percent: int, expected: float) -> None:
    assert percentile([float(n) for n in range(1, 101)], percent) == expected


@given(st.lists(st.floats(0, 10), min_size=1), st.integers(1, 100))
def test_a_percentile_is_one_of_the_values(values: list[float], percent: int) -> None:
    assert percentile(sorted(values), percent) in {round(1000 * value, 3) for value in values}
