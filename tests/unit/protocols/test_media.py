import base64
import json
import struct
from typing import Any

import pytest

from gateway.core.errors import ProtocolError
from gateway.protocols import ChatLens, MessagesLens, ResponsesLens
from gateway.protocols.media import MOST_PIXELS, NotAnImageError, from_base64, from_url
from tests.doubles.images import JPEG, NOTE, WEBP, chunk, png, url

IMAGES = {"png": png(), "jpeg": JPEG, "webp": WEBP}
EXIF = b"EXIF" + struct.pack("<I", 6) + NOTE


def cleaned(kind: str, image: bytes) -> bytes:
    return base64.b64decode(from_base64(f"image/{kind}", base64.b64encode(image).decode())[0])


@pytest.mark.parametrize("kind", IMAGES)
def test_what_stands_beside_the_picture_is_left_behind(kind: str) -> None:
    clean = cleaned(kind, IMAGES[kind])

    assert NOTE in IMAGES[kind]
    assert NOTE not in clean
    assert cleaned(kind, clean) == clean
    assert from_url(url(kind, IMAGES[kind])) == (url(kind, clean), len(clean))


@pytest.mark.parametrize("kind", IMAGES)
def test_what_follows_the_picture_is_left_behind(kind: str) -> None:
    assert cleaned(kind, IMAGES[kind] + NOTE * 100) == cleaned(kind, IMAGES[kind])


@pytest.mark.parametrize("kind", IMAGES)
def test_what_is_cut_short_is_no_image(kind: str) -> None:
    for end in range(len(IMAGES[kind])):
        with pytest.raises(NotAnImageError):
            cleaned(kind, IMAGES[kind][:end])


@pytest.mark.parametrize(("kind", "other"), [("png", "jpeg"), ("jpeg", "webp"), ("webp", "png")])
def test_a_kind_is_what_it_says(kind: str, other: str) -> None:
    with pytest.raises(NotAnImageError, match=f"cannot be read as image/{kind}"):
        cleaned(kind, IMAGES[other])


@pytest.mark.parametrize("size", [(0, 5), (5000, 5001), (2**31, 2**31)])
def test_there_is_a_limit_on_pixels(size: tuple[int, int]) -> None:
    image = png()
    with pytest.raises(NotAnImageError, match=f"{MOST_PIXELS:,} pixels"):
        cleaned("png", image[:16] + struct.pack(">II", *size) + image[24:])


def test_an_image_needs_a_picture() -> None:
    empty = png()[:33] + chunk(b"IEND", b"")
    with pytest.raises(NotAnImageError):
        cleaned("png", empty)
    with pytest.raises(NotAnImageError):
        cleaned("webp", b"RIFF" + struct.pack("<I", 4 + len(EXIF)) + b"WEBP" + EXIF)
    with pytest.raises(NotAnImageError):
        cleaned("jpeg", b"\xff\xd8\xff\xd9")


ADDRESSES = """https://evil.example/x.png http://127.0.0.1/x file:///etc/passwd //evil.example/x ftp://evil.example/x
data:image/png,abc data:image/png;charset=utf-8;base64,aaaa data:image/svg+xml;base64,PHN2Zy8+ DATA:image/png;base64,
data:text/html;base64,aaaa data:image/gif;base64,R0lGODlh data:image/png;base64,%41 blob:x javascript:x
data:image/png;base64,aaaa#https://evil.example data://evil.example/;base64,aaaa file:data:image/png;base64,aaaa
https:%2f%2fevil.example http://xn--vil-6cd.example/x data:image/png;base64, x"""


@pytest.mark.parametrize("address", ADDRESSES.split())
def test_no_other_address_is_accepted(address: str) -> None:
    with pytest.raises(NotAnImageError):
        from_url(address)


def chat(content: Any) -> bytes:
    return json.dumps({"model": "m", "messages": [{"role": "user", "content": content}]}).encode()


def test_images_of_a_chat_leave_stripped_and_are_told_of() -> None:
    content = [
        {"type": "text", "text": "What is"},
        {"type": "image_url", "image_url": {"url": url("png", png()), "detail": "low"}},
        {"type": "text", "text": " this?"},
    ]

    request = ChatLens().request(chat(content))

    [media] = request.media
    assert (media.pointer, media.size) == ("/messages/0/content/1/image_url/url", len(cleaned("png", png())))
    assert [segment.text.reveal() for segment in request.segments] == ["What is", " this?"]
    written = json.loads(ChatLens().write(request, [segment.text for segment in request.segments]))
    assert written["messages"][0]["content"][1]["image_url"]["url"] == media.text.reveal()
    assert NOTE not in base64.b64decode(media.text.reveal().partition(",")[2])


def test_images_of_the_other_protocols() -> None:
    part = {"type": "input_image", "image_url": url("jpeg", JPEG), "detail": "auto"}
    asked = {"model": "m", "input": [{"role": "user", "content": [part]}]}
    source = {"type": "base64", "media_type": "image/webp", "data": base64.b64encode(WEBP).decode()}
    block = {"type": "image", "source": source}
    message = {"role": "user", "content": [block, {"type": "tool_result", "tool_use_id": "t", "content": [block]}]}

    assert len(ResponsesLens().request(json.dumps(asked).encode()).media) == 1
    request = MessagesLens().request(json.dumps({"model": "m", "max_tokens": 1, "messages": [message]}).encode())
    assert [media.pointer for media in request.media] == [
        "/messages/0/content/0/source",
        "/messages/0/content/1/content/0/source",
    ]


@pytest.mark.parametrize(
    ("source", "pointer"),
    [
        ({"type": "url", "url": "https://evil.example/x"}, "/type"),
        ({"type": "base64", "media_type": "image/png", "data": "aaaa"}, ""),
        ({"type": "base64", "media_type": "image/gif", "data": "aaaa"}, ""),
        ({"type": "base64", "media_type": 5, "data": "aaaa"}, "/media_type"),
        ({"type": "base64", "media_type": "image/png"}, "/data"),
        ({"type": "base64", "media_type": "image/png", "data": "aaaa", "note": "Maria"}, ""),
        ("https://evil.example/x", ""),
    ],
)
def test_a_source_that_is_no_image_is_refused(source: Any, pointer: str) -> None:
    message = {"role": "user", "content": [{"type": "image", "source": source}]}

    with pytest.raises(ProtocolError) as raised:
        MessagesLens().request(json.dumps({"model": "m", "max_tokens": 1, "messages": [message]}).encode())

    assert raised.value.pointer == f"/messages/0/content/0/source{pointer}"
    assert "evil" not in str(raised.value)
    assert "Maria" not in str(raised.value)
