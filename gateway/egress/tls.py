"""Whom a backend must prove to be, and as whom the gateway shows itself there.

Law: TLS 1.2 or newer and a certificate that a trusted authority signed for the backend's name, always: there is no mode
without. Renewed files count for new connections, while running ones end as they began; files that cannot be used change
nothing, and that is told.
"""

from __future__ import annotations

import ssl
from pathlib import Path

from gateway.core.backend import Backend
from gateway.core.errors import Misconfigured
from gateway.egress.guard import place_of, unfit
from gateway.observability import metrics
from gateway.observability.logs import logger

Stamp = tuple[int, int, int, int] | None
"""What tells one state of a file, its rights included, from the next; None where it cannot be looked at."""


class Trust:
    """The certificates of one backend over ``https``. context: for the next connection."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._stamps = self._look()  # before the files are read: what changes meanwhile is read again
        self.context = _context(backend)

    def renew(self) -> None:
        """Read the files again where one has changed; keep what there is where they cannot be used."""
        stamps = self._look()
        if stamps == self._stamps:
            return
        self._stamps = stamps
        name = self._backend.name
        problem = metrics.backend_certificates_problem.labels(name)
        try:
            self.context = _context(self._backend)
        except Misconfigured as error:
            problem.set(1)
            logger("egress").warning("backend.certificates_kept", backend=name, reason=error.detail)
        else:
            problem.set(0)
            logger("egress").info("backend.certificates_renewed", backend=name)

    def _look(self) -> list[Stamp]:
        backend = self._backend
        return [_stamp(file) for file in (backend.ca_file, backend.cert_file, backend.key_file) if file]


def trust_of(backend: Backend) -> Trust | None:
    """Return what an ``https`` backend is trusted by, None for another. Raise ``Misconfigured`` with the mend."""
    if place_of(backend).scheme == "https":
        return Trust(backend)
    if backend.ca_file or backend.cert_file or backend.key_file or backend.server_name:
        raise unfit(backend, "ca_file, cert_file, key_file and server_name are for a url that begins with https://")
    return None


def _stamp(file: str) -> Stamp:
    try:
        found = Path(file).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_size


def _context(backend: Backend) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.hostname_checks_common_name = False
    _load_authorities(context, backend)
    _load_own(context, backend)
    _require_name(context, backend)
    return context


def _load_authorities(context: ssl.SSLContext, backend: Backend) -> None:
    """Trust the configured authorities, or the system's: by their compiled-in places, whatever the environment says."""
    try:
        if backend.ca_file:
            context.load_verify_locations(cafile=backend.ca_file)
            return
        system = ssl.get_default_verify_paths()
        for file, folder in ((system.openssl_cafile, None), (None, system.openssl_capath)):
            if Path(file or folder or "").exists():
                context.load_verify_locations(cafile=file, capath=folder)
    except (OSError, ssl.SSLError):
        raise unfit(backend, "the certificates of ca_file cannot be read") from None


def _load_own(context: ssl.SSLContext, backend: Backend) -> None:
    if bool(backend.cert_file) != bool(backend.key_file):
        raise unfit(backend, "cert_file and key_file are given together")
    if not backend.cert_file:
        return
    try:
        # Without a password of ours, OpenSSL would ask for that of an encrypted key on the terminal.
        context.load_cert_chain(backend.cert_file, backend.key_file, password="")
    except (OSError, ValueError):
        why = "cert_file and key_file cannot be read, are encrypted, or do not belong together"
        raise unfit(backend, why) from None


def _require_name(context: ssl.SSLContext, backend: Backend) -> None:
    if not backend.server_name:
        return
    try:
        context.wrap_bio(ssl.MemoryBIO(), ssl.MemoryBIO(), server_hostname=backend.server_name)
    except ValueError:
        raise unfit(backend, "server_name is no host name and no address") from None
