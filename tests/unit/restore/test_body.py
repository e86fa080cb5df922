from typing import Any

from gateway.core.content import PartKind, Segment
from gateway.core.sensitive import Sensitive
from gateway.restore import restore


def segment(pointer: str, kind: PartKind, text: str) -> Segment:
    return Segment(pointer=pointer, kind=kind, text=Sensitive(text))


def test_every_segment_is_restored_in_its_own_way(table: Any, policy: Any) -> None:
    call = "/choices/0/message/tool_calls/0/function"
    segments = [
        segment("/choices/0/message/content", PartKind.TEXT, "<PERSON_1> <PERSON"),
        segment(f"{call}/name", PartKind.NAME, "send"),
        segment(f"{call}/arguments", PartKind.ARGUMENTS, '{"to":"<PERSON_2>"}'),
    ]

    texts, counts = restore(segments, table, policy(), tools=frozenset({"send"}), joined=frozenset())

    assert [text.reveal() for text in texts] == ["Maria <PERSON", "send", '{"to":"Bob \\"B\\"\\n"}']
    assert counts.restored == 2


def test_an_undeclared_tool_gets_no_value(table: Any, policy: Any) -> None:
    call = "/choices/0/message/tool_calls/0/function"
    segments = [
        segment(f"{call}/name", PartKind.NAME, "steal"),
        segment(f"{call}/arguments", PartKind.ARGUMENTS, '{"to":"<PERSON_1>"}'),
    ]

    texts, _ = restore(segments, table, policy(), tools=frozenset({"send"}), joined=frozenset())

    assert texts[1].reveal() == '{"to":"<PERSON_1>"}'


def test_names_are_restored_to_those_of_declared_tools_and_ids_never_are(table: Any, policy: Any) -> None:
    call = "/choices/0/message/tool_calls/{}/function/name"
    given = {call.format(0): "<PERSON_1>", call.format(1): "send_<PERSON_1>", "/choices/0/id": "call_<PERSON_1>"}
    segments = [segment(pointer, PartKind.NAME, text) for pointer, text in given.items()]

    texts, counts = restore(segments, table, policy(), tools=frozenset({"Maria"}), joined=frozenset())

    assert [text.reveal() for text in texts] == ["Maria", "send_<PERSON_1>", "call_<PERSON_1>"]
    assert (counts.restored, counts.withheld) == (1, 2)
