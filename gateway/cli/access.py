"""``cloister access``: tenants and API keys."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from gateway.cli.output import common, emit, instant, require_tenant, table
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Role
from gateway.core.errors import NotFound
from gateway.identity import AccessService


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    things = commands.add_parser("access", help="tenants and API keys").add_subparsers(required=True, metavar="THING")
    tenant = things.add_parser("tenant", help="tenants").add_subparsers(required=True, metavar="ACTION")
    _action(tenant, "create", _create_tenant, "create a tenant").add_argument("name")
    _action(tenant, "list", _list_tenants, "list the tenants")
    key = things.add_parser("key", help="API keys").add_subparsers(required=True, metavar="ACTION")
    create = _action(key, "create", _create_key, "create a key, and show it once")
    create.add_argument("--tenant", required=True)
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.add_argument("--label", required=True, help="the app's name; policies match it")
    create.add_argument("--owner", default="", help="whose key it is: an opaque id, such as a staff number; no name")
    create.add_argument("--expires", metavar="TIME", help="RFC 3339, such as 2027-01-31T00:00:00Z")
    _action(key, "list", _list_keys, "list a tenant's keys").add_argument("--tenant", required=True)
    revoke = _action(key, "revoke", _revoke_key, "revoke a key")
    revoke.add_argument("id")
    revoke.add_argument("--tenant", required=True)


Act = Callable[[AccessService, argparse.Namespace], Awaitable[None]]


def _action(actions: Any, name: str, act: Act, text: str) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse's own
    parser: argparse.ArgumentParser = actions.add_parser(name, help=text)
    common(parser)
    parser.set_defaults(run=lambda args: asyncio.run(_within(act, args)))
    return parser


async def _within(act: Act, args: argparse.Namespace) -> int:
    from gateway.app import local_house

    async with local_house(args.config) as house:
        if "tenant" in args:
            require_tenant(args.tenant, {PLATFORM, *await house.access.tenants()})
        await act(house.access, args)
    return 0


async def _create_tenant(access: AccessService, args: argparse.Namespace) -> None:
    await access.create_tenant(LOCAL_OPERATOR, args.name)
    emit(args, {"tenant": args.name}, lambda: f"created tenant {args.name}")


async def _list_tenants(access: AccessService, args: argparse.Namespace) -> None:
    names = await access.tenants()
    emit(args, names, lambda: "\n".join(names))


async def _create_key(access: AccessService, args: argparse.Namespace) -> None:
    expires = instant("--expires", args.expires)
    made = await access.create_key(LOCAL_OPERATOR, args.tenant, Role(args.role), args.label, expires, owner=args.owner)
    shown = {"id": made.id, "tenant": made.tenant, "role": made.role.value, "label": made.label}
    shown["key"] = made.key.reveal()
    emit(args, shown, lambda: f"{shown['key']}\n(shown once; its id is {made.id})")


async def _list_keys(access: AccessService, args: argparse.Namespace) -> None:
    rows = await access.keys(LOCAL_OPERATOR, args.tenant)
    titles = ("id", "label", "role", "owner", "created", "expires", "revoked", "last_used")
    shown = [{title: getattr(row, title) for title in titles} for row in rows]
    emit(args, shown, lambda: table(titles, [[_brief(value) for value in row.values()] for row in shown]))


async def _revoke_key(access: AccessService, args: argparse.Namespace) -> None:
    try:
        await access.revoke_key(LOCAL_OPERATOR, args.tenant, args.id)
    except NotFound:
        detail = "'cloister access key list' shows the keys of a tenant; a live one is needed."
        raise NotFound(detail) from None
    emit(args, {"revoked": args.id}, lambda: f"revoked {args.id}; every worker knows within a second")


def _brief(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    return "" if value is None else str(value)
