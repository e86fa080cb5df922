"""Tenants of a test's own on a shared gateway: an app, with its key, for each rule that is tried."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.commands import asked
from tests.e2e.gateways import Gateway
from tests.waiting import until

_POLICY = """\
---
apiVersion: cloister/v1
kind: RedactionPolicy
metadata: {{name: {name}}}
spec:
  match: {{apps: [{name}]}}
  {rule}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """A tenant. apps: what the command that makes keys has said of the key of each app, by the app's name."""

    name: str
    apps: Mapping[str, Mapping[str, Any]]

    def key(self, app: str) -> str:
        """Return the key that an app calls with."""
        return str(self.apps[app]["key"])

    def event(self, app: str, action: str, since: datetime) -> Any:
        """Return the last event of an app, once it has its number."""
        filters = ("--tenant", self.name, "--actor", self.apps[app]["id"], "--since", since.isoformat())
        return until(lambda: asked("audit", "query", *filters, "--action", action, "--limit", "1"), 10)[0]


@contextmanager
def tenancy(gateway: Gateway, folder: Path, rules: Mapping[str, str]) -> Iterator[Tenancy]:
    """Make a tenant with an app for each rule (a line of a policy), and yield it once all of them are in force."""
    name = f"{folder.name}-{secrets.token_hex(3)}"
    file = folder / "policies.yaml"
    file.write_text("".join(_POLICY.format(name=app, rule=rule) for app, rule in rules.items()))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("CLOISTER_HOME", str(gateway.home))
        asked("access", "tenant", "create", name)
        create = ("access", "key", "create", "--tenant", name, "--role", "app", "--label")
        made = Tenancy(name=name, apps={app: asked(*create, app) for app in rules})
        digests = asked("policy", "apply", str(file), "--tenant", name)["policies"]

        def known(app: str) -> bool:
            status, headers, _ = gateway.chat("Hello.", key=made.key(app))
            return status == 200 and digests[app].startswith(headers["x-cloister-policy"])

        until(lambda: all(map(known, rules)), 10)
        yield made
