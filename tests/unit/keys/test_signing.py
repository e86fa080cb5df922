from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from gateway.core.errors import Conflict, Misconfigured, VerificationError
from gateway.keys import PublicKey, SigningKey, trusted_keys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
VECTORS = json.loads((Path(__file__).parents[2] / "vectors/ed25519.json").read_bytes())["vectors"]
of_the_rfc = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.make()


def pem(key: Ed25519PrivateKey | Ed448PrivateKey, password: bytes = b"") -> bytes:
    cipher = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cipher)


def held(folder: Path, content: bytes) -> Path:
    file = folder / "release.key"
    file.write_bytes(content)
    file.chmod(0o600)
    return file


def line_of(raw: bytes, name: str = "release") -> str:
    return f"{name}:ed25519:{hashlib.sha256(raw).hexdigest()[:16]}:{base64.b64encode(raw).decode()}"


@of_the_rfc
def test_the_signatures_of_rfc_8032_hold(vector: dict[str, str]) -> None:
    public = PublicKey(name="rfc", raw=bytes.fromhex(vector["public"]))

    public.verify(bytes.fromhex(vector["signature"]), bytes.fromhex(vector["message"]))
    assert trusted_keys([public.line]) == {public.id: public}


@of_the_rfc
def test_we_sign_as_rfc_8032_does(vector: dict[str, str]) -> None:
    key = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(vector["secret"])))

    assert key.public("rfc").raw.hex() == vector["public"]
    assert key.sign(bytes.fromhex(vector["message"])).hex() == vector["signature"]


@of_the_rfc
def test_no_bit_of_a_signature_may_be_another(vector: dict[str, str]) -> None:
    public, message = PublicKey(name="rfc", raw=bytes.fromhex(vector["public"])), bytes.fromhex(vector["message"])
    good = bytes.fromhex(vector["signature"])
    for bit in range(len(good) * 8):
        changed = (int.from_bytes(good, "little") ^ 1 << bit).to_bytes(64, "little")
        with pytest.raises(VerificationError, match=f"The signature by {public.id} does not hold"):
            public.verify(changed, message)


@pytest.mark.parametrize("change", [lambda m: m + b"\0", lambda m: m[:-1], lambda _: b"", lambda m: m.upper()])
def test_a_signature_is_over_one_message(key: SigningKey, change: object) -> None:
    signature = key.sign(b"message")

    key.public("k").verify(signature, b"message")
    with pytest.raises(VerificationError):
        key.public("k").verify(signature, change(b"message"))  # type: ignore[operator]


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_has_one_length(key: SigningKey, length: int) -> None:
    with pytest.raises(VerificationError):
        key.public("k").verify((key.sign(b"m") * 2)[:length], b"m")


def test_one_message_has_one_signature(key: SigningKey) -> None:
    good = key.sign(b"m")
    scalar = int.from_bytes(good[32:], "little")
    other = good[:32] + (scalar + ORDER).to_bytes(32, "little")

    with pytest.raises(VerificationError):
        key.public("k").verify(other, b"m")


def test_a_public_key_that_is_no_point_verifies_nothing() -> None:
    with pytest.raises(VerificationError):
        PublicKey(name="k", raw=b"short").verify(bytes(64), b"m")


def test_an_id_is_of_the_key_and_not_of_its_name(key: SigningKey) -> None:
    one, other = key.public("one"), key.public("other")

    assert one.id == other.id == hashlib.sha256(one.raw).hexdigest()[:16]
    assert one.line == line_of(one.raw, "one")
    assert one.id != SigningKey.make().public("one").id


def test_a_key_comes_back_from_its_file(key: SigningKey, tmp_path: Path) -> None:
    file = tmp_path / "release.key"
    key.write(file)

    assert SigningKey.read(file).public("k") == key.public("k")


def test_a_key_that_is_written_is_its_owners_alone(key: SigningKey, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        key.write(tmp_path / "release.key")
    finally:
        os.umask(before)

    assert (tmp_path / "release.key").stat().st_mode & 0o777 == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["release.key"]


def test_a_key_is_never_written_over(key: SigningKey, tmp_path: Path) -> None:
    file = held(tmp_path, b"what was there")

    with pytest.raises(Conflict, match="exists already"):
        key.write(file)

    assert file.read_bytes() == b"what was there"


def test_a_link_is_not_written_through(key: SigningKey, tmp_path: Path) -> None:
    (tmp_path / "release.key").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(Conflict):
        key.write(tmp_path / "release.key")

    assert not (tmp_path / "elsewhere").exists()


def test_where_no_file_can_be_is_named(key: SigningKey, tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="No such file"):
        key.write(tmp_path / "none" / "release.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644, 0o700, 0o777])
def test_a_lax_key_is_refused_with_the_mend(key: SigningKey, tmp_path: Path, mode: int) -> None:
    file = tmp_path / "release.key"
    key.write(file)
    file.chmod(mode)

    with pytest.raises(Misconfigured, match=f"chmod 600 {file}"):
        SigningKey.read(file)


def test_a_key_may_be_read_only(key: SigningKey, tmp_path: Path) -> None:
    file = tmp_path / "release.key"
    key.write(file)
    file.chmod(0o400)

    assert SigningKey.read(file).public("k") == key.public("k")


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="cloister policy keygen"):
        SigningKey.read(tmp_path / "none.key")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff" * 40,
        b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        pem(Ed448PrivateKey.generate()),
        pem(Ed25519PrivateKey.generate(), b"secret"),
        b"x" * 1_000_000,
    ],
    ids=["empty", "bytes", "damaged", "another curve", "with a password", "large"],
)
def test_what_is_no_signing_key_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Misconfigured, match="holds no Ed25519 key"):
        SigningKey.read(held(tmp_path, content))


def test_the_key_of_rfc_8410_is_one(tmp_path: Path) -> None:
    """Section 10.3, whose public half is in section 10.1: how OpenSSL writes keys, too."""
    lines = "PRIVATE KEY-----", "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC", "PRIVATE KEY-----"
    written = "-----BEGIN {}\n{}\n-----END {}\n".format(*lines).encode()
    public = base64.b64decode("MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=")[-32:]

    assert SigningKey.read(held(tmp_path, written)).public("k").raw == public


def test_a_signing_key_shows_nothing(key: SigningKey) -> None:
    secret = key._key.private_bytes_raw()

    for shown in (repr(key), str(key), f"{key}", repr(key.public("k"))):
        assert secret.hex() not in shown
        assert repr(secret)[2:-1] not in shown
        assert base64.b64encode(secret).decode() not in shown


def test_lines_are_read_as_they_are_written(key: SigningKey) -> None:
    one, other = key.public("one"), SigningKey.make().public("other.2027-1_b")

    lines = ["# release", one.line, "", f"  {other.line}\n"]
    assert trusted_keys(lines) == {one.id: one, other.id: other}
    assert trusted_keys([]) == {}


GOOD = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
NAME, KIND, ID, KEY = line_of(GOOD).split(":")
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        f"{NAME}+{ID}+{KEY}",
        f"{NAME}:{KIND}:{KEY}",
        f":{KIND}:{ID}:{KEY}",
        f"-x:{KIND}:{ID}:{KEY}",
        f"a b:{KIND}:{ID}:{KEY}",
        f"{'n' * 64}:{KIND}:{ID}:{KEY}",
        f"{NAME}:ed448:{ID}:{KEY}",
        f"{NAME}:Ed25519:{ID}:{KEY}",
        f"{NAME}:{KIND}:{ID.upper()}:{KEY}",
        f"{NAME}:{KIND}:{ID[:8]}:{KEY}",
        f"{NAME}:{KIND}:{ID}:{KEY[:-1]}",
        f"{NAME}:{KIND}:{ID}:{KEY}=",
        f"{NAME}:{KIND}:{ID}:{KEY} # comment",
        f"{NAME}:{KIND}:{ID}:{KEY[:20]}-{KEY[21:]}",
        f"{NAME}:{KIND}:{ID}:{base64.b64encode(GOOD + b'x').decode()}",
        f"{NAME}:{KIND}:{ID}:{base64.b64encode(GOOD[:-1]).decode()}",
    ],
)
def test_what_is_no_line_of_a_key_is_refused(line: str) -> None:
    with pytest.raises(Misconfigured, match="Public key 2: it must be NAME:ed25519:ID:KEY"):
        trusted_keys(["", line])


@pytest.mark.parametrize(
    "line",
    [
        f"{NAME}:{KIND}:{'0' * 16}:{KEY}",
        f"{NAME}:{KIND}:{ID}:{KEY.swapcase()}",
        f"{NAME}:{KIND}:{ID}:{KEY[:-2]}{BASE64[BASE64.index(KEY[-2]) ^ 1]}=",  # the same key by other spare bits
    ],
)
def test_a_damaged_line_is_refused(line: str) -> None:
    with pytest.raises(Misconfigured, match="Public key 1: its id is not that of the key"):
        trusted_keys([line])


def test_a_key_is_trusted_under_one_name() -> None:
    with pytest.raises(Misconfigured, match="Public key 3: it stands there twice"):
        trusted_keys([line_of(GOOD), "# again", line_of(GOOD, "other")])


SMALL = (0, 1, P - 1, 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826)


def anybodys() -> list[bytes]:
    """Every way to write a point of order 8 or less, beyond p too."""
    ys = [*SMALL, P - SMALL[-1], P, P + 1]
    return [(y | sign << 255).to_bytes(32, "little") for y in ys for sign in (0, 1)]


def double(x: int, y: int) -> tuple[int, int]:
    """Twice a point of edwards25519 (RFC 8032, section 5.1)."""
    d = -121665 * pow(121666, -1, P)
    cross = d * x * x * y * y
    return 2 * x * y * pow(1 + cross, -1, P) % P, (y * y + x * x) * pow(1 - cross, -1, P) % P


@pytest.mark.parametrize("y", SMALL)
def test_those_points_are_of_small_order(y: int) -> None:
    squared = (y * y - 1) * pow(-121665 * pow(121666, -1, P) * y * y + 1, -1, P) % P
    x = pow(squared, (P + 3) // 8, P)
    x = x if x * x % P == squared else x * pow(2, (P - 1) // 4, P) % P

    assert x * x % P == squared
    assert double(*double(*double(x, y))) == (0, 1)


@pytest.mark.parametrize("raw", anybodys(), ids=bytes.hex)
def test_a_key_for_which_anybody_can_sign_is_not_trusted(raw: bytes) -> None:
    made_up = (1).to_bytes(32, "little") + bytes(32)

    def holds(message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(raw).verify(made_up, message)
        except InvalidSignature:
            return False
        return True

    assert any(holds(b"%d" % attempt) for attempt in range(200))
    with pytest.raises(Misconfigured, match="anybody could sign"):
        trusted_keys([line_of(raw)])
