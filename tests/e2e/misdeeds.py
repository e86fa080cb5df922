"""What a model server may do, and what its client is told then: it breaks off, falls silent, never ends, speaks oddly."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.doubles.protocols import COMPLETIONS, MESSAGES, PROTOCOLS, RESPONSES, Protocol, framed
from tests.doubles.recording_backend import Die, Reply, chunk, head, whole
from tests.e2e.cases import ADDRESS, GOOD, SILENT, UNAVAILABLE, WRONG, Case, Make

HARM: Final = "qharm7zk <EMAIL_ADDRESS_1>"
"""What a backend says where it should not: a word of its own, and the placeholder of the client's value."""

ENDLESS: Final = 1 << 30
"""Bytes of what never ends."""


@dataclass
class Sent:
    """How many bytes an endless backend got rid of."""

    most: int = 0


SENT: Final = Sent()

# What a backend may do before its answer, or in the middle of a whole one. Of a bad chunk the HTTP library tells nobody
# who waits for the next good one, so it is silence


async def pieces(
    *said: bytes, then: BaseException | None = None, hang: bool = False, pause: float = 0
) -> AsyncIterator[bytes]:
    """Say something, and then break off, fall silent or end. pause: seconds before each piece."""
    for piece in said:
        await asyncio.sleep(pause)
        yield piece
    if hang:
        await asyncio.Event().wait()
    if then:
        raise then


async def endless(begin: bytes, piece: bytes, *, chunked: bool = True) -> AsyncIterator[bytes]:
    """Say the same again and again, a gigabyte of it, and note how much of that was taken."""
    yield begin
    for said in range(0, ENDLESS, len(piece)):
        SENT.most = max(SENT.most, said)
        yield chunk(piece) if chunked else piece


LENGTH: Final = head(200, content_length="1000") + b"\r\n"
CHUNKED: Final = head(200, transfer_encoding="chunked") + b"\r\n"
EVENTS: Final = head(200, "text/event-stream", transfer_encoding="chunked") + b"\r\n"
LONG: Final = b"x" * 65_536

AT_ONCE: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset before its head": (lambda _: pieces(then=Die()), UNAVAILABLE),
    "closed before its head": (lambda _: pieces(then=ConnectionAbortedError()), UNAVAILABLE),
    "closed in its head": (lambda _: pieces(b"HTTP/1.1 200 OK\r\ncont", then=ConnectionAbortedError()), UNAVAILABLE),
    "silent": (lambda _: pieces(hang=True), SILENT),
    "silent in its head": (lambda _: pieces(b"HTTP/1.1 200 OK\r\ncont", hang=True), SILENT),
    "no HTTP": (lambda _: pieces(f"{HARM}\r\n\r\n".encode(), then=Die()), WRONG),
    "a line of its head without end": (lambda _: endless(b"HTTP/1.1 200 OK\r\nx: ", LONG, chunked=False), WRONG),
    "a head without end": (lambda _: endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 9000, chunked=False), WRONG),
    "a redirect": (lambda _: whole({"x": HARM}, status=302, location=f"http://{ADDRESS}/"), WRONG),
    "compressed": (lambda _: whole(gzip.compress(HARM.encode()), content_encoding="gzip"), WRONG),
    "of another kind": (lambda _: whole(HARM.encode(), kind="text/html"), WRONG),
    "an unknown status": (lambda _: whole(HARM.encode(), status=299), WRONG),
    "an error of another shape": (lambda _: whole(HARM.encode(), status=500), UNAVAILABLE),
}
IN_A_BODY: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset in its body": (lambda _: pieces(LENGTH + HARM.encode(), then=Die()), UNAVAILABLE),
    "closed in its body": (lambda _: pieces(LENGTH + HARM.encode(), then=ConnectionAbortedError()), UNAVAILABLE),
    "silent in its body": (lambda _: pieces(LENGTH + HARM.encode(), hang=True), SILENT),
    "a bad chunk": (lambda _: pieces(CHUNKED, b"zz\r\n" + HARM.encode() + b"\r\n", then=Die(), pause=0.1), SILENT),
    "a body without end": (lambda _: endless(CHUNKED, LONG), WRONG),
    "too long by its own account": (lambda _: pieces(head(200, content_length="1073741824") + b"\r\n"), WRONG),
    "no JSON": (lambda _: whole(HARM.encode()), WRONG),
    "no body": (lambda _: whole(b""), WRONG),
    "JSON of another shape": (lambda _: whole([{"choices": HARM}]), WRONG),
    "parts of another shape": (lambda _: whole(dict.fromkeys(("choices", "output", "content"), HARM)), WRONG),
    "NUL in a string": (lambda p: whole(json.dumps(p.whole("A")).encode().replace(b"A", b"\0")), WRONG),
    "not UTF-8": (lambda p: whole(json.dumps(p.whole("A")).encode().replace(b"A", b"\xc3")), WRONG),
    "a byte order mark": (lambda p: whole(b"\xef\xbb\xbf" + json.dumps(p.whole("A")).encode()), WRONG),
    "more after its end": (lambda p: whole(json.dumps(p.whole("A")).encode() + b'{"x":1}'), WRONG),
    "a stream nobody asked for": (lambda p: pieces(EVENTS, *map(chunk, framed(p.events("A")))), WRONG),
    "words nobody asked for": (lambda p: whole({**p.whole("Hello"), "x": HARM}), GOOD),
}

# What it may do in the middle of a stream


def begun(protocol: Protocol) -> list[bytes]:
    """The chunks of a stream up to its first text."""
    return [EVENTS, *map(chunk, protocol.begun())]


def going_on(*said: bytes, then: BaseException | None = None, hang: bool = False) -> Make:
    """Go on after the first text with chunks that are no good."""
    return lambda protocol: pieces(*begun(protocol), *map(chunk, said), then=then, hang=hang)


def data(text: str | bytes) -> bytes:
    return b"data: " + (text if isinstance(text, bytes) else text.encode()) + b"\n\n"


def strange(protocol: Protocol) -> Reply:
    """Events of another protocol."""
    other = COMPLETIONS if protocol in (MESSAGES, RESPONSES) else MESSAGES
    return pieces(*begun(protocol), *map(chunk, framed(other.events(HARM))), chunk(b""))


def unended(protocol: Protocol) -> Reply:
    """All of a stream but what says that it has ended well."""
    return pieces(*begun(protocol), *map(chunk, framed(protocol.events("A")[1:-1])), chunk(b""))


IN_A_STREAM: Final[dict[str, tuple[Make, tuple[int, str]]]] = {
    "reset": (going_on(then=Die()), UNAVAILABLE),
    "closed": (going_on(then=ConnectionAbortedError()), UNAVAILABLE),
    "closed in an event": (going_on(f'data: {{"x": "{HARM}'.encode(), then=ConnectionAbortedError()), UNAVAILABLE),
    "silent": (going_on(hang=True), SILENT),
    "over before its end": (unended, UNAVAILABLE),
    "over in a character": (going_on(data("é")[:-3], b""), UNAVAILABLE),
    "no JSON": (going_on(data(HARM)), WRONG),
    "JSON of another shape": (going_on(data(json.dumps([HARM]))), WRONG),
    "parts of another shape": (going_on(data(json.dumps({"type": HARM, "choices": HARM}))), WRONG),
    "an error": (going_on(data(json.dumps({"error": {"message": HARM}})), data("[DONE]"), b""), UNAVAILABLE),
    "of another protocol": (strange, WRONG),
    "NUL in its data": (going_on(data(f'{{"x": "\0 {HARM}"}}')), WRONG),
    "not UTF-8": (going_on(data(b'{"x": "\xc3 ' + HARM.encode() + b'"}')), WRONG),
    "a line without end": (lambda p: endless(b"".join([*begun(p), chunk(b"data: ")]), LONG), WRONG),
    "an event without end": (lambda p: endless(b"".join(begun(p)), b"data: xy\n" * 8000), WRONG),
    "a field without end": (lambda p: endless(b"".join(begun(p)), LONG), WRONG),
    "a bad chunk": (
        lambda p: pieces(*begun(p), b"zz\r\n" + data(HARM) + b"\r\n", then=ConnectionAbortedError(), pause=0.1),
        SILENT,
    ),
}

# How it may speak, oddly but well


def told(protocol: Protocol, change: Callable[[bytes], bytes], *after: bytes, size: int = 0) -> Reply:
    """A good stream, changed, in chunks of its frames or of so many bytes."""
    raw = change(b"".join(framed(protocol.events("Hello ", "thére", " <EMAIL_ADDRESS_1>"))))
    cut = [raw[at : at + size] for at in range(0, len(raw), size)] if size else [raw]
    return pieces(EVENTS, *map(chunk, (*cut, *after)), chunk(b""))


INJECTED: Final = f"id: {HARM}\nretry: 1\nevent: {HARM}\n: {HARM}\nx\0{HARM}\n".encode()
ODDLY: Final[dict[str, Make]] = {
    "CR": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r")),
    "CR, byte by byte": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r"), size=1),
    "CRLF, byte by byte": lambda p: told(p, lambda raw: raw.replace(b"\n", b"\r\n"), size=1),
    "byte by byte": lambda p: told(p, lambda raw: raw, size=1),
    "a byte order mark": lambda p: told(p, lambda raw: b"\xef\xbb\xbf" + raw),
    "other fields": lambda p: told(p, lambda raw: raw.replace(b"data: ", INJECTED + b"data: ")),
    "more after its end": lambda p: told(p, lambda raw: raw, data(HARM), INJECTED, *framed(p.events(HARM))),
}


def cases() -> Iterator[Case]:
    for protocol in PROTOCOLS:
        for streamed in (False, True):
            for what, (make, expected) in AT_ONCE.items():
                yield Case(what=what, protocol=protocol, streamed=streamed, make=make, expected=expected)
        for what, (make, expected) in IN_A_BODY.items():
            yield Case(what=what, protocol=protocol, streamed=False, make=make, expected=expected)
        for what, (make, expected) in IN_A_STREAM.items():
            yield Case(what=what, protocol=protocol, streamed=True, make=make, expected=expected, begun=True)
        for what, make in ODDLY.items():
            yield Case(what=what, protocol=protocol, streamed=True, make=make, expected=GOOD)
