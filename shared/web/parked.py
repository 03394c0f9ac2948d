"""The doors to what a service could not take: every service has them, for whoever administers the house."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.edge import note
from shared.events import Undecodable
from shared.messaging.consumer import give_up, parked, replay
from shared.messaging.tables import ParkedRow
from shared.refusals import NotFound, NotPossible
from shared.security.mask import mask_text
from shared.security.roles import Action, Actor
from shared.texts import Words
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


class Reason(BaseModel):
    """Why it is decided so."""

    reason: Words


class GivenUp(BaseModel):
    """What was taken away."""

    id: str
    kind: str


Seeing = Annotated[Actor, permit(Action.READ_PARKED)]
Replaying = Annotated[Actor, permit(Action.REPLAY_PARKED)]
NOT_READ = (
    "undecodable",
    "没有重试：系统认不出这是什么消息，再试也处理不了。如果它来自更新的版本，请先升级再重试；否则请查明来历后放弃。",
)
NOT_THERE = "not-parked", "没有这条搁置的消息：可能已经处理完毕，请刷新列表。"


@router.get("")
async def list_parked(
    session: Reader,
    _: Seeing,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> AllParked:
    """What could not be taken, the oldest first."""
    waiting, dead = await parked(session)
    return AllParked(waiting=waiting, dead=dead, parked=await seen(session, limit))


async def seen(session: AsyncSession, limit: int, *, dead: bool | None = None) -> list[ParkedView]:
    """The oldest of what could not be taken; or of what is dead, or of what is not."""
    oldest = select(ParkedRow).order_by(ParkedRow.parked_at, ParkedRow.event_id).limit(limit)
    if dead is not None:
        oldest = oldest.where(ParkedRow.next_try_at.is_(None) if dead else ParkedRow.next_try_at.is_not(None))
    return [_view(row) for row in await session.scalars(oldest)]


@router.post("/{event_id:path}/replay")
async def replay_parked(event_id: str, session: Session, _: Replaying) -> Replayed:
    """Give one another try at once, dead or not."""
    await tried_again(session, event_id)
    row = await session.get_one(ParkedRow, event_id)
    return Replayed(id=event_id, next_try_at=row.next_try_at)


@router.post("/{event_id:path}/give-up")
async def give_up_parked(event_id: str, given: Reason, request: Request, session: Session, _: Replaying) -> GivenUp:
    """Take one away for good, untaken; the audit log keeps what it was, and why."""
    return GivenUp(id=event_id, kind=await given_up(session, request, event_id, given.reason))


async def tried_again(session: AsyncSession, event_id: str) -> None:
    """Have one tried again; raises `NotFound`, and `NotPossible` for what no try can read."""
    try:
        if not await replay(session, event_id):
            raise NotFound(*NOT_THERE)
    except Undecodable as error:
        raise NotPossible(*NOT_READ) from error


async def given_up(session: AsyncSession, request: Request, event_id: str, reason: str) -> str:
    """Take one away, and have the audit log tell what it was, and why. What kind it was."""
    kind = await give_up(session, event_id)
    if kind is None:
        raise NotFound(*NOT_THERE)
    note(request, subject=event_id, reason=f"{kind}：{reason}")
    return kind


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
