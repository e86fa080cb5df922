import json
from pathlib import Path

import pytest

from gateway.core.errors import Misconfigured
from gateway.settings import load


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cloister.toml"
    file.write_text('[server]\nport = 9001\nhost = "127.0.0.2"\n')

    settings = load(str(file), {"CLOISTER_SERVER__PORT": "9002"})

    assert (settings.server.port, settings.server.host) == (9002, "127.0.0.2")


def test_backends_come_as_json() -> None:
    given = json.dumps([{"name": "a", "uds": "/run/vllm.sock"}, {"name": "b", "url": "https://vllm", "weight": 2}])

    backends = load(None, {"CLOISTER_BACKENDS": given}).backend_values()

    assert [(backend.name, backend.uds, backend.url, backend.weight) for backend in backends] == [
        ("a", "/run/vllm.sock", "", 1),
        ("b", "", "https://vllm", 2),
    ]


def test_a_backend_may_have_certificates_of_its_own() -> None:
    given = {"ca_file": "/ca.pem", "cert_file": "/own.crt", "key_file": "/own.key", "server_name": "vllm.corp.local"}
    described = json.dumps([{"name": "a", "url": "https://10.0.0.5", **given}])

    (backend,) = load(None, {"CLOISTER_BACKENDS": described}).backend_values()

    assert {name: getattr(backend, name) for name in given} == given


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"CLOISTER_SERVER__PROT": "1"}, "prot"),
        ({"CLOISTER_NONSENSE": "1"}, "nonsense"),
        ({"CLOISTER_SERVER__PORT": "70000"}, "server.port"),
        ({"CLOISTER_SERVER": "x", "CLOISTER_SERVER__PORT": "1"}, "server"),
        ({"CLOISTER_AUDIT__SINKS": "[]"}, "audit.sinks"),
        ({"CLOISTER_AUDIT__SINKS": '["file:/tmp/x"]'}, "audit.sinks"),
        ({"CLOISTER_BACKENDS": "[{"}, "CLOISTER_BACKENDS"),
        ({"CLOISTER_BACKENDS": '[{"name": "a"}]'}, "exactly one"),
        ({"CLOISTER_BACKENDS": '[{"name": "a", "url": "https://x", "insecure": true}]'}, "insecure"),
        ({"CLOISTER_BACKENDS": '[{"name": "a", "url": "http://x", "uds": "/x"}]'}, "exactly one"),
        ({"CLOISTER_BACKENDS": '[{"name": "a", "url": "http://x"}, {"name": "a", "uds": "/x"}]'}, "same name"),
        ({"CLOISTER_DATABASE__URL": "postgresql://u:pw@h/d"}, "database.password_file"),
        ({"CLOISTER_DATABASE__OWNER_URL": "postgresql://u@h/d?password=pw"}, "database.owner_password_file"),
        ({"CLOISTER_DATABASE__URL": "postgresql://[/d"}, "database.url"),
        ({"CLOISTER_CONFIG": "/nowhere/cloister.toml"}, "/nowhere/cloister.toml"),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        load(None, environ)

    assert named in str(raised.value)
    assert raised.value.exit_code == 78


@pytest.mark.parametrize("url", ["postgresql://u:hunter2@h/d", "postgresql://u@h/d?password=hunter2"])
def test_a_password_is_not_repeated(url: str) -> None:
    with pytest.raises(Misconfigured) as raised:
        load(None, {"CLOISTER_DATABASE__URL": url})

    assert "hunter2" not in str(raised.value)


def test_a_broken_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / "cloister.toml"
    file.write_text("[server\n")

    with pytest.raises(Misconfigured, match=r"cloister\.toml.*line 1"):
        load(str(file), {})


def test_the_home_is_absolute() -> None:
    assert Path(load(None, {"CLOISTER_HOME": "here"}).home).is_absolute()


@pytest.mark.parametrize(("host", "address"), [("10.0.0.1", "http://10.0.0.1:8080"), ("::1", "http://[::1]:8080")])
def test_applications_are_given_an_address(host: str, address: str) -> None:
    assert load(None, {"CLOISTER_SERVER__HOST": host}).server.base_url == address
