"""办理材料: a department adds files to an order it has a part of; its office and it alone open them."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain.states import Action
from services.dispatch.store import enclosures as store
from services.dispatch.tables import Enclosure, Order
from services.dispatch.usecases import desk, reading
from services.dispatch.usecases.petitioners import UNREADABLE
from shared.events.dispatch import Party
from shared.files.kinds import TYPES
from shared.files.received import File
from shared.ids import new_id
from shared.refusals import Invalid, NotFound, NotPossible
from shared.security.keys import sealer
from shared.security.roles import Actor, Role

MOST = 20
"""Files an order has at most."""


@dataclass(frozen=True)
class Told:
    """A file as it is told of."""

    enclosure_id: str
    name: str
    size: int
    party: Party
    at: datetime
    by: str


@dataclass(frozen=True)
class Opened:
    """A file as it is handed out."""

    name: str
    media_type: str
    data: bytes


async def add(session: AsyncSession, actor: Actor, complaint_id: str, files: Sequence[File]) -> Order:
    """Add these to an order while the department has to answer it."""
    if not files:
        raise Invalid("no-files", "请选择要上传的材料。")
    order, assignment, now = await desk.take_own(session, complaint_id, actor, Action.REPLY)
    if await store.how_many(session, complaint_id) + len(files) > MOST:
        raise NotPossible("too-many-files", f"一件工作单最多{MOST}件材料，请合并后再上传。")
    for file in files:
        enclosure_id = new_id()
        session.add(
            Enclosure(
                enclosure_id=enclosure_id,
                complaint_id=complaint_id,
                at=now,
                by=actor.id,
                center=assignment.center,
                department=assignment.department,
                kind=file.kind,
                size=len(file.data),
                name=sealer().seal(file.name, about=f"{enclosure_id}/name"),
                data=sealer().seal(base64.b64encode(file.data).decode(), about=f"{enclosure_id}/data"),
            )
        )
    return order


async def of(session: AsyncSession, actor: Actor, order: Order) -> list[Told]:
    """The files of an order that this actor may open: all of them to its office, its own to a department."""
    return [
        Told(
            row.enclosure_id,
            sealer().open_those_that_can_be({"name": row.name}, row.enclosure_id)["name"] or UNREADABLE,
            row.size,
            Party(center=row.center, department=row.department),
            row.at,
            row.by,
        )
        for row in await store.of(session, order.complaint_id)
        if _may_open(actor, row)
    ]


async def opened(session: AsyncSession, actor: Actor, complaint_id: str, enclosure_id: str) -> Opened:
    """One of them; raises `NotFound` alike for none and for another department's."""
    await reading.opened(session, actor, complaint_id)
    row = await store.one(session, complaint_id, enclosure_id)
    if row is None or not _may_open(actor, row):
        raise NotFound("no-such-file", "没有这件材料，请核对后重新打开。")
    name = sealer().open(row.name, about=f"{row.enclosure_id}/name")
    data = base64.b64decode(sealer().open(row.data, about=f"{row.enclosure_id}/data"))
    return Opened(name, TYPES[row.kind], data)


def _may_open(actor: Actor, row: Enclosure) -> bool:
    return actor.role is not Role.OFFICER or (actor.center, actor.department) == (row.center, row.department)
