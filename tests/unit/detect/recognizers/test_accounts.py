"""Accounts in prose, logs, commands and chats, and words that only stand where an account would."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.accounts import accounts
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = accounts()
EXAMPLES = [
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
    "her user is still ⟦tpetrov2⟧ . change it",
    "mein Benutzer ist noch ⟦tpetrov⟧",
    "Jan logged in from 192.0.2.7 as ⟦ctrl_jan⟧, odd",
    "angemeldet von pc0412 als ⟦tpetrov⟧, zalogowany z 192.0.2.9 jako ⟦mkowal⟧",
    "assigned 10.0.0.9 to peer '⟦tpt-jon⟧' from 192.0.2.1",
    "radius: reject ⟦tpt-jon⟧ mac=aa",
    "login as: ⟦tpetrov⟧",
    "sudo: ⟦tpetrov⟧ : TTY=pts/0",
    "drwxr-xr-x 2 ⟦tpetrov⟧ staff 4096",
    "username: ⟦jdoe42⟧",
    "login ok user=⟦debra⟧ ip=10.1.1.1",
    '"user": "⟦dev_8896⟧"',
    "profile?user=⟦hannah7⟧&x=1",
    "the account ⟦anna.k⟧ was locked",
    "Assignee: ⟦mueller.t⟧",
    "thanks ⟦@bob_smith⟧, see you".replace("⟦@", "@⟦"),
    "@⟦lena⟧ can you look?",
    "saved in /home/⟦annak⟧/x and C:\\Users\\⟦mmuster⟧\\Desktop",
    "linkedin.com/in/⟦hanna.roe⟧, https://github.com/⟦hroe⟧",
    "postgres://⟦eva⟧:x1x1@db/x",
    "- login: ⟦proe⟧",
    "Instagram handle: ⟦hanna.paints⟧",
    "Benutzername: ⟦h.meier⟧",
    "Ihr Kürzel ist ⟦hme3⟧.",
    "nom d'utilisateur : ⟦pdupont⟧",
    "nombre de usuario: ⟦lgarcia⟧",
    "nome utente: ⟦grossi⟧",
    "gebruikersnaam: ⟦jdevries⟧",
    "nazwa użytkownika: ⟦jkowal⟧",
    "nome de utilizador: ⟦rsilva⟧",
    "användarnamn: ⟦eoberg⟧",
    "brugernavn: ⟦mhansen⟧",
    "kullan\u0131c\u0131 ad\u0131: ⟦ayilmaz⟧",
    "uživatelské jméno: ⟦pnovak⟧",
    "| username | role |\n|---|---|\n| ⟦tpatel⟧ | admin |",
]
HARMLESS = [
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
    "@dataclass(frozen=True)\n@property\ndef x(self): ...",
    "@Override public void run()",
    "@media (max-width: 3px) { }",
    "npm i @types/node @angular/core",
    "write to a@b.example",
    "username is required, user: string, login failed, user not found",
    "user = request.user; login = get_login(); author = self.author",
    "user v2, user guide 2025, username: admin, user=root",
    "account for 12 months, login page 3",
    "https://github.com/acme/tools, login: failed",
    "import x.y for node.children in tree.nodes",
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_it_is_found(example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, "USERNAME") == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert found(RECOGNIZERS, text, "USERNAME") == []


@pytest.mark.parametrize(
    ("text", "score"), [("The user tpetrov", 0.6), ("user tpetrov42", 0.7), ("Username: tpetrov", 0.9)]
)
def test_what_says_more_than_a_bare_word_counts(text: str, score: float) -> None:
    (result,) = (result for each in RECOGNIZERS for result in each.analyze(text, ["USERNAME"]))

    assert result.score == score


def test_what_they_need_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize(
    "unit", ["user ", "user_", "@a", "user=a.", "a.", "u/", "x\\", "<a", "by for ", "/home/", "login:", "login: a"]
)
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
