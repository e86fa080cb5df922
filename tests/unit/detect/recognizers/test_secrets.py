import pytest

from gateway.detect.recognizers.secrets import SecretRecognizer
from tests.doubles.examples import left_out, unknown

SECRETS = SecretRecognizer()
JWT = "eyJ" + "c" * 300 + "." + "d" * 1500 + "." + "e" * 400
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"


def found(text: str) -> list[str]:
    assert not left_out([SECRETS], text)
    return [text[each.start : each.end] for each in SECRETS.analyze(text, ["SECRET"])]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("password: Tr0ub4dor&3.", "Tr0ub4dor&3"),
        ('{"api_key": "abcd1234efgh"}', "abcd1234efgh"),
        ("export DB_PASSWORD=hunter2", "hunter2"),
        ("the password is Sommer2026!", "Sommer2026"),
        ("key AKIAIOSFODNN7EXAMPLE used", "AKIAIOSFODNN7EXAMPLE"),
        ("Authorization: Bearer abcdefghijklmnop1234", "abcdefghijklmnop1234"),
        ("postgres://app:s3cr3t@db/x", "s3cr3t"),
        (r'{"inner": "{\"password\": \"Tr0ub4dor77x\"}"}', "Tr0ub4dor77x"),
        (r'\\"api_key\\" : \\"k7k7k7k7\\",', "k7k7k7k7"),
        ("pwd: 482913", "482913"),
        ("inlog van haar, tijdelijk ww Zomer-Hert44", "Zomer-Hert44"),
        ("token=" + JWT, JWT),
        ('{"api_key":"' + "k7" * 2000 + '"}', "k7" * 2000),
        ('"private_key": "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"', PEM),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
            "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
        ),
    ],
)
def test_a_secret_is_found_without_its_label(text: str, secret: str) -> None:
    assert secret in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "the password is wrong",
        "token: none",
        "please reset my password",
        "wifi: b\u0142\u0105d 0x80071122",
        "unit_test_configuration, is_live_20270314",
        "key: 'OrderDetailsPage2Header'",
        'const key = "UserAccountV2Settings"',
        "my_test_20240101abcdefgh",
        "unit_test_transformer2encoder",
        "is_live_20240101abcdefgh",
        "test_20240101abcdefghijklmnop",
    ],
)
def test_talk_about_secrets_is_no_secret(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "unit", ["password", "password=", "a-", "eyJ", "-----BEGIN ", "x://a:", "sk-", "\\", "password\\"]
)
@pytest.mark.timeout(20)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    text = unit * (20_000 // len(unit))

    assert len(SECRETS.analyze(text, [])) == len(SECRETS.analyze_parts(text, [], SECRETS.parts))


def test_what_it_needs_is_known() -> None:
    assert unknown([SECRETS]) == []


LINES = "password: Tr0ub4dor77x%sapi_key: Xk9Lm2Pq8ZtAA%stoken: Qw7Er5Ty3Uu"


@pytest.mark.parametrize("between", ["\n", "\\\x01", "\\\\\x01", ",", ";", "&", "|", "/", ", ", "+", "#", "(", ")"])
def test_a_secret_does_not_hide_the_one_behind_it(between: str) -> None:
    text = LINES % (between, between)
    covered = {at for each in SECRETS.analyze(text, ["SECRET"]) for at in range(each.start, each.end)}

    for secret in ("Tr0ub4dor77x", "Xk9Lm2Pq8ZtAA", "Qw7Er5Ty3Uu"):
        assert set(range(text.index(secret), text.index(secret) + len(secret))) <= covered


@pytest.mark.parametrize("between", ["\n", "\\\x01", ",", ";", "&"])
def test_a_secret_is_known_up_to_a_separator(between: str) -> None:
    assert "Tr0ub4dor77x" in found(LINES % (between, between))


def made(*parts: object) -> str:
    """Put a token together, so that no file holds one."""
    return "".join(map(str, parts))


LETTERS = "aB3dE5gH7jK9mN2pQ4sT6vW8yZ1" * 8
HEX = "0a1b2c3d4e5f6789" * 8


@pytest.mark.parametrize(
    "token",
    [
        made("https://hooks.slack", ".com/services/T0", LETTERS[:40]),
        made("https://discord.com/api/", "webhooks/", "1234567890123456789/", LETTERS[:68]),
        made("xapp-1-", LETTERS[:40]),
        made("glrt-", LETTERS[:24]),
        made("SK", HEX[:32]),
        made("shpat_", HEX[:32]),
        made("sq0atp-", LETTERS[:22]),
        made("dckr_pat_", LETTERS[:27]),
        made("ATATT3x", LETTERS[:60]),
        made("dapi", HEX[:32]),
        made("123456789:", "AA", LETTERS[:33]),
        made("hvs.", LETTERS[:40]),
        made(LETTERS[:14], ".atlasv1.", LETTERS[:67]),
        made("NRAK-", LETTERS[:27]),
        made("AGE-SECRET-KEY-1", "Q" * 58),
        made("whsec_", LETTERS[:32]),
        made("qpk_", "live_", LETTERS[:17]),
        made("zw_sandbox", "_", LETTERS[:20]),
        made("zw_prod", "_", HEX[:20]),
        made("te", "st_", LETTERS[:30]),
        made("$2b$12$", LETTERS[:53]),
        made("$6$rounds=5000$salt$", LETTERS[:86]),
        made("$apr1$", "abcdefgh$", LETTERS[:22]),
        made("$argon2id$v=19$m=65536,t=3,p=4$", LETTERS[:60]),
        made("-----BEGIN PGP PRIVATE KEY ", "BLOCK-----\nx\n-----END PGP PRIVATE KEY BLOCK-----"),
    ],
)
def test_a_token_is_known_by_its_form(token: str) -> None:
    assert token in found(f"use {token} now")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Passwort: Sommer-82!x", "Sommer-82!x"),
        ('{utente: "roe.m", chiave: "kb3lEiAOpV2RW6D1d1zQ"}', "kb3lEiAOpV2RW6D1d1zQ"),
        ("das Startpasswort Sommer8Regen-19 geht nicht", "Sommer8Regen-19"),
        ("const key = 'k7Lm2PqrStuVwXyz'", "k7Lm2PqrStuVwXyz"),
        ('webhook_token     = "KbMknyFJfRhPkpNmoQa6"', "KbMknyFJfRhPkpNmoQa6"),
        ("Das Kennwort lautet Blau77Haus", "Blau77Haus"),
        ("mot de passe : Soleil-44x", "Soleil-44x"),
        ("contrase\u00f1a: Verano.55x", "Verano.55x"),
        ("wachtwoord: Zomer-66x", "Zomer-66x"),
        ("has\u0142o: Lato-77x", "Lato-77x"),
        ("senha: Verao-88x", "Verao-88x"),
        ("l\u00f6senord: Sommar-99x", "Sommar-99x"),
        ("adgangskode: Sommer-11x", "Sommer-11x"),
        ("\u015fifre: Yaz-22xx", "Yaz-22xx"),
        ("heslo: Leto-33xx", "Leto-33xx"),
        ("PIN: 4829", "4829"),
        ("TAN 482913", "482913"),
        ("your verification code is 482913", "482913"),
        ("tool --password Xk9Lm2Pq run", "Xk9Lm2Pq"),
        ("tool --token=Xk9Lm2Pq", "Xk9Lm2Pq"),
        ("mysql -u app -pXk9Lm2Pq db", "Xk9Lm2Pq"),
        ("machine h.example login app password Xk9Lm2Pq", "Xk9Lm2Pq"),
        ("IDENTIFIED BY 'Xk9Lm2Pq'", "Xk9Lm2Pq"),
        ("aws_secret_access_key = " + LETTERS[:40], LETTERS[:40]),
        ("AccountKey=" + LETTERS[:86] + "==;x", LETTERS[:86] + "=="),
        ("https://x.example/c?sv=1&sig=" + LETTERS[:44], "sig=" + LETTERS[:44]),
        ("the wifi password (Harbour2024), please", "Harbour2024"),
        ("wachtwoord is nog steeds Zomer88! toch?", "Zomer88!"),
        ("la clave que nos dieron (Vino*Tinto31) no anda", "Vino*Tinto31"),
        ("nimm solang lager_admin / Winter!2025-lis", "Winter!2025-lis"),
        ("prova con pw Campus_guest412\u00bb", "Campus_guest412"),
        ("tijdelijke pincode Walvis-8820 doorgegeven", "Walvis-8820"),
        ("Eng\u00e5ngsl\u00f6sen \u00e4r Lingon.Bro.47 och", "Lingon.Bro.47"),
        (
            'variable "aws_secret" { default = "qX8kZmPuGFLNJr9NEPHcQySgDZa1lMi4wU6tB2f"',
            "qX8kZmPuGFLNJr9NEPHcQySgDZa1lMi4wU6tB2f",
        ),
        ("SMTP_PASS=abcq wertz lmno ydzh", "abcq"),
        ("SMTP_PASS=abcq wert lmno ydzh\nLOG=1", "abcq wert lmno ydzh"),
        ("API anahtar\u0131 nbk_TSEWkXKXGCvtr84QLnEnP4c, ok", "nbk_TSEWkXKXGCvtr84QLnEnP4c"),
        ("Wifi personale: Havregroed&Fisk4100", "Havregroed&Fisk4100"),
        ("the garage door code is 5582#, ask Tom", "5582#"),
        ("Larmkoden till butiken: 4417", "4417"),
        ("code de l'alarme : 8812", "8812"),
        ("wifi_key: hortensia-blau-77", "hortensia-blau-77"),
        ("l\u00f6senordet till n\u00e4tet \u00e4r Sommar42 va?", "Sommar42"),
        ("ok session=sess_8fK2mQ91xTz7LpW4", "sess_8fK2mQ91xTz7LpW4"),
        ("secret: 'correcthorse'", "correcthorse"),
        ("pinkode 4418 (nej, ikke den)", "4418"),
        ("her pin was 550172.", "550172"),
        ("SIM-PIN lautet 9031", "9031"),
        ("PUK-kod: 77120934", "77120934"),
        ("Password given = Kingfisher. Caller ok", "Kingfisher"),
        ("Passwort vergeben: Kolibri", "Kolibri"),
        ("Token for the nightly purge is aK9xQ2mVb7LsT4wRz8Yc3Pd1", "aK9xQ2mVb7LsT4wRz8Yc3Pd1"),
        ("reset done for user amoore, new one is Otter-bridge-61", "Otter-bridge-61"),
        ("Konto gesperrt, zur\u00fcckgesetzt auf Herbst-Igel-19!", "Herbst-Igel-19!"),
        ("la vpn no va, prob\u00e9 con Quetzal.2031!", "Quetzal.2031!"),
        ("zresetowane na Wiosna-Bocian-44, login bez zmian", "Wiosna-Bocian-44"),
        ("bruger oprettet, nulstillet til Efter\u00e5r-Hest-77", "Efter\u00e5r-Hest-77"),
        ("logged in as svc_x, was still on welcome98765", "welcome98765"),
        ("recovery " + "-".join(f"{n}" for n in range(301201, 301209)), "-".join(map(str, range(301201, 301209)))),
        ("PIN karty: 5519, ok", "5519"),
        ('"pin": "5519"', "5519"),
        ("otp 551 902 please", "551 902"),
        ("Entsperrcode 5519, PUK1 12345678", "12345678"),
        ("code de d\u00e9verrouillage 551902", "551902"),
        ("creds: admin/Wechsel99", "Wechsel99"),
        ("SECRET_KEY_BASE=" + HEX[:32], HEX[:32]),
        ("api key " + HEX[:18] + " expires", HEX[:18]),
        ("<Password>Herbst22!</Password>", "Herbst22!"),
        (made("PAYMENTS_KEY=li", "ve_", HEX[:30]), made("li", "ve_", HEX[:30])),
        ("MAILER_KEY: " + HEX[:24], HEX[:24]),
    ],
)
def test_a_word_in_many_languages_leads_to_it(text: str, secret: str) -> None:
    assert secret in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "password: required",
        "token: <your-token>",
        "password=${PASSWORD}",
        "password: ***",
        "password=xxxx",
        "token: str = None",
        "def f(token: str, secret: bytes) -> None",
        "password = get_password()",
        "api_key = os.environ['API_KEY']",
        "secret = settings.secret",
        "password: {{ vault_password }}",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "passwords are hashed with SHA-256 or bcrypt",
        "the password policy of 2024 asks for 12 signs",
        "session: 3 of 5",
        "das Passwort ist falsch",
        "NIP 526-104-08-28, NIP: 526-10-40-828",
        "le mot de passe est incorrect",
        "spin 4829, pint 330, tango 482913",
        "grep -pattern file, tar -pxf x",
        "Passwort\u00e4nderung am 12.03.2025 erledigt",
        "door code of conduct 2024-2025",
        "login ok user=x bearer=none",
        "the Kahoot!Quiz of 2024",
        "token refreshed 12 times, password hashes 2024, a token ring network",
        "users tried Firefox-118 and Chrome-120, the account was still on Windows-11",
        "the pump was reset to Level-2024",
        "password given: verbally, password set: none",
        "CACHE_KEY=" + HEX[:24],
        "TLS_KEY=/etc/ssl/private/server2048.pem",
        "case 407132-118459-630025",
        "see C++17-Standard, R&D-Budget2025 and Q1-Plan*",
    ],
)
def test_what_stands_for_a_secret_is_none(text: str) -> None:
    assert found(text) == []
