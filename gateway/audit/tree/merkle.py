"""The Merkle tree of a log (RFC 6962, section 2): its root as it grows, and what proves things about it.

Law: a leaf is hashed with the prefix 0x00 and an inner node with 0x01, so that none can pass for the other. A subtree
is perfect when it is full; a perfect subtree never changes again, which is why it is named by its level and its number
from the left, and why a tree is known by the perfect subtrees that it is made of, the largest first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from gateway.audit.offline import node_hash

Nodes = Callable[[int, int], bytes]
"""Returns the hash of a perfect subtree: its level (0 for leaves), and its number from the left, from 0."""

_SIZE: Final = 32


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that is needed of a tree so that it can grow. hashes: of its perfect subtrees, the largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    @classmethod
    def read(cls, size: int, raw: bytes) -> Frontier:
        """Return what ``write`` wrote. Raise ``ValueError`` where it is of no tree of that size."""
        hashes = tuple(raw[at : at + _SIZE] for at in range(0, len(raw), _SIZE))
        if len(hashes) != size.bit_count() or len(raw) % _SIZE:
            message = "these are not the hashes of a tree of that size"
            raise ValueError(message)
        return cls(size, hashes)

    def write(self) -> bytes:
        """Return the hashes as bytes."""
        return b"".join(self.hashes)

    @property
    def root(self) -> bytes:
        """The root: of an empty tree, the hash of nothing."""
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        *left, root = self.hashes
        for each in reversed(left):
            root = node_hash(each, root)
        return root

    def grown(self, leaves: Iterable[bytes]) -> tuple[Frontier, list[tuple[int, int, bytes]]]:
        """Return the tree with further leaf hashes, and every perfect subtree that they complete, leaves left out.

        A subtree is its level, its number and its hash.
        """
        size, hashes, full = self.size, list(self.hashes), list[tuple[int, int, bytes]]()
        for leaf in leaves:
            found, level = leaf, 0
            while size >> level & 1:
                found, level = node_hash(hashes.pop(), found), level + 1
                full.append((level, size >> level, found))
            hashes.append(found)
            size += 1
        return Frontier(size, tuple(hashes)), full


def inclusion(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return what proves that the leaf of an index, from 0, is in the tree of a size (section 2.1.1)."""
    if not 0 <= index < size:
        message = "no such leaf in a tree of that size"
        raise ValueError(message)
    return list(_path(index, 0, size, nodes))


def consistency(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """Return what proves that the tree of one size grew into that of another (section 2.1.2)."""
    if not 0 < old <= new:
        message = "a tree of that size did not grow into the other"
        raise ValueError(message)
    return list(_subproof(old, 0, new, nodes, whole=True)) if old < new else []


def root_of(size: int, nodes: Nodes) -> bytes:
    """Return the root of the tree of a size."""
    return _subtree(0, size, nodes) if size else Frontier().root


def beside(first: int, last: int, size: int, nodes: Nodes) -> list[bytes]:
    """Return the largest subtrees without any leaf from one index to before another, from the left."""
    if not 0 <= first <= last <= size:
        message = "no such leaves in a tree of that size"
        raise ValueError(message)
    return list(_beside(first, last, 0, size, nodes)) if size else []


def _beside(first: int, last: int, low: int, high: int, nodes: Nodes) -> Iterator[bytes]:
    if high <= first or low >= last:
        yield _subtree(low, high, nodes)
    elif high - low > 1 and not first <= low <= high <= last:
        middle = low + _left(high - low)
        yield from _beside(first, last, low, middle, nodes)
        yield from _beside(first, last, middle, high, nodes)


def _subtree(low: int, high: int, nodes: Nodes) -> bytes:
    """Return the hash over leaves from one index to before another, which begin where a subtree of their size may."""
    width = high - low
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _left(width)
    return node_hash(_subtree(low, middle, nodes), _subtree(middle, high, nodes))


def _left(width: int) -> int:
    """Return the leaves of the left half: the largest power of two below a width."""
    return 1 << ((width - 1).bit_length() - 1)


def _path(index: int, low: int, high: int, nodes: Nodes) -> Iterator[bytes]:
    if high - low == 1:
        return
    middle = low + _left(high - low)
    if index < middle:
        yield from _path(index, low, middle, nodes)
        yield _subtree(middle, high, nodes)
    else:
        yield from _path(index, middle, high, nodes)
        yield _subtree(low, middle, nodes)


def _subproof(old: int, low: int, high: int, nodes: Nodes, *, whole: bool) -> Iterator[bytes]:
    """Yield the proof for the first leaves of a subtree. whole: whether the old root is known to whoever verifies."""
    if old == high - low:
        if not whole:
            yield _subtree(low, high, nodes)
        return
    left = _left(high - low)
    if old <= left:
        yield from _subproof(old, low, low + left, nodes, whole=whole)
        yield _subtree(low + left, high, nodes)
    else:
        yield from _subproof(old - left, low + left, high, nodes, whole=False)
        yield _subtree(low, low + left, nodes)
