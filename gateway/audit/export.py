"""A stretch of a log as files, which whoever has the log's key verifies without us (``audit.offline``).

Law: the folder is new and holds four files: ``events.jsonl``, one event a line as the public contract shows it;
``checkpoint``, a signed note; ``proof.json``, the hashes of all that stands before and behind; ``key``. What is
written was verified, from the files, before it is called done.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

from gateway.audit.offline import Checkpoint, Refused, Verified, VerifierKey, opened, verify
from gateway.audit.query import Query
from gateway.audit.tree import Prover
from gateway.core.actor import Actor, Permission
from gateway.core.errors import Conflict, Misconfigured, VerificationError
from gateway.core.ports import Signers

_MODE: Final = 0o700


class Exporter:
    """Exports logs."""

    def __init__(self, query: Query, prover: Prover, signers: Signers) -> None:
        self._query = query
        self._prover = prover
        self._signers = signers

    async def export(
        self, actor: Actor, tenant: str, numbers: tuple[int, int], folder: Path, pin: str | None = None
    ) -> Verified:
        """Write the events from one number to another into a new folder, and verify them there.

        pin: an earlier checkpoint, out of which it is proved that the log grew.
        Raise ``Conflict`` where the folder is there, ``VerificationError`` where what was written does not hold.
        """
        actor.require(Permission.AUDIT_READ, tenant)
        line = self._signers.of(tenant).verifier
        key = VerifierKey.read(line)
        old = _opened(pin, key).size if pin is not None else 0
        checkpoint = await self._prover.newest(tenant)
        first, last = numbers
        proof = {
            "first": first,
            "beside": _hex(await self._prover.beside(tenant, first, last, checkpoint.size)),
            "grown": _hex(await self._prover.growth(tenant, old, checkpoint.size)) if old else [],
        }
        _make(folder)
        with _created(folder / "events.jsonl") as file:
            async for event in self._query.stretch(actor, tenant, first, last):
                file.write(json.dumps(event, ensure_ascii=False) + "\n")
        for name, text in (("proof.json", json.dumps(proof, indent=1)), ("checkpoint", checkpoint.note), ("key", line)):
            with _created(folder / name) as file:
                file.write(text.rstrip("\n") + "\n")
        try:
            return verify(folder, key, pin)
        except Refused as refused:
            raise _unproved(refused) from None


def _opened(pin: str, key: VerifierKey) -> Checkpoint:
    try:
        return opened(pin, key, step=6)
    except Refused as refused:
        raise _unproved(refused) from None


def _unproved(refused: Refused) -> VerificationError:
    return VerificationError(str(refused), evidence=(str(refused),))


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [each.hex() for each in hashes]


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=_MODE)
    except FileExistsError:
        detail = f"{folder} exists already; an export is never written over."
        raise Conflict(detail) from None
    except OSError as error:
        raise _unwritable(folder, error) from None


@contextmanager
def _created(file: Path) -> Iterator[TextIO]:
    try:
        with file.open("x", encoding="utf-8", newline="\n") as opened_:
            yield opened_
    except OSError as error:
        raise _unwritable(file, error) from None


def _unwritable(path: Path, error: OSError) -> Misconfigured:
    return Misconfigured(f"{path}: {error.strerror}.")
