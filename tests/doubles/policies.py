"""Requests, as far as policies can tell."""

from __future__ import annotations

from gateway.core.policy import Target


def target(tenant: str = "acme", app: str = "crm", model: str = "m", endpoint: str = "/v1/chat/completions") -> Target:
    """Make a target, of which only what matters has to be said."""
    return Target(tenant=tenant, app=app, model=model, endpoint=endpoint)
