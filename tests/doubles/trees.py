"""A second reading of RFC 6962, section 2.1, as slow and as plain as its text; and logs to export that are made up."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import rfc8785

from tests.doubles.signers import SIGNERS

Leaves = Sequence[bytes]
"""Hashes of leaves."""


def leaves(count: int) -> list[bytes]:
    """Hashes of as many leaves, each its own number."""
    return [hashed(b"%d" % number) for number in range(count)]


def hashed(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def root(tree: Leaves) -> bytes:
    """MTH(D[n])."""
    if len(tree) <= 1:
        return tree[0] if tree else sha256(b"").digest()
    half = split(len(tree))
    return sha256(b"\x01" + root(tree[:half]) + root(tree[half:])).digest()


def split(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def path(index: int, tree: Leaves) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(tree) == 1:
        return []
    half = split(len(tree))
    if index < half:
        return [*path(index, tree[:half]), root(tree[half:])]
    return [*path(index - half, tree[half:]), root(tree[:half])]


def growth(old: int, tree: Leaves) -> list[bytes]:
    """PROOF(m, D[n])."""
    return subproof(old, tree, known=True)


def subproof(old: int, tree: Leaves, *, known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    if old == len(tree):
        return [] if known else [root(tree)]
    half = split(len(tree))
    if old <= half:
        return [*subproof(old, tree[:half], known=known), root(tree[half:])]
    return [*subproof(old - half, tree[half:], known=False), root(tree[:half])]


def beside(first: int, last: int, tree: Leaves, low: int = 0) -> Iterator[bytes]:
    """The largest subtrees that hold none of the leaves from one index to before another."""
    high = low + len(tree)
    if not tree or (first <= low and high <= last and first < last):
        return
    if high <= first or last <= low:
        yield root(tree)
        return
    if len(tree) == 1:
        return
    half = split(len(tree))
    yield from beside(first, last, tree[:half], low)
    yield from beside(first, last, tree[half:], low + half)


def nodes(tree: Leaves) -> Any:
    """The perfect subtrees of a tree, as proofs ask for them."""
    return lambda level, number: root(tree[number << level : (number + 1) << level])


def event(seq: int, **more: Any) -> dict[str, Any]:
    """An event as it is exported."""
    made = {"seq": seq, "tenant": "acme", "action": "key.create", "details": {"share": 0.25, "of": [None, True]}}
    made |= more
    return {**made, "leaf": hashed(rfc8785.dumps(made)).hex()}


def exported(
    folder: Path, events: Sequence[dict[str, Any]], first: int = 1, last: int | None = None, old: int | None = None
) -> Path:
    """Write the events of a whole log from one number to another into a folder, as an export of it."""
    folder.mkdir()
    last = len(events) if last is None else last
    tree = [bytes.fromhex(each["leaf"]) for each in events]
    proof = {
        "first": first,
        "beside": [each.hex() for each in beside(first - 1, last, tree)],
        "grown": [each.hex() for each in growth(old, tree)] if old else [],
    }
    lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in events[first - 1 : last]]
    (folder / "events.jsonl").write_bytes("".join(lines).encode())
    (folder / "proof.json").write_text(json.dumps(proof))
    (folder / "checkpoint").write_bytes(checkpoint(tree).encode())
    (folder / "key").write_text(SIGNERS.of("acme").verifier + "\n")
    return folder


def checkpoint(tree: Leaves, tenant: str = "acme") -> str:
    """The signed checkpoint of a tree."""
    from gateway.audit.offline import Checkpoint

    signer = SIGNERS.of(tenant)
    return signer.signed(Checkpoint(signer.name, len(tree), root(tree)).text)
