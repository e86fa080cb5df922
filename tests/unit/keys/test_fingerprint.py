import hashlib
import hmac
from pathlib import Path

import pytest

from gateway.core.errors import KeyUnavailable
from gateway.keys import FileKeyring, KeyedFingerprints


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    keys = FileKeyring(tmp_path / "keys")
    keys.ensure()
    return keys


@pytest.fixture
def fingerprints(keyring: FileKeyring) -> KeyedFingerprints:
    return KeyedFingerprints(keyring)


def test_it_is_hmac_sha256_under_the_tenants_key(keyring: FileKeyring, fingerprints: KeyedFingerprints) -> None:
    key = keyring.derive("acme", "fingerprint").reveal()
    expected = hmac.new(key, b"PERSON|ann lee", hashlib.sha256).hexdigest()

    assert fingerprints.fingerprint("acme", "PERSON", "Ann Lee") == expected


@pytest.mark.parametrize(
    ("entity_type", "one", "other"),
    [
        ("PERSON", "Ann Lee", "ann  LEE"),
        ("EMAIL_ADDRESS", "Ann@Corp.example", "ann@corp.example"),
        ("CREDIT_CARD", "4111-1111 1111 1111", "4111111111111111"),
        ("IBAN_CODE", "de89 3704", "DE893704"),
    ],
)
def test_two_spellings_of_one_value_agree(
    fingerprints: KeyedFingerprints, entity_type: str, one: str, other: str
) -> None:
    assert fingerprints.fingerprint("acme", entity_type, one) == fingerprints.fingerprint("acme", entity_type, other)


def test_tenants_types_and_values_are_told_apart(fingerprints: KeyedFingerprints) -> None:
    asked = [
        ("acme", "PERSON", "Ann"),
        ("globex", "PERSON", "Ann"),
        ("acme", "USERNAME", "Ann"),
        ("acme", "PERSON", "Bob"),
        ("acme", "USERNAME", "ann"),
    ]

    assert len({fingerprints.fingerprint(*one) for one in asked}) == len(asked)


def test_another_installation_has_other_hashes(fingerprints: KeyedFingerprints, tmp_path: Path) -> None:
    other = FileKeyring(tmp_path / "other")
    other.ensure()

    assert KeyedFingerprints(other).fingerprint("acme", "PERSON", "Ann") != fingerprints.fingerprint(
        "acme", "PERSON", "Ann"
    )


def test_without_a_key_there_is_no_hash(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable):
        KeyedFingerprints(FileKeyring(tmp_path / "keys")).fingerprint("acme", "PERSON", "Ann")


def test_an_event_names_a_value_by_half_an_hmac_under_the_key_of_its_epoch(
    keyring: FileKeyring, fingerprints: KeyedFingerprints
) -> None:
    key = keyring.derive("acme", "value/2026-11").reveal()
    expected = hmac.new(key, b"ann lee", hashlib.sha256).hexdigest()[:32]

    assert fingerprints.recorded("acme", "2026-11", "PERSON", "Ann Lee") == f"hmac-sha256:2026-11:{expected}"


def test_whoever_looks_for_a_value_need_not_know_as_what_it_was_found(fingerprints: KeyedFingerprints) -> None:
    as_types = {fingerprints.recorded("acme", "2026-11", kind, "7 Elm Street") for kind in ("AGE", "USERNAME", "URL")}
    told_apart = {
        fingerprints.recorded(tenant, epoch, "URL", value)[-32:]
        for tenant, epoch, value in [("acme", "2026-11", "x"), ("acme", "2026-12", "x"), ("b", "2026-11", "x")]
    }

    assert (len(as_types), len(told_apart)) == (1, 3)
