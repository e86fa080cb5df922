"""Proofs about a stored log, of every kind, at the sizes where stored subtrees begin and end."""

from itertools import product

import pytest

from gateway.audit import Prover
from gateway.audit.offline import grown, included, range_root
from gateway.audit.tree.seal import TILE
from gateway.core.errors import NotFound
from gateway.db import Database
from tests.doubles import trees
from tests.integration.audit.tree.grove import nodes, plant, planted, sealed, sealer, tamper

pytestmark = pytest.mark.integration

TILES = 1 << TILE
BORDERS = (1, 2, 255, 256, 257, 511, 512, 513)


async def grown_to(database: Database, sizes: tuple[int, ...]) -> dict[int, bytes]:
    """Let a log grow, with a checkpoint of each size, and return the roots."""
    before, mine = 0, sealer(database)
    for size in sizes:
        await plant(database, before + 1, size)
        await mine.run_once()
        before = size
    return {each.size: each.root for each in await sealed(database)}


async def test_proofs_hold_wherever_subtrees_begin_and_end(database: Database) -> None:
    roots, leaves, prover = await grown_to(database, BORDERS), planted(BORDERS[-1]), Prover(database)

    for size in BORDERS:
        for seq in [seq for seq in BORDERS if seq <= size]:
            proof = await prover.inclusion("acme", seq, size)
            assert proof == trees.path(seq - 1, leaves[:size])
            assert included(leaves[seq - 1], seq - 1, size, proof, roots[size])
            growth = await prover.growth("acme", seq, size)
            assert growth == trees.growth(seq, leaves[:size])
            assert grown(seq, roots[seq], size, roots[size], growth)
    for first, last in product(BORDERS, BORDERS):
        if first <= last:
            left = iter(await prover.beside("acme", first, last, BORDERS[-1]))
            assert range_root(leaves[first - 1 : last], first - 1, BORDERS[-1], left) == roots[BORDERS[-1]]
            assert next(left, None) is None


async def test_a_log_of_more_than_two_levels_of_stored_subtrees(database: Database) -> None:
    size = TILES * TILES + 1000
    old = TILES * TILES - 1
    await plant(database, 1, old)
    await sealer(database).run_once()
    await plant(database, old + 1, size)
    await sealer(database).run_once()
    roots, leaves, prover = {each.size: each.root for each in await sealed(database)}, planted(size), Prover(database)

    assert roots[size] == trees.root(leaves)
    assert roots[old] == trees.root(leaves[:old])
    assert await nodes(database, 2 * TILE) == [trees.root(leaves[: TILES * TILES])]
    for seq in (1, TILES, old, TILES * TILES, TILES * TILES + 1, size):
        assert included(leaves[seq - 1], seq - 1, size, await prover.inclusion("acme", seq, size), roots[size])
    assert grown(old, roots[old], size, roots[size], await prover.growth("acme", old, size))
    left = iter(await prover.beside("acme", 300, 65_000, size))
    assert range_root(leaves[299:65_000], 299, size, left) == roots[size]


async def test_the_newest_checkpoint_is_one_s_own(database: Database) -> None:
    await plant(database, 1, 3, "other")
    await sealer(database).run_once()

    assert (await Prover(database).newest("other")).size == 3
    with pytest.raises(NotFound, match="no checkpoint yet"):
        await Prover(database).newest("acme")


@pytest.mark.parametrize(("seq", "size"), [(0, 3), (-1, 3), (4, 3), (1, 0), (2**62, 3)])
async def test_nothing_is_proved_of_what_is_not_there(database: Database, seq: int, size: int) -> None:
    await plant(database, 1, 3)
    prover = Prover(database)

    for proof in (prover.inclusion("acme", seq, size), prover.growth("acme", seq, size)):
        with pytest.raises(NotFound, match=f"The checkpoint is of {size} events"):
            await proof


async def test_nothing_is_proved_of_another_s_log(database: Database) -> None:
    await grown_to(database, (300,))

    with pytest.raises(NotFound, match="tree is missing"):
        await Prover(database).inclusion("other", 5, 300)


@pytest.mark.parametrize("statement", ["DELETE FROM audit_leaves WHERE seq = 2", "DELETE FROM audit_nodes"])
async def test_a_part_that_is_missing_is_said_to_be(database: Database, owner: Database, statement: str) -> None:
    await grown_to(database, (300,))
    await tamper(owner, statement)

    with pytest.raises(NotFound, match="cloister audit verify"):
        await Prover(database).inclusion("acme", 1 if "leaves" in statement else 299, 300)
