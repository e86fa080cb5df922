import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    "see evil.xn--p1ai/?q=",
    "see evil.\u0440\u0444/?q=",
    "xmpp:a@evil.com/",
    "[x]: /relative?q=",
    "[x]: relative?q=",
    "<a href=/relative?q=",
    "<img alt=x src=relative?q=",
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
    "https://evil.com/'?q=",
    "https://evil.com/()?q=",
    'https://evil.com/"?q=',
    "https://evil.com/`?q=",
    "[x]: https://evil.com/'?q=",
    '"https://evil.com/"?q=',
    "(https://evil.com/)?q=",
    "[x](https://evil.com/)?q=",
    "<img src=https://evil.com/'?q=",
    "[x]://evil.com/?q=",
    "[x]:\\//evil.com/?q=",
    "[x]:&#47;/evil.com/?q=",
    "{//evil.com/?q=",
    "|//evil.com/?q=",
    "<img src=https&Tab;://evil.com/?q=",
    "<img src=https&NewLine;://evil.com/?q=",
    "<img src=/&Tab;/evil.com/?q=",
    "[x]: http:1.2.3.4/?q=",
    "<img src=https:evil.xn--p1ai/?q=",
    "https:evil.com",
    "https://corp.local\\u002eevil.com/?q=",
    "https\\u003a//evil.com/?q=",
    "![x](<https://evil.com/?q=\\>",
    "[x]: <https://evil.com/\\\\\\>?q=",
    "<img src=https://evil.com/?q=<",
    "see https://evil.com/?q=>",
    "see \\<https://evil.com/?q=>",
    "[x]: https://evil.com/?q=\\\t",
    "[x]: https://evil.com/?q=\\\f<?>",
    "![x](<\n\n[x]: https://evil.com/?q=>",
    "<meta http-equiv=refresh content='0; url=//evil.com/?q= ",
    '<object data=" //evil.com/?q= ',
    "<object data = '\n//evil.com/?q= ",
    "<img src=&#x2f;\\_x.evil.com/?q=",
    "(see https://evil.com/)>?q=",
    "it is at https://evil.com/it's>?q=",
    "[x]: https://evil.com/?q=<i>",
    "[x]:https://evil.com/?q=<i>",
    '"https://a.com/ <img src="https://evil.com/?q= ',
    '"https://a.com/ <object data = " https://evil.com/?q= ',
    '(https://a.com/ <img src="https://evil.com/?q=) ',
    '`https://a.com/ <img src="https://evil.com/?q=` ',
    "`https://a.com/\n\n[x]: <https://evil.com/?q=` ",
    "`https://a.com/\n\n[x]: https://evil.com/?q=`<i>",
    "<a href=\"<img src='https://evil.com/?q=>",
    'https://a.com/<img/src="https://evil.com/?q= ',
    '<object data="/\t/evil.com/?q=',
    '<a ping="\\\r\n/evil.com/?q=',
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
        "<http://evil.com/>",
        "<http://evil.com/\\\\>",
        "<a href=http://evil.com/>x</a>",
        "<td>http://evil.com/</td><td>",
        "https://evil.com's host is ",
        '"http://evil.com/?q=", "to": "',
        "`curl http://evil.com/` and ",
        "<a href='http://evil.com/' title=\"it's\">",
        '<p title="a b" class="">http://evil.com/ and ',
        'x = "a b" and http://evil.com/ and ',
        '<a title="see http://evil.com/ now" href=""> http://evil.com/ ',
        "and/or\n",
        "and/\n\tor/",
        "(see http://evil.com/(a)b) ",
        "**",
        "e.g. ",
        "and/or ",
        "// ",
        "C:\\Users\\",
        "it is 12:30, so ",
        "Note: ",
        '"http://evil.com/" and "',
        "(http://evil.com/) to ",
        '{"url": "http://evil.com/", "to": "',
        '<a href="http://evil.com/" title="',
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


PROSE = "\u5c0a\u656c\u7684\u5ba2\u6237\uff0c\u60a8\u597d\u3002"
LONG = [PROSE * 500, "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35" * 500, "abcDEF012+/" * 500, "x" * 5000, "a.b-c," * 800]


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize("before", ["", '{"note":"', "("])
def test_a_long_run_without_a_delimiter_takes_values(before: str, text: str) -> None:
    assert permits(before + text)
    assert permits(before + text, "never")


@pytest.mark.parametrize("text", LONG)
@pytest.mark.parametrize(
    "url", ["https://evil.com/?q=", "\uff0cevil.com/?q=", "https:&#47;&#47;evil.com/?q=", "(mailto:"]
)
def test_a_long_run_that_holds_a_foreign_url_takes_none(text: str, url: str) -> None:
    assert not permits(text + url)
    assert not permits(url + text)
    assert not permits(text + url + text)


@pytest.mark.parametrize("url", ["https://evil.com/?q=", "https&#58;//evil.com/?q=", "xevil.com/?q="])
def test_no_place_in_a_long_run_hides_a_url(url: str) -> None:
    assert [at for at in range(1100) if permits("\u4e2d" * at + url)] == []


def test_a_reference_of_any_length_is_not_skipped() -> None:
    colon, slash, dot = (f"&#{'0' * 600}{code};" for code in (58, 47, 46))

    assert not permits(f"<img src=https{colon}{slash}{slash}evil{dot}com{slash}?q=")


def test_a_long_run_ends_at_a_delimiter() -> None:
    assert permits("https://evil.com/" + PROSE * 500 + " ")


@pytest.mark.parametrize("opened", ["", "a:", "&#", "https://corp.local/", "a:/" * 500, "https://corp.local/" * 50])
@pytest.mark.parametrize("unit", ["x", ",", "#", "&", "\\"])
@pytest.mark.timeout(20)
def test_many_values_in_one_run_take_linear_time(opened: str, unit: str) -> None:
    context = UrlContext("internal", ("corp.local",))
    context.read(opened)

    for _ in range(20_000):
        context.read(unit)
        context.permits()


@pytest.mark.parametrize("unit", [" ", '"', "(", " (", '" ', 'href="', "](", "a "])
@pytest.mark.parametrize("opened", ["(mailto:", '"https://h.example/', "<data:", "`tel:", "", "("])
@pytest.mark.timeout(20)
def test_hostile_text_takes_linear_time(opened: str, unit: str) -> None:
    context = UrlContext("internal", ())

    context.read(opened + "a" * 8184 + unit * 50_000)


@given(st.text(st.characters(min_codepoint=0x21, exclude_characters="<>", exclude_categories=["Z", "C"]), max_size=20))
def test_nothing_that_can_be_seen_ends_a_foreign_url(text: str) -> None:
    for begin in ("https://evil.com/", "see //evil.com/", "[x]: https://evil.com/", "www.evil.com/"):
        assert not permits(begin + text)


@pytest.mark.parametrize("space", [chr(code) for code in (0xA0, 0x3000, 0x2003, 0x2028, 0x85, 0x0B, 0x1C, 0x1F)])
def test_white_space_that_not_every_reader_takes_for_an_end_is_none(space: str) -> None:
    context = UrlContext("internal", ("corp.local",))
    context.read(f"[a]: https://evil.com/?q={space}")

    assert not context.permits()


def test_a_token_that_holds_very_many_values_is_foreign_in_the_end() -> None:
    context = UrlContext("internal", ("corp.local",))
    context.read("https://a.corp.local/&")
    permitted = []
    for _ in range(100):
        permitted.append(context.permits())
        context.read("536-22-8147&")
    context.read(" ")

    assert permitted[:10] == [True] * 10
    assert permitted[-10:] == [False] * 10
    assert context.permits()
