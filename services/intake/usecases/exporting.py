"""Lists that people take out of the house: asked for on a page, made part by part, fetched when they are ready.

Who asked fetches it, nobody else, and for a day. It says on every sheet who has taken it out, and as of which instant;
the audit log knows what it was narrowed to.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import count

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.monthly import months
from services.intake.domain.period import Period
from services.intake.store import exports as store
from services.intake.tables import ExportRow
from services.intake.usecases import figures
from services.intake.usecases.asking import ledger_asked
from services.intake.usecases.ledger import must_be_a_ledger
from shared import clock
from shared.dates import month_typed
from shared.db import Store, wake
from shared.ids import new_id
from shared.refusals import Forbidden, NotFound, NotPossible
from shared.security.keys import sealer
from shared.security.roles import Action, Actor, Role
from shared.settings import settings

MAKE, PRUNE = "make exports", "prune exports"
"""The names of the jobs that do."""
LEDGER, MONTHLY = "ledger", "monthly"
WAITING, WORKING, READY, FAILED = "waiting", "working", "ready", "failed"
XLSX, PDF = "xlsx", "pdf"
MOST_UNFINISHED = 3
"""Of one person at a time."""
MOST_KEPT = 20
"""Of one person's finished ones; an older one makes room."""
CALLED_OFF = "导出之后有诉求人的信息被依法删除，这份台账不再提供。请重新导出。"
NEEDS = {LEDGER: Action.READ_LEDGER, MONTHLY: Action.READ_FIGURES}
"""What one has to be allowed to read who exports it."""


@dataclass(frozen=True)
class Export:
    """One of somebody's exports, as it stands."""

    id: str
    kind: str
    format: str
    given: Mapping[str, str]
    asked_at: datetime
    state: str
    done: int
    total: int | None
    why: str | None
    read_at: datetime
    """The instant it is of, once its complaints are found."""

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still to be waited for."""
        return self.state in (WAITING, WORKING)


@dataclass(frozen=True)
class Fetched:
    """An export that is handed out."""

    name: str
    format: str
    given: Mapping[str, str]
    size: int


async def ask(session: AsyncSession, actor: Actor, kind: str, form: str, given: Mapping[str, str]) -> str:
    """Have it made; its id. Raises `Forbidden`, `Invalid`, `NotFound` and `NotPossible`."""
    if not actor.may(NEEDS[kind]):
        raise Forbidden("not-allowed", "您的岗位不能导出这份内容。")
    if kind == LEDGER:
        await must_be_a_ledger(session, actor, ledger_asked(given))
    else:
        await figures.counted(session, actor, month_of(given))
    await store.take_turns(session, actor.id)
    if await store.unfinished(session, actor.id) >= MOST_UNFINISHED:
        raise NotPossible("too-many-exports", f"您有{MOST_UNFINISHED}个导出还没有完成，请等其中一个完成后再导出。")
    export_id = new_id()
    session.add(
        ExportRow(
            id=export_id,
            asked_by=actor.id,
            asked_at=clock.now(),
            expires_at=clock.machine_now() + timedelta(hours=settings().export_hours),
            actor=asdict(actor),
            kind=kind,
            format=form,
            asked=sealer().seal(orjson.dumps(dict(given)).decode(), about=f"{export_id}/asked"),
            state=WAITING,
            done=0,
        )
    )
    wake(session, MAKE)
    return export_id


async def of(session: AsyncSession, actor: Actor) -> list[Export]:
    """What this one has exported and can still fetch, or waits for, or has seen fail; the newest first."""
    return [shown(row) for row in await store.of(session, actor.id, clock.machine_now()) if _is_whose(row, actor)]


async def fetched(session: AsyncSession, actor: Actor, export_id: str) -> Fetched:
    """The file, for who asked for it and still has that place; raises `NotFound` alike for none and for another's."""
    row = await session.get(ExportRow, export_id)
    if row is None or row.expires_at <= clock.machine_now() or not _is_whose(row, actor):
        raise NotFound("no-such-export", "这份导出已过期删除，或者不是您导出的。请回到台账或统计页面重新导出。")
    if row.name is None or row.size is None or row.state != READY:
        raise NotPossible("not-ready", row.why or "这份导出还没有完成，请稍后再下载。")
    return Fetched(row.name, row.format, _given(row), row.size)


async def pieces(keeping: Store, export_id: str) -> AsyncIterator[bytes]:
    """Its file, piece by piece, each read by itself: nobody waits for who fetches slowly."""
    for n in count():
        async with keeping.reading() as session:
            data = await store.piece(session, export_id, n)
        if data is None:
            return
        yield await asyncio.to_thread(_opened, export_id, n, data)


def sealed(export_id: str, n: int, piece: bytes) -> str:
    """A piece of a file, to be kept; it opens in its own place alone."""
    return sealer().seal(base64.b64encode(piece).decode(), about=f"{export_id}/data/{n}")


def _opened(export_id: str, n: int, data: str) -> bytes:
    return base64.b64decode(sealer().open(data, about=f"{export_id}/data/{n}"))


async def call_off(session: AsyncSession) -> None:
    """Whoever was erased may stand in any ledger that was asked for before: nobody fetches it any more."""
    await store.call_off(session, LEDGER, FAILED, CALLED_OFF)


async def prune(session: AsyncSession) -> None:
    """Delete what was kept long enough."""
    await store.prune(session, clock.machine_now())


def month_of(given: Mapping[str, str]) -> figures.Asked:
    """The figures that are asked for; raises `Invalid`."""
    return figures.Asked(given.get("center"), Period(*months(month_typed(given.get("month", "")), 1)))


def _is_whose(row: ExportRow, actor: Actor) -> bool:
    asked = actor_of(row)
    return (asked.id, asked.role, asked.center) == (actor.id, actor.role, actor.center)


def actor_of(row: ExportRow) -> Actor:
    """Who asked, as that one stood then."""
    return Actor(**row.actor | {"role": Role(row.actor["role"])})


def _given(row: ExportRow) -> dict[str, str]:
    given: dict[str, str] = orjson.loads(sealer().open(row.asked, about=f"{row.id}/asked"))
    return given


def shown(row: ExportRow) -> Export:
    """It as it stands."""
    return Export(
        row.id,
        row.kind,
        row.format,
        _given(row),
        row.asked_at,
        row.state,
        row.done,
        row.total,
        row.why,
        row.read_at or row.asked_at,
    )
