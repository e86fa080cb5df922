"""Streams through the gateway and streams from what stands behind it, side by side.

Law: a ratio is that of two figures of one run, of as many streams, of answers that were good to their end. What arrives
together is one arrival, so that gaps depend on how an answer was cut on its way; the time per chunk does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from gateway.bench.load import Volley
from gateway.bench.report import grouped, percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one target did with so many streams at once. Times in milliseconds, 0 where nothing came.

    first: from the request to the first text. gap: between two arrivals. chunk: from the first text to the end, for
    each chunk. processor: of the target's processes, for each chunk, the request's own share included; None where they
    are not known. chunks: of all answers together.
    """

    streams: int
    target: str
    answers: int
    failures: int
    truncated: int
    chunks: int
    chunks_per_second: float
    first_p50: float
    first_p95: float
    gap_p50: float
    gap_p99: float
    chunk: float
    processor: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One figure of two sides. ratio, difference: of the second to the first, None where one is not known."""

    streams: int
    figure: str
    direct: float | None
    gateway: float | None
    ratio: float | None
    difference: float | None


FIGURES: Final = {
    "first_p50": "first text, median",
    "first_p95": "first text, p95",
    "gap_p50": "gap, median",
    "gap_p99": "gap, p99",
    "chunk": "time per chunk",
    "processor": "CPU per chunk",
    "chunks_per_second": "chunks/s",
}
"""The figures that are compared, and what people call them."""


def sides(volleys: Iterable[Volley]) -> list[Side]:
    """Put the rounds together, few streams first, targets as they first came."""
    return [_side(group) for group in grouped(volleys)]


def _side(group: Sequence[Volley]) -> Side:
    answers = [answer for volley in group for answer in volley.answers]
    chunks = sum(answer.chunks for answer in answers)
    first = sorted(answer.first for answer in answers)
    gaps = sorted(gap for answer in answers for gap in answer.gaps)
    streamed = sum(answer.last - answer.first for answer in answers)
    spent = [volley.processor for volley in group if volley.processor is not None]
    return Side(
        streams=group[0].clients,
        target=group[0].target,
        answers=len(answers),
        failures=sum(volley.failures for volley in group),
        truncated=sum(volley.truncated for volley in group),
        chunks=chunks,
        chunks_per_second=round(chunks / sum(volley.seconds for volley in group), 1),
        first_p50=percentile(first, 50),
        first_p95=percentile(first, 95),
        gap_p50=percentile(gaps, 50),
        gap_p99=percentile(gaps, 99),
        chunk=round(1000 * streamed / chunks, 4) if chunks else 0.0,
        processor=round(1000 * sum(spent) / chunks, 4) if spent and chunks else None,
    )


def compared(measured: Sequence[Side], *, direct: str, gateway: str) -> list[Compared]:
    """Compare two targets, figure by figure, for each number of streams."""
    by = {(side.streams, side.target): side for side in measured}
    return [
        _compared(figure, by[streams, direct], by[streams, gateway])
        for streams in sorted({side.streams for side in measured})
        for figure in FIGURES
    ]


def _compared(figure: str, direct: Side, gateway: Side) -> Compared:
    before: float | None = getattr(direct, figure)
    after: float | None = getattr(gateway, figure)
    ratio = difference = None
    if before is not None and after is not None:
        ratio = round(after / before, 2) if before else None
        difference = round(after - before, 4)
    return Compared(
        streams=gateway.streams, figure=figure, direct=before, gateway=after, ratio=ratio, difference=difference
    )


TITLES: Final = ("streams", "figure", "direct", "gateway", "ratio", "difference")
COUNTED: Final = ("streams", "target", "answers", "chunks", "failed", "truncated")


def rows(report: Iterable[Compared]) -> list[list[object]]:
    """Return the cells of a table under ``TITLES``."""
    return [
        [
            line.streams,
            FIGURES[line.figure],
            _cell(line.direct),
            _cell(line.gateway),
            "" if line.ratio is None else f"{line.ratio:.2f}",
            _cell(line.difference),
        ]
        for line in report
    ]


def counts(measured: Iterable[Side]) -> list[list[object]]:
    """Return the cells of a table under ``COUNTED``: how much was measured, and what went wrong."""
    return [[side.streams, side.target, side.answers, side.chunks, side.failures, side.truncated] for side in measured]


def _cell(value: float | None) -> str:
    """Write a figure; of a small one, more places say something."""
    if value is None:
        return ""
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"
