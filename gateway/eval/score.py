"""What one side made of the documents, in counts.

Law: only letters and digits count, so that a full stop more or less is no difference. A labelled value is *hit* where
findings of its own entity cover at least half of it, and *leaked* where any of it stays in clear, whatever it was taken
for. A finding is *right* where labels of its entity cover at least half of it. What a label that is not judged marks
counts for nothing. Counts hold no text.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from gateway.eval.corpus import Document, Span
from gateway.eval.labels import Labels, family, types
from gateway.eval.sides import Found

NOTHING: Final = "-"
"""In the confusion matrix: in clear, or labelled as nothing."""


class Facet(NamedTuple):
    """What counts are kept for: all, an entity, a language, a genre, a kind, also by entity or language, or a score."""

    by: str
    name: str = ""


class Counts(NamedTuple):
    """Counts over some documents, or in one. values: distinct ones in a document, of which leaked are gone."""

    gold: int = 0
    hit: int = 0
    leaked: int = 0
    values: int = 0
    leaked_values: int = 0
    found: int = 0
    right: int = 0

    def plus(self, other: Counts, times: int = 1) -> Counts:
        """Return the sum."""
        return Counts(*(mine + times * its for mine, its in zip(self, other, strict=True)))


ALL: Final = Facet("all")


class Example(NamedTuple):
    """A value that leaked (found: "-") or was touched in vain (label: "-"), by place: for whoever asks to see it."""

    document: int
    start: int
    end: int
    label: str
    found: str


class Score:
    """The counts of one side. cells: how often a document had these counts, which is all that resampling needs."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels
        self.cells: defaultdict[Facet, Counter[Counts]] = defaultdict(Counter)
        self.confusion: Counter[tuple[str, str]] = Counter()
        self.examples: list[Example] = []
        self.documents = self.characters = self.outside = self.touched_outside = 0
        self.harmless = self.harmless_lost = self.clean = self.clean_touched = 0

    def add(self, document: Document, findings: Sequence[Found]) -> None:
        """Count one document."""
        page = Page(document, findings, self._labels)
        tally: defaultdict[Facet, Counter[str]] = defaultdict(Counter)
        self._count_spans(page, tally)
        self._count_findings(page, tally)
        for facet, counted in tally.items():
            self.cells[facet][Counts(**counted)] += 1
        self._count_characters(page)
        self.documents += 1

    def total(self, facet: Facet) -> Counts:
        """Return the counts over all documents."""
        total = Counts()
        for counts, times in self.cells[facet].items():
            total = total.plus(counts, times)
        return total

    def _count_spans(self, page: Page, tally: defaultdict[Facet, Counter[str]]) -> None:
        values: dict[tuple[str, str, str], bool] = {}
        for span, entity in page.gold:
            best, hit, leaked = page.judged(span, entity)
            self.confusion[entity, best] += 1
            for facet in page.facets(entity, span.kind):
                tally[facet].update(gold=1, hit=hit, leaked=leaked)
            value = (entity, span.kind, page.document.text[span.start : span.end].casefold())
            values[value] = values.get(value, False) or leaked
            if leaked:
                self.examples.append(Example(self.documents, span.start, span.end, entity, best))
        for (entity, kind, _), leaked in values.items():
            for facet in page.facets(entity, kind):
                tally[facet].update(values=1, leaked_values=leaked)

    def _count_findings(self, page: Page, tally: defaultdict[Facet, Counter[str]]) -> None:
        for found in page.findings:
            known, right = page.rated(found)
            if not known:
                continue
            for facet in (*page.facets(family(found.entity_type), ""), Facet("score", _tenth(found.score))):
                tally[facet].update(found=1, right=right)
            if not right and not page.in_gold(found):
                self.confusion[NOTHING, family(found.entity_type)] += 1
                self.examples.append(Example(self.documents, found.start, found.end, NOTHING, found.entity_type))

    def _count_characters(self, page: Page) -> None:
        outside, touched = page.outside()
        self.characters += len(page.document.text)
        self.outside += outside
        self.touched_outside += touched
        self.harmless += len(page.document.harmless)
        self.harmless_lost += sum(page.is_touched(start, end) for start, end in page.document.harmless)
        if not page.document.spans:
            self.clean += 1
            self.clean_touched += bool(page.findings)


def _tenth(score: float) -> str:
    return f"{min(int(score * 10 + 1e-9), 9) / 10:.1f}"


class Page:
    """One document, with what covers each of its characters."""

    def __init__(self, document: Document, findings: Sequence[Found], labels: Labels) -> None:
        self.document = document
        self.findings = findings
        judged = [(span, labels.entity(span.label)) for span in document.spans]
        self.gold = [(span, entity) for span, entity in judged if entity]
        self._solid = bytes(map(str.isalnum, document.text))
        self._aside = self._mask((span.start, span.end) for span, entity in judged if not entity)
        self._touched = self._mask((found.start, found.end) for found in findings)
        self._golden = self._mask((span.start, span.end) for span, _ in self.gold)

    def facets(self, entity: str, kind: str) -> list[Facet]:
        """Return everything that something counts for."""
        language, genre = self.document.language, self.document.genre
        facets = [ALL, Facet("entity", entity)]
        facets += [Facet(by, name) for by, name in (("language", language), ("genre", genre)) if name]
        if kind:
            facets += [Facet("kind", kind), Facet(f"{kind} by entity", entity)]
            facets += [Facet(f"{kind} by language", language)] if language else []
        return facets

    def judged(self, span: Span, entity: str) -> tuple[str, bool, bool]:
        """Return what most of a value was taken for, whether it was hit, and whether any of it is in clear."""
        right = types(entity)
        near = [found for found in self.findings if found.start < span.end and span.start < found.end]
        shares: Counter[str] = Counter()
        for found in near:
            shares[found.entity_type] += self._solid_in(max(span.start, found.start), min(span.end, found.end))
        whole = self._solid_in(span.start, span.end)
        hit = 2 * sum(share for name, share in shares.items() if name in right) >= whole > 0
        best = entity if hit else family(max(shares, key=lambda name: shares[name], default=NOTHING))
        return best, hit, self._overlap(self._touched, span.start, span.end) < whole

    def rated(self, found: Found) -> tuple[bool, bool]:
        """Return whether a finding can be judged, and whether it is right."""
        whole = self._solid_in(found.start, found.end)
        aside = self._overlap(self._aside, found.start, found.end)
        own = [
            (max(span.start, found.start), min(span.end, found.end))
            for span, entity in self.gold
            if found.entity_type in types(entity)
        ]
        right = 2 * sum(self._solid_in(start, end) for start, end in own if start < end) >= whole > 0
        return right or 2 * aside < whole, right

    def in_gold(self, found: Found) -> bool:
        """Whether a finding lies in labelled values for the better part."""
        inside = self._overlap(self._golden, found.start, found.end)
        return 2 * inside >= self._solid_in(found.start, found.end)

    def is_touched(self, start: int, end: int) -> bool:
        """Whether anything of a stretch is touched."""
        return any(self._touched[start:end])

    def outside(self) -> tuple[int, int]:
        """Return how many characters are labelled as nothing, and how many of these are touched."""
        free = [not (a or g) for a, g in zip(self._aside, self._golden, strict=True)]
        touched = sum(
            is_free and solid and hidden
            for is_free, solid, hidden in zip(free, self._solid, self._touched, strict=True)
        )
        return sum(free), touched

    def _mask(self, places: Iterable[tuple[int, int]]) -> bytearray:
        mask = bytearray(len(self.document.text))
        for start, end in places:
            mask[start:end] = b"\x01" * (end - start)
        return mask

    def _solid_in(self, start: int, end: int) -> int:
        return sum(self._solid[start:end])

    def _overlap(self, mask: bytearray, start: int, end: int) -> int:
        return sum(a & b for a, b in zip(mask[start:end], self._solid[start:end], strict=True))
