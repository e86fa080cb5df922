import random

import pytest
from presidio_analyzer import EntityRecognizer
from presidio_analyzer.predefined_recognizers import PhoneRecognizer

from gateway.detect.recognizers import generic


@pytest.mark.parametrize(
    "address",
    [
        "bob@corp.local",
        "bob@mail.corp.internal",
        "bob@10.0.0.5",
        "bob@intranet",
        "jürgen@müller.de",
        "maria.gonzalez+tag@example.co.uk",
        "o'brien@example.com",
        "bob@[fe80::1]",
        "a@b.c",
    ],
)
def test_every_address_is_found_whole(address: str) -> None:
    text = f"Write to <{address}>, please."

    (found,) = generic.email().analyze(text, ["EMAIL_ADDRESS"])

    assert text[found.start : found.end] == address


@pytest.mark.parametrize("text", ["a @ b", "@corp", "bob@", "no address at all"])
def test_what_is_no_address_is_left(text: str) -> None:
    assert generic.email().analyze(text, ["EMAIL_ADDRESS"]) == []


def test_web_addresses_are_found() -> None:
    text = "see https://wiki.corp.local/a?b=c and www.example.com/x."

    assert [text[found.start : found.end] for found in generic.url().analyze(text, ["URL"])] == [
        "https://wiki.corp.local/a?b=c",
        "www.example.com/x.",
    ]


@pytest.mark.parametrize("recognizer", [generic.email(), generic.url()], ids=["email", "url"])
@pytest.mark.parametrize("unit", ["a.", "a@", "a@a.", "http://", ".", "-"])
@pytest.mark.timeout(10)
def test_hostile_text_takes_linear_time(recognizer: EntityRecognizer, unit: str) -> None:
    recognizer.analyze(unit * 100_000, [])


def test_windows_change_nothing_that_presidio_finds() -> None:
    chance = random.Random(7)
    words = [
        "call",
        "+1 212 555 0143",
        "(212) 555-0143",
        "030 901820",
        "order",
        "12345",
        "+49 30 901820",
        "2026-11-24",
        "x",
        "\n",
    ]
    plain, windowed = PhoneRecognizer(supported_regions=generic._REGIONS), generic.WindowedPhoneRecognizer()
    for _ in range(150):
        text = " ".join(chance.choice(words) for _ in range(chance.randint(1, 14)))
        spans = [
            {(found.start, found.end) for found in each.analyze(text, ["PHONE_NUMBER"])} for each in (plain, windowed)
        ]
        assert spans[0] <= spans[1] | spans[0] & spans[1], text
        assert {at for start, end in spans[0] for at in range(start, end)} <= {
            at for start, end in spans[1] for at in range(start, end)
        }, text
