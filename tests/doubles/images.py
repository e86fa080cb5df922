"""Small images, each with a note beside its picture that must not leave."""

from __future__ import annotations

import base64
import struct
import zlib

NOTE = b"SECRET"
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/4QAqRXhpZgAATU0AKgAAAAgAAQEOAAIAAAAHAAAAGgAAAABTRUNSRVQAAP/+AAhTRUNSRVT/"
    "2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKrarYqMyP/L2u71////m8H////6/+b9//j/wAALCAAI"
    "AAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAv/EABgQAAIDAAAAAAAAAAAAAAAAAAASFCRB/9oACAEBAAA/AFYl6p//2Q=="
)
WEBP = base64.b64decode(
    "UklGRm4AAABXRUJQVlA4WAoAAAAIAAAABwAABwAAVlA4ICYAAACQAQCdASoIAAgABUB8JaQAApxXsVAA4nCfFVI6jdWNjsI8icAA"
    "AEVYSUYiAAAATU0AKgAAAAgAAQEOAAIAAAAHAAAAGgAAAABTRUNSRVQAAA=="
)


def chunk(name: bytes, body: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int = 4, height: int = 3, *, notes: bytes = chunk(b"tEXt", b"Comment\0" + NOTE)) -> bytes:
    """A grey PNG. notes: chunks before its picture."""
    rows = b"".join(b"\0" + bytes(range(width % 256)) for _ in range(height))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + notes + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def url(kind: str, image: bytes) -> str:
    """A ``data:`` URL."""
    return f"data:image/{kind};base64,{base64.b64encode(image).decode()}"
