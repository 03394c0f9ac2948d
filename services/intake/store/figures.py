"""Queries that count facts, by what is asked for: those of days that are over by their sums, the others one by one."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.counted import Counted
from services.intake.domain.gaming import AGAIN, Hit, Thresholds
from services.intake.domain.quarterly import PublishedCase
from services.intake.domain.tally import By, Taken, Tally
from services.intake.domain.topics import Said
from services.intake.store import sums
from services.intake.store.movements import (
    ALWAYS,
    OF_ORGANISATIONS,
    SAME,
    SUMS,
    added_up,
    changed,
    days_before,
    holding,
    moved,
    split,
)
from services.intake.tables import (
    ChangeRow,
    ComplaintRow,
    FigureRow,
    JournalRow,
    LedgerRow,
    PetitionerRow,
    ProfileRow,
    SumRow,
)
from shared.events.intake import ComplaintCorrected, ComplaintRegistered

_COLUMNS = {
    By.CENTER: FigureRow.center,
    By.CHANNEL: FigureRow.source,
    By.PETITIONER: FigureRow.petitioner,
    By.SIZE: ProfileRow.size,
    By.OWNERSHIP: ProfileRow.ownership,
    By.CAPITAL: ProfileRow.capital,
    By.STAGE: ProfileRow.stage,
}
_TOLD_IN = (ComplaintRegistered.full_type(), ComplaintCorrected.full_type())
"""The events that say what is complained of."""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Counting:
    """Which facts: of these centers, counting at or after `begin` and before `end`, as they held at `now`.

    Both are midnights.
    """

    centers: Collection[str]
    begin: datetime
    end: datetime
    now: datetime

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """What its facts have in common."""
        return (
            *self.between(self.begin, self.end),
            FigureRow.at <= self.now,
            FigureRow.since <= self.now,
            or_(FigureRow.until.is_(None), FigureRow.until > self.now),
        )

    def between(self, begin: datetime, end: datetime) -> Sequence[ColumnElement[bool]]:
        """Of its centers, counting at or after one instant and before another."""
        return FigureRow.at >= begin, FigureRow.at < end, FigureRow.center.in_(self.centers)


async def tallies(session: AsyncSession, counting: Counting, by: By) -> list[Tally]:
    """The facts of a period counted, each kind by itself, and by one thing more; together they are the whole."""
    return (await tallies_by(session, counting, by))[by]


async def tallies_by(
    session: AsyncSession, counting: Counting, *by: By, kinds: Collection[Counted] = tuple(Counted)
) -> dict[By, list[Tally]]:
    """The same by several things at once, and of some kinds alone."""
    [found] = await tallies_of_spans(session, counting, [counting.begin], *by, kinds=kinds)
    return found


async def tallies_of_spans(
    session: AsyncSession,
    counting: Counting,
    begins: Sequence[datetime],
    *by: By,
    kinds: Collection[Counted] = tuple(Counted),
) -> list[dict[By, list[Tally]]]:
    """The same of each of the spans of time into which these midnights divide the period, which begins with the first.

    One statement, so that it sees the sums, and what has not been added to them yet, as they are at one moment.
    """
    summed = min(await sums.until(session) or ALWAYS, days_before(counting.now))
    facts = [
        *moved(_before(counting, kinds), summed, counting.now + _INSTANT),
        _today(counting, kinds),
        changed(*_late(counting, kinds, summed)),
    ]
    together = added_up(facts, by, place=lambda each: _place(each.at, begins))
    days = [begin.date() for begin in begins]
    parts = [_summed(counting, kinds, summed, each, days) for each in by] + [
        split(together, each, "place") for each in by
    ]
    found: dict[tuple[Any, ...], list[int]] = {}
    for by_what, place, _, key, *rest in await session.execute(union_all(*parts)):
        counts = found.setdefault((by_what, place, key, *rest[: len(SAME)]), [0, 0, 0])
        for n, more in enumerate(rest[len(SAME) :]):
            counts[n] += int(more)
    tallies: list[dict[By, list[Tally]]] = [{each: [] for each in by} for _ in begins]
    for (by_what, place, key, counted, *same), counts in found.items():
        if counts[0]:
            tallies[place][By(by_what)].append(Tally(Counted(counted), key, *same, *counts))
    return tallies


def _before(counting: Counting, kinds: Collection[Counted]) -> Sequence[ColumnElement[bool]]:
    """That a fact counts on a day that had ended by then."""
    end = min(counting.end, days_before(counting.now))
    return *counting.between(counting.begin, end), FigureRow.counted.in_(kinds)


def _today(counting: Counting, kinds: Collection[Counted]) -> Select[Any]:
    """What counts on the day that has not ended, and had come by then."""
    begin = max(counting.begin, days_before(counting.now))
    conditions = *counting.between(begin, counting.end), FigureRow.at <= counting.now, FigureRow.counted.in_(kinds)
    return holding(conditions, counting.now)


def _late(counting: Counting, kinds: Collection[Counted], summed: datetime) -> Sequence[ColumnElement[bool]]:
    """What became known of days before, after these had been summed."""
    return (
        ChangeRow.known_at < summed,
        ChangeRow.at >= counting.begin,
        ChangeRow.at < min(counting.end, days_before(counting.now)),
        ChangeRow.center.in_(counting.centers),
        ChangeRow.counted.in_(kinds),
    )


def _summed(
    counting: Counting, kinds: Collection[Counted], until: datetime, by: By, days: Sequence[date]
) -> Select[Any]:
    """The sums of the days that had ended by then, until an instant."""
    kept_by = By.PETITIONER if by is By.CENTER else by  # of which there are fewest
    key = (SumRow.center if by is By.CENTER else SumRow.key).label("key")
    place = _place(SumRow.counts_on, days).label("place")
    groups = [place, SumRow.center, key, *(getattr(SumRow, name) for name in SAME)]
    query = select(literal(by.value).label("split"), *groups, *(func.sum(getattr(SumRow, name)) for name in SUMS))
    return query.where(
        SumRow.split == kept_by,
        SumRow.counts_on >= counting.begin.date(),
        SumRow.counts_on < min(counting.end, days_before(counting.now)).date(),
        SumRow.known_on < until.date(),
        SumRow.center.in_(counting.centers),
        SumRow.counted.in_(kinds),
    ).group_by(*groups)


def _place(when: Any, begins: Sequence[Any]) -> ColumnElement[int]:
    """Which of the spans an instant, or a day, lies in."""
    last = literal(len(begins) - 1)
    ends = [(when < end, literal(place)) for place, end in enumerate(begins[1:])]
    return case(*ends, else_=last) if ends else last


async def taken(session: AsyncSession, counting: Counting, *by: By) -> dict[By, list[Taken]]:
    """How long those took that ended in the period: how many took exactly so long, by each of these."""
    groups = (*(_COLUMNS[each] for each in by), FigureRow.petitioner, FigureRow.working)
    query = select(*groups, func.count()).where(FigureRow.counted == Counted.CLOSED, *counting.conditions())
    query = query.outerjoin(ProfileRow, ProfileRow.complaint_id == FigureRow.complaint_id)
    found: dict[By, Counter[tuple[str | None, int]]] = {each: Counter() for each in by}
    for *keys, petitioner, working, n in await session.execute(
        query.where(FigureRow.working.is_not(None)).group_by(*groups)
    ):
        for each, key in zip(by, keys, strict=True):
            if petitioner == "organisation" or each not in OF_ORGANISATIONS:
                found[each][key, working] += n
    return {each: [Taken(*took, n) for took, n in counts.items()] for each, counts in found.items()}


async def hits(session: AsyncSession, counting: Counting, thresholds: Thresholds) -> list[Hit]:
    """The facts that the clock-gaming report looks at, in time order; every answer in time that was returned, too."""
    just_before = FigureRow.working <= thresholds.just_before_minutes * 60
    conditions = (
        and_(FigureRow.counted.in_(AGAIN), just_before),
        and_(FigureRow.counted == Counted.RETURNED, FigureRow.working.is_not(None)),
        and_(FigureRow.counted == Counted.DECLINED, or_(just_before, FigureRow.working.is_(None))),
        _from(Counted.EXTENDED, thresholds.extensions),
        _from(Counted.PLANNED, thresholds.plans),
    )
    is_hit = or_(FigureRow.counted != Counted.RETURNED, just_before)
    columns: Any = (FigureRow.counted, FigureRow.department, ComplaintRow.number, is_hit)
    query = select(*columns).join(ComplaintRow, ComplaintRow.id == FigureRow.complaint_id)
    # The kinds by themselves too: the index goes by them.
    kinds = FigureRow.counted.in_((*AGAIN, Counted.DECLINED, Counted.EXTENDED, Counted.PLANNED))
    query = query.where(*counting.conditions(), kinds, or_(*conditions)).order_by(FigureRow.at, ComplaintRow.number)
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
