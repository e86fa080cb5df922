"""JSON as strictly as RFC 8259 allows one to be, so that no two parsers read the same bytes differently.

Law: what is decoded here has one meaning. UTF-8 without a byte order mark, no duplicate keys, no NaN or Infinity, no
lone surrogates, no number beyond 64 bits, no nesting beyond the limit, nothing after the document. Whatever breaks
the law raises the given error, at any size and depth; encoding is compact and leaves UTF-8 as it is.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, cast

from gateway.core.errors import GatewayError, ProtocolError

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """depth: objects and lists within each other. values: members and items, all in all, about."""

    depth: int = 64
    values: int = 100_000


DEFAULT_LIMITS: Final = Limits()


class _Breach(ValueError):
    """A law is broken; the argument says which, in words that hold nothing of the document."""


# A string that never ends counts as one too: without that the search would begin again at every quote within it.
_STRING: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_INEXACT: Final = re.compile(rb"[0-9][eE]|[0-9]*\.[0-9]*(?<=[0-9.]{16})|\.[0-9]+0(?![0-9])|0\.0000")
_BRACKETS: Final = bytes.maketrans(b"{}", b"[]")
_NOT_BRACKETS: Final = bytes(set(range(256)) - set(b"[]{}"))
_SURROGATE: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_LONGEST_INTEGER: Final = 20  # characters of -9223372036854775808
_INTEGERS: Final = range(-(2**63), 2**64)


def decode(raw: bytes, *, limits: Limits = DEFAULT_LIMITS, error: type[GatewayError] = ProtocolError) -> Json:
    """Read one JSON document, or raise ``error``."""
    try:
        _check_shape(raw, limits)
        value = cast("Json", _DECODER.decode(raw.decode()))
        if _SURROGATE.search(raw):
            encode(value)
    except _Breach as breach:
        detail = str(breach)
    except UnicodeError:
        detail = "The body is not valid UTF-8."
    except ValueError:
        detail = "The body is not valid JSON."
    else:
        return value
    raise error(detail)


def encode(value: Json | Mapping[str, Json]) -> bytes:
    """Write compact JSON in UTF-8."""
    return _ENCODER.encode(value).encode()


def is_lenient_json(text: str) -> bool:
    """Tell whether some parser, less strict than this one, would read the text as JSON."""
    try:
        json.loads(text)
    except RecursionError:
        return True
    except ValueError:
        return False
    return True


def has_inexact_numbers(raw: bytes) -> bool:
    """Tell whether a document may hold numbers that are read as others than are written.

    A float has 17 digits, none at its end that is 0, and an exponent where it is small.
    """
    return bool(_INEXACT.search(_STRING.sub(b"", raw)))


def _check_shape(raw: bytes, limits: Limits) -> None:
    """Count what is to come before it is built.

    Depth is found by taking away innermost pairs, one level a round: no recursion, and each round is a scan in C.
    """
    bare, depth = _STRING.sub(b"", raw), limits.depth
    if sum(map(bare.count, (b",", b"[", b"{"))) > limits.values:  # every value has one of these before it, or is alone
        detail = f"The body holds more than {limits.values} values."
        raise _Breach(detail)
    left = bare.translate(_BRACKETS, _NOT_BRACKETS)
    for _ in range(depth):
        if not left:
            return
        left = left.replace(b"[]", b"")
    if b"[]" in left or left.count(b"[") > depth:
        detail = f"The body is nested deeper than {depth} levels."
        raise _Breach(detail)
    if left:
        detail = "The body is not valid JSON."
        raise _Breach(detail)


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    result = dict(pairs)
    if len(result) != len(pairs):
        detail = "An object holds the same key twice."
        raise _Breach(detail)
    return result


def _integer(digits: str) -> int:
    if len(digits) <= _LONGEST_INTEGER and (value := int(digits)) in _INTEGERS:
        return value
    detail = "An integer does not fit into 64 bits."
    raise _Breach(detail)


def _float(digits: str) -> float:
    value = float(digits)
    if math.isfinite(value):
        return value
    detail = "A number is too large."
    raise _Breach(detail)


def _constant(_name: str) -> NoReturn:
    detail = "NaN and Infinity are not JSON."
    raise _Breach(detail)


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
