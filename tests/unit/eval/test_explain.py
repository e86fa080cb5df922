"""What is told of a request: over patterns alone, or over findings that the test makes up."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from gateway.api.routes import LENSES
from gateway.core.content import PartKind, Segment
from gateway.core.errors import PayloadTooLarge, PolicyInvalid, PolicyUnavailable, ProtocolError
from gateway.core.findings import RecognizerResult
from gateway.core.policy import Target
from gateway.core.ports import Detector
from gateway.core.sensitive import Sensitive
from gateway.eval.explain import CHAT, Explanation, Question, at_once, explained, files_of, texts_of
from gateway.eval.here import detector
from gateway.policy import Source

HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {}}}\nspec: {}\n"
FLOOR = "floor: true, defaults: {operator: keep}, entities: {US_SSN: {operator: block}}, allow: {values: [code-name]}"
PLATFORM = [
    Source("/srv/ops/all.yaml", HEAD.format("all", "{}")),
    Source("/srv/ops/floor.yaml", HEAD.format("floor", f"{{{FLOOR}}}")),
]
OWN = [Source("mine.yaml", HEAD.format("mine", "{match: {apps: [crm]}, entities: {US_SSN: {operator: redact}}}"))]
TEXT = "Mail maria@corp.example about 219-09-9999."


@pytest.fixture(scope="module")
def here() -> Detector:
    return detector("patterns", "")


def text(content: str) -> list[Segment]:
    return [Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(content))]


def target(tenant: str = "acme", app: str = "crm") -> Target:
    return Target(tenant=tenant, app=app, model="m", endpoint=CHAT)


async def tell(finder: Any, segments: list[Segment], files: Any, **named: str) -> Explanation:
    return await explained(segments, target(**named), files, finder, asker=("a", "b"), apart=at_once)


async def test_each_finding_is_told_by_every_document_that_has_a_say(here: Detector) -> None:
    told = await tell(here, text(TEXT), files_of(PLATFORM, OWN, tenant="acme"))

    assert told.decision == "deny"
    assert [(each.name, each.floor, each.own) for each in told.documents] == [
        ("mine", False, True),
        ("floor", True, False),
    ]
    mail, number = told.findings
    assert (mail.entity_type, mail.start, mail.end, mail.done) == ("EMAIL_ADDRESS", 5, 23, "pseudonymise")
    assert (number.entity_type, number.done) == ("US_SSN", "block")
    assert [str(each) for each in number.reasons] == [
        "mine: redact (mine.yaml:4 entities.US_SSN)",
        "floor floor: block (/srv/ops/floor.yaml:4 entities.US_SSN)",
    ]
    assert "maria" not in json.dumps(told.as_json())


async def test_a_tenant_learns_no_more_of_the_platform_s_files_than_their_last_names(here: Detector) -> None:
    told = json.dumps((await tell(here, text(TEXT), files_of(PLATFORM, OWN, tenant="acme", folders=False))).as_json())

    assert '"file": "floor.yaml"' in told
    assert '"file": "mine.yaml"' in told
    assert "/srv" not in told
    assert "code-name" not in told


async def test_files_of_one_name_are_told_apart_by_whose_they_are(here: Detector) -> None:
    own = [Source(PLATFORM[1].file, HEAD.format("mine", "\n  entities:\n    US_SSN: {operator: redact}"))]

    number = (await tell(here, text(TEXT), files_of(PLATFORM, own, tenant="acme"))).findings[1]

    assert [(each.line, each.key) for each in number.reasons] == [(6, "entities.US_SSN"), (4, "entities.US_SSN")]


async def test_what_is_left_alone_is_told_with_the_rule_that_leaves_it(here: Detector) -> None:
    keeping = [Source("k.yaml", HEAD.format("k", "{defaults: {operator: keep}, allow: {values: [219-09-9999]}}"))]

    told = await tell(here, text(TEXT), files_of(keeping))

    assert (told.decision, told.findings) == ("permit", ())
    assert {(each.entity_type, each.done) for each in told.kept} >= {("EMAIL_ADDRESS", "keep"), ("US_SSN", "keep")}


async def test_where_no_policy_matches_the_request_would_be_refused(here: Detector) -> None:
    files = files_of([], OWN, tenant="acme")
    with pytest.raises(PolicyUnavailable):
        await tell(here, text(TEXT), files, app="wiki")
    with pytest.raises(PolicyUnavailable):
        await tell(here, text(TEXT), files, tenant="umbra")
    with pytest.raises(PolicyUnavailable):
        await tell(here, text(TEXT), files_of([]))


def test_files_with_mistakes_are_told() -> None:
    with pytest.raises(PolicyInvalid):
        files_of([Source("p.yaml", "kind: x")])


class Made:
    """Finds what the test says: for the policy at first, then whatever there is."""

    def __init__(self, *findings: Any) -> None:
        self.findings = list(findings)
        self.askers: list[Any] = []

    async def analyze(self, segments: Any, policy: Any, *, asker: Any) -> Any:
        self.askers.append(asker)
        return (tuple(self.findings.pop(0)),)


def found(start: int, end: int, kind: str = "PERSON", recognizer: str = "r") -> RecognizerResult:
    return RecognizerResult(entity_type=kind, start=start, end=end, score=0.9, recognizer=recognizer)


async def test_what_overlaps_something_that_is_acted_on_is_no_finding_besides() -> None:
    made = Made([found(0, 4)], [found(0, 4), found(3, 6), found(4, 6), found(8, 9, "SUSPICIOUS_ENCODING")])

    told = await tell(made, text("Ann Lee x y"), files_of(PLATFORM))

    assert [(each.start, each.end) for each in told.findings] == [(0, 4)]
    assert [(each.start, each.end) for each in told.kept] == [(4, 6)]
    assert made.askers == [("a", "b")] * 2


async def test_what_hides_text_is_told_as_what_becomes_of_the_request() -> None:
    files = files_of([Source("p.yaml", HEAD.format("p", "{suspicious_encoding: block}"))])

    told = await tell(Made([found(0, 3, "SUSPICIOUS_ENCODING")], []), text("YWJj"), files)

    assert told.decision == "deny"
    assert [(each.entity_type, each.done, each.reasons) for each in told.findings] == [
        ("SUSPICIOUS_ENCODING", "block", ())
    ]


async def test_of_very_many_findings_the_first_are_told_and_the_others_counted() -> None:
    many, kept = ([found(at, at + 1) for at in range(low, low + 3000, 2)] for low in (0, 3000))

    told = await tell(Made(many, [*many, *kept]), text("x" * 6000), files_of(PLATFORM))

    assert (len(told.findings), len(told.kept), told.left_out) == (1000, 1000, 1000)


async def test_names_that_a_request_invented_are_not_told() -> None:
    segments = [
        Segment(pointer="/metadata/maria@corp.example", kind=PartKind.KEY, text=Sensitive("maria@corp.example")),
        Segment(pointer="/metadata/maria@corp.example", kind=PartKind.VALUE, text=Sensitive("x maria")),
        Segment(pointer="/metadata/maria@corp.example/0#/name", kind=PartKind.VALUE, text=Sensitive("maria")),
        Segment(pointer="/metadata/name", kind=PartKind.VALUE, text=Sensitive("maria")),
    ]

    class Everywhere:
        async def analyze(self, asked: Any, policy: Any, *, asker: Any) -> Any:
            return tuple((found(0, len(each.text.reveal())),) for each in asked)

    told = await tell(Everywhere(), segments, files_of(PLATFORM))

    assert [each.pointer for each in told.findings] == [
        "/metadata/*",
        "/metadata/*",
        "/metadata/*/0#/name",
        "/metadata/name",
    ]


def question(content: bytes, **more: Any) -> Question:
    return Question(content=Sensitive(content), **more)


BODY = {"model": "m", "messages": [{"role": "user", "content": TEXT}]}


def test_a_request_is_read_as_its_endpoint_reads_it_and_a_text_as_it_is() -> None:
    asked = question(json.dumps(BODY).encode(), is_request=True)
    segments, model = texts_of(asked, LENSES)

    assert ([each.pointer for each in segments], model) == (["/messages/0/content"], "m")
    assert texts_of(replace(asked, model="other"), LENSES)[1] == "other"
    segments, model = texts_of(question(b'{"a": 1}'), LENSES)
    assert (segments[0].text.reveal(), model) == ('{"a": 1}', "")


def test_a_text_is_as_long_as_an_exchange_s() -> None:
    assert texts_of(question(b"x" * 10), LENSES, 10)[0]
    assert texts_of(question(b"x" * 11), LENSES)[0]
    with pytest.raises(PayloadTooLarge, match="text_characters"):
        texts_of(question(b"x" * 11), LENSES, 10)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (question(b"x", endpoint="/v1/nothing"), "endpoint"),
        (question(b"\xff"), "UTF-8"),
        (question(b"{", is_request=True), "JSON"),
        (question(b"[]", is_request=True), "object"),
    ],
)
def test_what_cannot_be_read_is_refused(asked: Question, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        texts_of(asked, LENSES)


def test_a_question_goes_to_a_gateway_as_it_takes_it() -> None:
    about = {"app": "crm", "model": "", "endpoint": CHAT}

    assert question(b"a", app="crm").as_json() == {"text": "a", **about}
    assert question(json.dumps(BODY).encode(), is_request=True, app="crm").as_json() == {"request": BODY, **about}
    for broken in (question(b"\xff"), question(b"{", is_request=True)):
        with pytest.raises(ProtocolError):
            broken.as_json()


def test_nothing_of_a_question_is_shown() -> None:
    assert "maria" not in repr(question(TEXT.encode()))


async def test_an_explanation_is_read_again_as_it_was_told(here: Detector) -> None:
    told = await tell(here, text(TEXT), files_of(PLATFORM, OWN, tenant="acme"))

    assert msgspec.convert(json.loads(json.dumps(told.as_json())), Explanation) == told
