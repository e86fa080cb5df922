import base64
import hashlib
import itertools
import random
from collections.abc import Callable

import pytest

from gateway.detect.packed import unpacked
from gateway.detect.views import View

VALUE = "mail john.smith@example.com or call"
STANDARD = base64.b64encode(VALUE.encode()).decode()


def opened(text: str) -> list[tuple[str, str]]:
    """Return what was opened, with what it was written as."""
    view = unpacked(View.of(text))
    places = [view.place(at, at + 1) for at in range(len(view.text))]
    runs = sorted({place for place in places if place[1] - place[0] > 15})
    return [
        (text[slice(*run)], "".join(each for each, at in zip(view.text, places, strict=True) if at == run).strip())
        for run in runs
    ]


@pytest.mark.parametrize(
    "run",
    [
        STANDARD,
        STANDARD.rstrip("="),
        base64.urlsafe_b64encode(VALUE.encode()).decode(),
        base64.b64encode(VALUE.encode("utf-16-le")).decode(),
        VALUE.encode().hex(),
        VALUE.encode().hex().upper(),
        VALUE.encode().hex(" "),
        ", ".join(f"0x{octet:02x}" for octet in VALUE.encode()),
    ],
)
def test_packed_text_is_opened(run: str) -> None:
    assert opened(f"see {run}, please") == [(run, VALUE)]


def test_what_begins_hexadecimal_digits_is_nothing_special_in_base64() -> None:
    value = "My number is 138-152-020."
    run = base64.b64encode(value.encode()).decode()

    assert "0x" in run
    assert opened(f"see {run} please") == [(run, value)]


def test_umlauts_and_other_writings_are_text() -> None:
    value = "Jürgen Müller, Привет, 你好"
    run = base64.b64encode(value.encode()).decode()

    assert opened(f"x={run}") == [(run, value)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\\\x01"])
def test_lines_of_mail_are_one_run(end: str) -> None:
    value = " ".join(f"line {at} of john.smith@example.com" for at in range(8))
    run = base64.b64encode(value.encode()).decode()
    lines = end.join(run[at : at + 76] for at in range(0, len(run), 76))

    assert opened(f"body:\n{lines}\nregards") == [(lines, value)]


def test_a_line_below_is_no_part_of_a_short_run() -> None:
    assert opened(f"{STANDARD}\nregards") == [(STANDARD, VALUE)]


def test_what_is_glued_to_a_run_is_left_off() -> None:
    assert opened(f"https://x.y/api/v1/{STANDARD.rstrip('=')}")[0][1] == VALUE


def test_a_window_that_begins_within_a_run_is_read_on() -> None:
    assert opened(STANDARD[3:])[0][1].endswith("smith@example.com or call")


def test_the_words_before_it_lead_to_it() -> None:
    view = unpacked(View.of(f"{'x ' * 100}password: {STANDARD} and more"))

    assert view.text.endswith(f"password: {VALUE}\n")
    assert len(view.text) < 120


def test_nothing_readable_is_nothing() -> None:
    chance = random.Random(7)
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n" + chance.randbytes(3000)).decode()
    hashes = [hashlib.new(name, b"x").hexdigest() for name in ("md5", "sha1", "sha256", "sha512")]
    tokens = [base64.urlsafe_b64encode(chance.randbytes(size)).decode() for size in range(12, 300)]
    words = [
        "internationalization",
        "/usr/local/lib/python/site-packages",
        "getElementsByClassName",
        "4111111111111111",
    ]
    words += ["550e8400-e29b-41d4-a716-446655440000", "2024-05-15-12-30-45-000", "00 1b 44 11 3a b7 00 1b 44 11"]

    assert [text for text in (picture, *hashes, *tokens, *words) if unpacked(View.of(text)).text] == []


@pytest.mark.parametrize("text", ["", "short dGVzdA== run", "if description== other", "a" * 5000])
def test_ordinary_text_is_nothing(text: str) -> None:
    assert unpacked(View.of(text)).text == ""


def test_however_many_there_are_all_are_opened() -> None:
    view = unpacked(View.of(f"{STANDARD} " * 250))

    assert view.text.count(VALUE) == 250


@pytest.mark.parametrize("cut", range(1, 5))
def test_a_character_that_a_window_cuts_hides_nothing_else(cut: int) -> None:
    run = base64.b64encode("größer, Übung, жизнь ".encode() * 20).decode()

    assert "größer, Übung, жизнь" in unpacked(View.of(run[cut:-cut])).text


def base64_of(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def hexadecimal(text: str) -> str:
    return text.encode().hex()


@pytest.mark.parametrize(
    "layers", [*itertools.product((base64_of, hexadecimal), repeat=2), (base64_of,) * 3, (hexadecimal,) * 3]
)
def test_what_is_packed_in_what_was_opened_is_opened(layers: tuple[Callable[[str], str], ...]) -> None:
    run = VALUE
    for layer in layers:
        run = layer(run)

    assert opened(f"see {run}, please") == [(run, VALUE)]


def test_digits_that_would_lead_hexadecimal_are_part_of_base64() -> None:
    run = base64_of("at 0m1 write to john.smith@example.com")

    assert "0x" in run
    assert opened(run) == [(run, "at 0m1 write to john.smith@example.com")]


@pytest.mark.parametrize("value", ["john@x.com", "h.doe@x.com"])
def test_what_is_padded_may_be_short(value: str) -> None:
    assert [text for _, text in opened(f"see {base64_of(value)}, or {base64_of(base64_of(value))}")][-1] == value


def test_there_is_an_end_to_it() -> None:
    run = VALUE
    for _ in range(12):
        run = base64_of(run)
    ((written, read),) = opened(run)

    assert written == run
    assert VALUE not in read


def test_what_stands_beside_the_inner_layer_stays() -> None:
    run = base64_of(f"from anna@corp.local: {STANDARD} and more")

    assert opened(run) == [(run, f"from anna@corp.local: {VALUE} and more")]


def test_lines_of_mail_may_hold_lines_of_mail() -> None:
    value = " ".join(f"line {at} of john.smith@example.com" for at in range(8))
    run = base64.encodebytes(base64.encodebytes(value.encode())).decode().strip()

    assert opened(run) == [(run, value)]
