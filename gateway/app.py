"""The composition root: the only file that constructs adapters.

Takes the settings, builds every room, hands each what it asks for through a port, and starts and stops them in
order. Construction does no I/O but for joining the embedded Postgres; everything that waits happens in the lifespan.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from litestar import Litestar

from gateway.api.limits import BodyLimits
from gateway.api.routes import LENSES, Limits, Services, build
from gateway.aside import aside, favour_loop
from gateway.audit import Evidence, Filters, Instances, Integrator, Prover, Query, Recorder, Sealer, Verifier, Writer
from gateway.core.actor import LOCAL_OPERATOR
from gateway.core.audit import Action
from gateway.core.errors import GatewayError, Misconfigured
from gateway.core.processes import end_with
from gateway.core.residue import guarded
from gateway.db import Database, migrate
from gateway.db.embedded import EmbeddedPostgres
from gateway.db.keeper import open_lock, try_exclusive
from gateway.db.rls import verify_walls
from gateway.detect import Memo, PresidioDetector, WorkerPool
from gateway.egress import EgressClient, EgressLimits
from gateway.eval.feedback import Feedback
from gateway.eval.rehearsal import Finders, Rehearsal
from gateway.eval.traffic import Traffic
from gateway.exchange import Drain, Pipeline, Stages
from gateway.forward import Sender
from gateway.identity import AccessService, Credentials, bootstrap
from gateway.identity.bootstrap import TENANT
from gateway.jobs import Job, running
from gateway.keys import FileKeyring, KeyedFingerprints, LogSigners
from gateway.observability import logs, metrics, stalls
from gateway.places import configured, keys_folder, postgres_folder
from gateway.policy import ActivePolicies, PolicyService, apply_default
from gateway.settings import Settings, load
from gateway.system import SystemClock, SystemIds

_FIRST_RUN_SECONDS: Final = 60.0
_FIRST_RUN_LOOK: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What commands and workers share: the database, the journal, time, ids and keys.

    owner_url: the login that migrates and prunes, None where none is configured.
    """

    settings: Settings
    clock: SystemClock
    ids: SystemIds
    instance: uuid.UUID
    database: Database
    owner_url: str | None
    journal: Writer
    keyring: FileKeyring
    policies: ActivePolicies
    access: AccessService

    @property
    def signers(self) -> LogSigners:
        """Who signs the checkpoints of logs, once the keyring is open."""
        return LogSigners(self.keyring, self.settings.audit.origin)

    @property
    def evidence(self) -> Evidence:
        """What proves a log, for whoever may read it."""
        return Evidence(Prover(self.database), self.signers, self.journal)

    @property
    def policy_service(self) -> PolicyService:
        """What changes policies."""
        return PolicyService(self.database, self.journal, self.clock, self.access)

    @property
    def feedback(self) -> Feedback:
        """What officers said of findings."""
        query = Query(self.database, self.journal)
        return Feedback(query, self.journal, self.policy_service, self.access.tenants)

    @property
    def traffic(self) -> Traffic:
        """What is on record of exchanges, for whoever changes policies."""
        query = Query(self.database, self.journal)
        return Traffic(query, self.journal, self.policy_service, self.access.tenants)


def build_house(settings: Settings, *, join: bool = False) -> tuple[House, EmbeddedPostgres | None]:
    """Construct what commands and workers share; the embedded Postgres is joined, or started where nobody runs it.

    join: where no database is configured, take the one of this home, as a command does and a server never may.
    """
    embedded = _embedded(settings, join=join)
    url, owner_url = (embedded.gateway_url, embedded.owner_url) if embedded else configured(settings)
    clock, ids = SystemClock(), SystemIds()
    database = Database.connect(url, pool_size=settings.database.pool_size)
    instance = ids.new()
    journal = Writer(database, clock, ids, instance=instance, deadline=settings.audit.deadline)
    house = House(
        settings=settings,
        clock=clock,
        ids=ids,
        instance=instance,
        database=database,
        owner_url=owner_url,
        journal=journal,
        keyring=FileKeyring(keys_folder(settings)),
        policies=ActivePolicies(clock, max_stale=settings.identity.max_stale),
        access=AccessService(database, journal, clock),
    )
    return house, embedded


@asynccontextmanager
async def local_house(config: str | None) -> AsyncIterator[House]:
    """Open the house for a command on the host, acting as the local platform operator."""
    settings = load(config)
    logs.configure(settings.log.level, settings.log.format, guarded)
    house, embedded = build_house(settings, join=True)
    async with _opened(house, embedded):
        yield house


@asynccontextmanager
async def _opened(house: House, embedded: EmbeddedPostgres | None) -> AsyncIterator[None]:
    """Start the journal; leave all three behind in order, whichever of them fails."""
    async with AsyncExitStack() as stack:
        if embedded:
            stack.callback(embedded.release)
        stack.push_async_callback(house.database.close)
        await house.journal.start()
        stack.push_async_callback(house.journal.stop)
        yield


def _embedded(settings: Settings, *, join: bool) -> EmbeddedPostgres | None:
    folder = postgres_folder(settings)
    if not (settings.database.embedded or (join and not settings.database.url and folder.exists())):
        return None
    try:
        return EmbeddedPostgres(folder).start()
    except OSError as error:
        detail = f"{folder}: {error.strerror}. Set CLOISTER_HOME to a folder of the gateway's own."
        raise Misconfigured(detail) from None


def create_app() -> Litestar:
    """Build a worker's application. granian calls this once in each worker process."""
    settings = load()
    logs.configure(settings.log.level, settings.log.format, guarded)
    follow_parent()
    house, embedded = build_house(settings)
    application = Worker(house, embedded).application()
    favour_loop()
    return application


def follow_parent() -> None:
    """Let this process end when granian's main process does, however that ends, and be told so by it alone."""
    main = multiprocessing.parent_process()
    end_with(main.pid if main and main.pid else os.getppid())
    os.setpgid(0, 0)


def egress_limits(settings: Settings) -> EgressLimits:
    """Return what an answer of a backend may cost."""
    limits = settings.limits
    return EgressLimits(reply_bytes=limits.reply_bytes, first_byte=limits.backend_first_byte, idle=limits.backend_idle)


def _edge_limits(settings: Settings) -> Limits:
    limits = settings.limits
    return Limits(
        body=BodyLimits(size=limits.body_bytes, seconds=limits.body_seconds),
        concurrent_requests=limits.concurrent_requests,
        concurrent_per_tenant=limits.concurrent_per_tenant,
        concurrent_per_key=limits.concurrent_per_key,
    )


class Worker:
    """One serving process."""

    def __init__(self, house: House, embedded: EmbeddedPostgres | None) -> None:
        self.house = house
        self.embedded = embedded
        settings = house.settings
        detect = settings.detect
        self.pool = WorkerPool(
            engine=detect.engine, model=detect.model, workers=detect.workers, deadline=detect.deadline
        )
        self.client = EgressClient(settings.backend_values(), limits=egress_limits(settings))
        self.sender = Sender(self.client)
        self.credentials = Credentials(house.clock, max_stale=settings.identity.max_stale)
        self.drain = Drain(settings.limits.drain_seconds)
        self.integrator = Integrator(house.database, house.clock)
        self.sealer = Sealer(house.database, house.clock, house.signers)
        self.instances = Instances(house.database, house.clock, house.ids, house.instance)

    def application(self) -> Litestar:
        """Wire the routes to the stages."""
        house = self.house
        fingerprints = KeyedFingerprints(house.keyring)
        stages = Stages(
            recorder=Recorder(house.journal, house.clock, house.ids, house.instance),
            policies=house.policies,
            detector=PresidioDetector(Memo(self.pool), aside=aside, values=fingerprints),
            fingerprints=fingerprints,
            values=fingerprints,
            sender=self.sender,
            drain=self.drain,
            text_characters=house.settings.limits.text_characters,
            media_bytes=house.settings.limits.media_bytes,
        )
        services = Services(
            pipeline=Pipeline(stages),
            drain=self.drain,
            credentials=self.credentials,
            journal=house.journal,
            sender=self.sender,
            clock=house.clock,
            ids=house.ids,
            limits=_edge_limits(house.settings),
            checks=self._checks(),
            policies=house.policy_service,
            traffic=house.traffic,
            query=Query(house.database, house.journal),
            evidence=house.evidence,
            rehearsal=self._rehearsal(fingerprints),
            feedback=house.feedback,
        )
        return build(services, lifespan=self.lifespan)

    def _rehearsal(self, values: KeyedFingerprints) -> Rehearsal:
        """Let policies be asked, without the memo: by its time it would tell what apps have sent."""
        house = self.house
        finders = Finders(
            bare=PresidioDetector(self.pool, aside=aside),
            live=PresidioDetector(self.pool, aside=aside, values=values),
            values=values,
        )
        most = house.settings.limits.text_characters
        return Rehearsal(finders, house.policy_service, house.journal, lenses=LENSES, most=most)

    def _checks(self) -> dict[str, Callable[[], bool]]:
        return {
            "database": lambda: self.credentials.current,
            "policy": lambda: self.house.policies.current,
            "model": lambda: self.pool.ready,
            "audit": lambda: self.house.journal.healthy and self.instances.registered,
            "backend": lambda: self.sender.ready,
        }

    @asynccontextmanager
    async def lifespan(self, _app: Litestar) -> AsyncIterator[None]:
        """Start every room, in order, and stop them in the reverse order."""
        house = self.house
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._told_to_stop)
        async with AsyncExitStack() as stack:
            try:
                await self._open(stack)
                await house.journal.record(LOCAL_OPERATOR, Action.GATEWAY_START, f"instance/{house.instance}")
            except GatewayError as error:
                logs.logger("app").error("gateway.start_failed", code=error.code, reason=error.message)
                raise
            yield
            await house.journal.record(LOCAL_OPERATOR, Action.GATEWAY_STOP, f"instance/{house.instance}")

    def _told_to_stop(self) -> None:
        """Begin the drain, and tell granian by the other signal that it obeys: once, for told twice it never ends."""
        if not self.drain.begun:
            self.drain.begin()
            self.sender.rest()
            signal.raise_signal(signal.SIGINT)

    async def _open(self, stack: AsyncExitStack) -> None:
        house = self.house
        metrics.forget_dead()
        if self.embedded:
            stack.callback(self.embedded.release)
        stack.push_async_callback(house.database.close)
        await verify_walls(house.database)
        house.keyring.open()
        for room in (house.journal, self.pool, self.client, self.sender, self.instances):
            await room.start()
            stack.push_async_callback(room.stop)
        await self.credentials.refresh(house.database)
        await house.policies.refresh(house.database)
        await stack.enter_async_context(running(self._jobs()))

    def _jobs(self) -> tuple[Job, ...]:
        database = self.house.database
        tend = (
            (Job(name="embedded", every=1.0, run=partial(asyncio.to_thread, self.embedded.tend)),)
            if self.embedded
            else ()
        )
        access, policy = asyncio.Event(), asyncio.Event()

        def heard(topic: str) -> None:
            for event in {"access": [access], "policy": [policy]}.get(topic, []):
                event.set()

        return (
            *tend,
            Job(name="changes", every=1.0, run=partial(database.changes, heard)),
            Job(name="certificates", every=1.0, run=partial(asyncio.to_thread, self.client.renew)),
            Job(name="credentials", every=0.5, run=partial(self.credentials.refresh, database), woken=access),
            Job(name="policies", every=0.5, run=partial(self.house.policies.refresh, database), woken=policy),
            Job(name="emergencies", every=1.0, run=self.house.policy_service.return_due),
            Job(name="loop", every=0.0, run=stalls.look),
            Job(name="last-used", every=60.0, run=partial(self.credentials.flush_last_used, database)),
            Job(name="integrator", every=0.2, run=self.integrator.run_once),
            Job(name="sealer", every=0.5, run=self.sealer.run_once),
            Job(name="instances", every=2.0, run=self.instances.reconcile),
        )


async def first_run(settings: Settings) -> dict[str, str]:
    """Make an embedded home ready: schema, keys, default policy, tenant. Return the API keys made now, by their role.

    A configured database is only looked at: migrating it is ``cloister db upgrade``'s, by the owner's login.
    """
    house, embedded = build_house(settings)
    async with _opened(house, embedded):
        if embedded is None:
            house.keyring.open()
            await verify_walls(house.database)
            return {}
        async with _alone(Path(settings.home) / "first-run.lock"):
            await migrate.upgrade(embedded.owner_url)
            house.keyring.ensure()
            return await _furnish(house)


@asynccontextmanager
async def _alone(path: Path) -> AsyncIterator[None]:
    """Hold a file's lock, so that starts of one home come one after the other. Raise ``Misconfigured``."""
    lock = open_lock(path)
    try:
        deadline = time.monotonic() + _FIRST_RUN_SECONDS
        while not try_exclusive(lock):
            if time.monotonic() > deadline:
                detail = f"{path} is held by another start of this home, which does not go on: end that one."
                raise Misconfigured(detail)
            await asyncio.sleep(_FIRST_RUN_LOOK)
        yield
    finally:
        os.close(lock)


async def _furnish(house: House) -> dict[str, str]:
    settings = house.settings
    await apply_default(house.policy_service, LOCAL_OPERATOR)
    server, file = settings.server, Path(settings.home) / "bootstrap.json"
    made = await bootstrap(house.access, file, base_url=server.base_url, redirect=not server.uds)
    return {role: key.reveal() for role, key in (made or {}).items()}


def fingerprints(config: str | None) -> KeyedFingerprints:
    """Return keyed hashes under the home's own key."""
    keys = keyring(config)
    keys.open()
    return KeyedFingerprints(keys)


def keyring(config: str | None) -> FileKeyring:
    """Return the home's keyring, not yet opened."""
    return FileKeyring(keys_folder(load(config)))


async def exchange_record(house: House, exchange: str) -> tuple[list[dict[str, Any]], str]:
    """Return the two events of an exchange of tenant ``default``, numbered, and what its log's verification says."""
    house.keyring.open()
    await Integrator(house.database, house.clock).run_once()
    found = await Query(house.database, house.journal).numbered(TENANT, Filters(exchange=uuid.UUID(exchange)))
    verified = await Verifier(house.database, house.signers).verify(TENANT)
    return found[::-1], f"the log of '{TENANT}' holds: {verified.last_seq} events, no gap, every leaf right"
