import pytest
from presidio_analyzer import EntityRecognizer

from gateway.detect.prefilter import Prefilter
from gateway.detect.recognizers import generic
from gateway.detect.recognizers.iban import InternationalAccountRecognizer


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
        "jane.@example.com",
        "jane..roe...@example.com",
    ],
)
def test_every_address_is_found_whole(address: str) -> None:
    text = f"Write to <{address}>, please."

    (found,) = generic.email().analyze(text, ["EMAIL_ADDRESS"])

    assert text[found.start : found.end] == address


@pytest.mark.parametrize(
    "text",
    [
        "email=%s&x=1",
        "?%s",
        "https://api.example.com/users/%s/orders",
        "'%s'",
        "{'%s'}",
        "`%s`",
        "mailto:%s",
        "user=x/%s",
        ".%s",
        "to .%s",
        "so ...%s",
        "\u2026..%s",
        "7|9.60|%s|Bath",
    ],
)
def test_an_address_has_one_spelling_wherever_it_stands(text: str) -> None:
    (found,) = generic.email().analyze(text % "john@x.org", ["EMAIL_ADDRESS"])

    assert (text % "john@x.org")[found.start : found.end] == "john@x.org"


@pytest.mark.parametrize("text", ["a @ b", "x" * 80 + ".y@b.c", "...@b.c", "@corp", "bob@", "no address at all"])
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


@pytest.mark.parametrize(
    ("text", "at_work"),
    [
        ("Dear all, thank you for 25 pages of it.", []),
        ("to a@b", [0]),
        ("see WWW.corp.local", [1]),
        ("see ftp://corp.local", [1]),
        ("DE89 3704 0044 0532 0130 00", [2]),
        ("DE89370400440532013000", [2]),
    ],
)
def test_they_run_where_they_could_find_something(text: str, at_work: list[int]) -> None:
    assert Prefilter([generic.email(), generic.url(), InternationalAccountRecognizer()]).candidates(text) == at_work
