"""``cloister audit``: read and verify the log."""

from __future__ import annotations

import argparse
import asyncio
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from gateway.audit import Filters, Instances, Integrator, Query, Sealer, Verified, Verifier, offline
from gateway.cli import proofs
from gateway.cli.output import common, emit, instant, progress, require_tenant, table
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.audit import Action, Outcome
from gateway.core.decision import Effect
from gateway.core.errors import ProtocolError, VerificationError
from gateway.identity import AccessService

_MOST: Final = 10_000
_LAST: Final = 2**63 - 1


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    actions = commands.add_parser("audit", help="the audit log").add_subparsers(required=True, metavar="ACTION")
    query = actions.add_parser("query", help="read events, newest first; reading is recorded")
    common(query)
    query.add_argument(
        "--tenant", default="default", help="whose log (default: default; 'platform' for the platform's)"
    )
    for name in ("since", "until"):
        query.add_argument(f"--{name}", metavar="TIME", help="RFC 3339, such as 2026-11-24T10:00:00Z")
    query.add_argument("--actor", help="an actor's id")
    query.add_argument("--app", help="the label of an API key")
    query.add_argument("--model", help="the model that was asked for")
    query.add_argument("--decision", choices=[effect.value for effect in Effect])
    query.add_argument("--action", choices=[action.value for action in Action], metavar="NOUN.VERB")
    query.add_argument("--outcome", choices=[outcome.value for outcome in Outcome])
    query.add_argument("--exchange", metavar="ID", help="the x-cloister-exchange of an answer")
    query.add_argument("--entity", metavar="TYPE", help="exchanges in which this type was replaced")
    query.add_argument("--value", metavar="HASH", help="exchanges in which this value was found, as events name it")
    query.add_argument("--policy", metavar="DIGEST", help="the beginning of a policy's digest")
    query.add_argument("--before", type=int, metavar="SEQ", help="the next page: the lowest number of the last one")
    query.add_argument("--limit", type=int, default=50)
    query.set_defaults(run=lambda args: asyncio.run(_query(args)))
    verify = actions.add_parser("verify", help="check every log, or one tenant's, or what was exported of one")
    common(verify)
    verify.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="what 'audit export' has written")
    verify.add_argument("--tenant")
    verify.add_argument("--pin", type=Path, metavar="FILE", help="a checkpoint that was kept elsewhere")
    verify.add_argument("--key", metavar="KEY", help="the key that signed it, of an export (default: the folder's)")
    verify.set_defaults(run=_verify)
    proofs.add(actions)


async def _query(args: argparse.Namespace) -> int:
    from gateway.app import local_house

    if not 1 <= args.limit <= _MOST:
        detail = f"--limit: 1 to {_MOST}."
        raise ProtocolError(detail)
    if args.before is not None and not 1 <= args.before <= _LAST:
        detail = f"--before: 1 to {_LAST}."
        raise ProtocolError(detail)
    filters = Filters(
        since=instant("--since", args.since),
        until=instant("--until", args.until),
        actor=args.actor,
        app=args.app,
        model=args.model,
        decision=args.decision,
        action=args.action,
        outcome=args.outcome,
        exchange=_exchange(args.exchange),
        entity=args.entity,
        value=args.value,
        policy=args.policy,
    )
    async with local_house(args.config) as house:
        await Integrator(house.database, house.clock).run_once()
        require_tenant(args.tenant, await _logs(Verifier(house.database, house.signers), house.access))
        events = await Query(house.database, house.journal).events(
            LOCAL_OPERATOR, args.tenant, filters, before=args.before, limit=args.limit
        )
    titles = ("seq", "time", "action", "outcome", "actor", "resource", "entities", "exchange")
    emit(args, events, lambda: table(titles, [_line(event) for event in events]))
    return 0


def _line(event: dict[str, Any]) -> list[object]:
    counts = event["details"].get("entities", {})
    entities = " ".join(f"{name}={count}" for name, count in sorted(counts.items()))
    return [
        event["seq"],
        event["time"][:23],
        event["action"],
        event["outcome"],
        event["actor"],
        event["resource"],
        entities,
        event["exchange"],
    ]


def _verify(args: argparse.Namespace) -> int:
    if args.folder is None and args.key is not None:
        detail = "--key is for what was exported: name its folder. The key of a log here is derived."
        raise ProtocolError(detail)
    if args.pin is not None and args.folder is None and args.tenant is None:
        detail = "--pin is of one log: name it with --tenant."
        raise ProtocolError(detail)
    pin = proofs.read_note(args.pin) if args.pin else None
    return asyncio.run(_verify_here(args, pin)) if args.folder is None else _verify_export(args, pin)


def _verify_export(args: argparse.Namespace, pin: str | None) -> int:
    """Verify what was exported, as anybody can without us. Nothing of it is on record here."""
    try:
        found = offline.verify(args.folder, offline.VerifierKey.read(args.key) if args.key else None, pin)
    except offline.Refused as refused:
        raise VerificationError(str(refused), evidence=(str(refused),)) from None
    record = {"from_seq": found.first, "to_seq": found.last, "of": found.checkpoint.size, "pruned": found.pruned}
    emit(args, {**record, "origin": found.checkpoint.origin}, lambda: f"verified: {offline.told(found)}")
    return 0


async def _verify_here(args: argparse.Namespace, pin: str | None) -> int:
    from gateway.app import local_house

    async with local_house(args.config) as house:
        house.keyring.open()
        progress("looking for gateways that are gone, and closing what they left open")
        await Instances(house.database, house.clock, house.ids, house.instance).settle()
        await Integrator(house.database, house.clock).run_once()
        await Sealer(house.database, house.clock, house.signers).run_once()
        verifier = Verifier(house.database, house.signers)
        tenants = await _logs(verifier, house.access)
        if args.tenant is not None:
            require_tenant(args.tenant, tenants)
            tenants = [args.tenant]
        found: list[Verified] = []
        failures: list[str] = []
        for tenant in tenants:
            try:
                found.append(await verifier.verify_for(LOCAL_OPERATOR, tenant, house.journal, pin))
            except VerificationError as error:
                failures += [f"{tenant}: {line}" for line in error.evidence]
    shown = {"verified": [asdict(verified) for verified in found], "evidence": failures}
    if found or args.json:
        emit(args, shown, lambda: table(list(asdict(found[0])), [list(asdict(each).values()) for each in found]))
    if failures:
        detail = f"{len(tenants) - len(found)} of {len(tenants)} logs do not hold."
        raise VerificationError(detail, evidence=tuple(failures))
    return 0


async def _logs(verifier: Verifier, access: AccessService) -> list[str]:
    """Name every log: the platform's, each tenant's, and that of a tenant which is there no more."""
    tenants = {*await access.tenants(), *await verifier.logs()}
    return [PLATFORM, *sorted(tenants - {PLATFORM})]


def _exchange(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        detail = "--exchange: a UUID is needed, as in the header x-cloister-exchange."
        raise ProtocolError(detail) from None
