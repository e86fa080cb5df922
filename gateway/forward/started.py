"""How a model server was started, read from ``/proc`` of the host that it runs on.

Law: it reads and changes nothing, and repeats no value of a flag or of the environment: one may be a key. A flag counts
as vLLM reads it: underscores as dashes, shortened, with ``--no-`` before it, the last one wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gateway.forward.exposure import Exposure

_GENERATIONS: Final = 5
"""vLLM's processes for several API servers are children of the one that was started, and change their own titles."""

_UNWANTED: Final[dict[str, str]] = {
    "--allowed-local-media-path": "reads files of its host where a request names them",
    "--config": "takes flags from a file, which was not looked into",
    "--enable-log-outputs": "writes answers into its log",
    "--enable-log-requests": "writes requests into its log",
    "--enable-prompt-embeds": "takes tensors instead of text, which nobody can look into",
    "--enable-scale-out": "takes and gives prompts as tokens, at routes of their own",
    "--kv-events-config": "publishes the tokens of prompts to subscribers",
    "--tool-server": "calls tools by itself, behind the gateway's back",
    "--trust-remote-code": "runs code out of the model's folder",
    "--trust-request-chat-template": "runs templates out of requests",
    "--trust-request-mm-kwargs": "takes a processor's arguments out of requests",
}
"""What a flag lets a server do. The mend is to leave it out."""

_READ: Final = (
    *_UNWANTED,
    "--api-key",
    "--headless",
    "--host",
    "--kv-transfer-config",
    "--prefix-caching-hash-algo",
    "--uds",
)
_SHORTEST: Final = len("--uds")
_EVERYWHERE: Final = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - what is looked for
_KEEPS_ON_DISK: Final = re.compile(r"LMCache|Example|FlexKV|HF3FS|MooncakeStore|Tiering")
_YES: Final = frozenset({"1", "true", "yes", "on"})
_LOUD: Final[dict[str, str]] = {
    "VLLM_DEBUG_LOG_API_SERVER_RESPONSE": "writes answers into its log",
    "VLLM_ENABLE_RESPONSES_API_STORE": "keeps requests and answers in memory",
}
"""What a variable that is set to yes makes a server do. The mend is to unset it."""

_QUIET: Final[dict[str, tuple[str, ...]]] = {
    "sends usage statistics to its makers": ("VLLM_NO_USAGE_STATS", "VLLM_DO_NOT_TRACK", "DO_NOT_TRACK"),
    "may call the model hub": ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"),
}
"""What a server does unless one of these is 1. The mend is the first of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """flags: those that are looked at, by name. environ: None where it may not be read."""

    flags: Mapping[str, str]
    environ: Mapping[str, str] | None


def started(pid: int, proc: Path = Path("/proc")) -> Start | None:
    """Read how the server was started that this process is or belongs to; None where that cannot be seen."""
    for place in _ancestry(pid, proc):
        words = _words(place / "cmdline")
        if words is not None and _is_server(words):
            environ = _words(place / "environ")
            return Start(flags=flags_of(words), environ=None if environ is None else _variables(environ))
    return None


def _ancestry(pid: int, proc: Path) -> Iterator[Path]:
    for _ in range(_GENERATIONS):
        if pid <= 1:
            return
        yield proc / str(pid)
        pid = _parent(proc / str(pid) / "status")


def _parent(status: Path) -> int:
    try:
        found = re.search(r"^PPid:\t(\d+)$", status.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def _words(file: Path) -> list[str] | None:
    try:
        return file.read_text(encoding="utf-8", errors="replace").split("\0")[:-1]
    except OSError:
        return None


def _is_server(words: Sequence[str]) -> bool:
    by_command = "serve" in words and any(Path(word).name == "vllm" for word in words)
    return by_command or any(word.startswith("vllm.entrypoints.") for word in words)


def _variables(words: Sequence[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def flags_of(words: Sequence[str]) -> dict[str, str]:
    """Return the flags that are looked at, as they stand in a command."""
    flags: dict[str, str] = {}
    for word, after in zip(words, (*words[1:], ""), strict=True):
        if not word.startswith("--"):
            continue
        given, equals, value = word.partition("=")
        name, _, key = given.replace("_", "-").partition(".")
        if name.startswith("--no-"):
            flags.pop(_whole("--" + name.removeprefix("--no-")), None)
        else:
            flags[_whole(name)] = key + (value if equals else "" if after.startswith("--") else after)
    return {flag: value for flag, value in flags.items() if flag in _READ}


def _whole(name: str) -> str:
    """Complete a flag that was shortened."""
    longer = [flag for flag in _READ if flag.startswith(name) and len(name) >= _SHORTEST]
    return longer[0] if name not in _READ and len(longer) == 1 else name


def flaws(start: Start) -> list[Exposure]:
    """Say what is wrong with a start, or that nothing is."""
    found = [*_flaws_of_flags(start.flags), *_flaws_of_environ(start.environ or {}, known=start.environ is not None)]
    wrong = [Exposure(sound=False, what=f"{what}: {mend}") for what, mend in found]
    if start.environ is None:
        unseen = "has an environment that may not be read: run this as root to see whether it is offline and silent"
        wrong.append(Exposure(sound=True, what=unseen))
    return wrong or [Exposure(sound=True, what="was started with none of the flags and variables that tell or leak")]


def _flaws_of_flags(flags: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for flag, what in _UNWANTED.items():
        if flag in flags:
            yield what, f"start it without {flag}"
    if "--api-key" in flags:
        yield "shows its key to every user of its host", "give it in VLLM_API_KEY instead of --api-key"
    if _KEEPS_ON_DISK.search(flags.get("--kv-transfer-config", "")):
        yield "may keep what it computed of prompts on a disk", "start it without that --kv-transfer-config"
    if flags.get("--prefix-caching-hash-algo", "").startswith("xxhash"):
        yield "may take one tenant's prompt for another's", "start it with --prefix-caching-hash-algo sha256"
    if not {"--uds", "--headless"} & flags.keys() and flags.get("--host", "") in _EVERYWHERE:
        yield "listens at every address of its host", "start it with --uds, or --host and a private address"


def _flaws_of_environ(environ: Mapping[str, str], *, known: bool) -> Iterator[tuple[str, str]]:
    for variable, what in _LOUD.items():
        if _is_yes(environ.get(variable)):
            yield what, f"unset {variable}"
    if environ.get("VLLM_LOGGING_LEVEL", "").upper() == "DEBUG":
        yield "logs all that it does", "unset VLLM_LOGGING_LEVEL"
    for what, variables in _QUIET.items():
        if known and not any(environ.get(variable) == "1" for variable in variables):
            yield what, f"start it with {variables[0]}=1"


def _is_yes(value: str | None) -> bool:
    return value is not None and value.strip().lower() in _YES
