"""Images inside a request: ``data:`` URLs (RFC 2397) of PNG, JPEG or WebP.

Law: an image leaves with its picture alone: places, cameras, names, thumbnails and whatever else stands beside it are
left behind, by an allow-list of the parts that make the picture. The pixels are not looked at, and nobody can say what
they show: whether images are accepted at all, a policy decides. What is cut short, of another kind than it says, or
larger than the limit, is no image.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from gateway.core.sensitive import Sensitive

KINDS: Final = ("image/jpeg", "image/png", "image/webp")
MOST_PIXELS: Final = 25_000_000
_URL: Final = re.compile(r"data:(image/[a-z]+);base64,([A-Za-z0-9+/]+={0,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image as it leaves. pointer: as it may be shown. size: bytes of the image itself."""

    pointer: str
    text: Sensitive[str]
    size: int


class NotAnImageError(ValueError):
    """It is none that is accepted; the argument says why, in words that hold nothing of it."""


def from_url(url: str) -> tuple[str, int]:
    """Return a ``data:`` URL as it may leave, and the size of its image. Raise ``NotAnImageError``."""
    found = _URL.fullmatch(url)
    if found is None:
        detail = "It must be a data: URL of a PNG, JPEG or WebP image in base64; other addresses are never fetched."
        raise NotAnImageError(detail)
    data, size = from_base64(found[1], found[2])
    return f"data:{found[1]};base64,{data}", size


def from_base64(kind: str, data: str) -> tuple[str, int]:
    """Return base64 as it may leave, and the size of its image. Raise ``NotAnImageError``."""
    clean = _CLEANERS.get(kind)
    if clean is None:
        detail = f"Its type must be one of: {', '.join(KINDS)}."
        raise NotAnImageError(detail)
    try:
        image = b"".join(clean(base64.b64decode(data, validate=True)))
    except (binascii.Error, struct.error, IndexError):
        detail = f"It cannot be read as {kind}."
        raise NotAnImageError(detail) from None
    return base64.b64encode(image).decode(), len(image)


def _require(holds: object) -> None:
    """Go on only where the form is right: what is not is told like what is cut short."""
    if not holds:
        raise IndexError


def _require_pixels(width: int, height: int) -> None:
    if not 0 < width * height <= MOST_PIXELS:
        detail = f"It must have at most {MOST_PIXELS:,} pixels."
        raise NotAnImageError(detail)


# PNG (RFC 2083): chunks

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"IDAT", b"IEND"})


def _png(raw: bytes) -> Iterator[bytes]:
    _require(raw.startswith(_PNG) and raw[12:16] == b"IHDR")
    _require_pixels(*struct.unpack_from(">II", raw, 16))
    yield _PNG
    at, name, drawn = len(_PNG), b"", False
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", raw, at)
        end = at + 12 + length
        _require(end <= len(raw))
        if name in _PNG_KEPT:
            yield raw[at:end]
        drawn = drawn or name == b"IDAT"
        at = end
    _require(drawn)


# JPEG (ITU-T T.81): segments, and the scans between them

_SOI, _EOI, _SOS, _JFIF, _ADOBE = b"\xff\xd8", 0xD9, 0xDA, 0xE0, 0xEE
_JPEG_KEPT: Final = frozenset({*range(0xC0, 0xCC), 0xCD, 0xCE, 0xCF, _SOS, 0xDB, 0xDD, _JFIF, _ADOBE})
"""Frames, Huffman and quantisation tables, restart intervals, and the two notes that say how colours are meant."""

_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SCAN_ENDS: Final = re.compile(rb"\xff(?![\x00\xd0-\xd7\xff])", re.DOTALL)


def _jpeg(raw: bytes) -> Iterator[bytes]:
    _require(raw.startswith(_SOI))
    yield _SOI
    at, framed, drawn = 2, False, False
    while True:
        _require(raw[at] == 0xFF)
        marker = raw[at + 1]
        if marker == 0xFF:  # segments may have filling before them
            at += 1
            continue
        if marker == _EOI:
            break
        end = at + 2 + struct.unpack_from(">H", raw, at + 2)[0]
        _require(end <= len(raw) and end >= at + 4)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", raw, at + 5)
            _require_pixels(width, height)
            framed = True
        if marker == _SOS:
            _require(framed)
            drawn = True
            ends = _SCAN_ENDS.search(raw, end)
            _require(ends)
            end = ends.start() if ends else end
        if marker == _JFIF:
            yield from _jfif(raw[at:end])
        elif marker in _JPEG_KEPT:
            yield raw[at:end]
        at = end
    _require(drawn)
    yield b"\xff\xd9"


def _jfif(segment: bytes) -> Iterator[bytes]:
    """Keep the density, and no thumbnail."""
    if segment[4:9] == b"JFIF\0" and len(segment) >= 18:
        yield b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"


# WebP (RFC 9649): chunks of a RIFF file

_WEBP_KEPT: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})
_FLAGS: Final = 0x10
"""Of the flags of VP8X, that of transparency: XMP, Exif, a colour profile or an animation do not follow any more."""


def _webp(raw: bytes) -> Iterator[bytes]:
    _require(raw[:4] == b"RIFF" and raw[8:12] == b"WEBP")
    end = 8 + struct.unpack_from("<I", raw, 4)[0]
    _require(end <= len(raw))
    at, kept = 12, []
    while at < end:
        name, length = struct.unpack_from("<4sI", raw, at)
        body = raw[at + 8 : at + 8 + length]
        _require(len(body) == length)
        if name in _WEBP_KEPT:
            kept.append((name, _still(body) if name == b"VP8X" else body))
        at += 8 + length + length % 2
    names = [name for name, _ in kept]
    _require(names and names[0] in _SIZES and {b"VP8 ", b"VP8L"} & set(names))
    _require_pixels(*_SIZES[kept[0][0]](kept[0][1]))
    chunks = b"".join(name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2) for name, body in kept)
    yield b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def _still(body: bytes) -> bytes:
    return bytes([body[0] & _FLAGS]) + body[1:]


def _extended(body: bytes) -> tuple[int, int]:
    return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")


def _lossy(body: bytes) -> tuple[int, int]:
    _require(body[3:6] == b"\x9d\x01\x2a")
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _lossless(body: bytes) -> tuple[int, int]:
    _require(body[0] == 0x2F)
    bits = struct.unpack_from("<I", body, 1)[0]
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)


_SIZES: Final[Mapping[bytes, Callable[[bytes], tuple[int, int]]]] = {
    b"VP8X": _extended,
    b"VP8 ": _lossy,
    b"VP8L": _lossless,
}
_CLEANERS: Final[Mapping[str, Callable[[bytes], Iterator[bytes]]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
