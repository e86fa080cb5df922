from gateway.protocols.pointer import Place, escape


def test_what_is_read_apart_belongs_to_nothing() -> None:
    part = Place().spoken_by("user").field("content").entire().item(1)

    assert (part.whole, part.apart().whole) == ("/content", "")
    assert part.apart() == Place("/content/1", "/content/1", "user")


def test_tokens_are_escaped_as_rfc_6901_says() -> None:
    assert escape("a/b~c") == "a~1b~0c"


def test_a_place_is_spelled_twice() -> None:
    place = Place().field("messages").item(1).spoken_by("tool").field("arguments").inside().key("Alma/Quist").item(0)
    assert place.pointer == "/messages/1/arguments#/Alma~1Quist/0"
    assert place.shown == "/messages/1/arguments#/*/0"
    assert place.role == "tool"
