import json
from dataclasses import replace

from gateway.core.findings import ENTITY_TYPES
from gateway.eval.corpus import Document, Span
from gateway.eval.labels import Labels
from gateway.eval.report import as_json, as_markdown, report
from gateway.eval.score import Score
from gateway.eval.sides import Found
from gateway.eval.speed import Pace

TEXT = "Zebulon met Quirinus at 10.1.2.3"


def score(*found: Found) -> Score:
    spans = (
        Span(start=0, end=7, label="PERSON", kind="direct"),
        Span(start=12, end=20, label="PERSON", kind="quasi"),
    )
    made = Score(Labels(mapped={}, wanted=frozenset(ENTITY_TYPES)))
    made.add(Document(text=TEXT, spans=spans, language="en", genre="note", harmless=((24, 32),)), list(found))
    made.add(Document(text="nothing here", spans=()), [])
    return made


HALF = score(Found(0, 7, "PERSON", 0.93), Found(24, 32, "IP_ADDRESS", 0.6))


def test_figures_stand_under_stable_names() -> None:
    (side,) = as_json([report("gateway", HALF, seed=1)])["sides"]

    assert (side["side"], side["documents"], side["characters"]) == ("gateway", 2, len(TEXT) + 12)
    assert side["total"]["recall"] == {"value": 0.5, "low": 0.0945, "high": 0.9055, "of": 2}
    assert side["total"]["precision"]["value"] == side["total"]["leaked"]["value"] == 0.5
    assert side["harmless"]["value"] == 1.0
    assert side["clean"]["value"] == 0.0
    assert side["over_redaction"] == round(10_000 * 5 / (len(TEXT) - 15 + 12), 4)
    assert {line["name"]: line["leaked"]["value"] for line in side["tables"]["kind"]} == {"direct": 0.0, "quasi": 1.0}
    assert side["confusion"] == [["PERSON", "PERSON", 1], ["PERSON", "-", 1], ["-", "IP_ADDRESS", 1]]


def test_people_get_tables_side_by_side() -> None:
    text = as_markdown([report("gateway", HALF, seed=1), report("stock Presidio", score(), seed=1)])

    assert "|  | gateway | stock Presidio |" in text
    assert "| values leaked | 50.0 % (9.5 to 90.5) | 100.0 % (34.2 to 100.0) |" in text
    assert "| quasi values leaked | 100.0 % (20.7 to 100.0) | 100.0 % (20.7 to 100.0) |" in text
    assert "| touched, of documents without any value | 0.0 % (0.0 to 79.3) | 0.0 % (0.0 to 79.3) |" in text
    assert "| labelled, found | IP_ADDRESS | PERSON | - |" in text
    assert "| 0.9 to 1.0 | 1 | 100.0 % (20.7 to 100.0) |" in text
    assert "| 0.6 to 0.7 | 1 | 0.0 % (0.0 to 79.3) |" in text
    assert "characters/s" not in text


def test_speed_is_told_where_it_was_measured() -> None:
    paces = [
        Pace(kind="k", side="a", characters=20_000, words=4_000, ratio=2),
        Pace(kind="k", side="b", characters=1e4, words=2e3, ratio=1),
    ]
    text = as_markdown([replace(report("a", HALF, seed=1), paces=paces)])

    assert "| k | a | 20,000 | 4,000 | 2.00 |" in text


def test_no_text_of_a_document_is_in_a_report() -> None:
    made = report("gateway", HALF, seed=1)

    for text in (as_markdown([made]), json.dumps(as_json([made]))):
        assert "Zebulon" not in text
        assert "Quirinus" not in text
        assert "10.1.2.3" not in text
