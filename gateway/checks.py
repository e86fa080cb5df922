"""Whether the gateway could serve: what ``cloister serve`` asks before it listens, and ``cloister doctor`` at any time.

Law: it looks and changes nothing, and takes down what it set up to look. What is wrong is named with its mend before a
worker process would find it, which can only end.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from urllib.parse import SplitResult, parse_qs, urlsplit

from gateway.app import House, egress_limits
from gateway.core.backend import Backend
from gateway.core.errors import GatewayError, Misconfigured
from gateway.db.rls import verify_log_settings, verify_walls
from gateway.detect import TextAnalyzer
from gateway.egress import EgressClient, outside, peer
from gateway.egress.guard import place_of
from gateway.forward import Exposure, Sender, exposures, flaws, started
from gateway.observability import logs
from gateway.places import postgres_folder
from gateway.settings import DetectSettings, Settings, load


@contextmanager
def model_loads(detect: DetectSettings) -> Iterator[None]:
    """Load the model beside the block, in a process that ends. Raise ``Misconfigured`` where it cannot be loaded.

    A fork and a pipe, because executors and spawned processes want semaphores, which a locked-down host may refuse.
    """
    fork = get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    process = fork.Process(target=_send_fault, args=(sender, detect))
    process.start()
    sender.close()
    try:
        yield
        fault = receiver.recv()
    except EOFError:
        fault = "detect.model: the process that loads the model was killed. It needs about 300 MB of memory."
    finally:
        process.join()
        receiver.close()
    if fault:
        raise Misconfigured(fault)


def _send_fault(sender: Connection, detect: DetectSettings) -> None:
    sender.send(model_fault(detect.engine, detect.model))


def model_fault(engine: str, model: str) -> str:
    """Load a model. Return what is wrong with it and the mend, or an empty text."""
    try:
        text_analyzer(engine, model)
    except Misconfigured as error:
        return error.detail
    return ""


def configured_analyzer(config: str | None) -> TextAnalyzer:
    """Load the model that this configuration's gateway finds with. Raise ``Misconfigured``."""
    return text_analyzer(*configured_model(config))


def configured_model(config: str | None) -> tuple[str, str]:
    """Return the engine and the model that this configuration names."""
    detect = load(config).detect
    return detect.engine, detect.model


def text_analyzer(engine: str, model: str) -> TextAnalyzer:
    """Load a model, as the settings ``detect.…`` name it. Raise ``Misconfigured``."""
    try:
        return TextAnalyzer(engine=engine, model=model)
    except GatewayError as error:
        raise Misconfigured(error.detail) from None
    except Exception as error:  # noqa: BLE001 - a damaged model fails in any of spaCy's ways
        detail = f"detect.model: the model at {model} cannot be loaded ({type(error).__name__}). Name another folder."
        raise Misconfigured(detail) from None


async def require_credentials(settings: Settings) -> None:
    """Read the keys and certificates of every backend. Raise ``Misconfigured`` where one cannot be read."""
    client = EgressClient(settings.backend_values(), limits=egress_limits(settings))
    try:
        await client.start()
    finally:
        await client.stop()


def doors(config: str | None) -> list[str]:
    """Name every place that the gateway and its commands connect to, without a password."""
    settings = load(config)
    return [*(_backend(backend) for backend in settings.backend_values()), *_databases(settings)]


def _backend(backend: Backend) -> str:
    place = place_of(backend)  # which refuses a URL that holds a password
    return place.host if place.scheme == "unix" else backend.url


def _databases(settings: Settings) -> list[str]:
    urls = [url for url in (settings.database.url, settings.database.owner_url) if url]
    folder = postgres_folder(settings)
    if settings.database.embedded or (not urls and folder.exists()):
        return [str(folder)]
    return sorted({_database(urlsplit(url)) for url in urls})


def _database(url: SplitResult) -> str:
    """Return a database's address: the sockets' folder, or the hosts and ports."""
    hosts = parse_qs(url.query).get("host", [])
    return "postgresql://" + ",".join([host for host in (url.netloc.rpartition("@")[2], *hosts) if host])


async def ways_out(places: Sequence[str]) -> list[tuple[str, str]]:
    """Try to get out, to these places of the operator's too. Return each way and what stood in it, "" where nothing.

    Raise ``ProtocolError`` where a place cannot be read.
    """
    named = [outside.place(text) for text in places]
    ways = [*outside.WAYS, *outside.routers(), *outside.proxies(os.environ), *named]
    return [(tried.way.name, tried.why) for tried in await outside.tried(ways)]


async def probe_backends(config: str | None, processes: Mapping[str, int]) -> list[tuple[str, bool, str]]:
    """Ask every backend what it serves and shows, and its host how it was started. Return name, soundness, finding.

    processes: where backends run on this host, by name. The listener at a socket is found without.
    """
    settings = load(config)
    logs.configure(settings.log.level, settings.log.format)  # or a line about a backend would stand in the answer
    if not settings.backends:
        detail = "backends is empty: name a vLLM server in CLOISTER_BACKENDS."
        raise Misconfigured(detail)
    backends = settings.backend_values()
    if unknown := processes.keys() - {backend.name for backend in backends}:
        detail = f"--process: no backend is named '{min(unknown)}'."
        raise Misconfigured(detail)
    found = []
    for backend in backends:
        looked_at = [*await _served(settings, backend), *await _start(backend, processes.get(backend.name, 0))]
        found += [(backend.name, each.sound, each.what) for each in looked_at]
    return found


async def _served(settings: Settings, backend: Backend) -> list[Exposure]:
    """Ask a backend what it serves, and look at what else it shows."""
    client = EgressClient((backend,), limits=egress_limits(settings))
    sender = Sender(client)
    try:
        await client.start()
        await sender.start()
        names = [model.id for model in sender.models()]
        served = Exposure(sound=sender.ready, what=f"serves {', '.join(names)}" if names else "does not answer")
    finally:
        await sender.stop()
        await client.stop()
    if not served.sound:
        return [served]
    return [served, *await exposures(backend, egress_limits(settings), model=names[0])]


async def _start(backend: Backend, process: int) -> list[Exposure]:
    """Look at how a backend was started, where its process is known."""
    found = process or (await peer.listener(backend.uds) if backend.uds else 0)
    start = started(found) if found else None
    if start is not None:
        return flaws(start)
    if process:
        mend = "name the one that 'vllm serve' became, and run this as root"
        return [Exposure(sound=False, what=f"process {process} is no vLLM that can be seen: {mend}")]
    seen = f"was not seen started: on its host, --process {backend.name}=PID shows its flags and environment"
    return [Exposure(sound=True, what=seen)]


async def check_database(house: House) -> None:
    """Raise ``Misconfigured`` where the database lacks a wall, or may write values into its log."""
    await verify_walls(house.database)
    await verify_log_settings(house.database)
