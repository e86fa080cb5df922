"""A certificate authority of the test's own, and servers that ask for its certificates."""

from __future__ import annotations

import ipaddress
import itertools
import ssl
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PLAIN = serialization.NoEncryption()


@dataclass(frozen=True)
class Issued:
    """A certificate and its key, as files."""

    cert: Path
    key: Path

    def replace(self, other: Issued) -> None:
        """Put the other's contents in the place of these, as a renewal does: whole files, one after the other."""
        other.key.replace(self.key)
        other.cert.replace(self.cert)


@dataclass
class Authority:
    """Signs certificates into a folder. file: its own certificate, which makes it trusted."""

    folder: Path
    name: str = "authority"
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.file = self.folder / f"{self.name}.pem"
        own = self._certificate(self.name, self._key.public_key(), [], timedelta(days=1), authority=True)
        self.file.write_bytes(own.public_bytes(serialization.Encoding.PEM))

    def issue(
        self,
        *names: str,
        common: str = "test",
        left: timedelta = timedelta(hours=1),
        encryption: serialization.KeySerializationEncryption = PLAIN,
    ) -> Issued:
        """Sign a certificate for names and addresses. left: until it expires, negative where it has."""
        key = ec.generate_private_key(ec.SECP256R1())
        made = self._certificate(common, key.public_key(), [alternative(name) for name in names], left)
        stem = self.folder / f"{self.name}-{next(self._numbers)}"
        issued = Issued(stem.with_suffix(".crt"), stem.with_suffix(".key"))
        issued.cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        issued.key.write_bytes(key.private_bytes(pem, form, encryption))
        return issued

    def _certificate(
        self,
        common: str,
        key: ec.EllipticCurvePublicKey,
        names: list[x509.GeneralName],
        left: timedelta,
        *,
        authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)]))
            .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)]))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=2))
            .not_valid_after(now + left)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        )
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self._key, hashes.SHA256())


def alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def server(own: Issued, clients: Authority | None = None) -> ssl.SSLContext:
    """The TLS side of a server. clients: whose certificate a client must show."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own.cert, own.key)
    if clients:
        context.load_verify_locations(clients.file)
        context.verify_mode = ssl.CERT_REQUIRED
    return context
