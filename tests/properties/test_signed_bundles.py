"""Whatever anybody does to a signed bundle, it is refused; whatever is signed comes out as it went in."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.bundle import HighWater, Refusal
from gateway.core.errors import BundleRefused
from gateway.policy.load import Source
from gateway.policy.signed import Opened, open_bundle, sign_bundle
from tests.doubles.bundles import NEXT, NOON, RELEASE, STRANGER, bundle, canonical, digest, raw, trust

BOTH = trust(RELEASE, NEXT)
ONE, TWO = raw(), raw(RELEASE, NEXT)

texts = st.text(st.characters(codec="utf-8"), max_size=60)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60).filter(str.isprintable)
sources = st.lists(st.builds(Source, names, texts), min_size=1, max_size=5, unique_by=lambda source: source.file)
moments = st.datetimes(datetime(1, 1, 2), datetime(9998, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 - given UTC
    lambda moment: moment.replace(microsecond=0)
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=10,
)


def opened(made: bytes, *, scope: str = "acme", seen: HighWater | None = None) -> Opened:
    return open_bundle(made, scope=scope, trusted=BOTH, seen=seen, now=NOON)


def test_every_byte_counts() -> None:
    """In each place: another letter, the letter's other case, what is no ASCII."""
    opened(ONE)
    for at in range(len(ONE)):
        for change in (1, 0x20, 0x80):
            with pytest.raises(BundleRefused):
                opened(ONE[:at] + bytes([ONE[at] ^ change]) + ONE[at + 1 :])


@given(st.integers(0, len(ONE) - 1), st.integers(1, 255))
def test_no_byte_may_be_any_other(at: int, change: int) -> None:
    with pytest.raises(BundleRefused):
        opened(ONE[:at] + bytes([ONE[at] ^ change]) + ONE[at + 1 :])


@given(st.integers(0, len(ONE)), st.integers(0, 40), st.binary(max_size=40))
def test_nothing_may_be_put_in_taken_out_or_replaced(at: int, taken: int, put: bytes) -> None:
    changed = ONE[:at] + put + ONE[at + taken :]
    if changed != ONE:
        with pytest.raises(BundleRefused):
            opened(changed)


@given(st.integers(0, len(TWO) - 1), st.integers(1, 255))
def test_of_two_signatures_one_can_be_made_a_strangers_and_nothing_else_done(at: int, change: int) -> None:
    """Which keys have signed is not signed: one is enough, so nothing is won by hiding the other."""
    with suppress(BundleRefused):
        assert opened(TWO[:at] + bytes([TWO[at] ^ change]) + TWO[at + 1 :]).digest == digest()
        assert at >= TWO.index(b'"signatures"')


@given(st.binary(max_size=300) | json_values.map(lambda value: json.dumps(value).encode()))
def test_whatever_is_given_is_refused_and_nothing_else_happens(given: bytes) -> None:
    with pytest.raises(BundleRefused) as caught:
        opened(given)

    assert caught.value.reason in {Refusal.SCHEMA_INVALID, Refusal.SIG_MISSING}


@given(st.sampled_from([*bundle()]), json_values)
def test_a_bundle_with_any_other_value_is_refused(key: str, value: object) -> None:
    whole = {**bundle(), key: value}
    if whole != bundle() or (key == "revision" and type(value) is not int):
        with suppress(rfc8785.CanonicalizationError), pytest.raises(BundleRefused):
            opened(rfc8785.dumps(whole))
        with pytest.raises(BundleRefused):
            opened(canonical(whole))


@given(sources, names, st.integers(1, 2**53 - 1), moments, st.integers(1, 10**9))
def test_what_is_signed_comes_out_as_it_went_in(
    documents: list[Source], scope: str, revision: int, begins: datetime, seconds: int
) -> None:
    ends = min(begins + timedelta(seconds=seconds), datetime(9999, 1, 1, tzinfo=UTC))
    made = sign_bundle(
        documents, scope=scope, revision=revision, not_before=begins, not_after=ends, keys=[RELEASE, STRANGER]
    )
    found = open_bundle(made, scope=scope, trusted=trust(RELEASE), seen=None, now=begins)

    assert (list(found.documents), found.scope, found.revision) == (documents, scope, revision)
    assert (found.not_before, found.not_after) == (begins, ends)
    again = open_bundle(
        made, scope=scope, trusted=trust(STRANGER), seen=HighWater(revision=revision, digest=found.digest), now=begins
    )
    assert (again.digest, again.changed) == (found.digest, False)


@given(st.lists(st.integers(1, 6), max_size=30))
def test_revisions_never_go_back(offered: list[int]) -> None:
    """Whatever is offered in whatever order, what is taken only grows, and a number is one content."""
    seen: HighWater | None = None
    taken = []
    for turn, revision in enumerate(offered):
        text = "even" if turn % 2 else "odd"
        made = raw(revision=revision, documents=[{"file": "f", "text": text}])
        with suppress(BundleRefused):
            found = opened(made, seen=seen)
            seen = HighWater(revision=found.revision, digest=found.digest)
            taken.append((found.revision, found.digest))

    assert taken == sorted(taken, key=lambda pair: pair[0])
    assert len({revision for revision, _ in taken}) == len(set(taken))
    assert not offered or (taken and max(offered) == taken[-1][0])


@given(st.integers(0, 14), st.text("0123456789abcdef", min_size=64, max_size=64) | st.just(digest()))
def test_what_was_seen_decides(revision: int, known: str) -> None:
    seen = HighWater(revision=revision, digest=known)
    expected = Refusal.REVISION_REGRESSION if revision > 7 else Refusal.REVISION_CONTENT_MISMATCH
    if revision < 7 or (revision, known) == (7, digest()):
        assert opened(ONE, seen=seen).changed == (revision < 7)
    else:
        with pytest.raises(BundleRefused, match=expected):
            opened(ONE, seen=seen)
