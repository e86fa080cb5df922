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


# The walls of deploy/network.

PODS = {
    "application": ("apps", {"app": "crm"}),
    "gateway": ("cloister", {"app.kubernetes.io/name": "cloister"}),
    "migrate": ("cloister", {"app.kubernetes.io/name": "cloister-migrate"}),
    "vllm": ("cloister", {"app.kubernetes.io/name": "vllm"}),
    "postgres": ("cloister", {"app.kubernetes.io/name": "postgres"}),
    "stranger": ("cloister", {}),
    "outsider": ("elsewhere", {"app.kubernetes.io/name": "cloister"}),
}
NAMESPACES = {"cloister": {}, "apps": {"cloister.client": "true"}, "elsewhere": {}}
PORTS = (53, 80, 443, 5432, 8000, 8080)


@pytest.fixture(scope="module")
def network_policies(root: Path) -> list[Any]:
    return list(YAML(typ="safe").load_all((root / "deploy/network/networkpolicy.yaml").read_text(encoding="utf-8")))


def chosen(selector: Any, labels: dict[str, str]) -> bool:
    assert set(selector) <= {"matchLabels"}
    return selector.get("matchLabels", {}).items() <= labels.items()


def is_peer(rule: Any, pod: str, home: str) -> bool:
    """Tell whether a rule's peers hold a pod; a peer without a namespace selector is in the policy's own."""
    namespace, labels = PODS[pod]
    for peer in rule:
        assert set(peer) <= {"podSelector", "namespaceSelector"}
        spaces = peer.get("namespaceSelector")
        there = namespace == home if spaces is None else chosen(spaces, NAMESPACES[namespace])
        if there and chosen(peer.get("podSelector", {}), labels):
            return True
    return False


def lets(policies: list[Any], way: str, one: str, other: str, port: int) -> bool:
    """Tell whether what selects a pod lets it have, this way, the other; what nothing selects is free."""
    namespace, labels = PODS[one]
    ours = [
        each["spec"]
        for each in policies
        if each["metadata"]["namespace"] == namespace and chosen(each["spec"]["podSelector"], labels)
    ]
    walled = [spec for spec in ours if way.capitalize() in spec["policyTypes"]]
    peers = "from" if way == "ingress" else "to"
    return not walled or any(
        is_peer(rule[peers], other, namespace) and {"protocol": "TCP", "port": port} in rule["ports"]
        for spec in walled
        for rule in spec.get(way, [])
    )


def test_in_kubernetes_pods_have_each_other_only_as_listed(network_policies: list[Any]) -> None:
    connections = {
        (one, other, port)
        for one in PODS
        for other in PODS
        for port in PORTS
        if "cloister" in {PODS[one][0], PODS[other][0]}
        and lets(network_policies, "egress", one, other, port)
        and lets(network_policies, "ingress", other, one, port)
    }

    assert all(policy["kind"] == "NetworkPolicy" for policy in network_policies)
    assert connections == {
        ("application", "gateway", 8080),
        ("gateway", "vllm", 8000),
        ("gateway", "postgres", 5432),
        ("migrate", "postgres", 5432),
    }


@pytest.mark.parametrize("name", ["vllm", "postgres", "stranger"])
def test_in_kubernetes_these_send_nothing(network_policies: list[Any], name: str) -> None:
    assert not any(lets(network_policies, "egress", name, other, port) for other in PODS for port in PORTS)


@pytest.fixture
def chains(root: Path) -> dict[str, list[str]]:
    """The rules of the nftables set by their chain."""
    text = (root / "deploy/network/cloister.nft").read_text(encoding="utf-8")
    found = re.findall(r"^    chain (\w+) \{\n(.*?)^    \}", text, re.MULTILINE | re.DOTALL)
    return {name: [line.strip() for line in rules.splitlines()] for name, rules in found}


def test_nftables_take_whatever_is_the_gateways(chains: dict[str, list[str]]) -> None:
    assert set(chains) == {"output", "from_gateway", "input", "to_gateway"}
    assert chains["output"] == [
        "type filter hook output priority filter; policy accept;",
        "meta skuid $account goto from_gateway",
    ]
    assert chains["input"] == [
        "type filter hook input priority filter; policy accept;",
        "tcp dport $port goto to_gateway",
    ]


def test_nftables_allow_what_is_listed_and_log_count_and_drop_the_rest(chains: dict[str, list[str]]) -> None:
    for name, allowed in (
        (
            "from_gateway",
            [
                "ct state established,related ct direction reply accept",
                "ip daddr $backends tcp dport $backend_port accept",
                "ip daddr $postgres tcp dport $postgres_port accept",
            ],
        ),
        ("to_gateway", ["ip saddr $clients accept"]),
    ):
        *accepting, logged, dropped = chains[name]

        assert accepting == allowed
        assert re.fullmatch(r'limit rate \d+/minute burst \d+ packets log prefix "cloister refused \w+: ".*', logged)
        assert re.fullmatch(r"counter name refused_(in|out) drop", dropped)


def test_nftables_replace_their_own_table_and_have_no_loose_end(root: Path, chains: dict[str, list[str]]) -> None:
    text = re.sub(r"#.*", "", (root / "deploy/network/cloister.nft").read_text(encoding="utf-8"))
    defined = set(re.findall(r"^define (\w+) = \S", text, re.MULTILINE))
    counters = set(re.findall(r"^    counter (\w+) \{", text, re.MULTILINE))

    assert text.count("{") == text.count("}")
    assert re.findall(r"^(?:delete )?table inet (\w+)", text, re.MULTILINE) == ["cloister"] * 3
    assert set(re.findall(r"\$(\w+)", text)) == defined
    assert set(re.findall(r"counter name (\w+)", text)) == counters
    assert {name for rules in chains.values() for rule in rules for name in re.findall(r"goto (\w+)", rule)} < set(
        chains
    )
    assert "flush ruleset" not in text


@pytest.fixture
def unit_alone(root: Path, unit: Path) -> Path:
    """The unit with its drop-in, and the two that hold its address beside it."""
    folder = root / "deploy/network/systemd"
    drop_in = unit.parent / "cloister.service.d/alone.conf"
    drop_in.parent.mkdir()
    shutil.copy(folder / "alone.conf", drop_in)
    for name in ("cloister-front.socket", "cloister-front.service"):
        shutil.copy(folder / name, unit.parent / name)
    return unit


def test_systemd_understands_the_unit_alone(unit_alone: Path) -> None:
    done = analyze("verify", *(str(unit_alone.parent / name) for name in ("cloister.service", "cloister-front.socket")))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("name", "most"), [("cloister.service", 5), ("cloister-front.service", 20)])
def test_a_unit_alone_exposes_less(unit_alone: Path, name: str, most: int) -> None:
    done = analyze("security", "--offline=true", f"--threshold={most}", str(unit_alone.parent / name))

    assert done.returncode == 0, done.stdout[-300:]


def test_the_address_leads_to_the_socket_of_the_unit_alone(root: Path) -> None:
    alone, front = (
        (root / f"deploy/network/systemd/{name}").read_text(encoding="utf-8")
        for name in ("alone.conf", "cloister-front.service")
    )
    [path] = re.findall(r"^Environment=CLOISTER_SERVER__UDS=(\S+)$", alone, re.MULTILINE)

    assert "PrivateNetwork=yes\n" in alone
    assert "RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX\n" in alone
    assert re.search(rf"^ExecStart=\S+/systemd-socket-proxyd {path}$", front, re.MULTILINE)
    assert "PrivateNetwork=yes\n" in front


def test_the_guide_of_the_walls_names_what_there_is(root: Path) -> None:
    folder = root / "deploy/network"
    guide = (folder / "README.md").read_text(encoding="utf-8")
    there = {str(path.relative_to(root)) for path in folder.rglob("*") if path.is_file()} - {"deploy/network/README.md"}
    named = set(re.findall(r"deploy/network/[\w./-]+\w", guide))

    assert named == there
    assert (folder / "alone").stat().st_mode & 0o111
