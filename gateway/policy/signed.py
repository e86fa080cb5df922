"""Signed bundles: the policies of a scope, under the hand of whoever released them.

Law: nothing that a file says is acted on before a signature by a trusted key holds, and no signature that claims to be
one may fail. A scope's revisions never go back, and one revision is one content.

What is signed is ``cloister/v1``, 0, ``PolicyBundle``, 0 and the canonical JSON of everything but ``signatures``: no
signature over anything else can stand here, nor the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import rfc8785

from gateway.core.bundle import HighWater, Refusal
from gateway.core.errors import VerificationError, bundle_refused
from gateway.core.moments import rfc3339
from gateway.keys import PublicKey, SigningKey
from gateway.policy.envelope import HEAD, SignedBundle, read_bundle, write_bundle
from gateway.policy.load import Source

_PREFIX: Final = b"cloister/v1\0PolicyBundle\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a bundle holds, on the word of a trusted key.

    digest: SHA-256 of its content. key: the id of the trusted key that signed it, the first where several have.
    changed: whether the scope has not taken it before.
    """

    scope: str
    revision: int
    digest: str
    key: str
    not_before: datetime
    not_after: datetime
    documents: tuple[Source, ...]
    changed: bool


def open_bundle(
    raw: bytes, *, scope: str, trusted: Mapping[str, PublicKey], seen: HighWater | None, now: datetime
) -> Opened:
    """Return what a bundle holds. Raise ``BundleRefused`` for the first of these that fails.

    scope: the one that is to take it. trusted: by key id. seen: the newest that the scope has taken.
    """
    # 1. Somebody is trusted.
    if not trusted:
        raise bundle_refused(Refusal.KEY_UNSET, "Bundles are to be signed, and no key is trusted.")
    # 2. It has the size, the signatures and the form of a bundle.
    bundle = read_bundle(raw)
    # 3. One who is trusted signed it, and 4. all who are trusted and are said to have signed it did.
    key = _signer(bundle, trusted)
    # 5. Its times are times. From here on it is the trusted key's word that is weighed.
    not_before, not_after = _window(bundle)
    # 6. It is for this scope.
    if bundle.scope != scope:
        raise bundle_refused(Refusal.SCOPE_MISMATCH, "It was signed for another scope.")
    # 7. It is valid now.
    if now < not_before:
        raise bundle_refused(Refusal.NOT_YET_VALID, f"It is valid from {bundle.not_before}.")
    if now >= not_after:
        raise bundle_refused(Refusal.EXPIRED, f"It was valid until {bundle.not_after}.")
    # 8. It does not go back behind what was taken, nor put something else in its place.
    _require_newest(bundle, seen)
    return Opened(
        scope=scope,
        revision=bundle.revision,
        digest=bundle.digest,
        key=key,
        not_before=not_before,
        not_after=not_after,
        documents=bundle.documents,
        changed=seen is None or bundle.revision > seen.revision,
    )


def sign_bundle(  # noqa: PLR0913 - the fields of a bundle
    sources: Sequence[Source],
    *,
    scope: str,
    revision: int,
    not_before: datetime,
    not_after: datetime,
    keys: Sequence[SigningKey],
) -> bytes:
    """Return a bundle that all of the keys have signed. Raise ``BundleRefused`` where it could not be opened.

    The same arguments make the same bytes. The policies are not read: the caller has seen to that.
    """
    content: dict[str, Any] = {
        **HEAD,
        "scope": scope,
        "revision": revision,
        "not_before": rfc3339(not_before, "seconds"),
        "not_after": rfc3339(not_after, "seconds"),
        "documents": [{"file": source.file, "text": source.text} for source in sources],
    }
    message = _PREFIX + rfc8785.dumps(content)
    signers = {key.public("signer").id: key for key in keys}
    raw = write_bundle(content, {key_id: key.sign(message) for key_id, key in signers.items()})
    trusted = {key_id: key.public("signer") for key_id, key in signers.items()}
    open_bundle(raw, scope=scope, trusted=trusted, seen=None, now=not_before)
    return raw


def _signer(bundle: SignedBundle, trusted: Mapping[str, PublicKey]) -> str:
    """Return the first trusted key that signed. A signature by another key counts for nothing."""
    known = [key for key in bundle.signatures if key in trusted]
    if not known:
        detail = f"It is signed by {', '.join(bundle.signatures)}, and none of these is trusted."
        raise bundle_refused(Refusal.KEY_UNKNOWN, detail)
    for key in known:
        try:
            trusted[key].verify(bundle.signatures[key], _PREFIX + bundle.content)
        except VerificationError as error:
            raise bundle_refused(Refusal.SIG_INVALID, error.detail) from None
    return known[0]


def _window(bundle: SignedBundle) -> tuple[datetime, datetime]:
    try:
        first, last = (datetime.fromisoformat(text) for text in (bundle.not_before, bundle.not_after))
    except ValueError:
        detail = '"not_before" or "not_after" is a day or an hour that there is not.'
        raise bundle_refused(Refusal.SCHEMA_INVALID, detail) from None
    if first >= last:
        raise bundle_refused(Refusal.SCHEMA_INVALID, '"not_after" must be later than "not_before".')
    return first, last


def _require_newest(bundle: SignedBundle, seen: HighWater | None) -> None:
    if seen is None or bundle.revision > seen.revision:
        return
    if bundle.revision < seen.revision:
        detail = f"It is revision {bundle.revision}, and {seen.revision} was taken already."
        raise bundle_refused(Refusal.REVISION_REGRESSION, detail)
    if bundle.digest != seen.digest:
        detail = f"Another content was taken as revision {seen.revision}: give this one a number of its own."
        raise bundle_refused(Refusal.REVISION_CONTENT_MISMATCH, detail)
