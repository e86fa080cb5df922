import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.core.errors import BackendProtocolError, ProtocolError
from gateway.protocols import json_text
from gateway.protocols.json_text import Limits, decode, encode, has_inexact_numbers

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=25,
)


@given(JSON)
def test_what_was_encoded_is_decoded_again(value: json_text.Json) -> None:
    assert decode(encode(value)) == value
    assert decode(json.dumps(value, indent=1).encode()) == value


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not valid JSON"),
        (b"{", "not valid JSON"),
        (b"}{", "not valid JSON"),
        (b'{"a":1} x', "not valid JSON"),
        (b'{"a":1}{"a":1}', "not valid JSON"),
        (b"[1,]", "not valid JSON"),
        (b"{'a':1}", "not valid JSON"),
        (b"[01]", "not valid JSON"),
        (b'["\x00"]', "not valid JSON"),
        (b'"never ends', "not valid JSON"),
        (b'"ends in a backslash\\', "not valid JSON"),
        (b"\xef\xbb\xbf{}", "not valid JSON"),
        (b'"\xff"', "not valid UTF-8"),
        (b'"\xed\xa0\x80"', "not valid UTF-8"),
        (b'"\\ud800"', "not valid UTF-8"),
        (b'{"\\udfff": 1}', "not valid UTF-8"),
        (b'"\\ud83d\\ud83d"', "not valid UTF-8"),
        (b'{"a":1,"a":2}', "same key twice"),
        (b'[{"a":1,"\\u0061":2}]', "same key twice"),
        (b"NaN", "NaN"),
        (b"[-Infinity]", "NaN"),
        (b"18446744073709551616", "64 bits"),
        (b"-9223372036854775809", "64 bits"),
        (b"9" * 5000, "64 bits"),
        (b"1e999", "too large"),
        (b"[" * 65 + b"]" * 65, "deeper than 64"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "deeper than 64"),
        (b"[" * 90_000, "deeper than 64"),
        (b'{"a":' * 90_000, "deeper than 64"),
        (b"[1" + b",1" * 100_001 + b"]", "more than 100000 values"),
        (b"[" + b"[[[[[]]]]]," * 25_000 + b"1]", "more than 100000 values"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else None,
)
def test_it_refuses(raw: bytes, why: str) -> None:
    with pytest.raises(ProtocolError, match=why):
        decode(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b' {"a" : [1, 2.5, -0, "\\u0041\\ud83d\\ude00"]}\r\n', {"a": [1, 2.5, 0, "A😀"]}),
        (b'"brackets [[[[ in {{{{ a \\" string"', 'brackets [[[[ in {{{{ a " string'),
        (b"18446744073709551615", 2**64 - 1),
        (b'"\\u0000"', "\0"),
        (b"1e5", 100000.0),
    ],
)
def test_it_accepts(raw: bytes, value: json_text.Json) -> None:
    assert decode(raw) == value


@given(st.integers(1, 64))
def test_the_depth_limit_is_exact(depth: int) -> None:
    raw = b'[{"a":' * (depth // 2) + b"[" * (depth % 2) + b"1" + b"]" * (depth % 2) + b"}]" * (depth // 2)
    decode(raw, limits=Limits(depth=depth))
    if depth > 1:
        with pytest.raises(ProtocolError, match="deeper"):
            decode(raw, limits=Limits(depth=depth - 1))


@given(st.binary(max_size=60) | st.text(alphabet='[]{}",:\\u0dD8 1e-NaI', max_size=60).map(str.encode))
def test_nothing_but_the_one_error_comes_out(raw: bytes) -> None:
    try:
        value = decode(raw)
    except ProtocolError:
        return
    assert decode(encode(value)) == value


def test_the_error_is_the_one_asked_for() -> None:
    with pytest.raises(BackendProtocolError):
        decode(b"{", error=BackendProtocolError)


@pytest.mark.parametrize(
    "raw", [b'"' * 400_000, b'\\"' * 200_000, b'"' + b'\\"' * 400_000, b"[]" * 400_000, b'["' * 200_000]
)
def test_hostile_bytes_take_linear_time(raw: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(ProtocolError):
        decode(raw)
    assert time.perf_counter() - began < 2


def test_encoding_is_compact_and_leaves_utf8_alone() -> None:
    assert encode({"ü": [1, 2.0, None]}) == '{"ü":[1,2.0,null]}'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(math.nan)


@pytest.mark.parametrize(
    ("text", "lenient"),
    [('{"a":1,"a":2}', True), ("NaN", True), ("[" * 100_000, True), ("hello", False), ('{"a":', False)],
)
def test_what_a_laxer_parser_would_read(text: str, *, lenient: bool) -> None:
    assert json_text.is_lenient_json(text) is lenient


@pytest.mark.parametrize(
    ("raw", "inexact"),
    [
        (b'{"x": 4111111111111111.7e5}', True),
        (b'{"x": 123456.4111111111111111}', True),
        (b'{"x": 1E5}', True),
        (b'{"x": 212.5550140}', True),
        (b'{"x": 0.00002125550143}', True),
        (b'{"x": 1.25, "y": 4111111111111111, "z": "1e5 and 123456.4111111111111111"}', False),
        (b'{"x": [1.0, 10, 1.05, 0.0001], "y": "1.10"}', False),
    ],
)
def test_numbers_that_are_not_read_as_they_are_written_are_seen(raw: bytes, inexact: bool) -> None:
    assert has_inexact_numbers(raw) is inexact
