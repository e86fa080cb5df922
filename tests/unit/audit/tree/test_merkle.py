"""The tree, its proofs and whoever checks them, against a second reading of the RFC and the vectors of others."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.audit.offline import grown, included, leaf_hash, range_root
from gateway.audit.tree.merkle import Frontier, beside, consistency, inclusion, root_of
from tests.doubles import trees

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/merkle.json").read_bytes())
MOST = 70
ALL = trees.leaves(MOST)
ROOTS = [trees.root(ALL[:size]) for size in range(MOST + 1)]


@pytest.mark.parametrize("size", range(1, len(VECTORS["leaves"]) + 1))
def test_the_roots_of_the_reference_implementation(size: int) -> None:
    leaves = [leaf_hash(bytes.fromhex(each)) for each in VECTORS["leaves"][:size]]
    frontier, _ = Frontier().grown(leaves)

    assert frontier.root.hex() == VECTORS["roots"][size - 1]
    assert root_of(size, trees.nodes(leaves)).hex() == VECTORS["roots"][size - 1]
    assert trees.root(leaves).hex() == VECTORS["roots"][size - 1]


def test_the_empty_tree_is_the_hash_of_nothing() -> None:
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    assert Frontier().root.hex() == root_of(0, trees.nodes([])).hex() == range_root([], 0, 0, iter([])).hex() == nothing


@pytest.mark.parametrize("size", range(1, MOST + 1))
def test_every_proof_of_a_tree_is_the_rfc_s_and_holds(size: int) -> None:
    tree, nodes = ALL[:size], trees.nodes(ALL[:size])
    for index in range(size):
        path = inclusion(index, size, nodes)
        assert path == trees.path(index, tree)
        assert included(tree[index], index, size, path, ROOTS[size])
    for old in range(1, size + 1):
        proof = consistency(old, size, nodes)
        assert proof == trees.growth(old, tree)
        assert grown(old, ROOTS[old], size, ROOTS[size], proof)


@pytest.mark.parametrize("size", [*range(18), 31, 32, 33, 63, 64, 65, MOST])
def test_any_stretch_and_what_stands_beside_it_make_the_root(size: int) -> None:
    for first in range(size + 1):
        for last in range(first, size + 1):
            rest = beside(first, last, size, trees.nodes(ALL[:size]))
            left = iter(rest)

            assert range_root(ALL[first:last], first, size, left) == ROOTS[size]
            assert next(left, None) is None
            if first < last:
                assert rest == list(trees.beside(first, last, ALL[:size]))


@given(st.lists(st.integers(0, MOST), max_size=8))
def test_a_tree_grows_the_same_in_batches_of_any_cut(cuts: list[int]) -> None:
    whole, full = Frontier().grown(ALL)
    parts, completed = Frontier(), []
    for low, high in pairwise([0, *sorted(cuts), MOST]):
        parts, more = Frontier.read(parts.size, parts.write()).grown(ALL[low:high])
        completed += more
        assert parts.root == ROOTS[high]

    assert (parts, completed) == (whole, full)


def test_every_full_subtree_is_named_once_and_right() -> None:
    _, full = Frontier().grown(ALL)

    expected = {(level, number) for level in range(1, 7) for number in range(MOST >> level)}
    assert sorted((level, number) for level, number, _ in full) == sorted(expected)
    assert all(hash_ == trees.nodes(ALL)(level, number) for level, number, hash_ in full)


@pytest.mark.parametrize(("size", "raw"), [(1, b""), (0, bytes(32)), (3, bytes(32)), (1, bytes(33)), (1, bytes(31))])
def test_what_is_no_tree_of_its_size_is_not_read(size: int, raw: bytes) -> None:
    with pytest.raises(ValueError, match="not the hashes"):
        Frontier.read(size, raw)


def test_no_proof_of_what_is_not_there() -> None:
    nodes = trees.nodes(ALL)
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no such leaf"):
            inclusion(index, size, nodes)
    for old, new in ((0, 3), (4, 3), (-1, 3)):
        with pytest.raises(ValueError, match="did not grow"):
            consistency(old, new, nodes)
    for first, last, size in ((2, 1, 3), (-1, 1, 3), (0, 4, 3)):
        with pytest.raises(ValueError, match="no such leaves"):
            beside(first, last, size, nodes)
