"""What the volleys say.

Law: volleys of one target, one number of clients and one kind are put together over the rounds before anything is
computed; percentiles are by nearest rank over every answer, never means of percentiles.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gateway.bench.load import Volley


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the report. Times in milliseconds; first: to the first text of a stream, 0 for whole answers.

    processor: per answer, of the target's processes, None where they are not known.
    """

    kind: str
    clients: int
    target: str
    answers: int
    failures: int
    per_second: float
    p50: float
    p95: float
    p99: float
    first_p50: float
    first_p95: float
    processor: float | None


def grouped(volleys: Iterable[Volley]) -> list[list[Volley]]:
    """Put the rounds together: streams after whole answers, few clients first, targets as they first came."""
    groups: defaultdict[tuple[bool, int, str], list[Volley]] = defaultdict(list)
    for volley in volleys:
        groups[volley.streamed, volley.clients, volley.target].append(volley)
    order = {target: place for place, target in enumerate(dict.fromkeys(target for _, _, target in groups))}
    return [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1], order[key[2]]))]


def lines(volleys: Iterable[Volley]) -> list[Line]:
    """Return one line for each target, number of clients and kind."""
    return [_line(group) for group in grouped(volleys)]


def _line(group: Sequence[Volley]) -> Line:
    streamed, clients, target = group[0].streamed, group[0].clients, group[0].target
    answers = [answer for volley in group for answer in volley.answers]
    last = sorted(answer.last for answer in answers)
    first = sorted(answer.first for answer in answers) if streamed else []
    spent = [volley.processor for volley in group if volley.processor is not None]
    return Line(
        kind="stream" if streamed else "whole",
        clients=clients,
        target=target,
        answers=len(answers),
        failures=sum(volley.failures for volley in group),
        per_second=round(len(answers) / sum(volley.seconds for volley in group), 1),
        p50=percentile(last, 50),
        p95=percentile(last, 95),
        p99=percentile(last, 99),
        first_p50=percentile(first, 50),
        first_p95=percentile(first, 95),
        processor=round(1000 * sum(spent) / len(answers), 3) if spent and answers else None,
    )


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return a percentile of ordered seconds in milliseconds, by nearest rank; 0 of nothing."""
    if not ordered:
        return 0.0
    return round(1000 * ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)], 3)


TITLES = ("answer", "clients", "target", "n", "failed", "per s", "p50", "p95", "p99", "first p50", "first p95", "CPU")


def rows(report: Iterable[Line]) -> list[list[object]]:
    """Return the cells of a table under ``TITLES``, times in milliseconds."""
    return [
        [
            line.kind,
            line.clients,
            line.target,
            line.answers,
            line.failures,
            line.per_second,
            f"{line.p50:.2f}",
            f"{line.p95:.2f}",
            f"{line.p99:.2f}",
            f"{line.first_p50:.2f}" if line.kind == "stream" else "",
            f"{line.first_p95:.2f}" if line.kind == "stream" else "",
            "" if line.processor is None else f"{line.processor:.2f}",
        ]
        for line in report
    ]
