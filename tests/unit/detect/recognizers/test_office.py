"""Names of accounts and positions, and what only looks like them."""

from __future__ import annotations

import pytest

from gateway.detect.recognizers.office import office
from tests.doubles.examples import found, growth, left_out, plain, unknown

RECOGNIZERS = office()
EXAMPLES = {
    "USERNAME": [
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
    ],
    "COORDINATES": [
        "lat: ⟦52.5200⟧, lng: ⟦13.4050⟧",
        "found at ⟦48.13712, 11.57538⟧ yesterday",
        "⟦40.7128° N, 74.0060° W⟧",
        "⟦48°51'24\"N 2°21'03\"E⟧",
        '"latitude": ⟦48.1371⟧',
        "GPS ⟦51.3621 7.4619⟧, GPS: ⟦N 51.36214 E 7.46187⟧",
        "last fix ⟦51,36214 N, 7,46187 E⟧",
        "souřadnice: ⟦49.1951, 16.6068⟧",
    ],
}
HARMLESS = [
    "@dataclass(frozen=True)\n@property\ndef x(self): ...",
    "@Override public void run()",
    "@media (max-width: 3px) { }",
    "npm i @types/node @angular/core",
    "write to a@b.example",
    "username is required, user: string, login failed, user not found",
    "user = request.user; login = get_login(); author = self.author",
    "user v2, user guide 2025, username: admin, user=root",
    "account for 12 months, login page 3",
    "prices 12.3456 and 44.1234, loss 0.81234, 0.91234",
    "[0.12345, 0.22345, 0.32345]",
    "position 3.50, version 52.5200.13",
    "https://github.com/acme/tools, login: failed",
    "import x.y for node.children in tree.nodes",
]


@pytest.mark.parametrize(("entity", "example"), [(kind, each) for kind, all_ in EXAMPLES.items() for each in all_])
def test_it_is_found(entity: str, example: str) -> None:
    text, values = plain(example)

    assert found(RECOGNIZERS, text, entity) == values
    assert not left_out(RECOGNIZERS, text)


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert {kind: found(RECOGNIZERS, text, kind) for kind in EXAMPLES if found(RECOGNIZERS, text, kind)} == {}


def test_every_type_has_examples() -> None:
    assert {kind for each in RECOGNIZERS for kind in each.supported_entities} == set(EXAMPLES)


def test_what_they_need_is_known() -> None:
    assert unknown(RECOGNIZERS) == []


@pytest.mark.parametrize("unit", ["user ", "@a", "user=a.", "/home/", "1.11111, ", "12°", "login:"])
def test_time_grows_with_the_text(unit: str) -> None:
    assert all(growth(each, unit) < 10 for each in RECOGNIZERS)
