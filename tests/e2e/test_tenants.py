"""Two tenants of one gateway: whatever one asks for, by whatever id, it is shown nothing that is the other's."""

from __future__ import annotations

import argparse
import json
import re
import secrets
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from litestar.routes import HTTPRoute

from gateway.api.routes import Services, build
from gateway.audit import store
from gateway.cli.main import parser
from gateway.core.actor import Role
from gateway.core.sensitive import Sensitive
from gateway.db.embedded import EmbeddedPostgres
from gateway.identity import api_keys
from gateway.policy import Plan, Source
from tests.doubles.recording_backend import Received, completion, whole
from tests.e2e.commands import asked, cloister
from tests.waiting import until

pytestmark = pytest.mark.integration

ROLES = tuple(role.value for role in Role if role is not Role.PLATFORM)
POLICY = """\
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {{name: policy-of-{tenant}}}
spec:
  entities: {{EMAIL_ADDRESS: {{operator: hash}}}}
  allow: {{values: [desk@{tenant}.example]}}
"""
NAMING = {
    "RedactionPolicy": POLICY.replace("spec:", "spec:\n  match: {{tenants: {named}}}"),
    "RetentionPolicy": """\
apiVersion: cloister/v1
kind: RetentionPolicy
metadata: {{name: policy-of-{tenant}}}
spec:
  match: {{tenants: {named}}}
  rules: [{{data: audit, keep_at_least: P1M, delete_after: P2M}}]
""",
}
STRANGERS = {
    "tenant": "nobody",
    "key": "zzzzzzzz",
    "label": "app-of-nobody",
    "exchange": str(uuid.UUID(int=7)),
    "event": str(uuid.UUID(int=8)),
    "sequence": "1000000",
    "policy": "policy-of-nobody",
    "digest": "e" * 64,
    "version": "99",
    "owner": "person-of-nobody",
    "plan": "f" * 64,
}
"""Every kind of id that there is, and one of that form that belongs to nobody."""

SMALL_NUMBERS = {"sequence", "version"}
"""Ids that both tenants have: they say nothing of anybody by themselves."""

SEES_EVERY_TENANT = {
    *product(["cloister_reader"], ["tenants", "api_keys", "policy_versions"]),
    *product(["cloister_integrator"], ["audit_events", "audit_pending", "audit_leaves"]),
    *product(["cloister_integrator"], ["audit_checkpoints", "audit_nodes"]),
}
"""Which role reads which table across tenants: to know every key and policy, and to number every log."""

OF_NO_TENANT = {"gateway_instances", "revisions", "schema_version"}


@dataclass(frozen=True, eq=False)
class Tenant:
    """A tenant's keys by role, and its ids by kind."""

    name: str
    keys: dict[str, str]
    ids: dict[str, str]
    file: Path

    def marks(self, but: str = "") -> set[str]:
        """What is this tenant's alone, but for what the other one has sent itself."""
        own = {value for kind, value in self.ids.items() if kind not in SMALL_NUMBERS}
        return {mark for mark in own | {f"desk@{self.name}"} if mark not in but}


@pytest.fixture(scope="module")
def both(shared_gateway: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Tenant, Tenant]]:
    run = secrets.token_hex(3)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLOISTER_HOME", str(shared_gateway.home))
        folder = tmp_path_factory.mktemp("tenants")
        acme = furnished(shared_gateway, folder, f"acme-{run}")
        yield acme, furnished(shared_gateway, folder, f"umbra-{run}", versions=2)


@pytest.fixture
def acme(both: tuple[Tenant, Tenant]) -> Tenant:
    return both[0]


@pytest.fixture
def umbra(both: tuple[Tenant, Tenant]) -> Tenant:
    return both[1]


def furnished(gateway: Any, folder: Path, name: str, versions: int = 1) -> Tenant:
    """Make a tenant with a key of each role, a policy of its own and an approved plan, and let it make an exchange."""
    asked("access", "tenant", "create", name)
    owned = ("--owner", f"person-of-{name}", "--label", f"app-of-{name}")
    create = ("access", "key", "create", "--tenant", name, *owned, "--role")
    made = {role: asked(*create, role) for role in ROLES}
    keys = {role: key["key"] for role, key in made.items()}
    file = folder / f"{name}.yaml"
    for number in range(versions, 0, -1):
        file.write_text(POLICY.format(tenant=name).replace("hash", "hash" if number == 1 else "mask"))
        applied = asked("policy", "apply", str(file), "--tenant", name)
    exchange = first_exchange(gateway, keys["app"], name)
    event = asked("audit", "query", "--tenant", name, "--exchange", exchange)[0]
    ids = {
        "tenant": name,
        "key": made["app"]["id"],
        "label": f"app-of-{name}",
        "exchange": exchange,
        "event": event["id"],
        "sequence": str(event["seq"]),
        "policy": f"policy-of-{name}",
        "digest": applied["digest"],
        "version": str(applied["version"]),
        "owner": f"person-of-{name}",
        "plan": approved(gateway, keys["privacy_officer"], file, applied["version"], name),
    }
    assert set(ids) == set(STRANGERS)
    return Tenant(name=name, keys=keys, ids=ids, file=file)


def approved(gateway: Any, key: str, file: Path, base: int, name: str) -> str:
    """Let somebody approve a plan of the tenant's, and return its hash."""
    plan = Plan(scope=name, base=base, digest="", sources=(Source(file.name, file.read_text()),))
    status, _, said = gateway.call("POST", "/api/policies/approvals", plan.as_json(), key=key)
    assert status == 201, said
    return plan.hash


def first_exchange(gateway: Any, key: str, name: str) -> str:
    """Wait until the gateway knows the key and the policy, and return the exchange that showed it."""

    def shown() -> str:
        status, headers, _ = gateway.chat(f"desk@{name}.example", key=key)
        return headers["x-cloister-exchange"] if status == 200 and not headers["x-cloister-entities"] else ""

    return until(shown, 10)


def routes() -> list[tuple[str, str]]:
    """Every method and path that the gateway serves."""
    limits = SimpleNamespace(
        body=SimpleNamespace(size=1), concurrent_requests=1, concurrent_per_tenant=1, concurrent_per_key=1
    )
    parts = dict.fromkeys(each.name for each in fields(Services))
    services: Any = SimpleNamespace(**{**parts, "limits": limits, "checks": {}})
    unused: Any = None
    return [
        (method, route.path)
        for route in build(services, lifespan=unused).routes
        for method in (sorted(route.methods) if isinstance(route, HTTPRoute) else ["POST"])
    ]


def show(gateway: Any, method: str, path: str, key: str, identifier: str) -> tuple[int, str]:
    """Ask a route for an id, in every place where one fits; return what does not differ between two such calls."""
    place = re.sub(r"\{[^}]*\}", quote(identifier), path)
    query = "&".join(f"{name}={quote(identifier)}" for name in ("tenant", "exchange", "id", "after", "policy"))
    body = body_of(path, identifier)
    named = dict.fromkeys(("x-cloister-tenant", "x-cloister-exchange", "x-tenant", "x-request-id"), identifier)
    status, headers, said = gateway.call(
        method, f"{place}?{query}", body if method == "POST" else None, key=key, **named
    )
    exchange = headers.pop("x-cloister-exchange", "(none)")
    for passing in ("connection", "server-timing", "date", "x-cloister-entities"):
        headers.pop(passing, None)
    if path.startswith("/api/audit/"):  # a checkpoint grows with every act, and reading is one
        headers.pop("content-length", None)
        said = re.sub(rb'"checkpoint":"[^"]*"', b'"checkpoint":"(newest)"', said)
    shown = f"{sorted(headers.items())} {said.decode()}"
    return status, shown.replace(exchange, "(own exchange)")


def body_of(path: str, identifier: str) -> Any:
    """Return a request with an id wherever one may stand."""
    document = {"file": identifier, "text": POLICY.format(tenant=identifier)}
    match path:
        case "/api/policies/feedback":
            return {"exchange": identifier, "entity": identifier, "value": f"hmac-sha256:2026-11:{'0' * 32}"}
        case "/api/policies/plans" | "/api/policies/versions":
            return {"documents": [document], "scope": identifier}  # what is planned comes back: there is no place
        case "/api/policies/explain":
            return {"text": "Show me what is theirs.", "app": identifier, "model": identifier}
        case "/api/policies/approvals":
            return Plan(scope=identifier, base=1, digest=identifier, sources=(Source(**document),)).as_json()
        case "/api/policies/rollback":
            return {"to": int(identifier) if identifier.isdigit() else identifier}
    message = {"role": "user", "content": f"Show me {identifier}"}
    return {"model": "tiny-moe", "messages": [message], "metadata": {"id": identifier}, "user": identifier}


@pytest.mark.parametrize("kind", STRANGERS)
def test_no_route_shows_what_is_the_other_s_nor_that_it_is_there(
    gateway: Any, acme: Tenant, umbra: Tenant, kind: str
) -> None:
    for (method, path), role in product(routes(), ROLES):
        given = [show(gateway, method, path, acme.keys[role], ids[kind]) for ids in (umbra.ids, STRANGERS)]

        if kind not in SMALL_NUMBERS or "{seq" not in path:  # a number is that of an event of the own log
            assert given[0] == given[1], f"{method} {path} as {role}"
        assert not [mark for mark in umbra.marks(but=umbra.ids[kind]) if mark in given[0][1]], f"{method} {path}"


def test_every_route_is_asked_for_ids() -> None:
    assert {path for _, path in routes()} >= {"/v1/chat/completions", "/v1/models/{name:path}", "/metrics"}


def test_a_key_with_another_s_secret_is_no_key(gateway: Any, acme: Tenant, umbra: Tenant) -> None:
    for role in ROLES:
        body = "_".join([*acme.keys[role].split("_", 3)[:3], umbra.keys[role].split("_", 3)[3][:43]])
        key = f"{body}_{api_keys._checksum(body)}"

        assert api_keys.parse(Sensitive(key)).id == acme.keys[role].split("_")[2]
        assert gateway.call("GET", "/v1/models", key=key)[0] == 401


def commands() -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command that takes a tenant."""
    waiting: list[tuple[tuple[str, ...], argparse.ArgumentParser]] = [((), parser())]
    while waiting:
        path, found = waiting.pop()
        for action in found._actions:
            if isinstance(action, argparse._SubParsersAction):
                waiting += [((*path, name), inner) for name, inner in action.choices.items()]
            elif "--tenant" in action.option_strings:
                yield path, found


def places(found: argparse.ArgumentParser) -> list[argparse.Action]:
    """What a command takes besides the tenant."""
    own = {"help", "config", "json", "tenant"}
    return [action for action in found._actions if action.nargs != 0 and action.dest not in own]


def line(
    found: argparse.ArgumentParser, file: Path, given: argparse.Action | None = None, value: str = ""
) -> list[str]:
    """A value for one of a command's places, and for the others that it needs."""
    files = dict.fromkeys(("files", "paths", "plan"), str(file))
    fillers = {**files, "role": "app", "label": "filler", "id": STRANGERS["key"], "seq": "1"}
    fillers |= {name: str(file.with_suffix(f".{name}")) for name in ("file", "output")}
    words = [(place, value if place is given else fillers[place.dest]) for place in places(found) if place.required]
    words += [(given, value)] if given and not given.required else []
    return [word for place, filled in words for word in (*place.option_strings[-1:], filled)]


def test_no_command_for_one_tenant_shows_what_is_the_other_s(acme: Tenant, umbra: Tenant) -> None:
    for path, found in commands():
        _, shown = cloister(*path, "--tenant", acme.name, "--json", *line(found, acme.file))

        assert not [mark for mark in umbra.marks() if mark in shown], path


@pytest.mark.parametrize("kind", STRANGERS)
def test_no_command_for_one_tenant_takes_an_id_of_the_other_s(
    gateway: Any, umbra: Tenant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)  # where a command may save a file of such a name
    asker, file, value = f"asks-{kind}-{secrets.token_hex(3)}", tmp_path / "policy.yaml", umbra.ids[kind]
    asked("access", "tenant", "create", asker)
    file.write_text(POLICY.format(tenant=asker))

    for path, place, words in (
        (path, place, line(found, file, place, value)) for path, found in commands() for place in places(found)
    ):
        _, shown = cloister(*path, "--tenant", asker, "--json", *words)

        assert not [mark for mark in umbra.marks(but=value) if mark in shown], f"{path} {place.dest}"
    assert gateway.call("GET", "/v1/models", key=umbra.keys["app"])[0] == 200


def test_every_command_that_takes_a_tenant_is_tried() -> None:
    assert {" ".join(path) for path, _ in commands()} >= {
        "access key create",
        "access key list",
        "access key revoke",
        "audit checkpoint",
        "audit export",
        "audit pin",
        "audit proof",
        "audit query",
        "audit verify",
        "policy apply",
        "policy approve",
        "policy diff",
        "policy feedback",
        "policy history",
        "policy plan",
        "policy rollback",
        "policy shadow-report",
        "policy show",
        "policy validate",
    }


@pytest.mark.parametrize(
    ("command", "kind"),
    [
        (["access", "key", "revoke"], "key"),
        (["audit", "query", "--actor"], "key"),
        (["audit", "query", "--app"], "label"),
        (["audit", "query", "--exchange"], "exchange"),
        (["audit", "query", "--policy"], "digest"),
    ],
)
def test_what_is_the_other_s_is_as_unknown_as_what_never_was(
    both: tuple[Tenant, Tenant], command: list[str], kind: str
) -> None:
    acme, umbra = both
    foreign, unknown = (
        cloister(*command, ids[kind], "--tenant", acme.name, "--json") for ids in (umbra.ids, STRANGERS)
    )

    assert foreign == unknown
    assert foreign[0] == 0 or "revoke" in command


@pytest.mark.parametrize(
    ("option", "kind"), [("--actor", "key"), ("--app", "label"), ("--exchange", "exchange"), ("--before", "sequence")]
)
def test_the_same_ids_find_something_at_home(umbra: Tenant, option: str, kind: str) -> None:
    assert asked("audit", "query", option, umbra.ids[kind], "--tenant", umbra.name)


@pytest.mark.parametrize("document", NAMING)
@pytest.mark.parametrize("named", ["[{umbra}]", "['*']", "[{acme}, {umbra}]", "[platform]", "[]"])
def test_a_tenant_s_policy_names_no_other_and_not_all(
    both: tuple[Tenant, Tenant], tmp_path: Path, document: str, named: str
) -> None:
    acme, umbra = both
    file = tmp_path / "policy.yaml"
    named = named.format(acme=acme.name, umbra=umbra.name)
    file.write_text(NAMING[document].format(tenant=acme.name, named=named))
    before = asked("policy", "history", "--tenant", acme.name)

    code, said = cloister("policy", "apply", str(file), "--tenant", acme.name)

    assert (code, "CL2008" in said) == (2, True), said
    assert asked("policy", "history", "--tenant", acme.name) == before


def test_a_policy_is_not_applied_for_all_or_for_nobody(acme: Tenant) -> None:
    for name in ("*", "nobody", ""):
        assert cloister("policy", "apply", str(acme.file), "--tenant", name)[0] != 0


def test_a_tenant_s_policy_decides_its_own_requests_alone(gateway: Any, both: tuple[Tenant, Tenant]) -> None:
    desks = [f"desk@{tenant.name}.example" for tenant in both]
    for own, tenant in zip(desks, both, strict=True):
        gateway.chat(" and ".join(desks), key=tenant.keys["app"])

        assert [desk in prompt(gateway.backend.received[-1]) for desk in desks] == [desk == own for desk in desks]


def prompt(request: Received) -> str:
    return str(request.json["messages"][-1]["content"])


def echo(request: Received) -> bytes:
    return whole(b"", kind="text/plain") if request.method == "GET" else whole(completion(prompt(request)))


def answered(gateway: Any, tenant: Tenant, text: str) -> str:
    status, _, body = gateway.chat(text, key=tenant.keys["app"])
    assert status == 200, body
    return str(json.loads(body)["choices"][0]["message"]["content"])


def test_a_placeholder_of_one_tenant_stays_as_it_is_for_the_other(gateway: Any, acme: Tenant, umbra: Tenant) -> None:
    gateway.backend.script = echo
    assert answered(gateway, acme, "My name is Maria Gonzalez.") == "My name is Maria Gonzalez."
    assert prompt(gateway.backend.received[-1]) == "My name is <PERSON_1>."

    assert answered(gateway, umbra, "Who is <PERSON_1>?") == "Who is <PERSON_1>?"


def test_a_placeholder_that_the_model_remembers_is_not_restored_for_the_other(
    gateway: Any, acme: Tenant, umbra: Tenant
) -> None:
    gateway.backend.script = echo
    answered(gateway, acme, "My name is Maria Gonzalez.")
    gateway.backend.script = lambda request: (
        whole(b"", kind="text/plain") if request.method == "GET" else whole(completion("She is <PERSON_1>."))
    )

    assert answered(gateway, umbra, "Who was it?") == "She is <PERSON_1>."


def test_two_tenants_at_once_get_their_own_names_back(gateway: Any, acme: Tenant, umbra: Tenant) -> None:
    gateway.backend.script = echo
    texts = {acme: "My name is Maria Gonzalez.", umbra: "My name is Ingrid Halvorsen."}
    calls = [*texts.items()] * 20
    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(lambda call: answered(gateway, *call), calls))

    assert given == [text for _, text in calls]
    assert {prompt(request) for request in gateway.backend.received} == {"My name is <PERSON_1>."}


def test_the_keyed_hash_of_a_value_differs_between_tenants_and_is_no_key_to_it(
    gateway: Any, acme: Tenant, umbra: Tenant
) -> None:
    gateway.backend.script = echo
    hashes = [answered(gateway, tenant, "maria@corp.local") for tenant in (acme, umbra, acme)]

    assert hashes[0] == hashes[2] != hashes[1]
    assert re.fullmatch(r"\[EMAIL_ADDRESS:[0-9a-f]{16}\]", hashes[0])
    assert answered(gateway, umbra, hashes[0]) == hashes[0]


def test_each_tenant_has_a_cache_salt_of_its_own(gateway: Any, acme: Tenant, umbra: Tenant) -> None:
    for tenant in (acme, umbra, acme):
        gateway.chat("hello", key=tenant.keys["app"], cache_salt="salt-of-the-client")
    salts = [request.json["cache_salt"] for request in gateway.backend.received]

    assert salts[0] == salts[2] != salts[1]
    assert all(re.fullmatch(r"[0-9a-f]{32,128}", salt) for salt in salts)


@asynccontextmanager
async def connected(gateway: Any, login: str) -> AsyncIterator[asyncpg.Connection]:
    """Connect to the gateway's own database as one of its logins, or as the superuser."""
    with EmbeddedPostgres(gateway.home / "postgres") as server:
        password = (server.data.parent / "superuser.password").read_text()
        place = server.owner_url.partition("@")[2]
        urls = {"gateway": server.gateway_url, "superuser": f"postgresql://postgres:{password}@{place}"}
        connection = await asyncpg.connect(urls[login])
        try:
            yield connection
        finally:
            await connection.close()


async def tables(connection: asyncpg.Connection) -> dict[str, bool]:
    """Every table and view of the database, and whether its rows have a tenant."""
    rows = await connection.fetch("""
        SELECT c.relname, count(a.attname) FILTER (WHERE a.attname = 'tenant') AS tenant
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        GROUP BY c.oid, c.relname""")
    return {row["relname"]: bool(row["tenant"]) for row in rows}


async def seen(connection: asyncpg.Connection, role: str, table: str, tenant: str) -> set[str]:
    """Whose rows a role sees within a tenant; where it is refused, nobody's."""
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {role}")
            await connection.execute("SELECT set_config('cloister.tenant', $1, true)", tenant)
            rows = await connection.fetch(f"SELECT DISTINCT tenant FROM cloister.{table}")  # noqa: S608 - our names
    except asyncpg.InsufficientPrivilegeError:
        return set()
    return {row["tenant"] for row in rows}


async def leaks(gateway: Any, names: Iterable[str], tenant: str) -> set[tuple[str, str]]:
    """Every role of the serving login, and table, with which it sees another's rows within a tenant."""
    async with connected(gateway, "gateway") as login:
        roles = await login.fetch("SELECT rolname FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')")
        assert len(roles) >= 6
        pairs = [(role["rolname"], name) for role, name in product(roles, names)]
        return {(role, name) for role, name in pairs if await seen(login, role, name, tenant) - {tenant}}


@pytest.fixture
async def unnumbered(gateway: Any, umbra: Tenant) -> AsyncIterator[asyncpg.Connection]:
    """Keep the integrator waiting, so that the queue of events without a number holds some of a tenant's."""
    async with connected(gateway, "superuser") as connection:
        await connection.execute(f"SELECT pg_advisory_lock({store._LEADER})")
        gateway.chat("hello", key=umbra.keys["app"])
        await connection.execute("INSERT INTO cloister.audit_nodes VALUES ($1, 40, 0, sha256(''))", umbra.name)
        yield connection
        await connection.execute("DELETE FROM cloister.audit_nodes WHERE level = 40")


async def test_within_a_tenant_no_serving_role_sees_another_s_rows_in_any_table(
    gateway: Any, unnumbered: asyncpg.Connection, acme: Tenant
) -> None:
    names = [name for name, has_tenant in (await tables(unnumbered)).items() if has_tenant]

    assert await leaks(gateway, names, acme.name) == SEES_EVERY_TENANT


async def test_a_new_table_without_a_wall_would_be_seen(gateway: Any, acme: Tenant, umbra: Tenant) -> None:
    async with connected(gateway, "superuser") as connection:
        await connection.execute("CREATE TABLE cloister.notes (tenant text); GRANT SELECT ON cloister.notes TO PUBLIC")
        try:
            await connection.execute("INSERT INTO cloister.notes VALUES ($1)", umbra.name)
            assert (await tables(connection))["notes"]
            assert ("cloister_control", "notes") in await leaks(gateway, ["notes"], acme.name)
        finally:
            await connection.execute("DROP TABLE cloister.notes")


async def test_every_table_of_tenants_holds_rows_that_could_have_been_seen(
    unnumbered: asyncpg.Connection, umbra: Tenant
) -> None:
    found = await tables(unnumbered)
    month = re.compile(r"audit_events_\d{4}_\d{2}")
    for name in (name for name, has_tenant in found.items() if has_tenant and not month.fullmatch(name)):
        query = f"SELECT count(*) FROM cloister.{name} WHERE tenant = $1"  # noqa: S608 - our names
        assert await unnumbered.fetchval(query, umbra.name), f"{name} has no row of a tenant's: let the test make one"

    assert {name for name, has_tenant in found.items() if not has_tenant} == OF_NO_TENANT


async def test_within_a_tenant_an_auditor_sees_its_rows_and_no_other_s(gateway: Any, acme: Tenant) -> None:
    async with connected(gateway, "gateway") as login:
        assert await seen(login, "cloister_auditor", "audit_events", acme.name) == {acme.name}
        assert await seen(login, "cloister_auditor", "audit_events", "nobody") == set()
