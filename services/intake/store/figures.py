"""Queries that count facts: each is one pass over the facts of a period, grouped by what is asked for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.counted import Counted
from services.intake.domain.gaming import AGAIN, Hit, Thresholds
from services.intake.domain.quarterly import PublishedCase
from services.intake.domain.tally import By, Taken, Tally
from services.intake.domain.topics import Said
from services.intake.tables import ComplaintRow, FigureRow, JournalRow, LedgerRow, PetitionerRow, ProfileRow
from shared.events.intake import ComplaintCorrected, ComplaintRegistered

_COLUMNS = {
    By.CENTER: FigureRow.center,
    By.DEPARTMENT: FigureRow.department,
    By.CHANNEL: FigureRow.source,
    By.CATEGORY: FigureRow.category,
    By.PETITIONER: FigureRow.petitioner,
    By.SIZE: ProfileRow.size,
    By.OWNERSHIP: ProfileRow.ownership,
    By.CAPITAL: ProfileRow.capital,
    By.STAGE: ProfileRow.stage,
}
_TOLD_IN = (ComplaintRegistered.full_type(), ComplaintCorrected.full_type())
"""The events that say what is complained of."""
OF_ORGANISATIONS = (By.SIZE, By.OWNERSHIP, By.CAPITAL, By.STAGE)


@dataclass(frozen=True)
class Counting:
    """Which facts: of these centers, counting at or after `begin` and before `end`, as they held at `now`."""

    centers: Collection[str]
    begin: datetime
    end: datetime
    now: datetime

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """What its facts have in common."""
        return (
            FigureRow.at >= self.begin,
            FigureRow.at < self.end,
            FigureRow.at <= self.now,
            FigureRow.center.in_(self.centers),
            FigureRow.since <= self.now,
            or_(FigureRow.until.is_(None), FigureRow.until > self.now),
        )


async def tallies(session: AsyncSession, counting: Counting, by: By) -> list[Tally]:
    """The facts of a period counted, each kind by itself, and by one thing more; together they are the whole."""
    return (await tallies_by(session, counting, by))[by]


async def tallies_by(session: AsyncSession, counting: Counting, *by: By) -> dict[By, list[Tally]]:
    """The same by several things at once: the facts are looked at once, however many these are."""
    keys = [_COLUMNS[each] for each in by]
    in_time = case((and_(FigureRow.done_at.is_not(None), FigureRow.done_at <= FigureRow.at), 1), else_=0)
    groups = (*keys, FigureRow.counted, FigureRow.detail, FigureRow.yes, FigureRow.also, in_time)
    sums = (func.count(), func.coalesce(func.sum(FigureRow.working), 0), func.coalesce(func.sum(FigureRow.elapsed), 0))
    query = _of(by[0], select(*groups, *sums)).where(*counting.conditions()).group_by(*groups)
    rows = (await session.execute(query)).all()
    return {
        each: [Tally(Counted(row[len(by)]), row[place], *row[len(by) + 1 :]) for row in rows]
        for place, each in enumerate(by)
    }


async def by_month(
    session: AsyncSession, counting: Counting, begins: Sequence[datetime], kinds: Collection[Counted]
) -> dict[tuple[int, Counted, str | None], int]:
    """How many facts of these kinds, by the place of the month in which they count, by kind and by detail."""
    ends = [*begins[1:], counting.end]
    month = case(*((FigureRow.at < end, place) for place, end in enumerate(ends)), else_=len(begins))
    groups = (month, FigureRow.counted, FigureRow.detail)
    query = select(*groups, func.count()).where(*counting.conditions(), FigureRow.counted.in_(kinds))
    found = await session.execute(query.where(FigureRow.also.is_(False)).group_by(*groups))
    return {(place, Counted(counted), detail): n for place, counted, detail, n in found}


async def taken(session: AsyncSession, counting: Counting, by: By) -> list[Taken]:
    """How long those took that ended in the period: how many took exactly so long, by one thing more."""
    groups = (_COLUMNS[by], FigureRow.working)
    query = _of(by, select(*groups, func.count())).where(FigureRow.counted == Counted.CLOSED, *counting.conditions())
    query = query.where(FigureRow.working.is_not(None)).group_by(*groups)
    return [Taken(*row) for row in await session.execute(query)]


async def hits(session: AsyncSession, counting: Counting, thresholds: Thresholds) -> list[Hit]:
    """The facts that the clock-gaming report looks at, in time order."""
    just_before = FigureRow.working <= thresholds.just_before_minutes * 60
    conditions = (
        and_(FigureRow.counted.in_(AGAIN), just_before),
        and_(FigureRow.counted == Counted.DECLINED, or_(just_before, FigureRow.working.is_(None))),
        _from(Counted.EXTENDED, thresholds.extensions),
        _from(Counted.PLANNED, thresholds.plans),
    )
    columns: Any = (FigureRow.counted, FigureRow.department, ComplaintRow.number)
    query = select(*columns).join(ComplaintRow, ComplaintRow.id == FigureRow.complaint_id)
    query = query.where(*counting.conditions(), or_(*conditions)).order_by(FigureRow.at, ComplaintRow.number)
    return [Hit(Counted(counted), *rest) for counted, *rest in await session.execute(query)]


def _from(counted: Counted, place: int) -> ColumnElement[bool]:
    """Those of a kind that are at least the so-manieth of their complaint."""
    earlier = [str(n) for n in range(1, place)]
    return and_(FigureRow.counted == counted, FigureRow.detail.not_in(earlier))


async def said(session: AsyncSession, counting: Counting, begin: datetime, end: datetime, limit: int) -> list[Said]:
    """The newest complaints its centers took in between these instants, in the words they had at `counting.now`.

    Who shares a phone is one person; who was erased shares none, and is struck out of the words of any time.
    """
    who = func.coalesce(PetitionerRow.phone_index, ComplaintRow.id)
    query = select(ComplaintRow.number, who, _words_at(counting.now), ComplaintRow.service_item)
    query = query.select_from(LedgerRow).join(ComplaintRow, ComplaintRow.id == LedgerRow.complaint_id)
    first = and_(PetitionerRow.complaint_id == LedgerRow.complaint_id, PetitionerRow.revision == 0)
    query = query.join(PetitionerRow, first).where(
        LedgerRow.shown_in == LedgerRow.center, LedgerRow.center.in_(counting.centers)
    )
    query = query.where(LedgerRow.registered_at >= begin, LedgerRow.registered_at < end)
    query = query.order_by(LedgerRow.registered_at.desc(), LedgerRow.complaint_id.desc()).limit(limit)
    return [Said(*row) for row in await session.execute(query)]


def _words_at(instant: datetime) -> ColumnElement[str]:
    """A complaint's content at an instant; the journal is asked of those only that were corrected at all."""
    revision = func.coalesce(JournalRow.data["revision"].as_integer(), 0)
    told = select(JournalRow.data["content"].as_string()).where(
        JournalRow.complaint_id == ComplaintRow.id, JournalRow.kind.in_(_TOLD_IN), JournalRow.at <= instant
    )
    last = told.order_by(revision.desc(), JournalRow.at.desc(), JournalRow.event_id.desc()).limit(1)
    return case(
        (ComplaintRow.revision == 0, ComplaintRow.content), else_=last.correlate(ComplaintRow).scalar_subquery()
    )


async def cases(session: AsyncSession, counting: Counting) -> list[PublishedCase]:
    """The cases published in a period that were drawn from complaints, in time order."""
    query = select(JournalRow.data["title"].as_string(), ComplaintRow.number)
    query = query.join(FigureRow, FigureRow.place == JournalRow.event_id)
    query = query.join(ComplaintRow, ComplaintRow.id == FigureRow.complaint_id)
    query = query.where(FigureRow.counted == Counted.PUBLISHED, *counting.conditions())
    return [PublishedCase(*row) for row in await session.execute(query.order_by(FigureRow.at, ComplaintRow.number))]


def _of(by: By, query: Any) -> Any:
    """Organisations with what they stated of themselves, where that is asked for."""
    if by not in OF_ORGANISATIONS:
        return query
    stated = query.outerjoin(ProfileRow, ProfileRow.complaint_id == FigureRow.complaint_id)
    return stated.where(FigureRow.petitioner == "organisation")
