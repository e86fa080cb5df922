"""Who signs the checkpoints of a log, seen by the reader of notes that an auditor has."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest

from gateway.audit.offline import Checkpoint, Refused, VerifierKey, opened
from gateway.core.errors import KeyUnavailable
from gateway.core.sensitive import Sensitive
from gateway.keys import FileKeyring, LogSigners, NoteSigner
from tests.doubles.signers import SIGNERS, Words

ROOT = bytes(range(32))


def text_of(signer: NoteSigner) -> str:
    return Checkpoint(signer.name, 7, ROOT).text


@pytest.fixture
def keyring(tmp_path: Path) -> FileKeyring:
    made = FileKeyring(tmp_path / "keys")
    made.ensure()
    return made


def test_what_is_signed_is_opened_by_the_verifier_key() -> None:
    signer = SIGNERS.of("acme")

    assert opened(signer.signed(text_of(signer)), VerifierKey.read(signer.verifier)) == Checkpoint("test/acme", 7, ROOT)


def test_a_note_has_the_form_of_c2sp() -> None:
    signer = SIGNERS.of("acme")
    text, line = signer.signed(text_of(signer)).split("\n\n")
    found = re.fullmatch(r"— test/acme ([A-Za-z0-9+/]+=*)\n", line)

    assert f"{text}\n" == text_of(signer)
    assert found
    held = base64.b64decode(found[1])
    assert (len(held), held[:4].hex()) == (68, signer.verifier.split("+")[1])


def test_what_is_signed_twice_is_the_same() -> None:
    signer = SIGNERS.of("acme")

    assert signer.signed("x\n") == SIGNERS.of("acme").signed("x\n")


@pytest.mark.parametrize("text", ["", "\n", "x", "x\n\n", "x\n\ny\n", "\nx\n", "x\r\n", "x\ty\n", "x\x00\n"])
def test_a_text_that_would_be_read_as_another_is_not_signed(text: str) -> None:
    with pytest.raises(ValueError, match="a note's text"):
        SIGNERS.of("acme").signed(text)


def test_each_log_has_a_key_of_its_own(keyring: FileKeyring) -> None:
    signers = LogSigners(keyring, "house.example")
    acme, other = signers.of("acme"), signers.of("other")

    assert (acme.name, other.name) == ("house.example/acme", "house.example/other")
    assert VerifierKey.read(acme.verifier).raw != VerifierKey.read(other.verifier).raw
    with pytest.raises(Refused):
        opened(acme.signed(text_of(other)), VerifierKey.read(other.verifier))


def test_a_key_is_for_logs_alone_and_stays(keyring: FileKeyring, tmp_path: Path) -> None:
    again = FileKeyring(tmp_path / "keys")
    again.open()

    assert LogSigners(again, "o").of("acme").verifier == LogSigners(keyring, "o").of("acme").verifier
    assert keyring.derive("acme", "log").reveal() not in {
        keyring.derive(tenant, purpose).reveal()
        for tenant, purpose in (("acme", "fingerprint"), ("log", "acme"), ("acme\0log", ""), ("", "acme\0log"))
    }


def test_another_name_of_the_house_is_another_log_by_the_same_key(keyring: FileKeyring) -> None:
    one, other = LogSigners(keyring, "one").of("acme"), LogSigners(keyring, "other").of("acme")

    assert VerifierKey.read(one.verifier).raw == VerifierKey.read(other.verifier).raw
    with pytest.raises(Refused):
        opened(one.signed(text_of(one)), VerifierKey.read(other.verifier))


def test_nothing_is_signed_before_the_keyring_is_open(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable):
        LogSigners(FileKeyring(tmp_path), "o").of("acme")


def test_a_signer_shows_nothing_of_its_seed() -> None:
    seed = Words().derive("acme", "log")
    signer = NoteSigner(name="n", seed=Sensitive(seed.reveal()))

    for shown in (repr(signer), str(signer), signer.verifier, signer.signed("x\n")):
        assert seed.reveal().hex() not in shown
        assert repr(seed.reveal())[2:-1] not in shown
        assert base64.b64encode(seed.reveal()).decode().rstrip("=") not in shown
