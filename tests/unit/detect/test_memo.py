"""What was found before is not looked for again."""

from __future__ import annotations

import pytest

from gateway.core.errors import DetectionUnavailable
from gateway.core.ports import Asker
from gateway.detect.memo import Memo
from gateway.detect.raw import Raw

ACME: Asker = ("acme", "k")


class Pool:
    """Finds one entity for each ``x``, and writes down what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def run(
        self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
    ) -> list[list[Raw]]:
        self.asked.append(texts)
        return [[("PERSON", at, at + 1, 0.9, "p") for at, letter in enumerate(text) if letter == "x"] for text in texts]


def starts(found: list[list[Raw]]) -> list[list[int]]:
    return [[each[1] for each in text] for text in found]


async def test_only_what_is_new_is_looked_at() -> None:
    pool = Pool()
    memo = Memo(pool)
    await memo.run(["x", "b"], ["PERSON"], ACME)

    found = await memo.run(["b", "ax", "x", "ax"], ["PERSON"], ("acme", "another key"))

    assert starts(found) == [[], [1], [0], [1]]
    assert pool.asked == [["x", "b"], ["ax"]]


async def test_what_other_recognizers_found_is_not_known() -> None:
    pool = Pool()
    memo = Memo(pool)
    for recognizers in (b"", b"one", b"two", b"one"):
        await memo.run(["x"], ["PERSON"], ACME, recognizers)

    assert len(pool.asked) == 3


async def test_nothing_is_asked_where_all_is_known() -> None:
    pool = Pool()
    memo = Memo(pool)

    assert await memo.run(["x"], ["PERSON"], ACME) == await memo.run(["x"], ["PERSON"], ACME)
    assert len(pool.asked) == 1


@pytest.mark.parametrize(
    ("entities", "asker"), [(["PERSON"], ("rival", "k")), (["PERSON", "SECRET"], ACME), (["SECRET"], ACME)]
)
async def test_another_tenant_and_other_types_are_looked_at_anew(entities: list[str], asker: Asker) -> None:
    pool = Pool()
    memo = Memo(pool)
    await memo.run(["x"], ["PERSON"], ACME)

    await memo.run(["x"], entities, asker)

    assert pool.asked == [["x"], ["x"]]


async def test_names_cannot_be_made_to_fit() -> None:
    """What ends the tenant's name and what begins the types are apart."""
    pool = Pool()
    memo = Memo(pool)
    await memo.run(["x"], ["A", "B"], ("t", "k"))
    await memo.run(["Bx"], ["A"], ("t", "k"))
    await memo.run(["x"], ["B"], ("tA", "k"))

    assert len(pool.asked) == 3


async def test_a_text_that_is_no_unicode_is_known_too() -> None:
    pool = Pool()
    memo = Memo(pool)
    for _ in range(2):
        assert starts(await memo.run(["\ud800x"], ["PERSON"], ACME)) == [[1]]

    assert len(pool.asked) == 1


async def test_a_failure_is_not_remembered() -> None:
    class Failing(Pool):
        async def run(
            self, texts: list[str], entities: list[str], asker: Asker, recognizers: bytes = b""
        ) -> list[list[Raw]]:
            found = await super().run(texts, entities, asker)
            if len(self.asked) == 1:
                raise DetectionUnavailable
            return found

    memo = Memo(Failing())
    with pytest.raises(DetectionUnavailable):
        await memo.run(["x"], ["PERSON"], ACME)

    assert starts(await memo.run(["x"], ["PERSON"], ACME)) == [[0]]


async def test_it_holds_a_bounded_number_and_forgets_the_oldest() -> None:
    pool = Pool()
    memo = Memo(pool, most=4)
    await memo.run(["x1"], ["PERSON"], ACME)
    await memo.run(["x2"], ["PERSON"], ACME)
    await memo.run(["x1"], ["PERSON"], ACME)
    await memo.run(["x3"], ["PERSON"], ACME)

    pool.asked.clear()
    await memo.run(["x1", "x3"], ["PERSON"], ACME)
    await memo.run(["x2"], ["PERSON"], ACME)
    assert pool.asked == [["x2"]]


async def test_what_is_larger_than_all_of_it_is_answered_and_forgotten() -> None:
    pool = Pool()
    memo = Memo(pool, most=3)

    assert starts(await memo.run(["xxxxx", "x"], ["PERSON"], ACME)) == [[0, 1, 2, 3, 4], [0]]
    assert starts(await memo.run(["xxxxx"], ["PERSON"], ACME)) == [[0, 1, 2, 3, 4]]
