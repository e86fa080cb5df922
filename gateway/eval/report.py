"""What the scores say, for people (Markdown) and programs (JSON).

Law: figures, entities and recognised types only; no text of a document and no file's name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from gateway.eval.intervals import Rate, f2, share
from gateway.eval.score import ALL, NOTHING, Facet, Score
from gateway.eval.speed import Pace

_TABLES: Final = ("entity", "language", "genre")
_KINDS: Final = (
    ("kind", ""),
    ("direct by entity", "Direct, by entity"),
    ("quasi by entity", "Quasi, by entity"),
    ("direct by language", "Direct, by language"),
    ("quasi by language", "Quasi, by language"),
)
_PER: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The figures of one facet. leaked: of labelled values; leaked_values: of the distinct ones of each document."""

    name: str
    precision: Rate | None
    recall: Rate | None
    f2: Rate | None
    masked: Rate | None
    leaked: Rate | None
    leaked_values: Rate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of one side. over_redaction: characters touched in vain, of 10,000 that are labelled as nothing."""

    side: str
    documents: int
    characters: int
    over_redaction: float
    total: Line
    tables: Mapping[str, Sequence[Line]]
    confusion: Sequence[tuple[str, str, int]]
    harmless: Rate | None
    clean: Rate | None
    paces: Sequence[Pace] = field(default=())


def report(side: str, score: Score, *, seed: int) -> Report:
    """Compute the figures of a side."""
    tables = {by: _lines(score, by, seed) for by in (*_TABLES, *(name for name, _ in _KINDS), "score")}
    return Report(
        side=side,
        documents=score.documents,
        characters=score.characters,
        over_redaction=_PER * score.touched_outside / max(score.outside, 1),
        total=_line(score, ALL, seed),
        tables={by: lines for by, lines in tables.items() if lines},
        confusion=[(label, found, count) for (label, found), count in score.confusion.most_common()],
        harmless=share(score.harmless_lost, score.harmless),
        clean=share(score.clean_touched, score.clean),
    )


def _lines(score: Score, by: str, seed: int) -> list[Line]:
    return [_line(score, facet, seed) for facet in sorted(score.cells) if facet.by == by]


def _line(score: Score, facet: Facet, seed: int) -> Line:
    counts = score.total(facet)
    return Line(
        name=facet.name or "all",
        precision=share(counts.right, counts.found),
        recall=share(counts.hit, counts.gold),
        f2=f2(score.cells[facet], seed),
        masked=share(counts.gold - counts.leaked, counts.gold),
        leaked=share(counts.leaked, counts.gold),
        leaked_values=share(counts.leaked_values, counts.values),
    )


def as_json(reports: Sequence[Report]) -> dict[str, Any]:
    """Return all figures under stable names."""
    return {"sides": [rounded(asdict(each)) for each in reports]}


def rounded(value: Any) -> Any:  # noqa: ANN401 - any part of a report
    """Return a part of a report with its figures rounded."""
    match value:
        case dict():
            return {name: rounded(part) for name, part in value.items()}
        case list() | tuple():
            return [rounded(part) for part in value]
        case float():
            return round(value, 4)
        case _:
            return value


def as_markdown(reports: Sequence[Report]) -> str:
    """Lay out the figures: what all sides have in common first, then each side by itself."""
    parts = [_overview(reports)]
    if paces := [pace for each in reports for pace in each.paces]:
        parts.append(_speed(paces))
    for each in reports:
        parts += [
            f"## {each.side}",
            *(_detail(by.capitalize(), each.tables[by]) for by in _TABLES if by in each.tables),
        ]
        parts += [_leaks(title, each.tables[by]) for by, title in _KINDS if title and by in each.tables]
        parts += [_scores(each.tables["score"])] if "score" in each.tables else []
        parts.append(_confusion(each.confusion))
    return "\n\n".join(parts) + "\n"


def _overview(reports: Sequence[Report]) -> str:
    rows: list[tuple[str, list[str]]] = [
        ("documents", [str(each.documents) for each in reports]),
        ("characters", [str(each.characters) for each in reports]),
        ("precision", [shown(each.total.precision) for each in reports]),
        ("recall, by entity", [shown(each.total.recall) for each in reports]),
        ("F2", [shown(each.total.f2) for each in reports]),
        ("recall, masked as anything", [shown(each.total.masked) for each in reports]),
        ("values leaked", [shown(each.total.leaked) for each in reports]),
        ("distinct values leaked", [shown(each.total.leaked_values) for each in reports]),
    ]
    for kind in sorted({line.name for each in reports for line in each.tables.get("kind", ())}):
        leaks = [
            next((line.leaked for line in each.tables.get("kind", ()) if line.name == kind), None) for each in reports
        ]
        rows.append((f"{kind} values leaked", list(map(shown, leaks))))
    rows.append(("touched in vain, of 10,000 characters", [f"{each.over_redaction:.0f}" for each in reports]))
    if any(each.harmless for each in reports):
        rows.append(("harmless strings lost", [shown(each.harmless) for each in reports]))
    if any(each.clean for each in reports):
        rows.append(("touched, of documents without any value", [shown(each.clean) for each in reports]))
    return table(["", *(each.side for each in reports)], [[name, *cells] for name, cells in rows])


def _detail(title: str, lines: Sequence[Line]) -> str:
    titles = [title, "labelled", "precision", "recall", "F2", "masked", "leaked", "distinct leaked"]
    rows = [
        [
            line.name,
            str(line.recall.of if line.recall else 0),
            *map(shown, (line.precision, line.recall, line.f2, line.masked, line.leaked, line.leaked_values)),
        ]
        for line in lines
    ]
    return table(titles, rows)


def _leaks(title: str, lines: Sequence[Line]) -> str:
    rows = [[line.name, str(line.leaked.of if line.leaked else 0), shown(line.leaked)] for line in lines]
    return table([title, "labelled", "leaked"], rows)


def _scores(lines: Sequence[Line]) -> str:
    """Lay out how many findings of each score are right: what a threshold leaves."""
    rows = [
        [f"{line.name} to {float(line.name) + 0.1:.1f}", str(line.precision.of), shown(line.precision)]
        for line in lines
        if line.precision
    ]
    return table(["Score", "found", "right"], rows)


def _confusion(cells: Sequence[tuple[str, str, int]]) -> str:
    """Lay out what was taken for what: labels down, findings across, the frequent first."""
    counts = {(label, found): count for label, found, count in cells}
    labels = sorted({label for label, _ in counts}, key=lambda name: (name == NOTHING, name))
    across = sorted({found for _, found in counts}, key=lambda name: (name == NOTHING, name))
    rows = [[label, *(str(counts.get((label, found), "")) for found in across)] for label in labels]
    return table(["labelled, found", *across], rows)


def _speed(paces: Sequence[Pace]) -> str:
    rows = [
        [pace.kind, pace.side, f"{pace.characters:,.0f}", f"{pace.words:,.0f}", f"{pace.ratio:.2f}"] for pace in paces
    ]
    return table(["one processor", "", "characters/s", "words/s", "ratio to the last"], rows)


def shown(rate: Rate | None) -> str:
    """Show a rate in per cent with its interval."""
    if rate is None:
        return "-"
    return f"{100 * rate.value:.1f} % ({100 * rate.low:.1f} to {100 * rate.high:.1f})"


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows under titles, in Markdown."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
