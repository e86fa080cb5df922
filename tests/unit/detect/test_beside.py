"""Accounts that are made of people's names, and what stands in brackets behind people."""

from __future__ import annotations

import time

import pytest

from gateway.detect.beside import beside

PERSON = "Jorinde M\u00fchlenbeck"


def found(text: str, *people: str) -> list[tuple[str, str]]:
    places = [(text.index(name), text.index(name) + len(name)) for name in people]
    return [(kind, text[start:end]) for kind, start, end, _ in beside(text, places)]


@pytest.mark.parametrize(
    "account",
    [
        "jmuehlenbeck",
        "jmuhlenbeck",
        "jorinde.m",
        "muehlenbeckj",
        "muehlj03",
        "jo.muehlenbeck",
        "j_muehlenbeck2",
        "jomu4417",
    ],
)
def test_an_account_is_made_of_a_name(account: str) -> None:
    assert found(f"{PERSON} asks: is {account} locked?", PERSON) == [("USERNAME", account)]


@pytest.mark.parametrize(
    "word", ["muehlenbeck", "jorinde", "must", "jm", "jam", "jump2", "morning24", "www.jmuehlenbeck.example"]
)
def test_other_words_are_none(word: str) -> None:
    assert found(f"{PERSON} asks: is {word} locked?", PERSON) == []


@pytest.mark.parametrize("account", ["jvanderberg", "vanderbergj", "jori.vanderberg"])
def test_words_of_a_surname_are_written_together(account: str) -> None:
    person = "Jorinde van der Berg"

    assert found(f"{person} asks: is {account} locked?", person) == [("USERNAME", account)]


def test_a_title_in_brackets_is_no_account() -> None:
    assert found(f"{PERSON} (secr.), {PERSON} (chair)", PERSON) == []


def test_one_name_makes_no_account() -> None:
    assert found("Jorinde asks for jorinde2 and jmu", "Jorinde") == []


@pytest.mark.parametrize(
    ("behind", "value"),
    [
        (" (n\u00b0 BE00-8852-993)", ("CUSTOMER_ID", "BE00-8852-993")),
        (" (P-229315) of Stores", ("CUSTOMER_ID", "P-229315")),
        (" [44821993]", ("CUSTOMER_ID", "44821993")),
        (" (brackj04)", ("USERNAME", "brackj04")),
        (" (login: t.yama)", ("USERNAME", "t.yama")),
    ],
)
def test_brackets_behind_somebody_hold_a_number_or_an_account(behind: str, value: tuple[str, str]) -> None:
    assert found(PERSON + behind, PERSON) == [value]


@pytest.mark.parametrize(
    "behind",
    [
        " (1943-2010)",
        " (2019)",
        " (12.03.1956)",
        " (HR)",
        " (chair)",
        " (room 4.17)",
        " (0512 55 71)",
        " (main.py)",
        "[4417]: assigned",
    ],
)
def test_other_brackets_hold_neither(behind: str) -> None:
    assert found(PERSON + behind, PERSON) == []


@pytest.mark.parametrize("account", ["lena_paints77", "octo.lena", "xlena4", "lena4-dev"])
def test_a_name_within_an_account_is_the_whole_of_it(account: str) -> None:
    assert found(f"ask {account}, please", "lena") == [("USERNAME", account)]


@pytest.mark.parametrize(
    "text", ["ask lena, please", "the lena-picture", "www.lena7.example/x", "Lena_7", "lena7@x.example"]
)
def test_a_name_within_something_else_is_a_name(text: str) -> None:
    assert found(text, "Lena" if "Lena" in text else "lena") == []


def test_time_grows_with_the_text() -> None:
    def taken(size: int) -> float:
        text = (PERSON + " abc1 jmx " * 30) * size
        began = time.perf_counter()
        list(beside(text, [(at * 270, at * 270 + len(PERSON)) for at in range(size)]))
        return time.perf_counter() - began

    assert taken(200) < 10 * max(taken(50), 0.02)
