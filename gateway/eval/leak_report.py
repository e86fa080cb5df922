"""What the leak trials say, for people (Markdown) and programs (JSON).

Law: what the gateway undertakes and what lies beyond it are never added up. Figures, and the names of types, disguises
and places only.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from gateway.eval.disguises import DISGUISES, Group
from gateway.eval.intervals import Rate, share
from gateway.eval.leaks import Outcome, Trial
from gateway.eval.report import rounded, shown, table

_BY: Final = ("group", "disguise", "placement", "endpoint", "type")
_ORDER: Final = {name: place for place, name in enumerate([*Group, *DISGUISES])}
_LEFT, _TRIED, _REFUSED, _LEAKED = "left", "tried", "refused", "leaked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakLine:
    """The figures of one facet.

    tried, refused and leaked: of what the gateway undertakes. beyond: leaked of what it does not.
    """

    name: str
    tried: int
    refused: int
    leaked: Rate | None
    beyond: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeakReport:
    """The figures of a run. total: all trials together."""

    total: LeakLine
    tables: Mapping[str, Sequence[LeakLine]]


def leak_report(outcomes: Iterable[Outcome]) -> LeakReport:
    """Count what became of the trials."""
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        beyond = _LEFT if outcome.trial.group is Group.BEYOND else ""
        found = {_TRIED: 1, _REFUSED: int(outcome.refused), _LEAKED: int(outcome.leaked)}
        for facet in (("", "all"), *_facets(outcome.trial)):
            counts[facet].update({beyond + name: count for name, count in found.items()})
    tables = {by: [_line(name, counts[by, name]) for name in _names(counts, by)] for by in _BY}
    return LeakReport(total=_line("all", counts["", "all"]), tables=tables)


def _names(facets: Iterable[tuple[str, str]], by: str) -> list[str]:
    """Return the names of a table's lines: groups and disguises in their order, others by name."""
    return sorted((name for kind, name in facets if kind == by), key=lambda name: (_ORDER.get(name, 0), name))


def _facets(trial: Trial) -> list[tuple[str, str]]:
    """Return everything that a trial counts for."""
    placement = trial.placement
    return [
        ("group", trial.group.value),
        ("disguise", trial.disguise.name),
        ("placement", placement.name),
        ("endpoint", placement.endpoint),
        ("type", trial.value.kind),
    ]


def _line(name: str, counts: Counter[str]) -> LeakLine:
    return LeakLine(
        name=name,
        tried=counts[_TRIED],
        refused=counts[_REFUSED],
        leaked=share(counts[_LEAKED], counts[_TRIED]),
        beyond=share(counts[_LEFT + _LEAKED], counts[_LEFT + _TRIED]),
    )


def exceeds(report: LeakReport, percent: float) -> bool:
    """Whether more has leaked than may, of what the gateway undertakes."""
    return report.total.leaked is not None and 100 * report.total.leaked.value > percent


def as_json(report: LeakReport) -> dict[str, Any]:
    """Return all figures under stable names."""
    figures: dict[str, Any] = rounded(asdict(report))
    return figures


def as_markdown(report: LeakReport) -> str:
    """Lay out the figures, the whole first."""
    return "\n\n".join(_laid_out(by, report.tables[by], report.total) for by in _BY) + "\n"


def _laid_out(by: str, lines: Sequence[LeakLine], total: LeakLine) -> str:
    rows = [*lines, total] if by == "group" else lines
    cells = [
        [line.name, str(line.tried), str(line.refused), shown(line.leaked), _of(line.beyond), shown(line.beyond)]
        for line in rows
    ]
    return table([by.capitalize(), "tried", "refused", "leaked", "tried beyond", "leaked beyond"], cells)


def _of(rate: Rate | None) -> str:
    return str(rate.of) if rate else "0"
