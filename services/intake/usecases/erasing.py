"""Erasing who complained: the person goes for good; number, dates, departments and every count stay (mechanism §11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.journal import Journal
from services.intake.domain.petitioner import must_be_erasable
from services.intake.domain.submission import Kind
from services.intake.store import complaints as store
from services.intake.store import erasing
from services.intake.tables import Base, ComplaintRow
from services.intake.usecases import exporting, journal
from services.intake.usecases.petitioners import still_readable
from services.intake.usecases.reading import scope, whole
from shared import clock, replica
from shared.erasing import strike_in, strike_out
from shared.events.intake import PetitionerErased
from shared.messaging import announce
from shared.refusals import NotFound, NotPossible
from shared.security.mask import strike_known
from shared.security.roles import Actor
from shared.settings import settings

MOST_DUE = 200


@dataclass(frozen=True)
class Erased:
    """Whose petitioner is gone."""

    complaint_id: str
    number: str


async def erase(session: AsyncSession, actor: Actor, number: str, reason: str) -> Erased:
    """Erase the petitioner of a complaint of this actor's centers that ended long enough ago."""
    found = await store.complaint_numbered(session, number)
    if found is None:
        raise NotFound("no-such-complaint", "没有这件诉求，或不在您的管辖范围内，请核对编号。")
    await whole(session, actor, found.id)
    await journal.open_whole(session, [found.id])
    held = await journal.open_journal(session, found.id)
    calendar = await replica.calendar_of(session, held.row.handling_center)
    within = settings().reopening_working_days
    must_be_erasable(Journal(held.events), held.row.state, clock.now(), calendar, within)
    persons = [person for person in await erasing.every_petitioner(session, found.id) if person.name]
    if not persons:
        raise NotPossible("erased", "该诉求人的信息已经删除。")
    event = PetitionerErased(at=clock.now(), center=found.center, subject=found.id, by=actor.id, reason=reason)
    announce(session, event)
    journal.enter(session, found.id, event)
    await session.flush()
    for person in persons:
        strike = partial(strike_known, fields=still_readable(person), organisation=person.kind == Kind.ORGANISATION)
        await strike_out(session, Base.metadata, found.id, strike, besides=erasing.OF_THE_PERSON)
        complaints = ComplaintRow.__table__
        await strike_in(session, complaints, complaints.c.id, found.id, strike)  # type: ignore[arg-type]
    await erasing.empty(session, found.id)
    await exporting.call_off(session)
    return Erased(found.id, number)


async def due(session: AsyncSession, actor: Actor, closed_before: date) -> Sequence[str]:
    """The numbers of this actor's complaints that ended before a day and whose petitioners are still known; some."""
    return await erasing.ended_before(session, await scope(session, actor), closed_before, MOST_DUE)


async def forget_rejected(session: AsyncSession, actor: Actor, before: date) -> int:
    """Forget what could not be registered before a day, as it came; returns how many."""
    return await erasing.forget_rejected(session, await scope(session, actor), before)
