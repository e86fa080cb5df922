import pytest

from gateway.detect.recognizers.secrets import SecretRecognizer

SECRETS = SecretRecognizer()
JWT = "eyJ" + "c" * 300 + "." + "d" * 1500 + "." + "e" * 400
PEM = "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----"


def found(text: str) -> list[str]:
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
    "text", ["the password is wrong", "token: none", "please reset my password", "a secret garden"]
)
def test_talk_about_secrets_is_no_secret(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "unit", ["password", "password=", "a-", "eyJ", "-----BEGIN ", "x://a:", "sk-", "\\", "password\\"]
)
@pytest.mark.timeout(20)
def test_hostile_text_takes_bounded_time(unit: str) -> None:
    SECRETS.analyze(unit * (20_000 // len(unit)), [])
