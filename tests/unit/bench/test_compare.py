from typing import Any

import pytest

from gateway.bench.compare import COUNTED, FIGURES, TITLES, compared, counts, rows, sides
from gateway.bench.load import Volley
from gateway.egress.raw import Timed


def stream(first: float, *gaps: float) -> Timed:
    """A stream of a chunk an arrival."""
    return Timed(status=200, first=first, last=first + sum(gaps), chunks=len(gaps) + 1, gaps=gaps)


def volley(target: str, *answers: Timed, **fields: Any) -> Volley:
    shown = {"clients": 1, "streamed": True, "seconds": 1.0, "failures": 0, "processor": None} | fields
    return Volley(target=target, answers=answers, **shown)


def test_rounds_are_put_together() -> None:
    (side,) = sides(
        [
            volley("a", stream(0.010, 0.002, 0.002, 0.002), processor=0.004, failures=2, truncated=1),
            volley("a", stream(0.030, 0.002, 0.002, 0.010), processor=0.012, failures=1, seconds=3.0),
        ]
    )

    assert (side.answers, side.failures, side.truncated, side.chunks) == (2, 3, 1, 8)
    assert (side.first_p50, side.first_p95) == (10.0, 30.0)
    assert (side.gap_p50, side.gap_p99) == (2.0, 10.0)
    assert side.chunk == 2.5
    assert side.processor == 2.0
    assert side.chunks_per_second == 2.0


def test_what_arrives_together_counts_as_so_many_chunks() -> None:
    (side,) = sides([volley("a", Timed(status=200, first=0.01, last=0.03, chunks=10, gaps=(0.02,)))])

    assert (side.gap_p50, side.chunk) == (20.0, 2.0)


def test_two_sides_are_compared_for_each_number_of_streams() -> None:
    measured = sides(
        [
            volley(name, stream(first, gap), clients=streams)
            for streams in (16, 1)
            for name, first, gap in (("direct", 0.002, 0.001), ("gateway", 0.008, 0.0015))
        ]
    )
    report = compared(measured, direct="direct", gateway="gateway")

    assert [(line.streams, line.figure) for line in report] == [(count, name) for count in (1, 16) for name in FIGURES]
    first = report[0]
    assert (first.direct, first.gateway, first.ratio, first.difference) == (2.0, 8.0, 4.0, 6.0)
    assert all(len(row) == len(TITLES) for row in rows(report))
    assert all(len(row) == len(COUNTED) for row in counts(measured))


@pytest.mark.parametrize("known", ["direct", "gateway"])
def test_processor_time_of_one_side_is_shown_and_not_compared(known: str) -> None:
    measured = sides(
        volley(name, stream(0.1, 0.1), processor=0.2 if name == known else None) for name in ("direct", "gateway")
    )
    (line,) = (line for line in compared(measured, direct="direct", gateway="gateway") if line.figure == "processor")

    assert getattr(line, known) == 100.0
    assert (line.ratio, line.difference) == (None, None)


def test_nothing_came_back() -> None:
    measured = sides(volley(name, failures=3, processor=0.1) for name in ("direct", "gateway"))
    report = compared(measured, direct="direct", gateway="gateway")

    assert (measured[0].answers, measured[0].chunk, measured[0].processor) == (0, 0.0, None)
    assert all(line.ratio is None for line in report)
    assert all(len(row) == len(TITLES) for row in rows(report))
