"""One process of the house: the services it runs, their stores, jobs and doors, and the transport between them."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import MetaData, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from shared import clock, quiet, redis, telemetry
from shared.audit import keeping
from shared.db import Store, lay_foundations
from shared.events import Event
from shared.jobs import Jobs, Run, SteppedJob, always, in_transaction
from shared.logs import log
from shared.messaging import outbox
from shared.messaging.consumer import RETRY, Consumer, Receiver
from shared.messaging.doors import Door, DoorReceiver
from shared.messaging.local import LocalTransport
from shared.messaging.rabbit import RabbitTransport
from shared.messaging.topology import listeners
from shared.migrate import migrate
from shared.quiet import Counted, Quiet
from shared.replica import OPEN_PARTNERS
from shared.security.sessions import Sessions
from shared.settings import Settings
from shared.web.app import make_app
from shared.web.headers import Headers
from shared.web.heads import Heads
from shared.web.pages import STATIC
from shared.web.problems import answer_problems
from shared.wire import Wire

NextFire = Callable[[AsyncSession], Awaitable[datetime | None]]

_log = log("house")


@dataclass(frozen=True)
class TimedJob:
    """A service's own job: one transaction, run when woken and at the instant the last run named."""

    name: str
    run: Callable[[AsyncSession], Awaitable[datetime | None]]
    every: timedelta = timedelta(seconds=30)

    def on(self, store: Store) -> Run:
        """The same for this store."""
        return in_transaction(store, self.run)


@dataclass(frozen=True)
class Service:
    """What a service's `app.py` hands over: everything a process needs to run it."""

    name: str
    title: str
    consumer: Consumer
    metadata: MetaData
    routers: Sequence[APIRouter]
    jobs: Sequence[TimedJob | SteppedJob] = ()
    next_fire_at: NextFire | None = None
    """The next business instant at which one of its jobs has something to do."""
    is_ready: Callable[[AsyncSession], Awaitable[bool]] | None = None
    doors: Sequence[Door] = ()
    """Where it takes outsiders' messages from the bus; embedded there is none."""
    partners: Callable[[AsyncSession], Awaitable[Collection[str]]] | None = None
    """The queues of the outsiders it writes to; each is there from when it starts, or hears of the partner."""


@dataclass(frozen=True)
class _Seen:
    """What was counted in a store when so many transactions had been committed."""

    commits: int
    counted: Counted
    next_fire_at: str | None


@dataclass
class _Running:
    service: Service
    store: Store
    receiver: Receiver
    doors: Sequence[DoorReceiver]
    jobs: Jobs = field(default_factory=Jobs)
    seen: _Seen | None = None

    @property
    def in_hand(self) -> int:
        """How many messages and jobs are under way here."""
        return self.jobs.in_hand + self.receiver.in_hand + sum(door.in_hand for door in self.doors)


class House:
    """Builds and runs some of the services in this process."""

    def __init__(
        self, settings: Settings, services: Sequence[Service], heard: Mapping[str, Iterable[type[Event]]]
    ) -> None:
        self.settings = settings
        self.ready = asyncio.Event()
        self.moving = asyncio.Lock()
        """Held by whoever moves the drill clock."""
        self._heard = heard
        self._listeners = listeners(heard)
        self._client = httpx.AsyncClient(timeout=30, verify=False)  # noqa: S501 - peers of a drill, on this machine
        self.sessions = Sessions(redis.connect(settings), settings)
        self.running = {s.name: self._furnish(s) for s in services}
        self.wire: Wire | None = None
        if settings.redis_url:
            self.wire = Wire(redis.connect(settings), {name: r.store.desks for name, r in self.running.items()})
        receivers = {name: running.receiver for name, running in self.running.items()}
        self.transport: RabbitTransport | LocalTransport
        if settings.amqp_url:
            at_doors = [each for running in self.running.values() for each in running.doors]
            self.transport = RabbitTransport(
                settings.amqp_url, receivers, at_doors, prefetch=settings.prefetch, batch=settings.batch
            )
        else:
            self.transport = LocalTransport(receivers, self._listeners)
        self.app = self._front()

    def _furnish(self, service: Service) -> _Running:
        store = Store(service.name, self.settings)
        receiver = Receiver(service.consumer, store)
        return _Running(service, store, receiver, [DoorReceiver(door, receiver, store) for door in service.doors])

    def _front(self) -> FastAPI:
        front = FastAPI(lifespan=self._lifespan, openapi_url=None, docs_url=None, redoc_url=None)
        answer_problems(front)
        front.add_middleware(Headers, only_https=self.settings.only_https)
        front.add_middleware(Heads)
        front.state.sessions = self.sessions
        front.include_router(_health(self))
        front.mount("/static", StaticFiles(directory=STATIC))
        for name, running in self.running.items():
            state: dict[str, Any] = {"store": running.store, "sessions": self.sessions, "house": self}
            front.mount(f"/{name}", make_app(name, running.service.title, running.service.routers, **state))
        return front

    @asynccontextmanager
    async def _lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        try:
            await self._open()
            yield
        finally:
            await self._close()

    def claim(self) -> None:
        """Hold the folders of the stores here, if they are files; exits, saying so, where another process has one."""
        for running in self.running.values():
            running.store.claim_folder()

    async def _open(self) -> None:
        self.claim()
        for running in self.running.values():
            if self.settings.database_url:
                await lay_foundations(self.settings.database_url, running.service.name)
            await migrate(running.store, running.service.metadata)
        if isinstance(self.transport, RabbitTransport):
            own = [door for running in self.running.values() for door in running.service.doors]
            await self.transport.start(self._heard, own)
        for running in self.running.values():
            self._start_jobs(running)
        if self.wire:
            self.wire.start()
        _log.info("open", services=list(self.running))

    def _start_jobs(self, running: _Running) -> None:
        store, jobs = running.store, running.jobs
        looked = -outbox.RETRY_AFTER.total_seconds()

        async def relay() -> None:
            nonlocal looked
            failed = time.monotonic() - looked >= outbox.RETRY_AFTER.total_seconds()
            looked = time.monotonic() if failed else looked
            await outbox.relay(store, self.transport, failed=failed)

        async def prune() -> None:
            await outbox.prune(store)

        jobs.add(outbox.RELAY, always(relay), timedelta(seconds=2))
        jobs.add(RETRY, running.receiver.retry_due, timedelta(seconds=15))
        keeping.add_jobs(jobs, store, self.settings)
        jobs.add("prune", always(prune), timedelta(hours=1))
        if (partners := running.service.partners) and isinstance(transport := self.transport, RabbitTransport):

            async def open_partners() -> None:
                async with store.reading() as session:
                    names = await partners(session)
                await transport.open_partners(names)

            jobs.add(OPEN_PARTNERS, always(open_partners), timedelta(seconds=30))
        for job in running.service.jobs:
            jobs.add(job.name, job.on(store), job.every)
        store.when_committed(jobs.wake, jobs.expect)
        jobs.start()

    def let_go(self) -> None:
        """End what is told to open desks, so that a server that waits for its last answers can stop."""
        for running in self.running.values():
            running.store.desks.close()

    async def _close(self) -> None:
        if self.wire:
            await self.wire.stop()
        for running in self.running.values():
            await running.jobs.stop()
            with suppress(SQLAlchemyError, OSError):  # the database may be away
                await keeping.collected(running.store).write()
        if isinstance(self.transport, RabbitTransport):
            await self.transport.stop()
        for running in self.running.values():
            await running.store.close()
        await self.sessions.close()
        await self._client.aclose()

    async def is_ready(self) -> bool:
        """Whether every service here can do its work: its store answers, and it knows the directory."""
        for running in self.running.values():
            async with running.store.reading() as session:
                await session.execute(select(1))
                if running.service.is_ready and not await running.service.is_ready(session):
                    return False
        return True

    async def quiet(self) -> Quiet:
        """What is still under way in this process (drill only); no store is asked while something is in hand."""
        found = Quiet()
        if isinstance(self.transport, RabbitTransport):
            found.in_hand += self.transport.in_hand
        for running in self.running.values():
            found.in_hand += running.in_hand
        if found.in_hand:
            return found
        for name, running in self.running.items():
            seen = running.seen = await self._look(running)
            found.stores[name] = seen.counted
            found.due(seen.next_fire_at)
        return found

    async def _look(self, running: _Running) -> _Seen:
        """What stands in a store; one file, written by this process alone, is not counted again without a commit."""
        store, next_fire_at, commits = running.store, running.service.next_fire_at, running.store.commits
        if running.seen and store.is_sqlite and running.seen.commits == commits:
            return running.seen
        async with store.reading() as session:
            counted = await Quiet.look(session, self._listeners)
            instant = await next_fire_at(session) if next_fire_at else None
        return _Seen(commits, counted, instant.isoformat() if instant else None)

    async def all_quiet(self) -> Quiet:
        """The same over every process of the drill."""
        peers = self.settings.peer_urls()
        return await quiet.ask(self._client, peers) if peers else await self.quiet()


def _health(house: House) -> APIRouter:
    router = APIRouter()

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/health/ready")
    async def ready() -> Response:
        if house.ready.is_set() and await house.is_ready():
            return PlainTextResponse("ready")
        return PlainTextResponse("not ready", 503, headers={"Retry-After": "1"})

    @router.get("/health/quiet")
    async def under_way() -> dict[str, Any]:
        return (await house.quiet()).facts() if clock.is_drill() else {}

    @router.get("/metrics")
    async def metrics(_: Request) -> Response:
        for running in house.running.values():
            await telemetry.measure(running.store, running.in_hand)
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    if "directory" in house.running:

        @router.get("/")
        async def home() -> RedirectResponse:
            return RedirectResponse("/directory/")

    return router
