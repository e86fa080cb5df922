from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from gateway.core.bundle import Refusal
from gateway.core.errors import BundleRefused
from gateway.policy.envelope import LARGEST, read_bundle, write_bundle
from gateway.policy.load import Source
from tests.doubles.bundles import CONTENT, NEXT, POLICY, RELEASE, bundle, canonical, digest, key_id, raw

PLANTED = "maria.gonzalez@corp.local"


def refusal(given: bytes) -> BundleRefused:
    with pytest.raises(BundleRefused) as caught:
        read_bundle(given)
    return caught.value


def test_what_stands_in_a_file_is_read() -> None:
    found = read_bundle(raw())

    assert (found.scope, found.revision) == ("acme", 7)
    assert (found.not_before, found.not_after) == ("2027-01-01T00:00:00Z", "2027-04-01T00:00:00Z")
    assert found.documents == (Source("hr.yaml", POLICY), Source("keep.yaml", "# nothing\n"))
    assert found.content == canonical(CONTENT)
    assert found.signatures == {key_id(RELEASE): base64.b64decode(bundle()["signatures"][0]["signature"])}


def test_the_digest_is_of_the_content_whoever_signs_it() -> None:
    assert read_bundle(raw(RELEASE)).digest == read_bundle(raw(NEXT, RELEASE)).digest == digest()
    assert read_bundle(raw(revision=8)).digest == digest(revision=8) != digest()


def test_what_is_written_is_read_again() -> None:
    signatures = {"f" * 16: b"f" * 64, "0" * 16: bytes(64)}
    written = write_bundle(CONTENT, signatures)

    assert read_bundle(written).signatures == signatures
    assert read_bundle(written).content == canonical(CONTENT)
    assert written == canonical(json.loads(written))
    assert list(read_bundle(written).signatures) == sorted(signatures)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"signatures": []}, "Its list of signatures is empty."),
        (None, "It has no signatures."),
    ],
)
def test_a_file_without_a_signature_is_no_bundle(given: dict[str, Any] | None, said: str) -> None:
    error = refusal(canonical(CONTENT if given is None else CONTENT | given))

    assert (error.reason, error.detail) == (Refusal.SIG_MISSING, f"sig_missing: {said}")


def test_size_is_asked_for_first() -> None:
    assert refusal(b"[" * (LARGEST + 1)).reason is Refusal.TOO_LARGE
    assert refusal(b"[" * LARGEST).reason is Refusal.SCHEMA_INVALID


def test_a_bundle_may_be_as_large_as_it_may_be() -> None:
    spare = LARGEST - len(raw(documents=[{"file": "f", "text": ""}]))

    assert read_bundle(raw(documents=[{"file": "f", "text": "x" * spare}])).documents[0].text == "x" * spare
    assert refusal(raw(documents=[{"file": "f", "text": "x" * (spare + 1)}])).reason is Refusal.TOO_LARGE


NO_JSON: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut short": lambda good: good[:-1],
    "more behind it": lambda good: good + b"{}",
    "two of them": lambda good: good + good,
    "a byte order mark": lambda good: b"\xef\xbb\xbf" + good,
    "UTF-16": lambda good: good.decode().encode("utf-16"),
    "not UTF-8": lambda good: good.replace("ö".encode(), b"\xf6"),
    "an overlong letter": lambda good: good.replace(b"a", b"\xc1\xa1", 1),
    "half a pair": lambda good: good.replace("ö".encode(), b"\\ud800"),
    "a control character": lambda good: good.replace(b"\\n", b"\n"),
    "a key twice": lambda good: good.replace(b'"revision":7', b'"revision":7,"revision":7'),
    "a key twice in a document": lambda good: good.replace(b'"file":', b'"file":"x","file":', 1),
    "a key twice, one escaped": lambda good: good.replace(b'"revision":7', b'"revision":7,"\\u0072evision":7'),
    "NaN": lambda good: good.replace(b"7", b"NaN", 1),
    "Infinity": lambda good: good.replace(b"7", b"-Infinity", 1),
    "a comment": lambda good: b"//\n" + good,
    "a comma too many": lambda good: good[:-1] + b",}",
    "single quotes": lambda good: good.replace(b'"', b"'"),
    "a list": lambda good: b"[" + good + b"]",
    "a text": lambda _: b'"bundle"',
    "null": lambda _: b"null",
    "deep": lambda good: good.replace(b"7", b"[" * 100_000, 1),
    "deep and closed": lambda good: good.replace(b"7", b"[[[7]]]", 1),
    "many values": lambda good: good.replace(b"7", b"[" + b"7," * 5000 + b"7]", 1),
    "a number of many digits": lambda good: good.replace(b"7", b"7" * 5000, 1),
}


@pytest.mark.parametrize("how", NO_JSON)
def test_what_is_no_strict_json_object_is_refused(how: str) -> None:
    given = NO_JSON[how](raw())

    assert given != raw()
    assert refusal(given).reason is Refusal.SCHEMA_INVALID


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


OTHER_SPELLINGS: dict[str, Callable[[bytes], bytes]] = {
    "a space": lambda good: good.replace(b":", b": ", 1),
    "a line's end": lambda good: good + b"\n",
    "a line before": lambda good: b"\n" + good,
    "laid out": lambda good: json.dumps(json.loads(good), indent=2, sort_keys=True, ensure_ascii=False).encode(),
    "keys in another order": lambda good: compact(dict(reversed(json.loads(good).items()))),
    "an escaped letter": lambda good: good.replace(b"acme", b"\\u0061cme"),
    "an escaped letter in a key": lambda good: good.replace(b'"scope"', b'"\\u0073cope"'),
    "ASCII alone": lambda good: good.replace("ö".encode(), b"\\u00f6"),
    "an escaped slash": lambda good: good.replace(b"cloister/v1", b"cloister\\/v1", 1),
    "a longer escape": lambda good: good.replace(b"\\n", b"\\u000a", 1),
}


@pytest.mark.parametrize("how", OTHER_SPELLINGS)
def test_the_same_in_another_spelling_is_refused(how: str) -> None:
    given = OTHER_SPELLINGS[how](raw())

    assert given != raw()
    assert json.loads(given) == json.loads(raw())
    assert refusal(given).detail == "schema_invalid: It is not canonical JSON (RFC 8785)."


def entry(**changes: object) -> list[dict[str, object]]:
    return [{**bundle()["signatures"][0], **changes}]


def spare_bits() -> str:
    """A signature whose last letter says the same and more."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    good = bundle()["signatures"][0]["signature"]
    return f"{good[:-3]}{letters[letters.index(good[-3]) ^ 1]}=="


WRONG: dict[str, list[object]] = {
    "apiVersion": ["cloister/v2", "Cloister/v1", "", None, 1],
    "kind": ["policybundle", "RedactionPolicy", None, []],
    "scope": ["", "a" * 64, "acme\n", "ac\u200bme", "\u202eacme", None, 1, ["acme"]],
    "revision": [0, -1, 7.0, 7.5, 1e300, 2**53, 2**63, True, "7", None, [7]],
    "not_before": [
        "",
        "2027-01-01",
        "2027-01-01T00:00:00",
        "2027-01-01T00:00:00+00:00",
        "2027-01-01t00:00:00z",
        0,
        None,
    ],
    "not_after": ["2027-04-01 00:00:00Z", "2027-04-01T00:00:00.0Z", "２０27-04-01T00:00:00Z", "2027-04-01T00:00:00Z\n"],
    "documents": [
        [],
        None,
        {},
        ["hr.yaml"],
        [{"file": "f"}],
        [{"text": "t"}],
        [{"file": "f", "text": "t", "more": ""}],
        [{"file": "f", "text": None}],
        [{"file": "f", "text": ["t"]}],
        [{"file": 1, "text": "t"}],
        [{"file": "", "text": "t"}],
        [{"file": "f" * 256, "text": "t"}],
        [{"file": "\x1b[2Jf", "text": "t"}],
        [{"file": "f", "text": "t"}, {"file": "f", "text": "u"}],
        [{"file": f"{number}", "text": "t"} for number in range(101)],
    ],
    "signatures": [
        None,
        {},
        "",
        [None],
        [[]],
        entry(more=""),
        [{"key": key_id(RELEASE)}],
        entry(key=None),
        entry(key=key_id(RELEASE).upper()),
        entry(key=key_id(RELEASE)[:-1]),
        entry(key=key_id(RELEASE) + "\n"),
        entry(signature=None),
        entry(signature=""),
        entry(signature=base64.b64encode(bytes(63)).decode()),
        entry(signature=base64.b64encode(bytes(65)).decode()),
        entry(signature=base64.b64encode(bytes(64)).decode().rstrip("=")),
        entry(signature=base64.urlsafe_b64encode(b"\xff" * 64).decode()),
        entry(signature="\n" + base64.b64encode(bytes(64)).decode()),
        entry(signature="é" * 88),
        entry(signature=bytes(64).hex()),
        entry(signature=spare_bits()),
        entry() + entry(),
        [{**entry()[0], "key": f"{number:016x}"} for number in range(9)],
    ],
}


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_every_key_has_its_type_and_is_named_when_it_has_not(key: str, value: object) -> None:
    error = refusal(canonical({**bundle(), key: value}))

    assert error.reason is Refusal.SCHEMA_INVALID
    assert error.detail.startswith(f'schema_invalid: "{key}" must be ')


@pytest.mark.parametrize("key", [*CONTENT, "more", "Scope", "scope ", "signature", "__proto__"])
def test_there_is_every_key_and_no_other(key: str) -> None:
    whole = bundle()
    changed = {name: value for name, value in whole.items() if name != key} if key in whole else {**whole, key: "x"}

    assert refusal(canonical(changed)).detail.startswith("schema_invalid: It lacks a key")


@pytest.mark.parametrize("key", [*CONTENT, "signatures", PLANTED])
def test_no_refusal_holds_a_word_of_the_file(key: str) -> None:
    for value in (PLANTED, [PLANTED], {PLANTED: PLANTED}, [{"file": PLANTED, "text": [PLANTED], "key": PLANTED}]):
        if key != "scope" or value != PLANTED:
            assert PLANTED not in str(refusal(canonical({**bundle(), key: value})))


def test_as_many_as_may_be_are_read() -> None:
    documents = [{"file": f"{number}.yaml", "text": ""} for number in range(100)]
    signatures = [{**entry()[0], "key": f"{number:016x}"} for number in range(8)]

    found = read_bundle(canonical({**bundle(documents=documents), "signatures": signatures, "revision": 2**53 - 1}))

    assert (len(found.documents), len(found.signatures), found.revision) == (100, 8, 2**53 - 1)
