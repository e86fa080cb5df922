"""A tenant whose people change its policies through the gateway, each with a key of a role, and an app that is served."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.doubles.recording_backend import Received, Reply, completion, whole
from tests.e2e.commands import asked, cloister
from tests.e2e.gateways import Gateway
from tests.waiting import until

APP = "crm"
MANY = 12
"""Answers in a row, over connections of their own, by which every worker has been asked."""


def repeating(request: Received) -> Reply:
    """Answer with what was asked, as it came."""
    if request.method == "GET":
        return whole(b"", kind="text/plain")
    return whole(completion(request.json["messages"][-1]["content"]))


def document(operator: str, *, name: str = "p", more: str = "") -> str:
    """A policy whose answers show what the model has seen. more: further entries of its spec."""
    spec = f"defaults: {{operator: {operator}}}, responses: {{restore: false}}{more}"
    return f"apiVersion: cloister/v1\nkind: RedactionPolicy\nmetadata: {{name: {name}}}\nspec: {{{spec}}}\n"


def control(spec: str) -> str:
    """A document that says how the others are changed."""
    return f"---\napiVersion: cloister/v1\nkind: ChangeControl\nmetadata: {{name: control}}\nspec: {spec}\n"


@dataclass
class Realm:
    """A tenant. keys: what the command that makes keys has said, by label."""

    name: str
    gateway: Gateway
    folder: Path
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)

    def admit(self, label: str, role: str, owner: str = "") -> None:
        """Make a key, and keep it in a file of its label's name."""
        owned = ("--owner", owner) if owner else ()
        tenant = "platform" if role == "platform" else self.name
        made = asked("access", "key", "create", "--tenant", tenant, "--role", role, "--label", label, *owned)
        self.keys[label] = made
        (self.folder / label).write_text(made["key"] + "\n")
        path = "/v1/models" if role == "app" else "/api/policies"
        until(lambda: self._accepted(made["key"], path), 10)

    def _accepted(self, key: str, path: str) -> bool:
        return all(self.gateway.call("GET", path, key=key)[0] != 401 for _ in range(MANY))

    def as_(self, label: str) -> tuple[str, ...]:
        """The options by which a command acts as whoever has a key."""
        return "--url", self.gateway.url, "--key-file", str(self.folder / label)

    def act(self, label: str, action: str, *arguments: object) -> tuple[int, str]:
        """Run an action of ``cloister policy`` as whoever has a key."""
        return cloister("policy", action, *map(str, arguments), *self.as_(label))

    def told(self, label: str, action: str, *arguments: object) -> Any:
        """Run one that is to succeed, and return what it tells machines."""
        return asked("policy", action, *map(str, arguments), *self.as_(label))

    def file(self, name: str, text: str) -> Path:
        """Write a file."""
        (self.folder / name).write_text(text)
        return self.folder / name

    def call(self, label: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Call a route below ``/api/policies``."""
        status, _, said = self.gateway.call(method, f"/api/policies{path}", body, key=self.keys[label]["key"])
        return status, json.loads(said)

    def ask(self, text: str) -> tuple[str, str, str]:
        """Ask as the app: the digest of the policy, what the model has seen, and the exchange."""
        status, headers, said = self.gateway.chat(text, key=self.keys[APP]["key"])
        assert status == 200, said
        seen = json.loads(said)["choices"][0]["message"]["content"]
        return headers["x-cloister-policy"], seen, headers["x-cloister-exchange"]

    def digest(self) -> str:
        """The digest by which every worker decides, "" while they are not at one."""
        found = {self.ask("Hello.")[0] for _ in range(MANY)}
        return found.pop() if len(found) == 1 else ""

    def holds(self, applied: Any) -> None:
        """Wait until every worker decides by what was applied."""
        (digest,) = applied["policies"].values()
        until(lambda: digest.startswith(self.digest() or "none"), 10)

    def events(self, *filters: str) -> list[Any]:
        """The tenant's events, newest first."""
        found: list[Any] = asked("audit", "query", "--tenant", self.name, "--limit", "10000", *filters)
        return found


@contextmanager
def realm(gateway: Gateway, folder: Path) -> Iterator[Realm]:
    """Make a tenant with an app and an admin."""
    made = Realm(f"realm-{secrets.token_hex(4)}", gateway, folder)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLOISTER_HOME", str(gateway.home))
        asked("access", "tenant", "create", made.name)
        made.admit(APP, "app")
        made.admit("ann", "admin", "ann")
        yield made
