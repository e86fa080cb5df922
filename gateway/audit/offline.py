"""Verify what was exported of a Cloister audit log. One file: it needs Python 3.11 or newer and ``cryptography``.

    python offline.py FOLDER [--key VKEY] [--pin CHECKPOINT]

Law: nothing is believed that is not computed here. Of the files only the key has to be trusted, so it is better given
by ``--key`` from elsewhere than taken from the folder. The steps are numbered, and the first one that fails is named:

 1. the key is a verifier key of the log that the checkpoint is of;
 2. the checkpoint is signed by it (C2SP signed-note and tlog-checkpoint, Ed25519);
 3. every event's canonical form (RFC 8785) hashes to its leaf (RFC 6962, section 2.1);
 4. the events are of the log's tenant and numbered without a gap (of one that was pruned there is its leaf alone);
 5. their leaves, and the hashes of what stands before and behind, make the root of the checkpoint;
 6. the pinned checkpoint is signed too, and the log grew out of it (RFC 6962, section 2.1.2).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519: Final = 1
_HASH: Final = 32
_SIGNATURE: Final = re.compile(r"— (\S+) ([A-Za-z0-9+/]+=*)\n")
_SIGNATURES: Final = re.compile(f"(?:{_SIGNATURE.pattern})+")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]{0,18}")


class Refused(Exception):
    """Something does not verify. step: which of the file's; what: in words."""

    def __init__(self, step: int, what: str) -> None:
        super().__init__(f"step {step}: {what}")
        self.step = step


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A line ``NAME+HASH+KEY`` (C2SP signed-note). raw: 32 bytes of Ed25519."""

    name: str
    raw: bytes

    @classmethod
    def read(cls, line: str) -> VerifierKey:
        """Read a line. Raise ``Refused``."""
        name, _, rest = line.strip().partition("+")
        digits, _, text = rest.partition("+")
        held = _decoded(text)
        if name and name.isprintable() and " " not in name and held[:1] == bytes([_ED25519]) and len(held) == _HASH + 1:
            key = cls(name, held[1:])
            if key.hash.hex() == digits:
                return key
        raise Refused(1, "this is no verifier key for Ed25519, NAME+HASH+KEY")

    @property
    def hash(self) -> bytes:
        """The four bytes by which a signature names the key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([_ED25519]) + self.raw).digest()[:4]

    def __str__(self) -> str:
        """Write the line."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(bytes([_ED25519]) + self.raw).decode()}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How large a log was, and the root of its tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def opened(note: str, key: VerifierKey, step: int = 2) -> Checkpoint:
    """Return the checkpoint of a signed note. Raise ``Refused`` unless the key signed it, for the log that it names.

    Signatures of other keys are passed over; one of this key that is not right makes the whole note wrong.
    """
    text, gap, under = note.rpartition("\n\n")
    text += "\n"
    decoded = [_decoded(each) for name, each in _SIGNATURE.findall(under) if name == key.name]
    own = [each[4:] for each in decoded if each[:4] == key.hash]
    if not gap or _CONTROL.search(note) or not _SIGNATURES.fullmatch(under):
        raise Refused(step, "the checkpoint is no signed note")
    if not own or not all(_signed(text, each, key) for each in own):
        raise Refused(step, "the checkpoint is not signed by the key")
    lines = text.split("\n")[:-1]  # those behind the third are for others
    if len(lines) < 3 or "" in lines or not _NUMBER.fullmatch(lines[1]) or len(_decoded(lines[2])) != _HASH:
        raise Refused(step, "what is signed is no checkpoint")
    if lines[0] != key.name:
        raise Refused(step, "the checkpoint is of another log than the key")
    return Checkpoint(lines[0], int(lines[1]), _decoded(lines[2]))


def _signed(text: str, signature: bytes, key: VerifierKey) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, text.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def _decoded(text: str) -> bytes:
    """Return the bytes of Base64 (RFC 4648) in its one right spelling, or else none."""
    try:
        held = base64.b64decode(text, validate=True)
    except ValueError:
        return b""
    return held if base64.b64encode(held).decode() == text else b""


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Tell whether a proof shows that a leaf is in the tree of a root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, found = index, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def grown(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that one tree grew into another (RFC 9162, section 2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if not 0 < old < new or not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            first, second = node_hash(each, first), node_hash(each, second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, each)
        at, last = at >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


def range_root(leaves: Sequence[bytes], first: int, size: int, beside: Iterator[bytes]) -> bytes:
    """Return the root of a tree of a size, of which the leaves from an index on are given.

    beside: hashes of the largest subtrees without any of these leaves, from the left. Raise ``StopIteration`` where
    there are too few.
    """

    def over(low: int, high: int) -> bytes:
        if high <= first or low >= first + len(leaves):
            return next(beside)
        if high - low == 1:
            return leaves[low - first]
        middle = low + (1 << ((high - low - 1).bit_length() - 1))
        left = over(low, middle)
        return node_hash(left, over(middle, high))

    return over(0, size) if size else hashlib.sha256(b"").digest()


def canonical(value: object) -> str:
    """Write a JSON value as RFC 8785 does."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) < 2**53:
            return str(value)
        case float() if isfinite(value):
            return _number(value)
        case list():
            return "[" + ",".join(map(canonical, value)) + "]"
        case dict():
            pairs = sorted(value.items(), key=lambda pair: pair[0].encode("utf-16-be"))
            return "{" + ",".join(f"{canonical(name)}:{canonical(inner)}" for name, inner in pairs) + "}"
    raise ValueError


def _number(value: float) -> str:
    """Write a number as ECMAScript does: the fewest digits that tell it from others, an exponent only far out."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)
    if text == "0":
        return "0"
    if len(text) <= point <= 21:
        text = text + "0" * (point - len(text))
    elif 0 < point <= 21:
        text = f"{text[:point]}.{text[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{text}"
    else:
        head = text[0] + ("." + text[1:] if text[1:] else "")
        text = f"{head}e{'+' if point > 0 else ''}{point - 1}"
    return "-" * sign + text


def leaf_of(event: Mapping[str, Any]) -> bytes:
    """Return the leaf hash of an event as it is exported: of all but the leaf itself."""
    return leaf_hash(canonical({name: value for name, value in event.items() if name != "leaf"}).encode())


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to hold. first, last: numbers of the events. pruned: of these, how many are their leaf alone."""

    checkpoint: Checkpoint
    first: int
    last: int
    pruned: int
    pinned: int | None


def verify(folder: Path, key: VerifierKey | None = None, pin: str | None = None) -> Verified:
    """Verify an export. Raise ``Refused``.

    key: the log's, that of the folder where it is None. pin: an earlier checkpoint of the log.
    """
    key = key or VerifierKey.read(_read(folder / "key", 1))
    checkpoint = opened(_read(folder / "checkpoint", 2), key)
    proof = _proof(_read(folder / "proof.json", 5))
    lines = _read(folder / "events.jsonl", 3).split("\n")
    events = [_event(number, line) for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, 1)]
    first, tenant = proof.first, checkpoint.origin.rpartition("/")[2]
    for number, event in enumerate(events):
        if event.get("seq") != first + number or event.get("tenant", tenant) != tenant:
            raise Refused(4, f"event {number + 1} is not number {first + number} of the log")
    _require_root(checkpoint, first, [bytes.fromhex(str(event["leaf"])) for event in events], proof.beside)
    pinned = _require_pin(pin, key, checkpoint, proof.grown) if pin is not None else None
    pruned = sum(event.get("pruned") is True for event in events)
    return Verified(checkpoint, first, first + len(events) - 1, pruned, pinned)


@dataclass(frozen=True, slots=True)
class _Proof:
    first: int
    beside: list[bytes]
    grown: list[bytes]


def _read(file: Path, step: int) -> str:
    try:
        return file.read_bytes().decode()  # line ends as they are: others are no line ends of a note
    except (OSError, ValueError):
        raise Refused(step, f"{file.name} cannot be read") from None


def _proof(text: str) -> _Proof:
    try:
        held = json.loads(text)
        first, beside, grown_ = held["first"], held["beside"], held["grown"]
        hashes = [[_hash(each) for each in listed] for listed in (beside, grown_)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused(5, "proof.json is no proof") from None
    if type(first) is not int or first < 1:
        raise Refused(5, "proof.json is no proof")
    return _Proof(first, *hashes)


def _event(number: int, line: str) -> dict[str, Any]:
    """Take step 3 for one line."""
    try:
        event = json.loads(line, object_pairs_hook=_once)
        gone = event.keys() == {"seq", "leaf", "pruned"} and event["pruned"] is True
        right = _hash(event["leaf"]) == leaf_of(event) or gone
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        right = False
    if not right:
        raise Refused(3, f"event {number} does not hash to its leaf")
    return dict(event)


def _hash(text: str) -> bytes:
    """Return the hash that is written in its one right spelling. Raise ``ValueError``."""
    held = bytes.fromhex(text)
    if len(held) != _HASH or held.hex() != text:
        raise ValueError
    return held


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object, none of whose names stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _require_root(checkpoint: Checkpoint, first: int, leaves: Sequence[bytes], beside: Sequence[bytes]) -> None:
    """Take step 5: what is given besides is used up, so that there is one proof of one thing."""
    left = iter(beside)
    fits = first - 1 + len(leaves) <= checkpoint.size
    try:
        root = range_root(leaves, first - 1, checkpoint.size, left) if fits else b""
    except StopIteration:
        root = b""
    if root != checkpoint.root or next(left, None) is not None:
        raise Refused(5, "the events are not those of the checkpoint's log")


def _require_pin(pin: str, key: VerifierKey, checkpoint: Checkpoint, proof: Sequence[bytes]) -> int:
    """Take step 6."""
    old = opened(pin, key, step=6)
    if not grown(old.size, old.root, checkpoint.size, checkpoint.root, proof):
        raise Refused(6, f"nothing shows that the log grew out of the pinned checkpoint of {old.size} events")
    return old.size


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify and say what came of it. Return 0 where it holds, 1 where not."""
    parser = argparse.ArgumentParser(description="Verify what was exported of a Cloister audit log.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--key", help="the log's verifier key (default: the folder's, which proves less)")
    parser.add_argument("--pin", type=Path, help="an earlier checkpoint, out of which the log must have grown")
    given = parser.parse_args(arguments)
    try:
        key = VerifierKey.read(given.key) if given.key else None
        found = verify(given.folder, key, _read(given.pin, 6) if given.pin else None)
    except Refused as refused:
        sys.stderr.write(f"NOT VERIFIED: {refused}\n")
        return 1
    sys.stdout.write(f"verified: {told(found)}\n")
    return 0


def told(found: Verified) -> str:
    """Say what holds, in a line."""
    what = f"events {found.first} to {found.last}" if found.last >= found.first else "no event"
    what += f" ({found.pruned} pruned)" if found.pruned else ""
    grown_ = f", grown out of the pinned {found.pinned}" if found.pinned is not None else ""
    return f"{what} of {found.checkpoint.size} of {found.checkpoint.origin}{grown_}"


if __name__ == "__main__":
    sys.exit(main())
