"""``cloister audit checkpoint|pin|proof|export``: what others can verify about a log.

Law: a checkpoint that is pinned is written over only by one that the log grew into; an export is never written over.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from gateway.audit import Exporter, Integrator, Prover, Query, Sealer, Verifier
from gateway.audit.offline import Checkpoint, Refused, VerifierKey, grown, opened, told
from gateway.cli.output import common, emit, instant, require_tenant
from gateway.core.actor import LOCAL_OPERATOR, PLATFORM
from gateway.core.errors import Misconfigured, ProtocolError, VerificationError

if TYPE_CHECKING:  # it constructs all that there is, and other commands start without
    from gateway.app import House
    from gateway.audit.tree.store import Sealed

_MOST: Final = 2**20
"""Bytes of a checkpoint that are read."""


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions."""
    checkpoint = _action(actions, "checkpoint", "print a log's newest checkpoint, and the key that verifies it")
    checkpoint.set_defaults(run=lambda args: asyncio.run(_checkpoint(args)))
    pin = _action(actions, "pin", "keep a log's newest checkpoint in a file; one that is there must be an earlier one")
    pin.add_argument("file", type=Path, metavar="FILE")
    pin.set_defaults(run=lambda args: asyncio.run(_pin(args)))
    proof = _action(actions, "proof", "print what proves that an event is in the log (C2SP tlog-proof)")
    proof.add_argument("--seq", type=int, required=True, metavar="N", help="the event's number")
    proof.set_defaults(run=lambda args: asyncio.run(_proof(args)))
    export = _action(actions, "export", "write events, and what proves them, into a new folder")
    for name in ("since", "until"):
        export.add_argument(f"--{name}", metavar="TIME", help="RFC 3339, such as 2026-11-24T10:00:00Z")
    export.add_argument("--pin", type=Path, metavar="FILE", help="prove that the log grew out of this checkpoint")
    export.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER")
    export.set_defaults(run=lambda args: asyncio.run(_export(args)))


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, text: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text)
    common(parser)
    parser.add_argument("--tenant", default="default", help="whose log (default: default)")
    return parser


@dataclass(frozen=True, slots=True)
class _Log:
    """One tenant's log, numbered and sealed as far as it goes."""

    house: House
    tenant: str
    prover: Prover

    async def require_growth(self, old: Checkpoint, newest: Sealed) -> None:
        """Raise ``VerificationError`` unless the log grew out of what was pinned."""
        if old.size > newest.size:
            what = f"the pinned checkpoint is of {old.size} events, and the log's newest of {newest.size}"
            raise _unproved(what)
        proof = await self.prover.growth(self.tenant, old.size, newest.size)
        if not grown(old.size, old.root, newest.size, newest.root, proof):
            what = f"the log did not grow out of the pinned checkpoint of {old.size} events"
            raise _unproved(what)


@asynccontextmanager
async def _log(args: argparse.Namespace) -> AsyncIterator[_Log]:
    from gateway.app import local_house

    async with local_house(args.config) as house:
        house.keyring.open()
        tenants = {PLATFORM, *await house.access.tenants(), *await Verifier(house.database, house.signers).logs()}
        require_tenant(args.tenant, tenants)
        await Integrator(house.database, house.clock).run_once()
        await Sealer(house.database, house.clock, house.signers).run_once()
        yield _Log(house, args.tenant, Prover(house.database))


async def _checkpoint(args: argparse.Namespace) -> int:
    async with _log(args) as log:
        record = await log.house.evidence.checkpoint(LOCAL_OPERATOR, log.tenant)
    emit(args, record, lambda: f"{record['checkpoint']}\nkey: {record['key']}")
    return 0


async def _pin(args: argparse.Namespace) -> int:
    async with _log(args) as log:
        key = VerifierKey.read(log.house.signers.of(log.tenant).verifier)
        newest = await log.prover.newest(log.tenant)
        old = _opened(read_note(args.file), key) if args.file.exists() else None
        if old:
            await log.require_growth(old, newest)
        await log.house.evidence.checkpoint(LOCAL_OPERATOR, log.tenant)
    _replace(args.file, newest.note)
    said = f"pinned: {newest.size} events" + (f", which were {old.size}" if old else "")
    emit(args, {"size": newest.size, "was": old.size if old else None}, lambda: said)
    return 0


async def _proof(args: argparse.Namespace) -> int:
    async with _log(args) as log:
        record = await log.house.evidence.proof(LOCAL_OPERATOR, log.tenant, args.seq)
    hashes = (base64.b64encode(bytes.fromhex(each)).decode() for each in record["hashes"])
    lines = ["c2sp.org/tlog-proof@v1", f"index {record['index']}", *hashes, "", record["checkpoint"].rstrip("\n")]
    emit(args, record, lambda: "\n".join(lines))
    return 0


async def _export(args: argparse.Namespace) -> int:
    since, until = instant("--since", args.since), instant("--until", args.until)
    async with _log(args) as log:
        query = Query(log.house.database, log.house.journal)
        newest = await log.prover.newest(log.tenant)
        first, last = await query.numbers(log.tenant, since, until)
        last = min(last, newest.size)
        if last < first:
            detail = "There is no event between these times, of those that a checkpoint is of."
            raise ProtocolError(detail)
        exporter = Exporter(query, log.prover, log.house.signers)
        pin = read_note(args.pin) if args.pin else None
        done = await exporter.export(LOCAL_OPERATOR, log.tenant, (first, last), args.output, pin)
    record = {"folder": str(args.output), "from_seq": done.first, "to_seq": done.last, "of": done.checkpoint.size}
    emit(args, record, lambda: f"{args.output}: {told(done)}")
    return 0


def read_note(file: Path) -> str:
    """Return a checkpoint that is kept in a file. Raise ``Misconfigured``."""
    try:
        with file.open(encoding="utf-8", newline="") as opened_:
            return opened_.read(_MOST)
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise Misconfigured(detail) from None
    except UnicodeDecodeError:
        detail = f"{file} is no checkpoint."
        raise Misconfigured(detail) from None


def _opened(note: str, key: VerifierKey) -> Checkpoint:
    try:
        return opened(note, key, step=7)
    except Refused as refused:
        raise _unproved(str(refused)) from None


def _unproved(what: str) -> VerificationError:
    return VerificationError(what, evidence=(what,))


def _replace(file: Path, text: str) -> None:
    """Write a file so that it is the old one or the new one, a power cut included."""
    try:
        new = file.with_name(f".{file.name}.new")
        with new.open("w", encoding="utf-8") as opened_:
            opened_.write(text)
            opened_.flush()
            os.fsync(opened_.fileno())
        new.replace(file)
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise Misconfigured(detail) from None
