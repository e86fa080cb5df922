import hashlib
import hmac
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gateway.core.errors import Conflict, KeyUnavailable, Misconfigured
from gateway.keys import FileKeyring
from gateway.keys.keyring import require_apart

RFC_5869 = {
    "A.1 basic": (
        b"\x0b" * 22,
        bytes(range(13)),
        bytes(range(0xF0, 0xFA)),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    "A.2 longer": (
        bytes(range(80)),
        bytes(range(0x60, 0xB0)),
        bytes(range(0xB0, 0x100)),
        (
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    "A.3 no salt, no info": (
        b"\x0b" * 22,
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
}


def hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869 in its own words: extract, then expand."""
    pseudorandom = hmac.new(salt or bytes(32), secret, hashlib.sha256).digest()
    block, made = b"", b""
    while len(made) < length:
        block = hmac.new(pseudorandom, block + info + bytes([len(made) // 32 + 1]), hashlib.sha256).digest()
        made += block
    return made[:length]


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    keys = FileKeyring(tmp_path / "keys")
    keys.init()
    keys.open()
    return keys


@pytest.mark.parametrize("name", RFC_5869)
def test_the_librarys_hkdf_is_the_rfcs(name: str) -> None:
    secret, salt, info, expected = RFC_5869[name]
    length = len(expected) // 2

    assert hkdf(secret, salt, info, length).hex() == expected
    assert HKDF(SHA256(), length, salt=salt or None, info=info).derive(secret).hex() == expected


def test_a_key_is_derived_for_one_tenant_and_one_purpose(keyring: FileKeyring) -> None:
    expected = hkdf(keyring.path.read_bytes(), b"", b"cloister/v1\0acme\0fingerprint", 32)

    assert keyring.derive("acme", "fingerprint").reveal() == expected
    assert keyring.derive("acme", "fingerprint").reveal() == expected


def test_no_two_tenants_or_purposes_share_a_key(keyring: FileKeyring) -> None:
    asked = [("acme", "fingerprint"), ("acme", "cookie"), ("globex", "fingerprint"), ("acme-", "fingerprint"), ("", "")]

    assert len({keyring.derive(*one).reveal() for one in asked}) == len(asked)


def test_the_key_is_the_same_after_a_restart(keyring: FileKeyring, tmp_path: Path) -> None:
    again = FileKeyring(tmp_path / "keys")
    again.ensure()

    assert again.derive("acme", "fingerprint") == keyring.derive("acme", "fingerprint")


def test_what_is_made_is_private(keyring: FileKeyring, tmp_path: Path) -> None:
    assert keyring.path.stat().st_mode & 0o777 == 0o400
    assert keyring.path.parent.stat().st_mode & 0o777 == 0o700
    assert [found.name for found in keyring.path.parent.iterdir()] == ["master.key"]
    assert len(keyring.path.read_bytes()) == 32


def test_a_umask_changes_nothing(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys = FileKeyring(tmp_path / "keys")
        keys.init()
    finally:
        os.umask(before)

    assert keys.path.stat().st_mode & 0o777 == 0o400
    keys.open()


def test_a_key_is_never_made_twice(keyring: FileKeyring) -> None:
    before = keyring.path.read_bytes()

    with pytest.raises(Conflict, match="exists already"):
        keyring.init()
    keyring.ensure()

    assert keyring.path.read_bytes() == before


def test_of_two_makers_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = FileKeyring(tmp_path / "keys"), FileKeyring(tmp_path / "keys")
    first.init()
    before = first.path.read_bytes()
    monkeypatch.setattr(Path, "exists", lambda _: False)

    with pytest.raises(Misconfigured, match="File exists"):
        second.init()

    assert first.path.read_bytes() == before


def test_what_a_crash_left_is_cleared(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    (folder / "master.new").write_bytes(b"half")

    keys = FileKeyring(folder)
    keys.ensure()

    assert [found.name for found in folder.iterdir()] == ["master.key"]


def test_a_folder_that_others_may_read_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir()
    folder.chmod(0o755)

    with pytest.raises(Misconfigured, match=f"chmod 700 {folder}"):
        FileKeyring(folder).init()

    assert folder.stat().st_mode & 0o777 == 0o755
    assert list(folder.iterdir()) == []


def test_a_place_where_no_folder_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Misconfigured, match=r"Set keys\.path"):
        FileKeyring(tmp_path / "file" / "keys").init()


@pytest.mark.parametrize("mode", [0o600, 0o440, 0o404, 0o410, 0o444, 0o777])
def test_a_lax_key_is_refused_with_the_mend(keyring: FileKeyring, mode: int) -> None:
    keyring.path.chmod(mode)

    with pytest.raises(Misconfigured, match=f"chmod 400 {keyring.path}"):
        keyring.open()


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o701, 0o777])
def test_a_lax_folder_is_refused_with_the_mend(keyring: FileKeyring, mode: int) -> None:
    keyring.path.parent.chmod(mode)

    with pytest.raises(Misconfigured, match="chmod 700"):
        keyring.open()


def test_another_users_key_is_refused(keyring: FileKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    if keyring.path.stat().st_uid == 0:
        keyring.open()
        os.chown(keyring.path, 4712, -1)
    with pytest.raises(Misconfigured, match="belongs to another user"):
        keyring.open()


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cloister keys init"):
        FileKeyring(tmp_path).open()


@pytest.mark.parametrize("damage", [b"", b"short", bytes(31), bytes(33)])
def test_a_damaged_key_is_refused(keyring: FileKeyring, damage: bytes) -> None:
    keyring.path.unlink()
    keyring.path.write_bytes(damage)
    keyring.path.chmod(0o400)

    with pytest.raises(Misconfigured, match="damaged"):
        keyring.open()


def test_before_it_is_opened_there_is_no_key(tmp_path: Path) -> None:
    keys = FileKeyring(tmp_path / "keys")
    keys.init()

    with pytest.raises(KeyUnavailable):
        keys.derive("acme", "fingerprint")


def test_a_keyring_shows_nothing(keyring: FileKeyring) -> None:
    derived = keyring.derive("acme", "fingerprint")
    shown = f"{keyring!r} {vars(keyring)!r} {derived} {derived!r}"

    for secret in (keyring.path.read_bytes(), derived.reveal()):
        assert repr(secret) not in shown
        assert secret.hex() not in shown


def test_keys_beside_the_data_they_protect_are_refused(tmp_path: Path) -> None:
    require_apart(tmp_path / "keys", tmp_path / "postgres")
    for inside in (tmp_path / "postgres", tmp_path / "postgres" / "keys", tmp_path / "keys/../postgres/keys"):
        with pytest.raises(Misconfigured, match=r"keys\.path"):
            require_apart(inside, tmp_path / "postgres")


def test_a_link_into_the_data_is_followed(tmp_path: Path) -> None:
    (tmp_path / "postgres").mkdir()
    (tmp_path / "keys").symlink_to(tmp_path / "postgres")

    with pytest.raises(Misconfigured):
        require_apart(tmp_path / "keys", tmp_path / "postgres")
