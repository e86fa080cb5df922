"""What people of a tenant may try with policies, through a gateway that serves others meanwhile."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import asked
from tests.e2e.gateways import Gateway
from tests.e2e.realms import Realm, document, realm, repeating

pytestmark = pytest.mark.integration

ROLES = ("app", "auditor", "privacy_officer", "admin", "platform")
HEAD = "apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: p{0}}}\nspec:\n  match: {{apps: [a{0}]}}\n"


@pytest.fixture(scope="module")
def both(shared_gateway: Gateway, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Realm, Realm]]:
    """Two tenants, each with a key of each role, an owner's each, and a policy."""
    with (
        realm(shared_gateway, tmp_path_factory.mktemp("acme")) as acme,
        realm(shared_gateway, tmp_path_factory.mktemp("umbra")) as umbra,
    ):
        for own in (acme, umbra):
            for role in ROLES:
                own.admit(f"{role}-key", role, f"{role}-person")
            own.told("ann", "apply", own.file("p.yaml", document("redact")))
        yield acme, umbra


@pytest.fixture
def acme(gateway: Gateway, both: tuple[Realm, Realm]) -> Realm:
    gateway.backend.script = repeating
    return both[0]


@pytest.fixture
def umbra(both: tuple[Realm, Realm]) -> Realm:
    return both[1]


def plan_of(own: Realm, label: str, operator: str) -> Path:
    """Let somebody save a plan."""
    plan = own.folder / f"plan-{label}-{operator}"
    own.told(label, "plan", own.file(f"{operator}.yaml", document(operator)), "-o", plan)
    return plan


def state(*realms: Realm) -> list[Any]:
    """What is in force."""
    return [own.told("ann", "history") for own in realms] + [asked("policy", "history")]


def test_another_s_plan_is_neither_applied_nor_approved(acme: Realm, umbra: Realm) -> None:
    before = state(acme, umbra)
    mine, others = plan_of(acme, "ann", "hash"), plan_of(umbra, "ann", "hash")
    platforms = plan_of(acme, "platform-key", "hash")
    refused = [
        ("ann", "apply", others),
        ("ann", "approve", others),
        ("ann", "apply", platforms),
        ("ann", "approve", platforms),
        ("platform-key", "apply", mine),
        ("platform-key", "approve", mine),
    ]
    denied = len(acme.events("--action", "access.deny"))
    for label, action, plan in refused:
        code, said = acme.act(label, action, plan)
        assert (code, said) == (1, "cloister: The role of this key does not allow that.\n"), (label, action)

    assert state(acme, umbra) == before
    assert len(acme.events("--action", "access.deny")) == denied + 4
    newest = asked("audit", "query", "--tenant", "platform", "--action", "access.deny", "--limit", "2")
    assert {event["actor"] for event in newest} == {acme.keys["platform-key"]["id"]}


def test_what_another_has_in_force_is_not_shown(acme: Realm, umbra: Realm) -> None:
    umbra.told("ann", "apply", umbra.file("secret.yaml", document("hash", name="umbras-own")))
    for label in ("ann", "auditor-key", "privacy_officer-key", "platform-key"):
        for path in ("", "/versions", "/versions/1", "/versions/2", f"?tenant={umbra.name}&scope={umbra.name}"):
            assert "umbras-own" not in str(acme.call(label, "GET", path))
        code, said = acme.act(label, "diff", acme.file("p.yaml", document("redact", name="other")))
        assert (code, "umbras-own" in said) == (1, False)


MAY = {
    "diff": ("auditor", "privacy_officer", "admin", "platform"),
    "history": ("auditor", "privacy_officer", "admin", "platform"),
    "show": ("auditor", "privacy_officer", "admin", "platform"),
    "approve": ("privacy_officer", "admin"),
    "apply": ("admin",),
    "rollback": ("admin",),
}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_is_its_own_and_no_more(acme: Realm, role: str) -> None:
    plan = plan_of(acme, "ann", "mask")
    given = {"diff": [acme.folder / "mask.yaml"], "approve": [plan], "apply": [plan]}
    for action, roles in MAY.items():
        if role == "platform" and action == "rollback":
            continue  # it is the platform's own, for every tenant of this gateway
        before = acme.told("ann", "history")
        _, said = acme.act(f"{role}-key", action, *given.get(action, []))
        assert ("does not allow" in said) is (role not in roles), (action, said)
        if role not in roles:
            assert acme.told("ann", "history") == before


BOMBS = {
    "laughs": "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(
        f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "deep lists": "[" * 100_000,
    "deep mappings": "{a: " * 50_000,
    "deep keys": "? " * 100_000,
    "an open quote": "'" * 200_001,
    "nothing but lines": "\n" * 250_000,
    "tags": "!!python/object/apply:os.system ['true']\n",
    "merges": "a: {<<: {<<: {}}}\n",
    "too large": "# " * 150_000,
    "too many": HEAD.format(0) + "  allow:\n    values:\n" + "      - x\n" * 20_000,
    "mistakes": HEAD.format(0) + "  entities:\n" + "".join(f"    X{number}Y: 1\n" for number in range(3000)),
    "a null byte": "a: \0\n",
    "an escape": "a: \x1b[2J\n",
}


@pytest.mark.parametrize("what", BOMBS)
@pytest.mark.parametrize("path", ["/plans", "/versions"])
def test_a_hostile_file_is_a_mistake(acme: Realm, what: str, path: str) -> None:
    before = acme.told("ann", "history")
    status, told = acme.call("ann", "POST", path, {"documents": [{"file": "p.yaml", "text": BOMBS[what]}]})

    assert (status, told["code"]) == (422, "policy_invalid"), told
    assert {each["file"] for each in told["problems"]} == {"p.yaml"}
    assert len(json.dumps(told)) < 2_000_000
    assert acme.told("ann", "history") == before


@pytest.mark.parametrize(
    ("names", "status"),
    [
        (["../../etc/p.yaml"], 200),
        (["/etc/passwd"], 200),
        (["p\n\x1b[2J"], 400),
        (["p\0"], 400),
        ([""], 400),
        (["p", "p"], 400),
        ([str(number) for number in range(101)], 400),
    ],
    ids=range(7),
)
def test_a_name_is_a_line_and_names_nothing_here(acme: Realm, names: list[str], status: int) -> None:
    text = document("redact")
    documents = [{"file": name, "text": text if at == 0 else "# nothing\n"} for at, name in enumerate(names)]
    for path, done in (("/plans", status), ("/versions", {200: 201}.get(status, status))):
        told, answer = acme.call("ann", "POST", path, {"documents": documents})
        assert told == done, answer
    if status == 200:
        assert acme.told("ann", "show")["documents"] == documents
        assert acme.act("ann", "show")[1].startswith(f"# {names[0]}\n")


def test_a_body_beyond_the_limit_is_not_read(acme: Realm) -> None:
    body = {"documents": [{"file": f"{number}", "text": "x" * 200_000} for number in range(50)]}
    connection_closed = False
    try:
        status, told = acme.call("ann", "POST", "/versions", body)
    except (ConnectionError, BrokenPipeError):
        connection_closed = True

    assert connection_closed or (status, told["code"]) == (413, "payload_too_large")


def test_apps_are_served_while_large_files_are_looked_at(acme: Realm) -> None:
    large = [
        {"file": f"{number}", "text": HEAD.format(number) + "  allow:\n    values:\n" + "".join(f"      - v{each}\n" for each in range(5_000))}
        for number in range(2)
    ]  # fmt: skip
    done, answered, failed = threading.Event(), 0, []

    def served() -> None:
        nonlocal answered
        while not done.is_set():
            try:
                acme.ask("Hello.")
                answered += 1
            except (AssertionError, OSError) as error:
                failed.append(str(error))

    app = threading.Thread(target=served)
    app.start()
    try:
        with ThreadPoolExecutor(2) as people:
            asking = [people.submit(acme.call, "auditor-key", "POST", "/plans", {"documents": large}) for _ in range(2)]
            answers = [each.result()[0] for each in asking]
    finally:
        done.set()
        app.join()

    assert answers == [200] * 2
    assert failed == []
    assert answered > 10
