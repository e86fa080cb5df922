"""Accounts in prose, logs, commands and chats, and words that only stand where an account would."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.accounts import AccountRecognizer
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = [AccountRecognizer()]


@pytest.mark.parametrize(
    "example",
    [
        "The user ⟦tpetrov⟧ cannot log in.",
        "sshd[211]: Accepted password for ⟦tpetrov⟧ from 10.2.3.4 port 22",
        "Failed password for invalid user ⟦tpetrov⟧ from",
        "session opened for user ⟦tpetrov⟧ by (uid=0)",
        "uid=1001(⟦tpetrov⟧) gid=100",
        "sudo -u ⟦tpetrov⟧ whoami",
        "AD account ⟦tpetrov⟧ was disabled",
        "His Windows login is ⟦tpetrov⟧, PC 12",
        "Mit dem Benutzer ⟦tpetrov⟧ angemeldet",
        "mein User ⟦tpetrov⟧ geht nicht",
        "compte ⟦tpetrov⟧ bloqué",
        "el usuario ⟦tpetrov⟧ no puede entrar",
        "l'utente ⟦tpetrov⟧ non riesce",
        "gebruiker ⟦tpetrov⟧ kan niet inloggen",
        "użytkownik „⟦mistrz_slaw22⟧” pisał",
        "o meu acesso (⟦u20518⟧) está bloqueado",
        "användaren ⟦tpetrov⟧ kan inte",
        "dit brugernavn ⟦tpetrov⟧ overvåges",
        "účet ⟦tpetrov⟧ se přihlásil",
        "⟦tpetrov⟧ kullanıcısı giremiyor",
        "⟦tpetrov⟧ logged in from here",
        "created_by: ⟦tpetrov⟧",
        "reset by ⟦tpetrov⟧ at 9",
        "loggar in som ⟦tpet⟧ nu",
        "GRANT ALL ON shop.* TO '⟦adm_shop⟧'@'10.0.0.1'",
        "nimm ⟦lager_admin⟧ / Winter!2025-lis",
        "<⟦tpetrov⟧> hello all",
        "locked: CORP\\⟦tpetrov⟧ since",
        "Instagram: ⟦tanja.paints⟧ or insta ⟦tanja_paints⟧",
        "Skype live:⟦tanja.k⟧",
        "reddit u/⟦tanja_paints⟧ posted",
        "Snapchat ⟦tanjapaints⟧",
    ],
)
def test_an_account_is_found_by_its_word(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "USERNAME") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize(
    "text",
    [
        "user experience and login page, user interface, account manager",
        "The user clicked twice. Users complained. login failed, user not found",
        "user admin, account postgres, login root",
        "owner of the house, author and editor, assigned to nobody",
        "the user file user.py and the account v2.1",
        "user = request.user",
        "User User; login(user)",
        "created by hand, opened by mistake, closed for good",
        "<b> bold, <table> here",
        "\\n \\t C:\\temp\\data",
        "conta corrente, compte rendu, cuenta corriente",
        "der Benutzer kann, l'utente deve, el usuario puede, brugeren skal",
    ],
)
def test_other_words_are_none(text: str) -> None:
    assert found(RECOGNIZERS, text, "USERNAME") == []


def test_what_it_needs_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["user ", "user_", "a.", "u/", "x\\", "<a", "by for ", "login: a"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert growth(RECOGNIZERS[0], unit) < 10
