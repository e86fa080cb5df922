import json
from typing import Any

import pytest

from gateway.core.content import Delta, PartKind, Segment
from gateway.core.errors import BackendProtocolError, DetectionUnavailable, ResponseBlocked, ScreeningUnavailable
from gateway.core.findings import ENTITY_TYPES
from gateway.core.operators import Operator, OperatorConfig
from gateway.core.policy import EntityRule, Policy
from gateway.core.ports import Asker
from gateway.core.pseudonym import PseudonymTable
from gateway.core.sensitive import Sensitive
from gateway.detect import PresidioDetector
from gateway.detect.raw import Raw
from gateway.detect.scanner import Scanner
from gateway.exchange.screen import Screen
from gateway.protocols import ParsedEvent

ASKER = ("acme", "k")
TEXTS = frozenset({"text"})
SENTENCE = "This sentence is long enough. "


def text_of(segment: Any) -> str:
    return str(segment.text.reveal())


def segment(text: str, kind: PartKind = PartKind.TEXT) -> Segment:
    return Segment(pointer="/x", kind=kind, text=Sensitive(text))


def event(*deltas: tuple[str, str], closes: tuple[str, ...] = (), kind: PartKind = PartKind.TEXT) -> ParsedEvent:
    made = tuple(Delta(channel=channel, kind=kind, text=Sensitive(text)) for channel, text in deltas)
    return ParsedEvent(body=None, deltas=made, closes=closes, usage={})


@pytest.fixture
def screen(world: Any) -> Any:
    def make(
        *request: str, screen: Any = "mask", detector: Any = world, joined: frozenset[str] = frozenset()
    ) -> Screen:
        rule = EntityRule(operator=OperatorConfig(operator=Operator.PSEUDONYMISE), threshold=0.5)
        policy = Policy(name="p", digest="ab" * 32, entities=dict.fromkeys(ENTITY_TYPES, rule), screen=screen)
        return Screen(
            detector,
            policy,
            [segment(text) for text in request],
            PseudonymTable({}),
            tools=frozenset({"send", "4829134"}),
            joined=joined,
            asker=ASKER,
        )

    return make


async def said(screen: Screen, events: list[ParsedEvent]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for each in events:
        for screened in await screen.events([each]):
            for delta in screened.event.deltas:
                texts[delta.channel] = texts.get(delta.channel, "") + text_of(delta)
            for channel, text in screened.late.items():
                texts[channel] = texts.get(channel, "") + text
    return texts


async def test_what_the_caller_did_not_say_is_masked(screen: Any) -> None:
    looking = screen("Who is it?")

    texts = await looking.whole([segment("It is Maria."), segment("Nobody.")])

    assert [text_of(each) for each in texts] == ["It is [PERSON].", "Nobody."]
    assert looking.found() == {"screened": {"PERSON": 1}}


@pytest.mark.parametrize("request_text", ["for Maria", "for MARIA!", "maria"])
async def test_what_the_caller_said_stays(screen: Any, request_text: str) -> None:
    looking = screen("other", request_text)

    assert [text_of(each) for each in await looking.whole([segment("It is Maria.")])] == ["It is Maria."]
    assert looking.found() == {"screened": {}}


async def test_a_part_of_a_word_is_not_what_the_caller_said(screen: Any) -> None:
    assert text_of((await screen("Mariachi").whole([segment("It is Maria.")]))[0]) == "It is [PERSON]."


async def test_a_policy_may_not_ask_for_it(world: Any, screen: Any) -> None:
    looking = screen("x", screen="off")

    assert text_of((await looking.whole([segment("It is Maria.")]))[0]) == "It is Maria."
    assert await said(looking, [event(("0/content", "Maria"))]) == {"0/content": "Maria"}
    assert looking.found() == {}
    assert "detect" not in world.order


async def test_an_answer_may_be_blocked(screen: Any) -> None:
    with pytest.raises(ResponseBlocked, match=r"PERSON \(1\)"):
        await screen("x", screen="block").whole([segment("It is Maria.")])


async def test_documents_are_looked_through(screen: Any) -> None:
    looking = screen("x")

    texts = await looking.whole(
        [
            segment(r'{"to": "\u004daria", "n": [4829134, 1]}', PartKind.ARGUMENTS),
            segment('{"a":  "as it was"}', PartKind.ARGUMENTS),
        ]
    )

    assert json.loads(text_of(texts[0])) == {"to": "[PERSON]", "n": ["[PERSON]", 1]}
    assert text_of(texts[1]) == '{"a":  "as it was"}'


def named(text: str, last: str) -> Segment:
    return Segment(pointer=f"/choices/0/message/tool_calls/0/{last}", kind=PartKind.NAME, text=Sensitive(text))


async def test_names_of_declared_tools_and_ids_are_no_text_and_other_names_are(screen: Any) -> None:
    given = [named("call-4829134", "id"), named("4829134", "function/name"), named("to-4829134", "function/name")]
    given += [named("for Maria!", "id"), named("for Maria!", "function/name")]

    texts = await screen("x").whole(given)

    assert [text_of(each) for each in texts] == [
        "call-4829134",
        "4829134",
        "to-[PERSON]",
        "for [PERSON]!",
        "for [PERSON]!",
    ]


async def test_keys_that_are_masked_stay_apart(screen: Any) -> None:
    [masked] = await screen("x").whole([segment('{"Maria": 1, "to Maria": 2, "4829134": 3}', PartKind.ARGUMENTS)])

    assert json.loads(text_of(masked)) == {"[PERSON]": 1, "to [PERSON]": 2, "[PERSON] 2": 3}


@pytest.mark.parametrize(
    ("written", "masked"),
    [
        ('{"a": 1, "a": "Maria"}', '{"a": 1, "a": "[PERSON]"}'),
        (
            '{"n": 123456789012345678901234567890, "to": "Maria"}',
            '{"n": 123456789012345678901234567890, "to": "[PERSON]"}',
        ),
        ('{"a": "smile \\ud83d", "to": "\\u004daria"}', '{"a": "smile \\ud83d", "to": "[PERSON]"}'),
        ('{"to": "Mari', '{"to": "Mari'),
        ("[" * 65 + '"Maria"', "[" * 65 + '"[PERSON]"'),
    ],
)
async def test_json_that_is_hard_to_read_is_looked_at_as_text(screen: Any, written: str, masked: str) -> None:
    [text] = await screen("x").whole([segment(written, PartKind.ARGUMENTS)])

    assert text_of(text) == masked


async def test_escapes_of_a_text_hide_nothing(screen: Any) -> None:
    looking = screen("x")

    texts = await looking.whole([segment(r"It is \u004daria, C:\users and \u00e9."), segment(r"\u00e9 as it was")])

    assert [text_of(each) for each in texts] == ["It is [PERSON], C:\\users and é.", r"\u00e9 as it was"]


async def test_a_stream_says_a_sentence_when_it_is_sure(screen: Any) -> None:
    looking = screen("x")

    assert await said(looking, [event(("0/content", "It is Ma"))]) == {"0/content": ""}
    assert await said(looking, [event(("0/content", "ria, who said so. And"))]) == {
        "0/content": "It is [PERSON], who said so. "
    }
    assert await said(looking, [event(("0/content", " Maria"), closes=("0",))]) == {"0/content": "And [PERSON]"}


async def test_channels_are_apart_and_each_is_said_to_its_end(screen: Any) -> None:
    events = [
        event(("0/content", "One Ma"), ("1/content", "Two Ma")),
        event(("0/content", "ria"), ("1/content", "ma")),
        event(("0/content", "!"), closes=("0",)),
        event(closes=("",)),
    ]

    assert await said(screen("x"), events) == {"0/content": "One [PERSON]!", "1/content": "Two Mama"}


async def test_arguments_of_a_stream_come_when_they_are_whole(screen: Any) -> None:
    looking = screen("x")
    pieces = ['{"to": "Ma', 'ria"', "}"]

    held = await said(looking, [event(("0/a", piece), kind=PartKind.ARGUMENTS) for piece in pieces])

    assert held == {"0/a": ""}
    assert await said(looking, [event(closes=("0",))]) == {"0/a": '{"to":"[PERSON]"}'}


async def test_what_is_repeated_is_masked_alike_and_counted_once(screen: Any) -> None:
    looking = screen("x")
    whole = SENTENCE + "Maria was there, they say. And then Maria left."
    again = Delta(channel="0/again", kind=PartKind.TEXT, text=Sensitive(whole), repeated=True)

    streamed = await said(looking, [event(("0/text", piece)) for piece in whole] + [event(closes=("0",))])
    counted = looking.found()
    repeated = await said(looking, [ParsedEvent(body=None, deltas=(again,), closes=(), usage={})])

    assert streamed["0/text"] == repeated["0/again"] == whole.replace("Maria", "[PERSON]")
    assert looking.found() == counted == {"screened": {"PERSON": 2}}


async def test_what_is_said_twice_is_counted_twice(screen: Any) -> None:
    looking = screen("x")
    line = "- Maria was there, too.\n"

    await said(looking, [event(("0/text", line * 6)), event(closes=("0",))])

    assert looking.found() == {"screened": {"PERSON": 6}}


async def test_the_callers_own_does_not_depend_on_what_stands_beside_it(world: Any, screen: Any) -> None:
    world.names = "Maria Gonzalez|Maria|Gonzalez Ruiz|Ruiz"
    looking = screen("for Maria Gonzalez Ruiz")
    text = "Maria Gonzalez came. Maria too, and Gonzalez Ruiz. Then Ruiz alone said so."

    [whole] = await looking.whole([segment(text)])
    streamed = await said(
        screen("for Maria Gonzalez Ruiz"), [event(("0/t", each)) for each in text] + [event(closes=("",))]
    )

    assert text_of(whole) == streamed["0/t"] == text
    assert looking.found() == {"screened": {}}


class InProcess:
    """Presidio, here."""

    def __init__(self) -> None:
        self._scanner = Scanner("patterns", "")

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        return self._scanner.scan(texts, entities)


@pytest.fixture(scope="module")
def detector() -> PresidioDetector:
    return PresidioDetector(InProcess())


def part(number: int, text: str, last: str = "text", kind: PartKind = PartKind.TEXT) -> Segment:
    place = f"{number}/{last}"
    return Segment(pointer=f"/content/{place}", kind=kind, text=Sensitive(text), channel=place)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Pay 4111 1111", " 1111 1111 now."], ["Pay [CREDIT_CARD]", "[CREDIT_CARD] now."]),
        (["Pay 4111 1", "111 11", "11 1111 now."], ["Pay [CREDIT_CARD]", "[CREDIT_CARD]", "[CREDIT_CARD] now."]),
        (["Write to bob@rival.example", "Soon."], ["Write to [EMAIL_ADDRESS]", "[EMAIL_ADDRESS]."]),
        (["Nothing to ", "see here."], ["Nothing to ", "see here."]),
    ],
)
async def test_texts_that_clients_join_are_looked_at_joined(
    screen: Any, detector: Any, texts: list[str], expected: list[str]
) -> None:
    looking = screen("x", detector=detector, joined=TEXTS)
    parts = [part(0, "1111 1111 a thought", "thinking"), *(part(at, text) for at, text in enumerate(texts, 1))]

    assert [text_of(each) for each in await looking.whole(parts)] == ["1111 1111 a thought", *expected]


@pytest.mark.parametrize(
    "texts",
    [
        ["Pay 4111 1111", " 1111 1111 now."],
        ["Pay 4111 1", "111 11", "11 1111 now."],
        ["Write to bob@rival", ".example now."],
        ["Write to bob", "@rival", ".example now."],
    ],
)
async def test_the_callers_own_is_its_own_over_two_texts(screen: Any, detector: Any, texts: list[str]) -> None:
    looking = screen("4111 1111 1111 1111 of Bob@rival.example", detector=detector, joined=TEXTS)

    said = await looking.whole([part(at, text) for at, text in enumerate(texts)])

    assert [text_of(each) for each in said] == texts


async def test_a_document_in_several_texts_is_looked_at_joined(screen: Any, detector: Any) -> None:
    parts = [part(at, text, kind=PartKind.ARGUMENTS) for at, text in enumerate(['{"pay": "4111 1111', ' 1111 1111"}'])]

    texts = await screen("x", detector=detector, joined=TEXTS).whole(parts)

    assert [text_of(each) for each in texts] == ['{"pay": "[CREDIT_CARD]', '[CREDIT_CARD]"}']


async def test_a_long_value_is_found_over_two_texts(screen: Any, detector: Any) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQ\n" * 60 + "-----END PRIVATE KEY-----"
    parts = [part(0, "Here: " + key[:700]), part(1, key[700:] + " and no more.")]

    texts = await screen("x", detector=detector, joined=TEXTS).whole(parts)

    assert [text_of(each) for each in texts] == ["Here: [SECRET]", "[SECRET] and no more."]


async def test_texts_that_nobody_joins_are_looked_at_alone(screen: Any, detector: Any) -> None:
    texts = [part(0, "Pay 4111 1111"), part(1, " 1111 1111 now.")]

    assert await screen("x", detector=detector).whole(texts) == tuple(texts)


async def test_a_stream_looks_back_at_the_text_that_clients_join(screen: Any, detector: Any) -> None:
    """What it has said stays said; the rest does not follow, also where it comes again."""
    looking = screen("x", detector=detector, joined=TEXTS)
    first = "This much may be said by anybody. Pay 4111 1111"
    second = " 1111 1111 now, and mind what is said."
    events = [
        event(("0/text", first), closes=("0/text",)),
        event(("1/text", second), closes=("1/text",)),
        event(("again/1/text", second), closes=("again/1/text",)),
    ]

    assert await said(looking, events) == {
        "0/text": first,
        "1/text": "[CREDIT_CARD] now, and mind what is said.",
        "again/1/text": "[CREDIT_CARD] now, and mind what is said.",
    }


async def test_a_text_that_goes_on_after_its_end_is_looked_at_behind_it(screen: Any, detector: Any) -> None:
    first, second = "This much may be said by anybody. Pay 4111 1111", " 1111 1111 now, and mind what is said."
    for closes in (("0/text",), ("0",)):
        events = [event(("0/text", first)), event(closes=closes), event(("0/text", second)), event(closes=closes)]

        texts = await said(screen("x", detector=detector), events)

        assert texts == {"0/text": first + "[CREDIT_CARD] now, and mind what is said."}


async def test_a_document_that_goes_on_after_its_end_is_looked_at_as_text(screen: Any, detector: Any) -> None:
    texts = ['{"note": "nothing to see here, at all"}', '{"card": "4111111111111111"}']
    events = [event(("0/a", text), closes=("0/a",), kind=PartKind.ARGUMENTS) for text in texts]

    said_of_it = await said(screen("x", detector=detector), events)

    assert said_of_it == {"0/a": texts[0] + '{"card": "[CREDIT_CARD]"}'}


async def test_a_text_that_begins_before_the_one_it_is_joined_to_has_ended_is_refused(screen: Any) -> None:
    events = [event(("0/text", "a")), event(("1/text", "b"))]

    with pytest.raises(BackendProtocolError):
        await said(screen("x", joined=TEXTS), events)
    assert await said(screen("x"), [*events, event(closes=("",))]) == {"0/text": "a", "1/text": "b"}


@pytest.mark.parametrize("texts", [["Pay 4111 1111", "", " 1111 1111 now."], ["", "Pay 4111 1111 1111 1111"]])
async def test_empty_texts_are_no_gap(screen: Any, detector: Any, texts: list[str]) -> None:
    looking = screen("x", detector=detector, joined=TEXTS)

    parts = await looking.whole([part(at, text) for at, text in enumerate(texts)])

    assert "1111" not in "".join(text_of(each) for each in parts)


async def test_a_word_lines_before_a_number_counts_in_a_stream_too(screen: Any, detector: Any) -> None:
    text = "Her phone is written down here\nfor each of the patients too:\n(212) 555-0143\nThat is all of it."
    detecting = screen("x", detector=detector)

    [whole] = await detecting.whole([segment(text)])
    streamed = await said(screen("x", detector=detector), [event(("0/t", text)), event(closes=("",))])

    assert streamed["0/t"] == text_of(whole)
    assert "555-0143" not in streamed["0/t"]


async def test_many_spellings_of_a_value_are_asked_about_at_once(screen: Any, detector: Any) -> None:
    spellings = [
        "".join(chr(0xFF10 + int(d)) if n >> at & 1 else d for at, d in enumerate("4111111111111111")) for n in range(9)
    ]
    looking = screen("card 4111111111111111", detector=detector)

    texts = [f"It is {spelling}." for spelling in spellings]

    assert [text_of(each) for each in await looking.whole([segment(text) for text in texts])] == texts


async def test_many_keys_that_are_masked_alike_stay_apart(screen: Any) -> None:
    document = json.dumps({f"to {'x' * number} Maria" if number % 2 else "to Maria": number for number in range(3)})
    given = "{" + ", ".join(f'"Maria{" " * number}": {number}' for number in range(3000)) + "}"

    [masked, other] = await screen("x").whole(
        [segment(given, PartKind.ARGUMENTS), segment(document, PartKind.ARGUMENTS)]
    )

    assert len(json.loads(text_of(masked))) == 3000
    assert len(json.loads(text_of(other))) == 2


async def test_a_key_that_one_text_begins_is_hidden_to_its_end_in_the_next(screen: Any, detector: Any) -> None:
    key = "-----BEGIN PRIVATE KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQ\n" * 30 + "-----END PRIVATE KEY-----"
    texts = ["Here: " + key[:40], *(key[at : at + 90] for at in range(40, len(key), 90)), "\nThat is all."]
    events = [event(("0/text", texts[0]), closes=("0/text",)), *(event(("1/text", text)) for text in texts[1:])]

    streamed = await said(screen("x", detector=detector, joined=TEXTS), [*events, event(closes=("1/text",))])

    assert streamed["1/text"] == "[SECRET]\nThat is all."


async def test_an_answer_that_cannot_be_looked_at_is_not_given(world: Any, screen: Any) -> None:
    world.fails["detect"] = DetectionUnavailable()

    with pytest.raises(ScreeningUnavailable, match="not given"):
        await screen("x").whole([segment("It is Maria.")])
