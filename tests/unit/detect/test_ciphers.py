import base64
import codecs
import hashlib
import random
from collections.abc import Callable, Iterator

import pytest

from gateway.detect import ciphers

SENTENCE = "Please write to John Smith at john.smith@example.com today"
ADDRESS = "john.smith@example.com"
Way = Callable[[str], Iterator[tuple[int, int]]]


def once(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def base32(text: str) -> str:
    return base64.b32encode(text.encode()).decode()


def base85(text: str) -> str:
    return base64.b85encode(text.encode()).decode()


def thrice(text: str) -> str:
    return "".join(f"%2525{ord(each):02x}" for each in text)


HIDDEN = [
    (ciphers.layered, once(once(SENTENCE))),
    (ciphers.layered, once(once("john@x.com"))),
    (ciphers.layered, once(SENTENCE.encode().hex())),
    (ciphers.layered, once(SENTENCE).encode().hex()),
    (ciphers.layered, once(base32(SENTENCE))),
    (ciphers.layered, once(base85(SENTENCE))),
    (ciphers.base32, base32(SENTENCE)),
    (ciphers.base32, base32(ADDRESS).lower().rstrip("=")),
    (ciphers.base85, base85(SENTENCE)),
    (ciphers.base85, base85(ADDRESS)),
    (ciphers.ascii85, base64.a85encode(SENTENCE.encode(), adobe=True).decode()),
    (ciphers.ascii85, base64.a85encode(ADDRESS.encode()).decode()),
    (ciphers.percent, thrice(ADDRESS.partition(".")[0])),
    (ciphers.shifted, codecs.encode(ADDRESS, "rot13")),
]


@pytest.mark.parametrize(("way", "hidden"), HIDDEN)
def test_it_is_told_where_it_stands(way: Way, hidden: str) -> None:
    text = f"It is {hidden} as agreed."

    assert [text[slice(*place)] for place in way(text)] == [hidden]


def test_prose_in_rot13_is_told_by_its_words() -> None:
    text = codecs.encode("Please call John and write to him with this: it is for you.", "rot13")

    assert list(ciphers.shifted(text))
    assert not list(ciphers.shifted("Dúirt sé gur tháinig sí, gur imigh sé agus gur fhan tú."))


def test_one_layer_is_no_secret() -> None:
    assert not list(ciphers.layered(f"see {once(SENTENCE)} and {SENTENCE.encode().hex()}"))


def test_a_document_that_holds_something_packed_is_not_packed_twice() -> None:
    login = once("build:not-a-password")
    certificate = f"-----BEGIN CERTIFICATE-----\n{once('not a key ' * 90)}\n-----END CERTIFICATE-----\n"
    config = f'{{"auths": {{"registry.corp.local": {{"username": "build", "auth": "{login}"}}}}}}'
    cluster = f"apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {once(certificate)}\n"

    assert not list(ciphers.layered(f".dockerconfigjson: {once(config)}\nkubeconfig: {once(cluster)}"))


WAYS = [ciphers.layered, ciphers.base32, ciphers.base85, ciphers.ascii85, ciphers.percent, ciphers.shifted]


@pytest.mark.parametrize("way", WAYS)
def test_random_octets_and_names_are_nothing(way: Way) -> None:
    chance = random.Random(3)
    octets = [chance.randbytes(size) for size in range(12, 120)]
    runs = [code(each).decode() for each in octets for code in (base64.b64encode, base64.b32encode, base64.b85encode)]
    runs += [hashlib.new(name, b"x").hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    runs += ["internationalizationandlocalization", "THEQUICKBROWNFOXJUMPSOVERTHELAZYDOG", "getElementsByClassName(x)"]
    runs += ["a" * 500, "A" * 500, "2" * 500, "{}()=>" * 50, "if(a&&b||c<d){return(e?f:g)}else{h(i);j=k+l;}"]

    assert [run for run in runs if list(way(f" {run} "))] == []
