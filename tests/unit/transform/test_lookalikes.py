from gateway.core.pseudonym import PLACEHOLDER
from gateway.transform.lookalikes import Span, look_alikes, rebuild


def literal(text: str) -> str:
    return {"<": "<LITERAL_9>"}[text]


def test_look_alikes_are_found() -> None:
    assert look_alikes("a <PERSON_1> <b_1> <X_2>") == [(2, 12), (19, 24)]


def test_spans_are_replaced() -> None:
    assert rebuild("Bob met Eve", [Span(0, 3, "<P_1>"), Span(8, 11, "<P_2>")], literal) == "<P_1> met <P_2>"


def test_a_look_alike_that_a_replacement_makes_is_undone() -> None:
    built = rebuild("x <FOO_secret> y <FOO_secret>", [Span(7, 13, "1234"), Span(22, 28, "1234")], literal)

    assert built == "x <LITERAL_9>FOO_1234> y <LITERAL_9>FOO_1234>"
    assert {match[0] for match in PLACEHOLDER.finditer(built)} == {"<LITERAL_9>"}


def test_a_placeholder_beside_an_angle_is_left() -> None:
    assert rebuild("<Bob>", [Span(1, 4, "<P_1>")], literal) == "<<P_1>>"
