from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from gateway.core.bundle import HighWater, Refusal
from gateway.core.errors import BundleConflict, BundleRefused
from gateway.keys import PublicKey, SigningKey, trusted_keys
from gateway.policy.load import Source
from gateway.policy.signed import Opened, open_bundle, sign_bundle
from tests.doubles.bundles import (
    CONTENT,
    NEXT,
    NOON,
    POLICY,
    PREFIX,
    RELEASE,
    STRANGER,
    bundle,
    canonical,
    digest,
    key_id,
    raw,
    signature,
    trust,
)

SEEN = HighWater(revision=7, digest=digest())
SECOND = timedelta(seconds=1)


def opened(
    given: bytes,
    *,
    scope: str = "acme",
    trusted: Mapping[str, PublicKey] | None = None,
    seen: HighWater | None = None,
    now: datetime = NOON,
) -> Opened:
    return open_bundle(given, scope=scope, trusted=trust(RELEASE) if trusted is None else trusted, seen=seen, now=now)


def refusal(given: bytes, **asked: Any) -> BundleRefused:
    with pytest.raises(BundleRefused) as caught:
        opened(given, **asked)
    return caught.value


def test_a_bundle_is_opened_on_the_word_of_a_trusted_key() -> None:
    assert opened(raw()) == Opened(
        scope="acme",
        revision=7,
        digest=digest(),
        key=key_id(RELEASE),
        not_before=datetime(2027, 1, 1, tzinfo=UTC),
        not_after=datetime(2027, 4, 1, tzinfo=UTC),
        documents=(Source("hr.yaml", POLICY), Source("keep.yaml", "# nothing\n")),
        changed=True,
    )


def test_what_is_signed_is_opened() -> None:
    sources = [Source("a.yaml", POLICY), Source("b.yaml", '\x00\u2028😀\\"')]
    moments = {"not_before": NOON, "not_after": NOON + timedelta(days=90)}
    made = sign_bundle(sources, scope="acme", revision=1, keys=[NEXT, RELEASE], **moments)

    found = opened(made)
    assert (list(found.documents), found.revision, found.not_before, found.not_after) == (sources, 1, *moments.values())
    assert opened(made, trusted=trust(NEXT)).key == key_id(NEXT)
    assert made == sign_bundle(sources, scope="acme", revision=1, keys=[RELEASE, NEXT], **moments)


def test_it_is_signed_as_the_documentation_says() -> None:
    moments = {"not_before": datetime(2027, 1, 1, tzinfo=UTC), "not_after": datetime(2027, 4, 1, tzinfo=UTC)}
    sources = [Source(each["file"], each["text"]) for each in CONTENT["documents"]]

    assert sign_bundle(sources, scope="acme", revision=7, keys=[RELEASE], **moments) == raw()


@pytest.mark.parametrize(
    "asked",
    [
        {"revision": 0},
        {"scope": ""},
        {"keys": []},
        {"keys": [RELEASE, RELEASE], "revision": -1},
        {"sources": []},
        {"sources": [Source("a", ""), Source("a", "")]},
        {"sources": [Source("a", "x" * 5_000_000)]},
        {"not_after": NOON},
        {"not_after": NOON - SECOND},
    ],
)
def test_what_could_not_be_opened_is_not_signed(asked: dict[str, Any]) -> None:
    good = {"sources": [Source("a", "")], "scope": "acme", "revision": 1, "keys": [RELEASE]}
    moments = {"not_before": NOON, "not_after": NOON + SECOND}

    assert sign_bundle(**good, **moments)
    with pytest.raises(BundleRefused):
        sign_bundle(**{**good, **moments, **asked})


def test_a_key_signs_once() -> None:
    moments = {"not_before": NOON, "not_after": NOON + SECOND}
    made = sign_bundle([Source("a", "")], scope="acme", revision=1, keys=[RELEASE, RELEASE], **moments)

    assert len(json.loads(made)["signatures"]) == 1


# What somebody does who holds the file, and perhaps a key that is not trusted.


def stripped() -> bytes:
    return canonical(CONTENT)


def with_signatures(*entries: dict[str, str], **changes: object) -> bytes:
    return canonical({**CONTENT, **changes, "signatures": list(entries)})


def swapped() -> bytes:
    whole = bundle()
    return canonical({**whole, "documents": whole["documents"][::-1]})


def borrowed() -> bytes:
    """Signed by a stranger who claims the id of a trusted key."""
    return with_signatures(signature(STRANGER, CONTENT, by=key_id(RELEASE)))


def byte_of_a_document() -> bytes:
    return raw().replace(b"mode: enforce", b"mode: enforcf")


def one_of_two_bad() -> bytes:
    good, bad = signature(RELEASE, CONTENT), signature(NEXT, CONTENT | {"revision": 8})
    return with_signatures(good, bad)


TAMPERED: dict[str, tuple[Callable[[], bytes], dict[str, Any], Refusal]] = {
    "signature stripped": (stripped, {}, Refusal.SIG_MISSING),
    "empty list of signatures": (with_signatures, {}, Refusal.SIG_MISSING),
    "signing without a trusted key": (raw, {"trusted": {}}, Refusal.KEY_UNSET),
    "another tenant's": (lambda: raw(scope="globex"), {}, Refusal.SCOPE_MISMATCH),
    "a tenant's for the platform": (raw, {"scope": "platform"}, Refusal.SCOPE_MISMATCH),
    "old one replayed": (lambda: raw(revision=6), {"seen": SEEN}, Refusal.REVISION_REGRESSION),
    "same revision, other content": (
        lambda: raw(not_after="2028-04-01T00:00:00Z"),
        {"seen": SEEN},
        Refusal.REVISION_CONTENT_MISMATCH,
    ),
    "a byte of a document changed": (byte_of_a_document, {}, Refusal.SIG_INVALID),
    "number raised after signing": (lambda: raw().replace(b":7", b":8"), {"seen": SEEN}, Refusal.SIG_INVALID),
    "scope changed after signing": (lambda: raw(scope="globex").replace(b"globex", b"acme"), {}, Refusal.SIG_INVALID),
    "prolonged after signing": (lambda: raw().replace(b"2027-04", b"2029-04"), {}, Refusal.SIG_INVALID),
    "documents swapped": (swapped, {}, Refusal.SIG_INVALID),
    "a known key's id": (borrowed, {}, Refusal.SIG_INVALID),
    "signed by a stranger": (lambda: raw(STRANGER), {}, Refusal.KEY_UNKNOWN),
    "expired": (raw, {"now": datetime(2027, 4, 1, tzinfo=UTC)}, Refusal.EXPIRED),
    "not yet valid": (raw, {"now": datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)}, Refusal.NOT_YET_VALID),
    "an unknown key": (lambda: canonical({**bundle(), "note": "x"}), {}, Refusal.SCHEMA_INVALID),
    "an unknown key, signed": (lambda: raw(note="x"), {}, Refusal.SCHEMA_INVALID),
    "one of two signatures bad": (one_of_two_bad, {"trusted": trust(RELEASE, NEXT)}, Refusal.SIG_INVALID),
    "a key twice": (lambda: raw().replace(b'"scope"', b'"scope":"x","scope"'), {}, Refusal.SCHEMA_INVALID),
    "another spelling": (lambda: raw().replace("ö".encode(), b"\\u00f6"), {}, Refusal.SCHEMA_INVALID),
    "a key's other case": (lambda: raw().replace(b'"revision"', b'"Revision"'), {}, Refusal.SCHEMA_INVALID),
    "letters composed otherwise": (lambda: raw().replace("ö".encode(), "o\u0308".encode()), {}, Refusal.SIG_INVALID),
    "larger than may be": (lambda: raw().ljust(4 * 1024 * 1024 + 1), {}, Refusal.TOO_LARGE),
    "signed without the prefix": (
        lambda: with_signatures(signature(RELEASE, CONTENT, prefix=b"")),
        {},
        Refusal.SIG_INVALID,
    ),
    "signed as something else": (
        lambda: with_signatures(signature(RELEASE, CONTENT, prefix=b"cloister/v1\0Checkpoint\0")),
        {},
        Refusal.SIG_INVALID,
    ),
    "a signature over the signatures too": (
        lambda: with_signatures(signature(RELEASE, bundle())),
        {},
        Refusal.SIG_INVALID,
    ),
}
"""What was done, with what the gateway has, and why it is refused."""


tampered = pytest.mark.parametrize("how", TAMPERED)


@tampered
def test_a_tampered_bundle_is_refused_for_its_reason(how: str) -> None:
    make, asked, reason = TAMPERED[how]
    error = refusal(make(), **asked)

    assert error.reason is reason
    assert error.detail.startswith(f"{reason}: ")
    assert isinstance(error, BundleConflict) == (error.status == 409)


@tampered
def test_what_is_refused_is_refused_whatever_was_seen(how: str) -> None:
    make, asked, _ = TAMPERED[how]
    for seen in (HighWater(revision=7, digest=digest()), HighWater(revision=99, digest="0" * 64)):
        refusal(make(), **{"seen": seen, **asked})


def test_every_reason_is_given() -> None:
    assert {reason for _, _, reason in TAMPERED.values()} == set(Refusal)


def test_twelve_that_can_be_told_apart_are_told_apart() -> None:
    told = {str(refusal(make(), **asked)) for make, asked, _ in TAMPERED.values()}

    assert len(told) >= 12


def test_one_trusted_signature_is_enough_and_a_strangers_counts_for_nothing() -> None:
    both = with_signatures(signature(STRANGER, CONTENT), signature(RELEASE, CONTENT))
    nonsense = with_signatures(
        {"key": key_id(STRANGER), "signature": base64.b64encode(bytes(64)).decode()}, signature(RELEASE, CONTENT)
    )

    assert opened(both).key == opened(nonsense).key == key_id(RELEASE)


def test_of_several_trusted_ones_every_signature_must_hold() -> None:
    both = trust(RELEASE, NEXT)

    assert opened(raw(RELEASE, NEXT), trusted=both).key == key_id(RELEASE)
    assert f"by {key_id(NEXT)} does not hold" in refusal(one_of_two_bad(), trusted=both).detail
    assert opened(one_of_two_bad(), trusted=trust(RELEASE)).key == key_id(RELEASE)


def test_while_keys_change_a_gateway_may_trust_either_or_both() -> None:
    for signers in ([RELEASE], [NEXT], [RELEASE, NEXT]):
        for keys in (trust(RELEASE, NEXT), *(trust(key) for key in signers)):
            assert opened(raw(*signers), trusted=keys).digest == digest()


def test_a_stranger_is_named_by_the_id_alone() -> None:
    assert key_id(STRANGER) in refusal(raw(STRANGER)).detail


@pytest.mark.parametrize(
    ("revision", "seen", "changed"),
    [(7, None, True), (1, None, True), (8, SEEN, True), (2**53 - 1, SEEN, True), (7, SEEN, False)],
)
def test_a_revision_is_new_or_the_one_that_was_taken(revision: int, seen: HighWater | None, changed: bool) -> None:
    assert opened(raw(revision=revision), seen=seen).changed is changed


def test_the_same_content_under_another_key_is_the_same() -> None:
    assert not opened(raw(NEXT), trusted=trust(RELEASE, NEXT), seen=SEEN).changed


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), Refusal.NOT_YET_VALID),
        (datetime(2027, 1, 1, tzinfo=UTC), None),
        (datetime(2027, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))), Refusal.NOT_YET_VALID),
        (datetime(2027, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC), None),
        (datetime(2027, 4, 1, tzinfo=UTC), Refusal.EXPIRED),
    ],
)
def test_it_is_valid_from_its_first_second_to_before_its_last(now: datetime, reason: Refusal | None) -> None:
    if reason is None:
        assert opened(raw(), now=now).changed
    else:
        assert refusal(raw(), now=now).reason is reason


def test_the_one_in_force_is_refused_once_it_has_expired() -> None:
    assert refusal(raw(), seen=SEEN, now=datetime(2027, 5, 1, tzinfo=UTC)).reason is Refusal.EXPIRED


@pytest.mark.parametrize(
    "times",
    [
        {"not_before": "2027-02-30T00:00:00Z"},
        {"not_after": "2027-13-01T00:00:00Z"},
        {"not_after": "2027-03-01T25:00:00Z"},
        {"not_after": "2027-03-01T23:59:60Z"},
        {"not_after": "0000-03-01T00:00:00Z"},
        {"not_after": "2027-01-01T00:00:00Z"},
        {"not_after": "2026-01-01T00:00:00Z"},
    ],
)
def test_times_that_there_are_not_are_refused_though_signed(times: dict[str, str]) -> None:
    assert refusal(raw(**times)).reason is Refusal.SCHEMA_INVALID


def test_nothing_is_made_of_the_content_before_it_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    verify = PublicKey.verify

    def verified(self: PublicKey, made: bytes, message: bytes) -> None:
        order.append("verify")
        verify(self, made, message)

    class Watched(datetime):
        @classmethod
        def fromisoformat(cls, text: str) -> datetime:  # type: ignore[override]
            order.append("read")
            return datetime.fromisoformat(text)

    monkeypatch.setattr(PublicKey, "verify", verified)
    monkeypatch.setattr("gateway.policy.signed.datetime", Watched)
    opened(raw())
    refusal(byte_of_a_document())

    assert order == ["verify", "read", "read", "verify"]


@tampered
def test_no_refusal_holds_a_word_of_the_documents(how: str) -> None:
    make, asked, _ = TAMPERED[how]
    said = str(refusal(make(), **asked))

    for word in ("Größe", "enforce", "hr.yaml", "globex", "acme"):
        assert word not in said


def test_the_key_that_counts_is_the_one_that_is_trusted_under_the_id() -> None:
    """A line whose id is another key's is not trusted, so that no id can be lent."""
    lent = {key_id(RELEASE): STRANGER.public("k")}

    assert refusal(raw(), trusted=lent).reason is Refusal.SIG_INVALID
    assert trusted_keys([RELEASE.public("k").line]).keys() == {key_id(RELEASE)}


def test_what_is_signed_begins_with_what_it_is() -> None:
    heard: list[bytes] = []

    class Listening(SigningKey):
        __slots__ = ()

        def sign(self, message: bytes) -> bytes:
            heard.append(message)
            return super().sign(message)

    moments = {"not_before": NOON, "not_after": NOON + SECOND}
    sign_bundle([Source("a", "")], scope="acme", revision=1, keys=[Listening(RELEASE._key)], **moments)

    assert heard[0].startswith(PREFIX + b'{"apiVersion":"cloister/v1","documents":')


def test_the_page_explains_every_reason_in_its_order(root: Path) -> None:
    page = (root / "docs/signed-policies.md").read_text(encoding="utf-8")

    assert re.findall(r"(?m)^\| `([a-z_]+)` \|.*\|.*\|$", page) == [reason.value for reason in Refusal]
