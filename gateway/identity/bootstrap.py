"""The first keys of an embedded home.

Law: they are made once, shown once, and written to one file of mode 0600, whole or not at all. A crash between making
and writing leaves keys that nobody knows: the next start revokes them and makes new ones.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from gateway.core.actor import LOCAL_OPERATOR, PLATFORM, Role
from gateway.core.sensitive import Sensitive
from gateway.identity.access import AccessService

TENANT: Final = "default"
LABEL: Final = "bootstrap"
_ORDER: Final = (Role.APP, Role.AUDITOR, Role.PRIVACY_OFFICER, Role.ADMIN, Role.PLATFORM)


async def bootstrap(
    access: AccessService, file: Path, *, base_url: str, redirect: bool = True
) -> Mapping[str, Sensitive[str]] | None:
    """Make tenant ``default`` and one key a role, and write the file; return the keys, or None where it exists.

    base_url: where the gateway listens this time. redirect: tell a file that is there where that has changed.
    """
    if file.exists():  # noqa: ASYNC240 - once, before anything is served
        if redirect:
            _redirect(file, base_url)
        return None
    if TENANT not in await access.tenants():
        await access.create_tenant(LOCAL_OPERATOR, TENANT)
    for tenant in (TENANT, PLATFORM):
        for row in await access.keys(LOCAL_OPERATOR, tenant):
            if row.label == LABEL and row.revoked is None:
                await access.revoke_key(LOCAL_OPERATOR, tenant, row.id)
    made = {}
    for role in _ORDER:
        tenant = PLATFORM if role is Role.PLATFORM else TENANT
        made[role.value] = (await access.create_key(LOCAL_OPERATOR, tenant, role, LABEL)).key
    _write(file, {"base_url": base_url, "tenant": TENANT, "keys": {role: key.reveal() for role, key in made.items()}})
    return made


def _redirect(file: Path, base_url: str) -> None:
    """Write the address anew; a file that its owner has made into something else is left as it is."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return
    if isinstance(document, dict) and document.get("base_url") != base_url:
        _write(file, document | {"base_url": base_url})


def _write(file: Path, document: Mapping[str, object]) -> None:
    temporary = file.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        json.dump(document, opened, indent=2)
        opened.write("\n")
        opened.flush()
        os.fsync(opened.fileno())
    temporary.replace(file)
