"""What verifies an export, as whoever made one that is false would use it."""

from __future__ import annotations

import base64
import json
import math
import random
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.audit.offline import (
    Checkpoint,
    Refused,
    VerifierKey,
    canonical,
    grown,
    included,
    leaf_hash,
    leaf_of,
    main,
    opened,
    range_root,
    verify,
)
from gateway.core.sensitive import Sensitive
from gateway.keys import NoteSigner
from tests.doubles import trees
from tests.doubles.signers import SIGNERS, signers

NOTE = json.loads((Path(__file__).parents[2] / "vectors/note.json").read_bytes())
SIGNER, STRANGER = SIGNERS.of("acme"), signers("stranger").of("acme")
KEY = VerifierKey.read(SIGNER.verifier)
TREE = trees.leaves(5)
GOOD = trees.checkpoint(TREE)
EVENTS = [trees.event(seq, actor=f"person {seq}") for seq in range(1, 12)]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(1 - 2**53, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def refused(step: int, act: Callable[[], object]) -> str:
    """Expect a refusal at a step, and return it in words."""
    with pytest.raises(Refused) as raised:
        act()
    assert raised.value.step == step, str(raised.value)
    return str(raised.value)


# Keys


def test_go_s_key_is_read_and_written() -> None:
    key = VerifierKey.read(NOTE["key"])

    assert (key.name, key.hash.hex(), str(key)) == ("PeterNeumann", "c74f20a3", NOTE["key"])


def test_go_s_note_is_signed_by_go_s_key_and_is_no_checkpoint() -> None:
    key = VerifierKey.read(NOTE["key"])

    assert "no checkpoint" in refused(2, lambda: opened(NOTE["note"], key))
    for changed in (NOTE["note"].replace("answer", "answers"), NOTE["note"].replace("/ZJ", "/ZK")):
        assert "not signed" in refused(2, lambda note=changed: opened(note, key))


NAME, HASH, RAW = SIGNER.verifier.split("+", 2)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "x",
        "++",
        f"{NAME}+{HASH}",
        f"+{HASH}+{RAW}",
        f"other+{HASH}+{RAW}",
        f"{NAME}+{HASH.upper()}+{RAW}" if HASH.upper() != HASH else f"{NAME}+{HASH}0+{RAW}",
        f"{NAME}+00000000+{RAW}",
        f"{NAME}+{HASH}+{RAW[:-4]}",
        f"{NAME}+{HASH}+{RAW}=",
        f"{NAME}+{HASH}+{RAW}é",
        f"{NAME}+{HASH}+é",
        f"{NAME}+{HASH}+{base64.b64encode(b'{}' + base64.b64decode(RAW)[1:]).decode()}",
        f"{NAME}+{HASH}+{RAW}\n{NAME}+{HASH}+{RAW}",
        "\udcff+00000000+AAAA",
        f"\udcff+{HASH}+{RAW}",
    ],
)
def test_what_is_no_key_is_refused(line: str) -> None:
    refused(1, lambda: VerifierKey.read(line))


@pytest.mark.parametrize("name", ["a b", "a\x1b[2Jb", "a\nb", "a\tb", "a\u00a0b", "a\u2028b", "a\u202eb", "", " "])
def test_a_name_that_a_terminal_would_obey_is_of_no_key(name: str) -> None:
    refused(1, lambda: VerifierKey.read(str(VerifierKey(name, KEY.raw))))


@given(st.text() | st.text(st.characters(codec=None)))
def test_whatever_text_is_a_key_or_refused(line: str) -> None:
    for tried in (line, f"{NAME}+{HASH}+{line}", f"{line}+{HASH}+{RAW}"):
        try:
            assert str(VerifierKey.read(tried)) == tried.strip()
        except Refused as error:
            assert error.step == 1  # noqa: PT017 - either is right


# Checkpoints


def test_a_checkpoint_is_opened() -> None:
    assert opened(GOOD, KEY) == Checkpoint("test/acme", 5, trees.root(TREE))


def line_by(signer: NoteSigner, text: str) -> str:
    """The line of a signature."""
    return signer.signed(text).rpartition("\n\n")[2]


TEXT = GOOD.partition("\n\n")[0] + "\n"
OWN = line_by(SIGNER, TEXT)
NAMESAKE = NoteSigner(name=SIGNER.name, seed=Sensitive(bytes(32)))
"""A key of the log's own name, and of nobody's."""


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(
    "other", [line_by(STRANGER, TEXT), line_by(NAMESAKE, TEXT), line_by(STRANGER, "x\n"), "— w AAAA\n"]
)
def test_signatures_of_others_are_passed_over(other: str, order: tuple[int, int]) -> None:
    lines = [OWN, other]

    assert opened(f"{TEXT}\n{lines[order[0]]}{lines[order[1]]}", KEY).size == 5
    assert opened(f"{TEXT}\n{other * 15}{OWN}", KEY).size == 5


def signed(text: str) -> str:
    """Whatever text, signed by the log's own key."""
    key = Ed25519PrivateKey.from_private_bytes(SIGNER.seed.reveal())
    held = KEY.hash + key.sign(text.encode())
    return f"{text}\n— {SIGNER.name} {base64.b64encode(held).decode()}\n"


ROOT = base64.b64encode(trees.root(TREE)).decode()


def test_lines_for_others_may_stand_behind_the_root() -> None:
    assert opened(signed(f"test/acme\n5\n{ROOT}\nfor others\nmore\n"), KEY).size == 5


UNSIGNED = {
    "nothing": "",
    "no signature": TEXT + "\n",
    "no empty line": TEXT + OWN,
    "no final newline": GOOD[:-1],
    "a line behind": GOOD + "x\n",
    "an empty line behind": GOOD + "\n",
    "CRLF": GOOD.replace("\n", "\r\n"),
    "a carriage return": GOOD.replace(OWN, OWN[:-1] + "\r\n"),
    "a control character": GOOD.replace(OWN, "— w\x0b AAAA\n" + OWN),
    "a byte order mark": "\ufeff" + GOOD,
    "a hyphen for the dash": GOOD.replace("— ", "- "),
    "two spaces": GOOD.replace("— ", "—  "),
    "a signature of another's name": GOOD.replace("— test/acme", "— test/other"),
    "another key": TEXT + "\n" + line_by(STRANGER, TEXT),
    "another key of that name": TEXT + "\n" + line_by(NAMESAKE, TEXT),
    "another size": GOOD.replace("\n5\n", "\n6\n"),
    "another root": GOOD.replace(ROOT, base64.b64encode(bytes(32)).decode()),
    "another origin": GOOD.replace("test/acme\n", "test/other\n", 1),
    "a line more in the text": GOOD.replace(ROOT, ROOT + "\nmore"),
    "one of ours that is wrong beside": f"{TEXT}\n{OWN}" + line_by(SIGNER, f"{TEXT}x\n"),
    "a key's hash alone": f"{TEXT}\n— {NAME} {base64.b64encode(KEY.hash).decode()}\n",
    "a signature that is too long": f"{TEXT}\n— {NAME} {base64.b64encode(base64.b64decode(OWN.split()[2]) + b'x').decode()}\n",
    "the same bytes, spelled otherwise": GOOD.replace("=\n", "\n"),
}


@pytest.mark.parametrize("how", UNSIGNED)
def test_what_the_key_did_not_sign_is_refused(how: str) -> None:
    refused(2, lambda: opened(UNSIGNED[how], KEY))
    refused(6, lambda: opened(UNSIGNED[how], KEY, step=6))


SHAPELESS = {
    "two lines": "test/acme\n5\n",
    "no line": "x\n",
    "an empty line first": f"\n5\n{ROOT}\n",
    "a paragraph more": f"test/acme\n5\n{ROOT}\n\nmore\n",
    "a root of 31 bytes": f"test/acme\n5\n{base64.b64encode(bytes(31)).decode()}\n",
    "a root in hexadecimal": f"test/acme\n5\n{trees.root(TREE).hex()}\n",
    "a root that is no ASCII": "test/acme\n5\né\n",
    "a root by other spare bits": f"test/acme\n5\n{ROOT[:-2]}{chr(ord(ROOT[-2]) + 1)}=\n",
    **{
        f"of size {size}": f"test/acme\n{size}\n{ROOT}\n"
        for size in ("05", "00", "-1", "+5", "5.0", "5 ", " 5", "", "5e1", "0x5", "٥", "1" * 20, "9" * 5000)
    },
}


@pytest.mark.parametrize("how", SHAPELESS)
def test_what_is_signed_must_be_a_checkpoint(how: str) -> None:
    assert "no checkpoint" in refused(2, lambda: opened(signed(SHAPELESS[how]), KEY))


def test_a_checkpoint_is_of_the_key_s_own_log() -> None:
    assert "another log" in refused(2, lambda: opened(signed(TEXT.replace("acme", "other")), KEY))


def test_no_bit_of_a_note_may_be_another() -> None:
    raw = GOOD.encode()
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        for text in (changed.decode("latin-1"), changed.decode(errors="replace")):
            refused(2, lambda text=text: opened(text, KEY))


@given(st.text() | st.text("— \ntest/acm0123456789+=AB", max_size=200), st.text())
def test_whatever_text_is_no_checkpoint(note: str, more: str) -> None:
    refused(2, lambda: opened(note, KEY))
    refused(2, lambda: opened(note + more + "\n\n" + OWN, KEY))


# Canonical JSON


@given(JSON)
def test_canonical_json_is_that_of_the_library(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert canonical(json.loads(json.dumps(value, ensure_ascii=False))) == canonical(value)


@given(st.binary(min_size=8, max_size=8))
def test_any_number_is_written_as_the_library_does(raw: bytes) -> None:
    (value,) = struct.unpack(">d", raw)
    if math.isfinite(value):
        assert canonical(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1e21, "1e+21"),
        (1e20, "100000000000000000000"),
        (1e-6, "0.000001"),
        (1e-7, "1e-7"),
        (5e-324, "5e-324"),
        (-1.7976931348623157e308, "-1.7976931348623157e+308"),
        (333333333.33333329, "333333333.3333333"),
        ({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\xf6": 7}, None),
        ('\u2028\x7f\x1f\u20ac$"\\\n', '"\u2028\x7f\\u001f\u20ac$\\"\\\\\\n"'),
    ],
)
def test_the_examples_of_rfc_8785(value: Any, written: str | None) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert written is None or canonical(value) == written


@pytest.mark.parametrize("value", [2**53, -(2**53), math.nan, math.inf, -math.inf, b"x", {"a": {1, 2}}])
def test_what_rfc_8785_has_no_form_for_has_none(value: Any) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        canonical(value)


# Proofs that were changed


def changed_hashes(proof: list[bytes], chance: random.Random) -> Iterator[list[bytes]]:
    """A proof with one of its hashes another, away, once more, elsewhere."""
    for at, each in enumerate(proof):
        bit = chance.randrange(256)
        flipped = bytes(byte ^ (1 << bit % 8 if place == bit // 8 else 0) for place, byte in enumerate(each))
        yield [*proof[:at], flipped, *proof[at + 1 :]]
        yield [*proof[:at], *proof[at + 1 :]]
        yield [*proof[:at], each, *proof[at:]]
        yield [*proof[:at], chance.randbytes(32), *proof[at:]]
        other = chance.randrange(len(proof))
        if proof[other] != each:
            swapped = list(proof)
            swapped[at], swapped[other] = proof[other], each
            yield swapped
    yield [*proof, chance.randbytes(32)]
    if proof:
        yield proof[::-1] if len(proof) > 1 else []
        yield []


def mutated(size: int, chance: random.Random) -> Iterator[bool]:
    """Whether each of many false proofs about a tree is accepted."""
    tree, nodes = trees.leaves(size), trees.nodes(trees.leaves(size))
    root, index, old = trees.root(tree), chance.randrange(size), chance.randrange(1, size)
    path, growth = trees.path(index, tree), trees.growth(old, tree)
    old_root, other = trees.root(tree[:old]), chance.randbytes(32)
    assert included(tree[index], index, size, path, root)
    assert grown(old, old_root, size, root, growth)
    for each in changed_hashes(path, chance):
        yield included(tree[index], index, size, each, root)
    for false in {*range(-1, size + 2), chance.randrange(2**62)} - {index}:
        yield included(tree[index], false, size, path, root)
    for each in (other, trees.root(tree[:-1]), tree[index - 1], leaf_hash(tree[index]), *path):
        yield included(each, index, size, path, root) if each != tree[index] else False
        yield included(tree[index], index, size, path, each) if each != root else False
    for each in changed_hashes(growth, chance):
        yield grown(old, old_root, size, root, each)
    for false in set(range(-1, size + 2)) - {old}:
        yield grown(false, old_root, size, root, growth)
    for each in (other, tree[0] if old > 1 else other, root):
        yield grown(old, each, size, root, growth)
        yield grown(old, old_root, size, each, growth) if each != root else False
    yield from stretches(tree, nodes, root, chance)


def stretches(tree: list[bytes], nodes: Any, root: bytes, chance: random.Random) -> Iterator[bool]:
    """Whether each of many false stretches of a tree makes its root."""
    size = len(tree)
    first = chance.randrange(size)
    last = chance.randrange(first + 1, size + 1)
    rest = list(trees.beside(first, last, tree))

    def makes(leaves: list[bytes], at: int, beside: list[bytes]) -> bool:
        left = iter(beside)
        try:
            return range_root(leaves, at, size, left) == root and next(left, None) is None
        except StopIteration:
            return False

    assert makes(tree[first:last], first, rest)
    for each in changed_hashes(rest, chance):
        yield makes(tree[first:last], first, each)
    for each in changed_hashes(tree[first:last], chance):
        if first + len(each) <= size:
            yield makes(each, first, rest)
    for false in range(size - (last - first) + 1):
        if false != first:
            yield makes(tree[first:last], false, rest)


def accepted(count: int) -> tuple[int, int]:
    """Try false proofs about trees of every size, and return how many were tried, and how many accepted."""
    chance, tried, wrong = random.Random(6962), 0, 0
    while tried < count:
        for outcome in mutated(chance.randrange(2, 71), chance):
            tried, wrong = tried + 1, wrong + outcome
    return tried, wrong


def test_no_changed_proof_is_accepted() -> None:
    assert accepted(5_000)[1] == 0


@pytest.mark.slow
def test_none_of_200_000_changed_proofs_is_accepted() -> None:
    tried, wrong = accepted(200_000)

    print(f"{tried:,} changed proofs, {wrong} accepted")
    assert wrong == 0


def test_a_tree_may_have_the_size_that_it_says_and_no_other() -> None:
    """Of one leaf every size is said to be: only a tree of one leaf has its hash for a root."""
    leaf = TREE[0]

    assert [size for size in range(-1, 70) if included(leaf, 0, size, [], leaf)] == [1]
    assert not grown(0, trees.root([]), 5, trees.root(TREE), [])
    assert not grown(5, trees.root(TREE), 5, trees.root(TREE), [bytes(32)])
    assert not grown(6, trees.root(TREE), 5, trees.root(TREE), [])


# Exports


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return trees.exported(tmp_path / "export", EVENTS, 3, 8, old=2)


@pytest.mark.parametrize(("first", "last"), [(1, 11), (1, 1), (11, 11), (4, 9), (3, 2), (1, 0), (12, 11)])
def test_a_stretch_of_a_log_is_verified(tmp_path: Path, first: int, last: int) -> None:
    found = verify(trees.exported(tmp_path / "export", EVENTS, first, last), KEY)

    assert (found.first, found.last, found.pruned, found.pinned) == (first, last, 0, None)
    assert (found.checkpoint.size, found.checkpoint.origin) == (11, "test/acme")


def test_a_log_that_grew_out_of_the_pin_is_verified(folder: Path) -> None:
    pin = trees.checkpoint([bytes.fromhex(each["leaf"]) for each in EVENTS[:2]])

    assert verify(folder, KEY, pin).pinned == 2


def test_an_event_that_was_pruned_is_its_leaf(tmp_path: Path) -> None:
    events = [{"seq": seq, "leaf": EVENTS[seq - 1]["leaf"], "pruned": True} for seq in (1, 2)]

    assert verify(trees.exported(tmp_path / "export", events + EVENTS[2:]), KEY).pruned == 2


@pytest.mark.parametrize("mark", [False, 1, None, "true"])
def test_no_event_is_away_without_being_counted(tmp_path: Path, mark: object) -> None:
    events = [{"seq": 1, "leaf": EVENTS[0]["leaf"], "pruned": mark}, *EVENTS[1:]]

    refused(3, lambda: verify(trees.exported(tmp_path / "export", events), KEY))


def test_a_line_ends_with_a_line_feed_alone(tmp_path: Path) -> None:
    """Every other character that ends a line somewhere stands in the middle of one."""
    events = [trees.event(1, resource="a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\x1dh\x1ei\rj"), trees.event(2)]

    assert verify(trees.exported(tmp_path / "export", events), KEY).last == 2


def lines(folder: Path) -> list[str]:
    return (folder / "events.jsonl").read_text().splitlines()


def write(folder: Path, written: list[str]) -> None:
    (folder / "events.jsonl").write_text("".join(f"{line}\n" for line in written))


def edited(line: str, **changes: object) -> str:
    return json.dumps(json.loads(line) | changes)


def proof(folder: Path, **changes: object) -> None:
    held = json.loads((folder / "proof.json").read_text())
    (folder / "proof.json").write_text(json.dumps(held | changes))


def rehashed(line: str, **changes: object) -> str:
    """An event that was changed, with the leaf that it has now."""
    event = {**json.loads(line), **changes}
    return json.dumps({**event, "leaf": leaf_of(event).hex()})


def reordered(folder: Path, order: list[int]) -> None:
    kept = lines(folder)
    write(folder, [kept[at] for at in order])


def others(folder: Path) -> None:
    """The log of another tenant, by its own key and checkpoint."""
    tree = [bytes.fromhex(each["leaf"]) for each in EVENTS]
    (folder / "checkpoint").write_text(trees.checkpoint(tree, "other"))
    (folder / "key").write_text(SIGNERS.of("other").verifier)


FALSE: dict[str, tuple[int, Callable[[Path], object]]] = {
    "no key": (1, lambda f: (f / "key").unlink()),
    "a key that is none": (1, lambda f: (f / "key").write_bytes(b"\xff" * 40)),
    "a folder for a key": (1, lambda f: ((f / "key").unlink(), (f / "key").mkdir())),
    "no checkpoint": (2, lambda f: (f / "checkpoint").unlink()),
    "a stranger's key": (2, lambda f: (f / "key").write_text(STRANGER.verifier)),
    "a checkpoint of bytes": (2, lambda f: (f / "checkpoint").write_bytes(b"\xff")),
    "a checkpoint with CRLF": (2, lambda f: (f / "checkpoint").write_bytes(GOOD.replace("\n", "\r\n").encode())),
    "no events": (3, lambda f: (f / "events.jsonl").unlink()),
    "events of bytes": (3, lambda f: (f / "events.jsonl").write_bytes(b"\xff\n")),
    "a byte order mark": (
        3,
        lambda f: (f / "events.jsonl").write_bytes(b"\xef\xbb\xbf" + (f / "events.jsonl").read_bytes()),
    ),
    "an empty line": (3, lambda f: write(f, [*lines(f), ""])),
    "a field that was edited": (3, lambda f: write(f, [edited(lines(f)[0], actor="x"), *lines(f)[1:]])),
    "a field more": (3, lambda f: write(f, [edited(lines(f)[0], more=1), *lines(f)[1:]])),
    "a leaf that was edited": (3, lambda f: write(f, [edited(lines(f)[0], leaf="00" * 32), *lines(f)[1:]])),
    "a leaf in capitals": (3, lambda f: write(f, [edited(lines(f)[0], leaf=json.loads(lines(f)[0])["leaf"].upper())])),
    "a leaf that is a number": (3, lambda f: write(f, [edited(lines(f)[0], leaf=7)])),
    "a name twice": (3, lambda f: write(f, [lines(f)[0].replace('{"seq"', '{"actor": "x", "seq"'), *lines(f)[1:]])),
    "a name twice deep down": (3, lambda f: write(f, [lines(f)[0].replace('{"share"', '{"share": 1, "share"')])),
    "pruned, with a body": (3, lambda f: write(f, [edited(lines(f)[0], pruned=True), *lines(f)[1:]])),
    "pruned, with half a leaf": (3, lambda f: write(f, ['{"seq": 3, "pruned": true, "leaf": "00"}'])),
    "a number that no JSON has": (3, lambda f: write(f, [lines(f)[0].replace("0.25", "NaN")])),
    "a number beyond all": (3, lambda f: write(f, [lines(f)[0].replace("0.25", "1e999")])),
    "a number of 5,000 digits": (3, lambda f: write(f, [lines(f)[0].replace("0.25", "9" * 5000)])),
    "half a letter": (3, lambda f: write(f, [lines(f)[0].replace("person", "\\ud800")])),
    "a list": (3, lambda f: write(f, ["[]"])),
    "a text": (3, lambda f: write(f, ['"x"'])),
    "depth": (3, lambda f: write(f, ["[" * 100_000])),
    "depth in an event": (3, lambda f: write(f, ['{"leaf": "", "a": ' + "[" * 900 + "]" * 900 + "}"])),
    "an event away": (4, lambda f: reordered(f, [0, 1, 3, 4, 5])),
    "an event twice": (4, lambda f: reordered(f, [0, 1, 1, 2, 3, 4, 5])),
    "two events swapped": (4, lambda f: reordered(f, [1, 0, 2, 3, 4, 5])),
    "the first event away": (4, lambda f: reordered(f, [1, 2, 3, 4, 5])),
    "an event of another tenant": (4, lambda f: write(f, [rehashed(lines(f)[0], tenant="other"), *lines(f)[1:]])),
    "an event with another number": (4, lambda f: write(f, [rehashed(lines(f)[0], seq=9), *lines(f)[1:]])),
    "another log": (4, others),
    "the last event away": (5, lambda f: reordered(f, [0, 1, 2, 3, 4])),
    "all events away": (5, lambda f: write(f, [])),
    "an event more": (5, lambda f: write(f, [*lines(f), json.dumps(trees.event(9, actor="made up"))])),
    "more events than there are": (
        5,
        lambda f: write(f, [*lines(f), *(json.dumps(trees.event(n)) for n in range(9, 99))]),
    ),
    "an event that was made up": (5, lambda f: write(f, [rehashed(lines(f)[0], actor="x"), *lines(f)[1:]])),
    "no proof": (5, lambda f: (f / "proof.json").unlink()),
    "a proof that is none": (5, lambda f: (f / "proof.json").write_text("{}")),
    "a proof that is a list": (5, lambda f: (f / "proof.json").write_text("[]")),
    "a proof that is a number": (5, lambda f: (f / "proof.json").write_text("7")),
    "a proof of depth": (5, lambda f: (f / "proof.json").write_text("[" * 100_000)),
    "a first that is true": (5, lambda f: proof(f, first=True)),
    "a first of 0": (5, lambda f: proof(f, first=0)),
    "a first that is a text": (5, lambda f: proof(f, first="3")),
    "half a hash": (5, lambda f: proof(f, beside=["00"])),
    "a hash that is a number": (5, lambda f: proof(f, beside=[7])),
    "hashes that are a number": (5, lambda f: proof(f, beside=7)),
    "no hash beside": (5, lambda f: proof(f, beside=[])),
    "a hash more beside": (
        5,
        lambda f: proof(f, beside=[*json.loads((f / "proof.json").read_text())["beside"], "00" * 32]),
    ),
    "another hash beside": (5, lambda f: proof(f, beside=["00" * 32] * 4)),
    "nothing grown": (6, lambda f: proof(f, grown=[])),
    "another hash grown": (6, lambda f: proof(f, grown=["00" * 32] * 4)),
}


@pytest.mark.parametrize("how", FALSE)
def test_what_is_false_of_an_export_is_refused_at_its_step(folder: Path, how: str) -> None:
    pin = trees.checkpoint([bytes.fromhex(each["leaf"]) for each in EVENTS[:2]])
    step, tamper = FALSE[how]
    tamper(folder)

    refused(step, lambda: verify(folder, pin=pin))


PINS = {
    "not signed": TEXT,
    "a stranger's": STRANGER.signed(TEXT),
    "of another log": trees.checkpoint(TREE, "other"),
    "of a fork": trees.checkpoint(TREE),
    "of a longer log": trees.checkpoint(trees.leaves(12)),
    "of nothing": trees.checkpoint([]),
    "": "",
}


@pytest.mark.parametrize("how", PINS)
def test_a_pin_that_the_log_did_not_grow_out_of_is_refused(folder: Path, how: str) -> None:
    refused(6, lambda: verify(folder, KEY, PINS[how]))


def test_an_export_without_the_proof_for_a_pin_is_not_called_a_fork(tmp_path: Path) -> None:
    folder = trees.exported(tmp_path / "export", EVENTS)
    pin = trees.checkpoint([bytes.fromhex(each["leaf"]) for each in EVENTS[:2]])

    assert "nothing shows that" in refused(6, lambda: verify(folder, KEY, pin))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["key", "checkpoint", "proof.json", "events.jsonl"]),
    st.binary() | JSON.map(json.dumps).map(str.encode),
)
def test_whatever_stands_in_a_file_nothing_but_a_refusal_is_raised(folder: Path, name: str, content: bytes) -> None:
    before = (folder / name).read_bytes()
    (folder / name).write_bytes(content)
    with pytest.raises(Refused):
        verify(folder)
    (folder / name).write_bytes(before)
    verify(folder)


def test_no_byte_of_an_export_may_be_another(folder: Path) -> None:
    chance, pin = random.Random(1), trees.checkpoint([bytes.fromhex(each["leaf"]) for each in EVENTS[:2]])
    for name in ("checkpoint", "proof.json", "events.jsonl", "key"):
        raw = (folder / name).read_bytes().rstrip(b"\n") + b"\n" * (name != "key")
        for at in chance.sample(range(len(raw)), min(len(raw), 300)):
            changed = raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]
            (folder / name).write_bytes(changed)
            with pytest.raises(Refused):
                verify(folder, pin=pin)
        (folder / name).write_bytes(raw)
    verify(folder, pin=pin)


# The command


def test_the_command_says_what_holds(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pin = tmp_path / "pin"
    pin.write_text(trees.checkpoint([bytes.fromhex(each["leaf"]) for each in EVENTS[:2]]))

    assert main([str(folder), "--key", SIGNER.verifier, "--pin", str(pin)]) == 0
    assert capsys.readouterr().out == "verified: events 3 to 8 of 11 of test/acme, grown out of the pinned 2\n"


@pytest.mark.parametrize(
    ("more", "step"),
    [(["--key", "x"], 1), (["--key", STRANGER.verifier], 2), (["--pin", "none"], 6), (["--key", "\udcff"], 1)],
)
def test_the_command_says_what_does_not(
    folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], step: int
) -> None:
    assert main([str(folder), *more]) == 1

    told = capsys.readouterr()
    assert told.err.startswith(f"NOT VERIFIED: step {step}: ")
    assert told.out == ""


def test_the_command_says_what_was_pruned_and_where_there_is_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = [{"seq": 1, "leaf": EVENTS[0]["leaf"], "pruned": True}, *EVENTS[1:]]
    for name, stretch in (("one", (1, 2)), ("none", (5, 4))):
        main([str(trees.exported(tmp_path / name, events, *stretch))])

    assert capsys.readouterr().out.splitlines() == [
        "verified: events 1 to 2 (1 pruned) of 11 of test/acme",
        "verified: no event of 11 of test/acme",
    ]


def test_an_export_of_the_first_version_verifies_for_ever(root: Path) -> None:
    folder = root / "tests/vectors/export-1"
    key = VerifierKey.read((folder / "key").read_text())

    found = verify(folder, key, (folder / "pin").read_text())
    assert (found.first, found.last, found.checkpoint.size, found.pinned, found.pruned) == (1, 9, 9, 6, 0)
    assert key.name == found.checkpoint.origin == "cloister/default"
