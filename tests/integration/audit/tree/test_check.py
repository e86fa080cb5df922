"""A stored tree held against what was signed, leaf by leaf."""

import pytest

from gateway.audit.offline import Checkpoint
from gateway.audit.tree import check
from gateway.audit.tree.check import Tree
from gateway.core.errors import VerificationError
from gateway.db import Database
from tests.doubles import trees
from tests.doubles.signers import SIGNERS, signers
from tests.integration.audit.tree.grove import plant, planted, sealed, sealer, tamper

pytestmark = pytest.mark.integration

SIGNER = SIGNERS.of("acme")
SIZE = 520
LEAVES = planted(SIZE)


@pytest.fixture
async def log(database: Database) -> Database:
    """A log of two stored subtrees and three checkpoints."""
    mine = sealer(database)
    for first, last in ((1, 5), (6, 300), (301, SIZE)):
        await plant(database, first, last)
        await mine.run_once()
    return database


async def held(database: Database, leaves: list[bytes], pin: str | None = None) -> tuple[list[str], int, int]:
    """Let a tree take leaves, and return the evidence, the size of the largest checkpoint and how many were met."""
    tree = await Tree.begun(database, "acme", SIGNER, pin)
    for each in leaves:
        await tree.step(each)
    return await tree.ended(), tree.sealed, tree.checkpoints


def pinned(size: int) -> str:
    return SIGNER.signed(Checkpoint(SIGNER.name, size, trees.root(LEAVES[:size])).text)


async def test_a_tree_that_is_as_it_was_signed_gives_no_evidence(log: Database) -> None:
    assert await held(log, LEAVES) == ([], SIZE, 3)
    for size in (1, 5, 6, 299, SIZE):
        assert await held(log, LEAVES, pinned(size)) == ([], SIZE, 3)


@pytest.mark.parametrize("batch", [1, 2, 3])
async def test_checkpoints_are_read_by_pages(log: Database, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    monkeypatch.setattr(check, "_BATCH", batch)

    assert await held(log, LEAVES) == ([], SIZE, 3)


async def test_a_log_without_a_checkpoint_has_nothing_to_be_held_against(database: Database) -> None:
    assert await held(database, LEAVES[:3]) == ([], 0, 0)
    assert await held(database, []) == ([], 0, 0)


async def test_what_was_sealed_since_is_not_missed(log: Database) -> None:
    """Whoever verifies reads on while others number and seal."""
    tree = await Tree.begun(log, "acme", SIGNER, None)
    await plant(log, SIZE + 1, 800)
    await sealer(log).run_once()
    for each in planted(800):
        await tree.step(each)

    assert (await tree.ended(), tree.sealed) == ([], SIZE)


async def test_leaves_that_are_missing_are(log: Database) -> None:
    assert (await held(log, LEAVES[:-1]))[0] == [f"step 6: a checkpoint is of {SIZE} leaves, and there are {SIZE - 1}"]
    assert (await held(log, []))[0] == ["step 6: a checkpoint is of 5 leaves, and there are 0"]


@pytest.mark.parametrize("seq", [1, 5, 6, 256, 300, 301, SIZE])
async def test_another_leaf_is_found_by_every_checkpoint_behind_it(log: Database, seq: int) -> None:
    found, _, _ = await held(log, [*LEAVES[: seq - 1], bytes(32), *LEAVES[seq:]])

    sizes = [size for size in (5, 300, SIZE) if size >= seq]
    subtrees = [number for number in (0, 1) if number * 256 < seq <= (number + 1) * 256]
    assert sorted(found) == sorted(
        [f"step 6: the first {size} leaves do not make the root of their checkpoint" for size in sizes]
        + [f"step 6: subtree {number} of level 8 is stored as another" for number in subtrees]
    )


STORED = {
    "UPDATE audit_nodes SET hash = sha256('') WHERE number = 1": "step 6: subtree 1 of level 8 is stored as another",
    "DELETE FROM audit_nodes WHERE number = 0": "step 6: subtree 0 of level 8 is stored as another",
    "UPDATE audit_checkpoints SET root = sha256('') WHERE size = 300": "step 6: The checkpoint of size 300 says 300",
    "UPDATE audit_checkpoints SET frontier = '' WHERE size = 300": "step 6: the first 300 leaves do not make the root",
    "UPDATE audit_checkpoints SET note = '' WHERE size = 5": "step 6: The checkpoint of size 5 is not signed by test/acme.",
    "UPDATE audit_checkpoints SET size = 301 WHERE size = 300": "step 6: The checkpoint of size 301 says 300",
    "UPDATE audit_checkpoints SET size = 10^15 WHERE size = 520": "step 6: a checkpoint is of 1000000000000000 leaves",
    "INSERT INTO audit_checkpoints SELECT tenant, 7, root, frontier, note, time FROM audit_checkpoints WHERE size = 5": (
        "step 6: The checkpoint of size 7 says 5"
    ),
}


@pytest.mark.parametrize("statement", STORED)
async def test_what_is_stored_as_another_is_found(log: Database, owner: Database, statement: str) -> None:
    await tamper(owner, statement)

    found, _, _ = await held(log, LEAVES)

    assert found
    assert found[0].startswith(STORED[statement])


async def test_a_checkpoint_by_another_key_is_found(log: Database, owner: Database) -> None:
    text = (await sealed(log))[1].note.partition("\n\n")[0] + "\n"
    for signer in (signers("stranger").of("acme"), SIGNERS.of("other")):
        await tamper(owner, "UPDATE audit_checkpoints SET note = :note WHERE size = 300", note=signer.signed(text))

        assert (await held(log, LEAVES))[0] == ["step 6: The checkpoint of size 300 is not signed by test/acme."]


async def test_only_a_pin_tells_that_the_end_is_away_or_another(log: Database, owner: Database) -> None:
    pin = pinned(SIZE)
    await tamper(owner, "DELETE FROM audit_checkpoints WHERE size > 300", "DELETE FROM audit_nodes WHERE number = 1")

    assert await held(log, LEAVES[:300]) == ([], 300, 2)
    assert (await held(log, LEAVES[:300], pin))[0] == [
        f"step 7: the pinned checkpoint is of {SIZE} leaves, and there are 300"
    ]
    forked = [*LEAVES[:400], bytes(32), *LEAVES[401:]]
    assert await held(log, forked) == ([], 300, 2)
    assert (await held(log, forked, pin))[0] == [
        f"step 7: the first {SIZE} leaves are not those of the pinned checkpoint"
    ]


@pytest.mark.parametrize("pin", ["", "x", pinned(5)[:-1], trees.checkpoint(LEAVES[:5], "other"), pinned(5) + "\n"])
async def test_a_pin_that_is_none_of_this_log_is_refused(database: Database, pin: str) -> None:
    with pytest.raises(VerificationError) as raised:
        await Tree.begun(database, "acme", SIGNER, pin)

    assert raised.value.evidence
    assert raised.value.evidence[0].startswith("step 7: ")


async def test_evidence_is_as_long_as_can_be_read(log: Database, owner: Database) -> None:
    await tamper(
        owner,
        "INSERT INTO audit_checkpoints SELECT tenant, n, root, frontier, note, time"
        " FROM audit_checkpoints, generate_series(6, 200) AS n WHERE size = 5",
    )

    assert len((await held(log, LEAVES))[0]) == 20
