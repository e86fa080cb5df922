"""The file of a signed bundle, as far as it can be read without believing it.

Law: a bundle has one form: canonical JSON (RFC 8785), byte for byte, with these keys and no other, each of its type.
What is refused here is told by the names of our own keys, never by a word of the file.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import rfc8785

from gateway.core.bundle import Refusal
from gateway.core.errors import ProtocolError, bundle_refused
from gateway.keys.signing import SIGNATURE_LENGTH
from gateway.policy.load import Source
from gateway.protocols.json_text import Limits, decode

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of the largest bundle."""

HEAD: Final = {"apiVersion": "cloister/v1", "kind": "PolicyBundle"}

_MOST_DOCUMENTS: Final = 100
_MOST_SIGNATURES: Final = 8
_MOST_REVISIONS: Final = 2**53 - 1
"""The largest number that canonical JSON writes exactly."""

_LIMITS: Final = Limits(depth=8, values=1000)
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_KEY_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBundle:
    """What a file of the right form says of itself, and nothing of it proved.

    not_before, not_after: as they are written. content: canonical JSON of everything but the signatures.
    signatures: by key id.
    """

    scope: str
    revision: int
    not_before: str
    not_after: str
    documents: tuple[Source, ...]
    content: bytes
    signatures: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 of the content, 64 hex digits: the same whoever signs it."""
        return hashlib.sha256(self.content).hexdigest()


def read_bundle(raw: bytes) -> SignedBundle:
    """Read a file, without believing it. Raise ``BundleRefused`` for the first of these that fails."""
    # 1. It is no larger than a bundle may be.
    if len(raw) > LARGEST:
        raise bundle_refused(Refusal.TOO_LARGE, f"A bundle has at most {LARGEST} bytes.")
    # 2. It is an object of strict JSON.
    whole = _object(raw)
    # 3. It is signed at all.
    if "signatures" not in whole:
        raise bundle_refused(Refusal.SIG_MISSING, "It has no signatures.")
    if whole["signatures"] == []:
        raise bundle_refused(Refusal.SIG_MISSING, "Its list of signatures is empty.")
    # 4. It has the keys of a bundle and no other, each of its type.
    _check_form(whole)
    # 5. It is written as it was signed.
    if rfc8785.dumps(whole) != raw:
        raise bundle_refused(Refusal.SCHEMA_INVALID, "It is not canonical JSON (RFC 8785).")
    return _bundle(whole)


def write_bundle(content: Mapping[str, Any], signatures: Mapping[str, bytes]) -> bytes:
    """Write the file of a content and its signatures by key id."""
    listed = [{"key": key, "signature": base64.b64encode(made).decode()} for key, made in sorted(signatures.items())]
    return rfc8785.dumps({**content, "signatures": listed})


def _bundle(whole: Mapping[str, Any]) -> SignedBundle:
    return SignedBundle(
        scope=whole["scope"],
        revision=whole["revision"],
        not_before=whole["not_before"],
        not_after=whole["not_after"],
        documents=tuple(Source(each["file"], each["text"]) for each in whole["documents"]),
        content=rfc8785.dumps({key: value for key, value in whole.items() if key != "signatures"}),
        signatures={each["key"]: base64.b64decode(each["signature"]) for each in whole["signatures"]},
    )


def _object(raw: bytes) -> dict[str, Any]:
    try:
        whole = decode(raw, limits=_LIMITS)
    except ProtocolError as error:
        raise bundle_refused(Refusal.SCHEMA_INVALID, error.detail.replace("The body", "The file")) from None
    if not isinstance(whole, dict):
        raise bundle_refused(Refusal.SCHEMA_INVALID, "It is no object.")
    return whole


def _check_form(whole: Mapping[str, Any]) -> None:
    if whole.keys() != _FORM.keys():
        raise bundle_refused(Refusal.SCHEMA_INVALID, "It lacks a key of a bundle, or has one that a bundle has not.")
    for key, (holds, what) in _FORM.items():
        if not holds(whole[key]):
            raise bundle_refused(Refusal.SCHEMA_INVALID, f'"{key}" must be {what}.')


def _is_revision(value: object) -> bool:
    return type(value) is int and 1 <= value <= _MOST_REVISIONS  # True is an int, too


def _is_line(value: object, most: int) -> bool:
    """Whether a value is a text that a terminal shows as it is."""
    return isinstance(value, str) and 1 <= len(value) <= most and value.isprintable()


def _is_moment(value: object) -> bool:
    return isinstance(value, str) and _MOMENT.fullmatch(value) is not None


def _are_documents(value: object) -> bool:
    return _are(value, _is_document, most=_MOST_DOCUMENTS, by="file")


def _are_signatures(value: object) -> bool:
    return _are(value, _is_signature, most=_MOST_SIGNATURES, by="key")


def _are(value: object, holds: Callable[[Any], bool], *, most: int, by: str) -> bool:
    """Whether a value is a list of objects of a form, no two of one name."""
    if not isinstance(value, list) or not 1 <= len(value) <= most or not all(map(holds, value)):
        return False
    return len({each[by] for each in value}) == len(value)


def _is_document(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"file", "text"}:
        return False
    return _is_line(value["file"], 255) and isinstance(value["text"], str)


def _is_signature(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"key", "signature"}:
        return False
    key, signature = value["key"], value["signature"]
    return isinstance(key, str) and _KEY_ID.fullmatch(key) is not None and _is_base64(signature)


def _is_base64(value: object) -> bool:
    """Whether a value is the one way to write a signature: base64 has spare bits, which would mean nothing."""
    if not isinstance(value, str):
        return False
    try:
        held = base64.b64decode(value, validate=True)
    except ValueError:
        return False
    return len(held) == SIGNATURE_LENGTH and base64.b64encode(held).decode() == value


_FORM: Final[Mapping[str, tuple[Callable[[Any], bool], str]]] = {
    "apiVersion": (lambda value: value == HEAD["apiVersion"], HEAD["apiVersion"]),
    "kind": (lambda value: value == HEAD["kind"], HEAD["kind"]),
    "scope": (lambda value: _is_line(value, 63), "a name"),
    "revision": (_is_revision, f"a whole number from 1 to {_MOST_REVISIONS}"),
    "not_before": (_is_moment, "a time such as 2027-01-31T00:00:00Z"),
    "not_after": (_is_moment, "a time such as 2027-01-31T00:00:00Z"),
    "documents": (_are_documents, f'1 to {_MOST_DOCUMENTS} of {{"file", "text"}}, no two of one name'),
    "signatures": (_are_signatures, f'1 to {_MOST_SIGNATURES} of {{"key", "signature"}}, no two by one key'),
}
"""Every key of a bundle, with what it must be: in code, and in words."""


def is_bundle(raw: bytes) -> bool:
    """Tell whether a file claims to be a signed bundle, and no policy."""
    return raw.lstrip().startswith(b"{") and b'"PolicyBundle"' in raw
