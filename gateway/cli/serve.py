"""``cloister serve``: prepare the home, then run granian's workers until told to stop.

Law: what is missing is exit 78 with the mend, never a silent default; ``--embedded`` says loudly what it stands in for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from gateway import __version__
from gateway.cli.address import claimed
from gateway.cli.children import start
from gateway.cli.output import common, emit, progress
from gateway.core.errors import Misconfigured
from gateway.settings import Settings, load

_NOTE: Final = "NOTE: no backend is configured. Answers come from the echo backend, which is no language model."


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("serve", help="run the gateway")
    common(parser)
    parser.add_argument("--host", help="address to listen on (default 127.0.0.1)")
    parser.add_argument("--port", type=int, help="port to listen on (default 8080)")
    parser.add_argument("--workers", type=int, help="worker processes (default 1)")
    parser.add_argument("--embedded", action="store_true", help="use a private Postgres, and the echo backend if none")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT, then finish the streams and stop."""
    to_environment(args)
    settings = load()
    prepare_home(settings)
    with ExitStack() as stack:
        if not settings.backends:
            stack.enter_context(echo_backend(settings))
        settings = load()
        stack.enter_context(claimed(settings.server.host, settings.server.port, settings.server.uds))
        keys = prepare(settings)
        emit(args, announcement(settings, keys), lambda: _page(settings, keys))
        sys.stdout.flush()
        serve(settings)
    return 0


def to_environment(args: argparse.Namespace) -> None:
    """Hand the options to the worker processes, which read the environment again."""
    given = {
        "CLOISTER_CONFIG": args.config,
        "CLOISTER_SERVER__HOST": args.host,
        "CLOISTER_SERVER__PORT": args.port,
        "CLOISTER_SERVER__WORKERS": args.workers,
        "CLOISTER_DATABASE__EMBEDDED": "true" if args.embedded else None,
    }
    os.environ.update({name: str(value) for name, value in given.items() if value is not None})


def prepare_home(settings: Settings) -> None:
    """Make the home folder, for its owner alone, and name the folder that the workers count in."""
    home = Path(settings.home)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.chmod(0o700)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counting_folder(home / "metrics"))
    except OSError as error:
        detail = f"{error.filename or home}: {error.strerror}. Set CLOISTER_HOME to a folder of the gateway's own."
        raise Misconfigured(detail) from None


def counting_folder(parent: Path) -> Path:
    """Make an empty folder for this process's workers, and drop those of gateways that are gone.

    ``prometheus_client`` reads its name, and writes into it, when ``gateway.observability.metrics`` is imported.
    """
    own = str(os.getpid())
    for folder in parent.glob("*"):
        if folder.name == own or not Path("/proc", folder.name).exists():
            shutil.rmtree(folder)
    (parent / own).mkdir(mode=0o700, parents=True)
    return parent / own


@contextmanager
def echo_backend(settings: Settings) -> Iterator[None]:
    """Stand in for a model server: only where ``--embedded`` asked for it."""
    if not settings.database.embedded:
        detail = "backends is empty: name a vLLM server in CLOISTER_BACKENDS, or run 'cloister serve --embedded'."
        raise Misconfigured(detail)
    print(_NOTE, file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory(prefix="cloister-") as folder:
        socket = Path(folder) / "echo.sock"
        process = start("gateway.bench.backend", "--uds", str(socket))
        try:
            _await_file(socket, process)
            os.environ["CLOISTER_BACKENDS"] = json.dumps([{"name": "echo", "uds": str(socket)}])
            yield
        finally:
            process.terminate()
            process.wait(10)


def _await_file(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while not path.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            detail = "the echo backend did not start."
            raise Misconfigured(detail)
        time.sleep(0.02)


def prepare(settings: Settings) -> dict[str, str]:
    """Migrate and fill an embedded database, look at everything else, and return the API keys that were made."""
    from gateway.app import first_run
    from gateway.checks import model_loads, require_credentials

    if settings.database.embedded:
        progress("preparing the embedded Postgres")
    with model_loads(settings.detect):
        asyncio.run(require_credentials(settings))
        return asyncio.run(first_run(settings))


def announcement(settings: Settings, keys: dict[str, str]) -> dict[str, object]:
    """Say where the gateway listens, what answers, and which API keys were made now."""
    return {
        "version": __version__,
        "address": settings.server.uds or settings.server.base_url,
        "backends": [backend.name for backend in settings.backends],
        "keys": keys,
    }


def key_lines(keys: Mapping[str, str]) -> list[str]:
    """Lay out the API keys of a first run, under a line that says what they are; nothing where none were made."""
    head = ["First run: API keys of tenant 'default' (shown once; also in bootstrap.json):"] if keys else []
    return head + [f"  {role:16} {key}" for role, key in keys.items()]


def _page(settings: Settings, keys: dict[str, str]) -> str:
    listening = f"Cloister {__version__} on {settings.server.uds or settings.server.base_url}"
    return "\n".join([*key_lines(keys), listening])


def serve(settings: Settings) -> None:
    """Run the workers."""
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings

    server = settings.server
    Granian(
        "gateway.app:create_app",
        factory=True,
        address=server.host,
        port=server.port,
        uds=Path(server.uds) if server.uds else None,
        uds_permissions=0o660 if server.uds else None,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000, max_buffer_size=64 * 1024),
        loop=Loops.uvloop,
        workers=server.workers,
        websockets=False,
        backpressure=settings.limits.concurrent_requests * 2,
        respawn_failed_workers=True,
        workers_kill_timeout=int(settings.limits.drain_seconds) + 5,
        log_enabled=False,
    ).serve()
