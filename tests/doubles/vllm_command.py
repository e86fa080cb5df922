"""The start commands of ``deploy/vllm``, run to the point at which vLLM would begin."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

FAMILIES: Final = ("deepseek-v3", "gpt-oss", "qwen3-moe")
LAYOUTS: Final = (
    ("tensor",),
    ("expert",),
    ("data",),
    ("nodes-tensor", "0"),
    ("nodes-tensor", "1"),
    ("nodes-data", "0"),
    ("nodes-data", "1"),
)
STARTS: Final = tuple((family, *layout) for family, layout in product(FAMILIES, LAYOUTS))
KEY: Final = "key-of-the-model-server"
RECORDER: Final = """#!/bin/sh
printf '%s\\0' "$@" > "$RECORDED.words"
env -0 > "$RECORDED.environ"
umask > "$RECORDED.umask"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded:
    """What ``vllm`` was called with."""

    words: list[str]
    environ: dict[str, str]
    umask: str


def commanded(root: Path, folder: Path, family: str, *words: str, **more: str) -> Commanded:
    """Run a script with a ``vllm`` that writes down its call. more: variables."""
    (folder / "vllm").write_text(RECORDER)
    (folder / "vllm").chmod(0o755)
    (folder / "key").write_text(KEY + "\n")
    environ = {
        "PATH": f"{folder}:{os.defpath}",
        "RECORDED": str(folder / "call"),
        "SERVE_ADDRESS": "10.0.0.6",
        "SERVE_HEAD": "10.0.0.5",
        "SERVE_KEY_FILE": str(folder / "key"),
        "SERVE_MODEL": "/srv/models/large",
        "SERVE_NAME": "large",
        "SERVE_NODES": "2",
        "SERVE_SOCKET": str(folder / "vllm.sock"),
        "TIKTOKEN_ENCODINGS_BASE": "/srv/encodings",
    }
    subprocess.run(
        ["sh", root / f"deploy/vllm/{family}.sh", *words],
        env=environ | more,
        check=True,
        capture_output=True,
        text=True,
    )
    said = {part: (folder / f"call.{part}").read_text() for part in ("words", "environ", "umask")}
    pairs = (pair.partition("=") for pair in said["environ"].split("\0")[:-1])
    return Commanded(
        words=said["words"].split("\0")[:-1],
        environ={name: value for name, _, value in pairs},
        umask=said["umask"].strip(),
    )
