import hashlib
import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.errors import InvalidCredential
from gateway.core.sensitive import Sensitive
from gateway.identity.api_keys import make, parse

CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
KEY = make(bytes(range(40))).reveal()


@given(st.binary(min_size=40, max_size=40))
def test_a_key_reads_back(random: bytes) -> None:
    text = make(random).reveal()
    parsed = parse(Sensitive(text))

    assert re.fullmatch(r"cl_live_[a-z0-9]{8}_[A-Za-z0-9_-]{43}_[0-9A-Za-z]{6}", text)
    assert parsed.id == text.split("_")[2]
    assert parsed.digest == hashlib.sha256(text.encode()).digest()


def test_the_checksum_is_crc32_in_base_62() -> None:
    body, _, digits = KEY.rpartition("_")
    number = 0
    for digit in digits:
        number = number * 62 + CHARACTERS.index(digit)

    assert number == zlib.crc32(body.encode())


def test_all_32_bytes_of_the_secret_count() -> None:
    for place in range(8, 40):
        changed = bytearray(range(40))
        changed[place] ^= 1
        assert make(bytes(changed)).reveal() != KEY


@given(st.integers(0, len(KEY) - 1), st.sampled_from(CHARACTERS))
def test_no_single_slip_makes_another_key(place: int, character: str) -> None:
    slipped = KEY[:place] + character + KEY[place + 1 :]
    if slipped == KEY:
        return

    with pytest.raises(InvalidCredential):
        parse(Sensitive(slipped))


@pytest.mark.parametrize("text", ["", "sk-proj-abc", KEY + "\n", " " + KEY, KEY[:-1], KEY + "0", KEY.upper(), "é" * 70])
def test_what_was_never_a_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidCredential) as raised:
        parse(Sensitive(text))

    assert raised.value.message == InvalidCredential().message


def test_a_key_shows_nothing_of_itself() -> None:
    assert KEY not in repr(make(bytes(range(40))))
