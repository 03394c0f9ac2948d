"""Reports that look closer: equality (Art. 2), clock-gaming, hot topics, the quarterly summary (mechanism §9, §11)."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain import equality as equal
from services.intake.domain import gaming as games
from services.intake.domain import topics as hot
from services.intake.domain.counted import Counted
from services.intake.domain.monthly import before
from services.intake.domain.monthly import months as of_months
from services.intake.domain.period import Period
from services.intake.domain.quarterly import Quarter, quarter
from services.intake.domain.tally import By, Tallies
from services.intake.store import directory
from services.intake.store import figures as store
from services.intake.usecases.figures import Asked, Days, counted, names_of, report
from shared.events.dispatch import Final
from shared.security.roles import Actor

MOST_READ = 2_000
"""Complaints whose words are read for the topics of a period: the newest."""
MONTHS = 6
"""Stand beside each other."""
UNSTATED = "未填写"


@dataclass(frozen=True)
class Equality:
    """Groups of petitioners side by side; `small`: of fewer cases a measure tells only how many."""

    days: Days
    small: int
    across: dict[By, list[equal.Group]]


@dataclass(frozen=True)
class Gaming:
    """What each department does to its clocks, and what was looked for."""

    days: Days
    thresholds: games.Thresholds
    departments: list[games.Line]


@dataclass(frozen=True)
class HotTopics:
    """The topics of a period, against as many days before."""

    days: Days
    days_before: Days
    most_read: int
    topics: hot.Topics


@dataclass(frozen=True)
class MonthlyLine:
    """What came in and was closed in a month."""

    first: date
    registered: int
    closed: int
    zeroed: int

    @property
    def name(self) -> str:
        """What it is called."""
        return f"{self.first:%Y-%m}"


async def months(session: AsyncSession, actor: Actor, center: str | None, last: date) -> list[MonthlyLine]:
    """So many months up to the one that begins on this day, the earliest first."""
    firsts = [before(last, n) for n in range(MONTHS - 1, -1, -1)]
    _, counting = await counted(session, actor, Asked(center, Period(firsts[0], of_months(last, 1)[1])))
    begins = [begin for first in firsts if (begin := Period(first).begin)]
    kinds = (Counted.REGISTERED, Counted.CLOSED)
    spans = await store.tallies_of_spans(session, counting, begins, By.CENTER, kinds=kinds)
    found = [Tallies(span[By.CENTER]) for span in spans]
    return [
        MonthlyLine(
            first,
            month.n(Counted.REGISTERED),
            month.n(Counted.CLOSED),
            month.n(Counted.CLOSED, lambda tally: tally.detail == Final.ZEROED),
        )
        for first, month in zip(firsts, found, strict=True)
    ]


async def equality(session: AsyncSession, actor: Actor, asked: Asked) -> Equality:
    """Handling time, overdue and satisfaction across petitioners (Art. 2)."""
    days, counting = await counted(session, actor, asked)
    names = await directory.names(session, asked.period.until)
    tallies = await store.tallies_by(session, counting, *equal.ACROSS, kinds=equal.KINDS)
    taken = await store.taken(session, counting, *equal.ACROSS)
    across = {by: equal.groups(Tallies(tallies[by]), taken[by], names_of(by, names), UNSTATED) for by in equal.ACROSS}
    return Equality(days, equal.SMALL, across)


async def gaming(session: AsyncSession, actor: Actor, asked: Asked, thresholds: games.Thresholds) -> Gaming:
    """Answers just before the date that had to be done again, serial extensions and plans, by department."""
    days, counting = await counted(session, actor, asked)
    names = await directory.names(session, asked.period.until)
    tallies = Tallies(await store.tallies(session, counting, By.DEPARTMENT))
    hits = await store.hits(session, counting, thresholds)
    return Gaming(days, thresholds, games.lines(tallies, hits, names.departments))


async def topics(session: AsyncSession, actor: Actor, asked: Asked) -> HotTopics:
    """What many people complain of in the period, and in as many days before it; by the centers that took it in.

    In the words that stood there at the instant asked for. Who has been erased since is no longer known to be the same
    person in several complaints, and what named that person is struck out: then alone a reprint may differ.
    """
    days, counting = await counted(session, actor, asked)
    end = min(counting.end, counting.now + timedelta(microseconds=1))  # what came in at this very instant, too
    earlier = counting.begin - (counting.end - counting.begin)
    said = await store.said(session, counting, counting.begin, end, MOST_READ)
    said_before = await store.said(session, counting, earlier, counting.begin, MOST_READ)
    found = await asyncio.to_thread(hot.topics, said, said_before)
    days_before = Days(earlier.date(), days.first - timedelta(days=1), days.as_of)
    return HotTopics(days, days_before, MOST_READ, found)


async def summary(
    session: AsyncSession, actor: Actor, center: str | None, year: int, place: int, as_of: date | None
) -> Quarter:
    """The draft of the summary of a quarter (1 to 4)."""
    first = date(year, 3 * place - 2, 1)
    told = await report(session, actor, center, first, 3, as_of)
    days = told.days
    _, counting = await counted(session, actor, Asked(center, Period(days.first, days.last, days.as_of)))
    cases = await store.cases(session, counting)
    return quarter(f"{year}年第{place}季度“有诉即办”工作总结（草稿）", told.now, told.before, cases)
