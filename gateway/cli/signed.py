"""``cloister policy keygen|sign|inspect``: what a release pipeline does with signed bundles, and who looks at one.

Law: none of them needs a gateway or a database. Policies with mistakes are not signed, and what a bundle says of itself
is shown as its own word until a trusted key's signature holds.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.cli.options import at_least
from gateway.cli.output import common, emit, instant
from gateway.core.actor import PLATFORM
from gateway.core.errors import BundleRefused, Misconfigured, ProtocolError

if TYPE_CHECKING:  # they import the whole of policies, and other commands start without
    from gateway.keys import PublicKey
    from gateway.policy.envelope import SignedBundle
    from gateway.policy.load import Source

_LONGEST: Final = timedelta(days=90)
"""How long a bundle is valid where nobody says."""


def add(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the actions to those of ``cloister policy``."""
    make = actions.add_parser("keygen", help="make a key that signs, and print the line that trusts it")
    make.add_argument("--out", type=Path, required=True, metavar="FILE", help="the private key; never written over")
    make.add_argument("--name", default="", help="of the key, for people (default: the file's)")
    make.set_defaults(run=_keygen)
    sign = actions.add_parser("sign", help="sign files as a bundle")
    sign.add_argument("files", nargs="+", type=Path, metavar="FILE")
    sign.add_argument("--key", dest="keys", action="append", type=Path, required=True, metavar="FILE")
    sign.add_argument("--scope", required=True, metavar="TENANT", help=f"whose policies, or {PLATFORM}")
    sign.add_argument("--revision", type=at_least(1), required=True, metavar="N", help="higher than any before")
    sign.add_argument("--not-before", metavar="TIME", help="RFC 3339 (default: now)")
    sign.add_argument("--not-after", metavar="TIME", help=f"RFC 3339 (default: {_LONGEST.days} days later)")
    sign.add_argument("-o", "--output", type=Path, required=True, metavar="BUNDLE")
    sign.set_defaults(run=_sign)
    look = actions.add_parser("inspect", help="say what a bundle is, and whether it verifies")
    look.add_argument("bundle", type=Path, metavar="BUNDLE")
    look.add_argument("--trust", type=Path, metavar="FILE", help="lines of public keys")
    look.set_defaults(run=_inspect)
    for parser in (make, sign, look):
        common(parser)


def _keygen(args: argparse.Namespace) -> int:
    from gateway.keys import SigningKey, trusted_keys

    key = SigningKey.make()
    public = key.public(args.name or args.out.name.split(".")[0])
    try:
        trusted_keys([public.line])
    except Misconfigured:
        detail = "--name: 1 to 63 letters, digits, '.', '_' and '-' are needed, the first no sign."
        raise ProtocolError(detail) from None
    key.write(args.out)
    emit(args, {"path": str(args.out), "key": public.id, "public": public.line}, lambda: public.line)
    return 0


def _sign(args: argparse.Namespace) -> int:
    from gateway.keys import SigningKey
    from gateway.policy.compile import compile_bundle
    from gateway.policy.envelope import read_bundle
    from gateway.policy.load import read_sources
    from gateway.policy.signed import sign_bundle

    not_before, not_after = _window(args)
    sources = read_sources(args.files)
    compile_bundle(sources, scope=args.scope)
    raw = sign_bundle(
        _named(sources),
        scope=args.scope,
        revision=args.revision,
        not_before=not_before,
        not_after=not_after,
        keys=[SigningKey.read(file) for file in args.keys],
    )
    _write(args.output, raw)
    signed = read_bundle(raw)
    emit(args, {"path": str(args.output), **_told(signed)}, lambda: f"{args.output}\n{_laid_out(signed, {})}")
    return 0


def _window(args: argparse.Namespace) -> tuple[datetime, datetime]:
    from gateway.system import SystemClock

    not_before = instant("--not-before", args.not_before) or SystemClock().now()
    try:
        return not_before, instant("--not-after", args.not_after) or not_before + _LONGEST
    except OverflowError:
        detail = "--not-before: too late for any time after it."
        raise ProtocolError(detail) from None


def _named(sources: Sequence[Source]) -> list[Source]:
    """Name files as they were given, or by the last part where that would tell about this machine alone."""
    from gateway.policy.load import Source

    return [Source(_name(Path(source.file)), source.text) for source in sources]


def _name(path: Path) -> str:
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def _inspect(args: argparse.Namespace) -> int:
    from gateway.keys import trusted_keys
    from gateway.policy.envelope import LARGEST, read_bundle
    from gateway.policy.signed import open_bundle
    from gateway.system import SystemClock

    raw = _read(args.bundle, LARGEST)
    bundle = read_bundle(raw)
    refusal: BundleRefused | None = None
    trusted: dict[str, PublicKey] = {}
    if args.trust:
        trusted = trusted_keys(_lines(args.trust))
        try:
            open_bundle(raw, scope=bundle.scope, trusted=trusted, seen=None, now=SystemClock().now())
        except BundleRefused as error:
            refusal = error
    verifies = refusal is None if args.trust else None
    told = {**_told(bundle), "verifies": verifies, "reason": refusal and refusal.reason}
    said = {
        None: "not asked: name those that you trust by --trust",
        True: "yes",
        False: f"no: {refusal and refusal.detail}",
    }
    emit(args, told, lambda: f"{_laid_out(bundle, trusted)}\nverifies   {said[verifies]}")
    return 1 if refusal else 0


def _told(bundle: SignedBundle) -> dict[str, Any]:
    return {
        "scope": bundle.scope,
        "revision": bundle.revision,
        "not_before": bundle.not_before,
        "not_after": bundle.not_after,
        "digest": bundle.digest,
        "documents": [{"file": each.file, "characters": len(each.text)} for each in bundle.documents],
        "keys": list(bundle.signatures),
    }


def _laid_out(bundle: SignedBundle, trusted: Mapping[str, PublicKey]) -> str:
    rows = [
        ("scope", bundle.scope),
        ("revision", str(bundle.revision)),
        ("valid", f"{bundle.not_before} to {bundle.not_after}"),
        ("digest", bundle.digest),
        *(("document", f"{each.file} ({len(each.text):,} characters)") for each in bundle.documents),
        *(("signed by", f"{key} {trusted[key].name if key in trusted else ''}".rstrip()) for key in bundle.signatures),
    ]
    return "\n".join(f"{title:9}  {said}" for title, said in rows)


def _read(file: Path, most: int) -> bytes:
    """Return a file's bytes, one more than ``most`` at the most. Raise ``ProtocolError``."""
    try:
        with file.open("rb") as opened:
            return opened.read(most + 1)
    except OSError as error:
        detail = f"{file}: {error.strerror}."
        raise ProtocolError(detail) from None


def _lines(file: Path) -> list[str]:
    try:
        return _read(file, 1_000_000).decode().splitlines()
    except UnicodeDecodeError:
        detail = f"{file}: not UTF-8."
        raise ProtocolError(detail) from None


def _write(file: Path, raw: bytes) -> None:
    try:
        file.write_bytes(raw)
    except OSError as error:
        detail = f"--output: {file}: {error.strerror}."
        raise Misconfigured(detail) from None
