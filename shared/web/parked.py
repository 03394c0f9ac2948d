"""The doors to what a service could not take: every service has them, for whoever administers the house."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from shared.messaging.consumer import parked, replay
from shared.messaging.tables import ParkedRow
from shared.refusals import NotFound
from shared.security.mask import mask_text
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api/parked", tags=["parked"])


class ParkedView(BaseModel):
    """An event that could not be taken; its content is not shown. Dead: nobody tries it again by itself."""

    id: str
    kind: str
    error: str
    attempts: int
    awaits: str | None
    parked_at: datetime
    next_try_at: datetime | None
    dead: bool


class AllParked(BaseModel):
    """How many wait for another try, how many are dead, and the oldest of them."""

    waiting: int
    dead: int
    parked: list[ParkedView]


class Replayed(BaseModel):
    """When it has its next try."""

    id: str
    next_try_at: datetime | None


@router.get("")
async def list_parked(
    session: Reader,
    _: Annotated[Actor, permit(Action.READ_PARKED)],
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AllParked:
    """What could not be taken, the oldest first."""
    waiting, dead = await parked(session)
    oldest = select(ParkedRow).order_by(ParkedRow.parked_at, ParkedRow.event_id).limit(limit)
    return AllParked(waiting=waiting, dead=dead, parked=[_view(row) for row in await session.scalars(oldest)])


@router.post("/{event_id:path}/replay")
async def replay_parked(event_id: str, session: Session, _: Annotated[Actor, permit(Action.REPLAY_PARKED)]) -> Replayed:
    """Give one another try at once, dead or not."""
    if not await replay(session, event_id):
        raise NotFound("not-parked", "没有这条搁置的消息：可能已经处理完毕，请刷新列表。")
    row = await session.get_one(ParkedRow, event_id)
    return Replayed(id=event_id, next_try_at=row.next_try_at)


def _view(row: ParkedRow) -> ParkedView:
    return ParkedView(
        id=row.event_id,
        kind=row.kind,
        error=mask_text(row.error)[:500],
        attempts=row.attempts,
        awaits=row.awaits,
        parked_at=row.parked_at,
        next_try_at=row.next_try_at,
        dead=row.next_try_at is None,
    )
