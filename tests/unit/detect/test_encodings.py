import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.detect.encodings import MAIL_HINTS, decoded, from_mail
from gateway.detect.hints import Hints
from gateway.detect.views import View


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("john&#64;x&period;com", "john@x.com"),
        ("john&#x40;x &#064y &commat;z", "john@x @y @z"),
        ("M&uuml;ller&nbsp;&amp; Sohn", "Müller\u00a0& Sohn"),
        ("a&amp;#64;b", "a@b"),
        ("4111&nbsp1111&shy1", "4111\u00a01111\u00ad1"),
        ("john%40x.com %2540 %4a%6F", "john@x.com @ Jo"),
        ("M%C3%BCller %E2%82%AC %F0%9F%98%80", "Müller € 😀"),
        ("Andr%E9 M%FCller %4d%fc", "André Müller Mü"),
        (r"M\xfcller", "Müller"),
        (r"M\xc3\xbcller \\xe2\\x82\\xac \xf0\x9f\x98\x80", "Müller € 😀"),
        ("a%00b%0Ac", "a b\nc"),
        (r"\x6aohn\\x40x", "john@x"),
        ("john<b></b>@x<wbr>.c<!-- no -->om", "john@x.com"),
        ('4111<span class="a"></span>1111<wbr/>', "41111111"),
    ],
)
def test_encodings_are_undone(text: str, read: str) -> None:
    assert decoded(View.of(text)).text == read


@pytest.mark.parametrize(
    "text",
    [
        "AT&T, R&D; a && b &c; x?a=1&copy=2&lt=3",
        "100% of 5%, %s and %zz, %de, %C3 %E2%82",
        "<b>John</b> <i>4111</i> <td></td> a<b",
        r"\d \xg0 C:\xampp",
        "&#1234567890; &#; &unknown;",
    ],
)
def test_what_is_no_encoding_stays(text: str) -> None:
    view = View.of(text)

    assert decoded(view) is view


def test_each_character_stands_for_what_encodes_it() -> None:
    source = "a%2540%C3%BCz"
    view = decoded(View.of(source))

    assert view.text == "a@üz"
    assert [source[slice(*view.place(at, at + 1))] for at in range(4)] == ["a", "%2540", "%C3%BC", "z"]


MAIL = Hints({"mail": MAIL_HINTS})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("M=C3=BCller schreibt=20\nan john=40example.com", "Müller schreibt \nan john@example.com"),
        ("4111 1111 11=\r\n11 1111", "4111 1111 1111 1111"),
        ("4111 11=\\\x0111", "4111 1111"),
        ("=34=31=31=31", "4111"),
        ("Content-Transfer-Encoding: quoted-printable\n\n=E2=82=AC=20=F0=9F=98=80", None),
        ("to john=40example=2Ecom", "to john@example.com"),
        ("x =3D 5", "x = 5"),
        ("M=FCller", "Müller"),
        ("total=21378641920 to=20\n", "total=21378641920 to \n"),
    ],
)
def test_mail_is_read_as_it_was_written(text: str, read: str | None) -> None:
    assert "mail" in MAIL.of(text)
    assert from_mail(View.of(text)).text == (read or "Content-Transfer-Encoding: quoted-printable\n\n€ 😀")


@pytest.mark.parametrize(
    "text", ["a=40 b=20", 'width="=40px"', "id=4111111111111111", "x==30", "q=C3&r=5", "f(a=10, b=2E5)", "a=40em.x2"]
)
def test_an_equals_sign_is_no_mail(text: str) -> None:
    assert "mail" not in MAIL.of(text)


@given(st.text("&#%;x40=amp<b>/ \n", max_size=40))
def test_whatever_is_read_stands_in_order_in_the_text(text: str) -> None:
    for view in (decoded(View.of(text)), from_mail(View.of(text))):
        assert len(view.starts) == len(view.ends) == len(view.text)
        assert list(view.starts) == sorted(view.starts)
        assert all(0 <= start < end <= len(text) for start, end in zip(view.starts, view.ends, strict=True))
