import asyncio
import re
from collections.abc import Callable, Sequence

import pytest

from gateway.core.content import PartKind, Segment
from gateway.core.errors import DetectionUnavailable
from gateway.core.findings import SUSPICIOUS
from gateway.core.policy import Allowance, Policy
from gateway.core.ports import Asker
from gateway.core.sensitive import Sensitive
from gateway.core.values import by_epoch
from gateway.detect.analyzer import PresidioDetector, TextAnalyzer, judge, wanted_types
from gateway.detect.raw import Raw


class Words:
    """A pool that finds every ``SECRET`` as a person, and writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[list[str], list[str], Asker]] = []

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        self.asked.append((texts, entities, asker))
        return [
            [("PERSON", at, at + 6, 0.9, "words") for at in range(len(text)) if text.startswith("SECRET", at)]
            for text in texts
        ]


def segments(*texts: str) -> Sequence[Segment]:
    return [Segment(pointer=f"/{at}", kind=PartKind.TEXT, text=Sensitive(text)) for at, text in enumerate(texts)]


async def test_short_texts_travel_together(policy: Callable[..., Policy]) -> None:
    pool = Words()

    found = await PresidioDetector(pool).analyze(
        segments("a SECRET", "", "SECRET b"), policy("PERSON"), asker=("t1", "k")
    )

    assert [[(each.start, each.end) for each in segment] for segment in found] == [[(2, 8)], [], [(0, 6)]]
    assert pool.asked == [(["a SECRET", "SECRET b"], ["PERSON"], ("t1", "k"))]


async def test_long_texts_are_found_across_windows(policy: Callable[..., Policy]) -> None:
    text = "word " * 1599 + "SECRET" + " word" * 4000 + " SECRET"

    (found,) = await PresidioDetector(Words()).analyze(segments(text), policy("PERSON"), asker=("t1", "k"))

    assert [text[each.start : each.end] for each in found] == ["SECRET", "SECRET"]


async def test_equal_texts_are_scanned_once_and_many_in_several_frames(policy: Callable[..., Policy]) -> None:
    pool = Words()
    texts = [f"{at % 250} SECRET" for at in range(1000)]

    found = await PresidioDetector(pool).analyze(segments(*texts), policy("PERSON"), asker=("t1", "k"))

    assert [len(each) for each in found] == [1] * 1000
    assert [len(asked) for asked, _, _ in pool.asked] == [100, 100, 50]


async def test_a_request_has_one_worker_at_a_time(policy: Callable[..., Policy]) -> None:
    class Counting(Words):
        busy = 0

        async def run(
            self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
        ) -> list[list[Raw]]:
            assert self.busy == 0
            self.busy += 1
            await asyncio.sleep(0)
            self.busy -= 1
            return await super().run(texts, entities, asker)

    pool = Counting()
    await PresidioDetector(pool).analyze(
        segments(" ".join(map(str, range(20_000)))), policy("PERSON"), asker=("t1", "k")
    )

    assert len(pool.asked) > 10


async def test_what_is_kept_is_not_looked_for(policy: Callable[..., Policy]) -> None:
    pool = Words()

    assert await PresidioDetector(pool).analyze(segments("SECRET"), policy(), asker=("t1", "k")) == ((),)
    assert pool.asked == []


async def test_an_unanswered_window_is_no_answer(policy: Callable[..., Policy]) -> None:
    class Silent(Words):
        async def run(
            self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
        ) -> list[list[Raw]]:
            raise DetectionUnavailable

    with pytest.raises(DetectionUnavailable):
        await PresidioDetector(Silent()).analyze(segments("x"), policy("PERSON"), asker=("t1", "k"))


def test_low_scores_and_allowed_values_are_left_out(policy: Callable[..., Policy]) -> None:
    text = "Acme Bob X-12 Eve"
    raw: list[Raw] = [
        ("PERSON", 0, 4, 0.9, "r"),
        ("PERSON", 5, 8, 0.3, "r"),
        ("PERSON", 9, 13, 0.9, "r"),
        ("PERSON", 14, 17, 0.9, "r"),
    ]
    made = policy(
        "PERSON",
        allow=(
            Allowance(types=frozenset({"PERSON"}), values=frozenset({"Acme"}), patterns=(re.compile(r"[A-Z]-\d+"),)),
        ),
    )

    assert [text[each.start : each.end] for each in judge(text, raw, made)] == ["Eve"]


def test_a_score_is_judged_as_it_goes_on_record(policy: Callable[..., Policy]) -> None:
    low, high = 0.333346, 0.33336
    raw: list[Raw] = [("PERSON", 0, 3, score, "r") for score in (low, high)]

    assert [each.score for each in judge("Bob", raw, policy("PERSON", threshold=0.333345))] == [0.3334]
    assert judge("Bob", raw[:1], policy("PERSON", threshold=0.333345)) == ()
    assert [each.score for each in judge("Bob", raw[:1], policy("PERSON", threshold=0.3333))] == [0.3333]


def test_patterns_are_asked_about_short_values_alone(policy: Callable[..., Policy]) -> None:
    text = "A" * 300
    made = policy("SECRET", allow=(Allowance(types=frozenset({"SECRET"}), patterns=(re.compile("A+"),)),))

    assert judge(text, [("SECRET", 0, 256, 0.9, "r")], made) == ()
    assert len(judge(text, [("SECRET", 0, 257, 0.9, "r")], made)) == 1


def named(epoch: str, entity_type: str, value: str) -> str:
    return f"hmac-sha256:{epoch}:{value.encode().hex():0>32}"


def marking(types: str, **values: str) -> Allowance:
    """An allowance of a policy that does something about some types."""
    findings = {kind: by_epoch([named("2026-11", kind, value)]) for kind, value in values.items()}
    return Allowance(types=frozenset(types.split()), findings=findings)


@pytest.mark.parametrize(
    ("raw", "marked", "left"),
    [
        ([("PERSON", 0, 7), ("AGE", 9, 11)], {"PERSON": "Ann Lee"}, [("AGE", "41")]),
        ([("PERSON", 0, 7)], {"PERSON": "Ann"}, [("PERSON", "Ann Lee")]),
        ([("PERSON", 0, 7)], {"AGE": "Ann Lee"}, [("PERSON", "Ann Lee")]),
        ([("PERSON", 0, 3), ("PERSON", 2, 7)], {"PERSON": "Ann Lee"}, []),
        ([("PERSON", 0, 7), ("LOCATION", 0, 7)], {"PERSON": "Ann Lee"}, [("LOCATION", "Ann Lee")]),
        ([("PERSON", 0, 7), ("LOCATION", 4, 7)], {"PERSON": "Ann Lee"}, [("LOCATION", "Lee")]),
        ([("PERSON", 0, 7), ("LOCATION", 4, 7)], {"PERSON": "Ann Lee", "LOCATION": "Lee"}, []),
        ([("PERSON", 0, 7), ("LOCATION", 0, 3), ("AGE", 3, 7)], {"PERSON": "Ann Lee"}, [("LOCATION", "Ann"), ("AGE", "Lee")]),
    ],
)  # fmt: skip
def test_what_was_marked_as_false_is_none_and_takes_nothing_else_along(
    policy: Callable[..., Policy],
    raw: list[tuple[str, int, int]],
    marked: dict[str, str],
    left: list[tuple[str, str]],
) -> None:
    text = "Ann Lee, 41"
    made = policy("PERSON", "LOCATION", "AGE", allow=(marking("PERSON LOCATION AGE", **marked),))
    scored: list[Raw] = [(kind, start, end, 1.0 - at / 10, "r") for at, (kind, start, end) in enumerate(raw)]

    found = judge(text, scored, made, (), named)

    assert [(each.entity_type, text[each.start : each.end].strip(" ,")) for each in found] == left


def test_a_policy_s_mark_lets_through_nothing_that_another_looks_for_in_the_same_place(
    policy: Callable[..., Policy],
) -> None:
    raw: list[Raw] = [("PERSON", 0, 7, 0.9, "r"), ("LOCATION", 0, 7, 0.8, "r")]
    made = policy("PERSON", "LOCATION", allow=(marking("PERSON", PERSON="Ann Lee"), marking("LOCATION")))

    assert [each.entity_type for each in judge("Ann Lee", raw, made, (), named)] == ["LOCATION"]


def test_wanted_is_what_is_not_kept(policy: Callable[..., Policy]) -> None:
    assert wanted_types(policy("PERSON", "URL")) == {"PERSON", "URL"}


def test_a_text_is_read_without_its_escapes_and_found_where_they_stand(policy: Callable[..., Policy]) -> None:
    text = r'{"to": "\u0062ob\u0040corp.local", "note": "\u00e9"}'
    found = TextAnalyzer(engine="patterns", model="").analyze(text, policy("EMAIL_ADDRESS"))

    assert [text[each.start : each.end] for each in found] == [r"\u0062ob\u0040corp.local"]


def test_what_is_glued_to_writing_without_spaces_is_found(policy: Callable[..., Policy]) -> None:
    text = "\u5361\u53f74111111111111111\u3002\u5bc6\u7801AKIAIOSFODNN7EXAMPLE\u3002\uce74\ub4dc DE89370400440532013000\uc785\ub2c8\ub2e4"

    found = TextAnalyzer(engine="patterns", model="").analyze(text, policy("CREDIT_CARD", "SECRET", "IBAN_CODE"))

    assert [text[each.start : each.end] for each in found] == [
        "4111111111111111",
        "AKIAIOSFODNN7EXAMPLE",
        "DE89370400440532013000",
    ]


HIDING = "J\u043ehn Smith, j-o-h-n, bob@corp.local"


@pytest.mark.parametrize("asked", ["flag", "block"])
def test_what_is_suspicious_comes_behind_what_was_found(policy: Callable[..., Policy], asked: str) -> None:
    found = TextAnalyzer(engine="patterns", model="").analyze(
        HIDING, policy("EMAIL_ADDRESS", suspicious_encoding=asked)
    )

    assert [(each.entity_type, HIDING[each.start : each.end]) for each in found] == [
        ("EMAIL_ADDRESS", "bob@corp.local"),
        ("SUSPICIOUS_ENCODING", "J\u043ehn"),
        ("SUSPICIOUS_ENCODING", "j-o-h-n"),
    ]


def test_it_is_looked_for_only_where_the_policy_says_so(policy: Callable[..., Policy]) -> None:
    analyzer = TextAnalyzer(engine="patterns", model="")

    assert [each.entity_type for each in analyzer.analyze(HIDING, policy("EMAIL_ADDRESS"))] == ["EMAIL_ADDRESS"]
    assert len(analyzer.analyze(HIDING, policy(suspicious_encoding="flag"))) == 2
    assert (
        len(
            analyzer.analyze(
                HIDING,
                policy(
                    suspicious_encoding="flag",
                    allow=(Allowance(types=frozenset({SUSPICIOUS}), values=frozenset({"j-o-h-n"})),),
                ),
            )
        )
        == 1
    )


async def test_workers_are_asked_for_it(policy: Callable[..., Policy]) -> None:
    pool = Words()
    await PresidioDetector(pool).analyze(segments("x"), policy(suspicious_encoding="flag"), asker=("t1", "k"))

    assert pool.asked == [(["x"], ["SUSPICIOUS_ENCODING"], ("t1", "k"))]
