"""Where a command changes policies: on the host, or through a running gateway.

Law: with ``--url`` (or ``CLOISTER_URL``) the gateway acts, as whoever the key is; without it the command acts on the
database, as the local operator of the platform. What comes back is the same, and so is every error's exit code.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from gateway.cli.output import require_tenant
from gateway.core.actor import PLATFORM
from gateway.core.errors import (
    Misconfigured,
    ProtocolError,
)
from gateway.core.sensitive import Sensitive

if TYPE_CHECKING:  # it imports the whole of policies, and other commands start without
    from gateway.policy import Emergency, Plan, Source

Record = dict[str, Any]

_LONGEST_KEY: Final = 4096


class Desk(Protocol):
    """What can be asked for. Records are those of ``/api/policies``."""

    async def plan(self, sources: Sequence[Source]) -> Plan:
        """Say what files would change."""
        ...

    async def replay(self, sources: Sequence[Source], seconds: int) -> Record:
        """Say what files would have done to the traffic of so many seconds."""
        ...

    async def shadow_report(self, seconds: int) -> Record:
        """Say what policies in shadow would have done, by their digests."""
        ...

    async def approve(self, plan: Plan) -> Plan:
        """Agree to a plan."""
        ...

    async def apply(
        self,
        sources: Sequence[Source],
        *,
        expected: int | None = None,
        scope: str | None = None,
        emergency: Emergency | None = None,
    ) -> Record:
        """Take files into force. scope: whose, where they were meant for somebody's; another's is refused."""
        ...

    async def apply_signed(self, raw: bytes) -> Record:
        """Take a signed bundle into force."""
        ...

    async def roll_back(self, *, to: int | None = None, emergency: Emergency | None = None) -> Record:
        """Take the files of an earlier version into force again."""
        ...

    async def feedback(self) -> list[Record]:
        """List what is said to be false and not let through."""
        ...

    async def say_false(self, finding: Record) -> None:
        """Put on record that a finding is false, or, ``withdrawn``, that it is none any more."""
        ...

    async def history(self) -> list[Record]:
        """List the versions, newest first."""
        ...

    async def show(self, version: int | None = None) -> Record:
        """Return one version with its files."""
        ...


def options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where, and whose policies."""
    parser.add_argument("--tenant", help="whose policies (default: the platform's, for all; with --url the key's own)")
    parser.add_argument("--url", default=os.environ.get("CLOISTER_URL", ""), help="a running gateway, which acts")
    parser.add_argument(
        "--key-file", default=os.environ.get("CLOISTER_KEY_FILE", ""), metavar="FILE", help="holds the API key for it"
    )


@asynccontextmanager
async def desk(args: argparse.Namespace) -> AsyncIterator[Desk]:
    """Open what the options name."""
    if args.url:
        if args.tenant is not None:
            detail = "--tenant: with --url (or CLOISTER_URL) the key says whose policies they are: leave it out."
            raise ProtocolError(detail)
        from gateway.cli.desk_remote import Remote

        yield Remote(args.url, _key(args.key_file))
        return
    from gateway.app import local_house
    from gateway.cli.desk_here import Local

    async with local_house(args.config) as house:
        scope = PLATFORM if args.tenant is None else args.tenant
        require_tenant(scope, {PLATFORM, *await house.access.tenants()})
        yield Local(house.policy_service, house.traffic, house.feedback, house.clock, scope)


def _key(file: str) -> Sensitive[str]:
    try:
        with Path(file).open(encoding="utf-8") as opened:
            key = opened.read(_LONGEST_KEY + 1).strip()
    except (OSError, ValueError):  # a name with a null byte is one, and what is no UTF-8
        key = ""
    if not key or len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        detail = "--key-file: a file that holds the API key is needed with --url."
        raise Misconfigured(detail)
    return Sensitive(key)
