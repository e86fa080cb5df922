"""What is shipped for deployment keeps its promises: one open port, no way out, no root, pinned, no secret in clear."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from gateway import settings
from gateway.db.rls import LOG_SETTINGS
from gateway.egress.guard import place_of

HARDENED = ("gateway", "migrate", "postgres", "vllm")
PINNED = re.compile(r"[\w./-]+:v?\d+\.\d+(\.\d+)?(-[\w.-]+)?")


@pytest.fixture(scope="module")
def compose(root: Path) -> Any:
    return YAML(typ="safe").load((root / "deploy/compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def dockerfile(root: Path) -> str:
    return (root / "deploy/Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def test_the_services_are_the_ones_checked_here(compose: Any) -> None:
    assert tuple(compose["services"]) == HARDENED


def test_only_the_gateways_port_is_published_and_to_this_machine(compose: Any) -> None:
    published = {name: service["ports"] for name, service in compose["services"].items() if "ports" in service}

    assert published == {"gateway": ["${CLOISTER_BIND:-127.0.0.1}:8080:8080"]}


def test_what_is_inside_cannot_get_out(compose: Any) -> None:
    networks = {name: service["networks"] for name, service in compose["services"].items()}

    assert compose["networks"]["inside"] == {"internal": True}
    assert compose["networks"]["front"]["driver_opts"] == {"com.docker.network.bridge.enable_ip_masquerade": "false"}
    assert networks == {
        "gateway": ["inside", "front"],
        "migrate": ["inside"],
        "postgres": ["inside"],
        "vllm": ["inside"],
    }


@pytest.mark.parametrize("name", HARDENED)
def test_every_service_is_hardened(compose: Any, name: str) -> None:
    service = compose["services"][name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["ulimits"] == {"core": 0}
    assert int(service["user"].split(":")[0]) > 0
    assert PINNED.fullmatch(service["image"])
    for forbidden in ("privileged", "cap_add", "network_mode", "pid", "ipc", "env_file", "devices"):
        assert forbidden not in service
    assert not any("docker.sock" in volume for volume in service.get("volumes", []))


def test_secrets_are_files_and_each_goes_where_it_is_needed(compose: Any) -> None:
    given = {name: set(service["secrets"]) for name, service in compose["services"].items()}

    assert all(set(secret) == {"file"} for secret in compose["secrets"].values())
    assert given == {
        "gateway": {"gateway_password", "vllm_api_key"},
        "migrate": {"gateway_password", "owner_password"},
        "postgres": {"superuser_password", "owner_password", "gateway_password"},
        "vllm": {"vllm_api_key"},
    }
    for service in compose["services"].values():
        for variable, value in service.get("environment", {}).items():
            named_as_secret = re.search("PASSWORD|API_KEY|TOKEN|SECRET", variable)
            assert not named_as_secret or value.startswith("/run/secrets/"), variable


def test_vllm_runs_a_mixture_of_experts_and_tells_nobody(compose: Any) -> None:
    vllm = compose["services"]["vllm"]
    environment, words = vllm["environment"], " ".join(vllm["command"])

    assert {"--enable-expert-parallel", "--disable-fastapi-docs", "--fingerprint-mode=none"} <= set(vllm["command"])
    for silent in (
        "VLLM_NO_USAGE_STATS",
        "VLLM_DO_NOT_TRACK",
        "DO_NOT_TRACK",
        "HF_HUB_OFFLINE",
        "TRANSFORMERS_OFFLINE",
    ):
        assert environment[silent] == "1"
    for loose in ("trust", "--enable-log", "--api-key", "--tool-server", "--allowed-local-media-path", "DEV_MODE"):
        assert loose not in words
        assert loose not in " ".join(environment)


def test_the_image_is_pinned_small_and_nobodys_root(dockerfile: str) -> None:
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    final = dockerfile.rpartition("FROM ")[2]

    assert all(re.fullmatch(r"python:3\.11\.\d+-slim-bookworm", base) for base in bases)
    assert len(bases) == 2
    assert "--only-binary :all: --require-hashes --no-deps -r requirements/gateway.txt" in dockerfile
    assert not re.search(r"test\.txt|apt-get|curl|git |ADD |--trusted-host|index-url", dockerfile)
    assert "rm -rf /usr/local/lib/python3.11/site-packages/*" in final
    assert re.findall(r"^USER (\S+)", dockerfile, re.MULTILINE) == ["10001:10001"]
    assert re.search(r"^HEALTHCHECK .*venv/bin/python.*/health/live", final, re.MULTILINE)


def test_the_builder_gets_only_what_the_image_needs(root: Path, dockerfile: str) -> None:
    let_in = (root / "deploy/Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", dockerfile, re.MULTILINE)

    assert let_in[1] == "*"
    assert {line[1:] for line in let_in if line.startswith("!")} == set(" ".join(copied).split())
    assert all((root / name).exists() for name in " ".join(copied).split())


def test_the_sample_of_settings_is_one_that_loads(root: Path, compose: Any) -> None:
    environment = compose["services"]["migrate"]["environment"]
    loaded = settings.load(str(root / "deploy/cloister.toml"), {**environment, "CLOISTER_CONFIG": ""})

    assert [place_of(backend).host for backend in loaded.backend_values()] == ["vllm"]
    assert loaded.server.host == "0.0.0.0"  # noqa: S104 - inside the container; what is published is compose's
    assert loaded.database.password_file == "/run/secrets/gateway_password"
    assert loaded.database.owner_password_file == "/run/secrets/owner_password"
    assert not loaded.database.embedded


def test_the_sample_names_services_and_volumes_that_there_are(root: Path, compose: Any) -> None:
    loaded = settings.load(str(root / "deploy/cloister.toml"), {})
    volumes = compose["services"]["gateway"]["volumes"]

    assert f"keys:{loaded.keys.path}" in volumes
    assert f"./cloister.toml:{compose['services']['gateway']['environment']['CLOISTER_CONFIG']}:ro" in volumes
    assert "@postgres/" in loaded.database.url


def test_the_database_keeps_rows_out_of_its_log(root: Path, compose: Any) -> None:
    guide = (root / "deploy/README.md").read_text(encoding="utf-8")
    defaults = {"log_parameter_max_length_on_error": "0"}

    for name, allowed in LOG_SETTINGS.items():
        assert f"{name}={allowed[0]}" in compose["services"]["postgres"]["command"]
        assert f"ALTER SYSTEM SET {name} = '{allowed[0]}';" in guide or defaults[name] in allowed


@pytest.fixture(scope="module")
def steps(root: Path) -> list[str]:
    """The commands of the guide for systemd, in their order."""
    guide = (root / "deploy/README.md").read_text(encoding="utf-8").partition("## With systemd")[2]
    return "\n".join(re.findall(r"^```sh\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)).splitlines()


def test_the_guide_for_systemd_copies_what_there_is(root: Path, steps: list[str]) -> None:
    named = set(re.findall(r"(?<![\w/])(deploy/[\w./]+|requirements/[\w.]+)", "\n".join(steps)))
    [copied] = [line.split()[2:-1] for line in steps if line.startswith("cp -r ")]

    assert {"deploy/systemd/cloister.service", "deploy/systemd/cloister.toml", "deploy/postgres/init.sql"} <= named
    assert all((root / name).exists() for name in named | set(copied))


def test_the_guide_for_systemd_comes_to_the_start_last(steps: list[str]) -> None:
    order = (
        "useradd",
        "cloister.toml",
        "owner_password",
        "psql <",
        "keys init",
        "db upgrade",
        "policy apply",
        "enable",
    )
    first = [next(at for at, line in enumerate(steps) if word in line) for word in order]

    assert first == sorted(first)


def test_the_sample_for_systemd_loads_and_names_what_the_guide_makes(root: Path, steps: list[str]) -> None:
    unit = (root / "deploy/systemd/cloister.service").read_text(encoding="utf-8")
    loaded = settings.load(str(root / "deploy/systemd/cloister.toml"), {})
    made = "\n".join(steps)

    assert "Environment=CLOISTER_CONFIG=/etc/cloister/cloister.toml\n" in unit
    assert f"Environment=CLOISTER_HOME={Path(loaded.keys.path).parent}\n" in unit
    for file in (loaded.database.password_file, loaded.backends[0].api_key_file):
        assert file in made
    assert "sslmode=verify-full" in loaded.database.url
    assert place_of(loaded.backend_values()[0]).scheme == "https"


def test_the_logins_have_no_more_than_they_need(root: Path) -> None:
    text = (root / "deploy/postgres/init.sql").read_text(encoding="utf-8")

    assert "CREATE ROLE cloister_owner LOGIN CREATEROLE PASSWORD :'owner_password';" in text
    assert "CREATE ROLE cloister_gateway LOGIN NOINHERIT PASSWORD :'gateway_password';" in text
    assert not re.search(r"SUPERUSER|BYPASSRLS|REPLICATION|PASSWORD '", text)


@pytest.fixture
def unit(root: Path, tmp_path: Path) -> Path:
    """The unit, with a program that this machine has."""
    text = (root / "deploy/systemd/cloister.service").read_text(encoding="utf-8")
    file = tmp_path / "cloister.service"
    file.write_text(re.sub(r"(?m)^ExecStart=\S+", f"ExecStart={sys.executable}", text))
    return file


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False)


def test_systemd_understands_the_unit(unit: Path) -> None:
    done = analyze("verify", str(unit))

    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_exposes_little(unit: Path) -> None:
    done = analyze("security", "--offline=true", "--threshold=15", str(unit))

    assert done.returncode == 0, done.stdout[-300:]


def test_the_unit_gives_the_gateway_time_to_drain(unit: Path) -> None:
    [seconds] = re.findall(r"(?m)^TimeoutStopSec=(\d+)s$", unit.read_text())

    assert int(seconds) > settings.Settings().limits.drain_seconds + 5
