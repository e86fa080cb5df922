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
