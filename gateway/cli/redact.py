"""``cloister redact``: make text safe offline, by a policy and the gateway's own stages.

Law: nothing is stored and nothing is recorded, because nothing leaves; a finding is shown by type, place and score,
never by value. ``--jsonl`` keeps the order of its lines, holds one line at a time, and answers one that the policy
blocks with an error in its place. Input and output are UTF-8, whatever the terminal's encoding, so that offsets mean
the same everywhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec

from gateway.cli.output import common
from gateway.core.content import PartKind, Segment
from gateway.core.errors import GatewayError, ProtocolError, RequestBlocked
from gateway.core.findings import RecognizerResult
from gateway.core.policy import AUTO, LANGUAGES, Policy
from gateway.core.ports import Fingerprints
from gateway.core.sensitive import Sensitive

LINE_LIMIT: Final = 8 * 1024 * 1024
"""Bytes of the longest line that ``--jsonl`` takes."""


class Line(msgspec.Struct, forbid_unknown_fields=True):
    """One line of ``--jsonl`` input."""

    id: str | int
    text: str
    lang: str = "en"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("redact", help="redact text offline")
    common(parser)
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file, or - for standard input")
    parser.add_argument("--policy", help="a policy file or folder (default: the shipped default.yaml)")
    parser.add_argument("--lang", default="en", help="language of the text: auto, or one that there is a model for")
    parser.add_argument("--jsonl", action="store_true", help='lines {"id","text","lang"?} in, one result a line out')
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Redact, and exit 0 whether or not anything was found, but 1 where the policy blocks something."""
    redactor = Redactor(load_policy(args.policy), args.config)
    with _opened(args.file) as source:
        if args.jsonl:
            return _redact_lines(source, "stdin" if args.file == "-" else args.file, redactor)
        _require_language(args.lang)
        result = redactor(_decoded(source.read()))
    _write(json.dumps(result, ensure_ascii=False) + "\n" if args.json else result["redacted"])
    return 0


class Redactor:
    """Detects as this configuration's gateway would, decides and transforms one text after the other."""

    def __init__(self, policy: Policy, config: str | None) -> None:
        from gateway.checks import configured_analyzer

        self._policy = policy
        self._analyzer = configured_analyzer(config)
        self._fingerprints = LocalFingerprints(config)

    def __call__(self, text: str) -> dict[str, Any]:
        """Return the redacted text, its findings and what is suspicious. Raise ``RequestBlocked``."""
        from gateway.policy import decide
        from gateway.transform import apply

        segment = Segment(pointer="", kind=PartKind.TEXT, text=Sensitive(text))
        decision = decide(self._policy, (self._analyzer.analyze(text, self._policy),))
        decision.require_permit()
        safe = apply(decision, (segment,), tenant="local", fingerprints=self._fingerprints)
        shown = {"redacted": safe.texts[0].reveal(), "findings": [_shown(found) for found in decision.findings[0]]}
        flagged = [_shown(found) for segment in decision.suspicious for found in segment]
        return shown | {"suspicious": flagged} if flagged else shown


class LocalFingerprints:
    """Keyed hashes under this home's key, opened only when a policy hashes."""

    def __init__(self, config: str | None) -> None:
        self._config = config
        self._keyed: Fingerprints | None = None

    def fingerprint(self, tenant: str, entity_type: str, value: str) -> str:
        """Return 64 hex digits."""
        if self._keyed is None:
            from gateway.app import fingerprints

            self._keyed = fingerprints(self._config)
        return self._keyed.fingerprint(tenant, entity_type, value)


def load_policy(path: str | None) -> Policy:
    """Return the policy that a file or folder holds for every app; the shipped default where none is named."""
    from gateway.core.shipped import shipped
    from gateway.policy import offline_policy

    return offline_policy(Path(path) if path else shipped("policies") / "default.yaml")


def _opened(name: str) -> BinaryIO:
    if name == "-":
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        detail = f"{name}: {error.strerror}."
        raise ProtocolError(detail) from None


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Give one line after the other, and of one that is too long as much as shows it."""
    while raw := source.readline(LINE_LIMIT + 1):
        yield raw


@contextmanager
def _at(place: str) -> Iterator[None]:
    """Let an error say where in the input it arose."""
    try:
        yield
    except GatewayError as error:
        error.detail = f"{place}: {error.detail}"
        raise


def _redact_lines(source: BinaryIO, name: str, redactor: Redactor) -> int:
    """Answer every line, and say in the end how many were blocked."""
    blocked = 0
    for number, raw in enumerate(_lines(source), 1):
        if raw.isspace():
            continue
        with _at(f"{name}:{number}:1"):
            line = _line(raw)
            try:
                shown = redactor(line.text)
            except RequestBlocked as error:
                blocked += 1
                shown = {"error": {"code": error.code, "entity_types": error.counts}}
            _write(json.dumps({"id": line.id, **shown}, ensure_ascii=False) + "\n")
    if blocked:
        print(f"cloister: {name}: {blocked} blocked by the policy.", file=sys.stderr)
    return 1 if blocked else 0


def _line(raw: bytes) -> Line:
    if len(raw) > LINE_LIMIT:
        detail = f"longer than {LINE_LIMIT} bytes."
        raise ProtocolError(detail)
    try:
        line = msgspec.json.decode(raw, type=Line)
    except (msgspec.DecodeError, UnicodeError):
        detail = 'not a JSON object {"id","text","lang"?} in UTF-8.'
        raise ProtocolError(detail) from None
    _require_language(line.lang)
    return line


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        place = raw.count(b"\n", 0, error.start) + 1
        detail = f"line {place}: not UTF-8."
        raise ProtocolError(detail) from None


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _require_language(lang: str) -> None:
    if lang not in {AUTO, *LANGUAGES}:
        detail = f"this version has a model for the languages {', '.join(LANGUAGES)} alone."
        raise ProtocolError(detail)


def _shown(found: RecognizerResult) -> dict[str, Any]:
    return {
        "entity_type": found.entity_type,
        "start": found.start,
        "end": found.end,
        "score": round(found.score, 4),
        "recognizer": found.recognizer,
    }
