import pytest

from gateway.detect.hints import Hints
from gateway.detect.spelled import HINTS, WRAP_HINTS, addressed, unwrapped
from gateway.detect.views import View

SPELLED = Hints({"addresses": HINTS})
WRAPS = Hints({"wraps": WRAP_HINTS})


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("john [at] example [dot] com", "john@example.com"),
        ("john(at)example(dot)com", "john@example.com"),
        ("john {at} example.com", "john@example.com"),
        ("john.smith (at) mail.example.co.uk", "john.smith@mail.example.co.uk"),
        ("john <at> example <dot> com", "john@example.com"),
        ("john [@] example [.] com", "john@example.com"),
        ("john AT example DOT com", "john@example.com"),
        ("john at example dot com", "john@example.com"),
        ("pat dot reilly at example dot com", "pat.reilly@example.com"),
        ("john AT example.com", "john@example.com"),
        ("h DOT smith AT example DOT com", "h.smith@example.com"),
        ("john @ example . com", "john@example.com"),
        ("john_at_example_dot_com", "john@example.com"),
        ("john-at-example-dot-com", "john@example.com"),
        ("marie arobase exemple point fr", "marie@exemple.fr"),
        ("juan arroba ejemplo punto es", "juan@ejemplo.es"),
        ("max klammeraffe firma punkt de", "max@firma.de"),
        ("max (ät) firma (punkt) de", "max@firma.de"),
        ("anna chiocciola esempio punto it", "anna@esempio.it"),
        ("jan apenstaartje voorbeeld punt nl", "jan@voorbeeld.nl"),
        ("jan małpa firma kropka pl", "jan@firma.pl"),
        ("eva zavináč firma tečka cz", "eva@firma.cz"),
        ("lars snabel-a firma punkt se", "lars@firma.se"),
    ],
)
def test_an_address_is_read_as_it_is_meant(written: str, address: str) -> None:
    text = f"to {written}, or so"
    view = addressed(View.of(text))

    assert "addresses" in SPELLED.of(text)
    assert view.text == f"to {address}, or so"
    assert text[slice(*view.place(3, 3 + len(address)))] == written


@pytest.mark.parametrize(
    "text",
    [
        "we met at example.com, look at this.",
        "at this point in time, to the point it matters",
        "en este punto es mejor, à ce point de vue",
        "MEET AT EXAMPLE.COM",
        "state-of-the-art-at-scale.com look-at-this.html",
        "items[at] = x; f(at)[0]",
        "dinner @ home. In the end",
        "john@example.com",
        "read at www . example . com",
        "connect the dot to the other dot",
    ],
)
def test_prose_is_none(text: str) -> None:
    assert addressed(View.of(text)).text == text


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("john.smith@\nexample.com", "john.smith@example.com"),
        ("john.smith@\\\x01example.com", "john.smith@example.com"),
        ("john.smith\\\\\x01@example.com", "john.smith@example.com"),
        ("john.smith\n@example.com", "john.smith@example.com"),
        ("john@\r\n> example.com", "john@example.com"),
        ("john@exam\nple.com", "john@example.com"),
        ("john@example\n.com", "john@example.com"),
        ("john@example.\ncom", "john@example.com"),
    ],
)
def test_an_address_over_two_lines_is_one(written: str, address: str) -> None:
    text = f"to {written} or so"
    view = unwrapped(View.of(text))

    assert "wraps" in WRAPS.of(text)
    assert view.text == f"to {address} or so"
    assert text[slice(*view.place(3, 3 + len(address)))] == written


@pytest.mark.parametrize(
    "text",
    [
        "john@example.com\nRegards",
        "john@example.com.\nThe next",
        "a@x.com\nb@y.com",
        "bob@intranet\nsee you",
        "@\n",
        "@property\n@abc.abstractmethod",
        "# fmt: off\n@pytest.mark.skip",
        "@final\n@app.dev",
        "bob@corp.local\nnode: 1",
        "to bob@x.com.\nit is",
        "x\n@y",
    ],
)
def test_a_line_below_an_address_is_no_part_of_it(text: str) -> None:
    assert unwrapped(View.of(text)).text == text
