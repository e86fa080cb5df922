import pytest

from gateway.core.policy import RestoreInUrls
from gateway.restore.urls import UrlContext


def permits(text: str, mode: RestoreInUrls = "internal") -> bool:
    context = UrlContext(mode, ("corp.local", "intranet"))
    for character in text:
        context.read(character)
    return context.permits()


FOREIGN = [
    "http://evil.com/",
    "HTTPS://EVIL.com/?q=",
    "![x](http://evil.com/?q=",
    "[x](<http://evil.com/a b ",
    '<img src="http://evil.com/a b ',
    "<img src=//evil.com/",
    '<a href = "/x/',
    "[x](/relative/",
    "see evil.com/x?",
    "www.evil.com/",
    "http://corp.local.evil.com/",
    "http://xcorp.local/",
    "http://corp.local@evil.com/",
    "http://corp.local:80@evil.com/",
    "http://evil.com\\@corp.local/",
    "http://corp.loca%6c/",
    "http://c\u043erp.local/",
    "ftp://corp.local/",
    "mailto:",
    "<a href=\"javascript:x('",
    "background:url(http://evil.com/",
    "http://corp.local/?u=http://evil.com/",
    '{"url": "http://evil.com/',
    "[x]: https\\://evil.com/?q=",
    "[x]: https&colon;&sol;&sol;evil.com&sol;?q=",
    "[x]: https&#58;&#47;&#47;evil.com/?q=",
    "[x]: &#47;/evil.com/?q=",
    "[x]: <https\\://evil.com/",
    "[x]: mailto&colon;",
    "<img src=&#104;ttps&#58;&#47;&#47;evil.com&#47;",
    "<a href = https&colon;//evil.com/",
    '<object data="https&colon;//evil.com/',
    "https://corp.local\\@evil.com/",
]


@pytest.mark.parametrize("text", FOREIGN)
def test_a_value_does_not_go_to_a_foreign_host(text: str) -> None:
    assert not permits(text)
    assert not permits(text, "never")


@pytest.mark.parametrize(
    "text", ["http://corp.local/", "https://wiki.corp.local:8443/p?q=", "[x](http://intranet/", "http://CORP.LOCAL./x#"]
)
def test_a_value_goes_to_a_host_of_the_house(text: str) -> None:
    assert permits(text)
    assert not permits(text, "never")
    assert permits(text, "always")


@pytest.mark.parametrize(
    "text",
    [
        "Dear ",
        "name: ",
        "To:",
        '{"name": "',
        "http://evil.com/ and then ",
        "[x](http://evil.com/) ",
        '<a href="http://evil.com/">',
        "(see http://evil.com/(a)b) ",
        "**",
        "e.g. ",
        "and/or ",
        "[",
    ],
)
def test_ordinary_places_take_values(text: str) -> None:
    assert permits(text)
    assert permits(text, "never")


@pytest.mark.parametrize(
    "text", ["http://", "http://corp.local", "http://corp.local:80", "//corp.local", "www.corp.local"]
)
def test_no_value_becomes_part_of_a_host(text: str) -> None:
    assert not permits(text, "always")


@pytest.mark.parametrize("text", ["<base href='http://evil.com/'> ", "<BASE> http://corp.local/"])
def test_nothing_is_put_after_a_base(text: str) -> None:
    assert not permits(text, "always")


def test_a_url_too_long_to_be_remembered_is_foreign() -> None:
    assert not permits("http://corp.local/" + "x" * 9000)


@pytest.mark.parametrize("unit", [" ", '"', "(", " (", '" ', 'href="', "](", "a "])
@pytest.mark.parametrize("opened", ["(mailto:", '"https://h.example/', "<data:", "`tel:", "", "("])
@pytest.mark.timeout(20)
def test_hostile_text_takes_linear_time(opened: str, unit: str) -> None:
    context = UrlContext("internal", ())

    context.read(opened + "a" * 8184 + unit * 50_000)
