"""Figures of a period, live or as of any day: reprinted as of the same day they are the same (mechanism §9, §11).

Everybody reads those of the centers within reach; no petitioner is in any of them.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.handling import Handling
from services.intake.domain.monthly import Counts, Line, Month, before, months
from services.intake.domain.names import Names
from services.intake.domain.period import Period, midnight_after
from services.intake.domain.rates import Rates
from services.intake.domain.tally import By, Tallies
from services.intake.domain.words import CATEGORIES, PETITIONERS, SOURCES
from services.intake.store import directory
from services.intake.store import figures as store
from services.intake.usecases.reading import scope
from shared import clock
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Actor

MOST_DAYS = 366
"""Days in one period at most."""


@dataclass(frozen=True)
class Asked:
    """Whose figures, and of which period; without one, of this month so far."""

    center: str | None = None
    period: Period = field(default_factory=Period)


@dataclass(frozen=True)
class Days:
    """The period a figure is of, both days included, and the day as of whose end; None: as it is now."""

    first: date
    last: date
    as_of: date | None


@dataclass(frozen=True)
class Part:
    """Rates and handling time of one center, department, channel or category."""

    code: str | None
    """None: what belongs to none, such as what was never dispatched."""
    name: str
    rates: Rates
    handling: Handling


@dataclass(frozen=True)
class Figures:
    """Rates and handling time of a period: of all, and part by part."""

    days: Days
    rates: Rates
    handling: Handling
    parts: list[Part]


@dataclass(frozen=True)
class Report:
    """The report of some months, beside as many before; `departments` are ranked."""

    days: Days
    days_before: Days
    until: datetime
    """The instant up to which it knows what happened: the end of the day as of which it is, or of that day so far."""
    now: Month
    before: Month
    centers: list[Line]
    departments: list[Line]

    @property
    def is_over(self) -> bool:
        """Whether these months had ended by that instant: so a reprint as of a day says what it said on that day."""
        return self.until >= midnight_after(self.days.last) - timedelta(microseconds=1)


async def figures(session: AsyncSession, actor: Actor, asked: Asked, by: By | None) -> Figures:
    """Rates and handling time (Art. 8, 10)."""
    days, counting = await counted(session, actor, asked)
    found = await store.tallies_by(session, counting, *dict.fromkeys((By.CENTER, by or By.CENTER)))
    whole = Tallies(found[By.CENTER])
    parts = []
    if by:
        called = names_of(by, await directory.names(session, asked.period.until))
        split = Tallies(found[by], also=by is By.DEPARTMENT).by_key()
        parts = [
            Part(code, called.get(code or "", code or "其他"), Rates.of(group), Handling.of(group))
            for code, group in split.items()
        ]
    return Figures(days, Rates.of(whole), Handling.of(whole), parts)


async def report(
    session: AsyncSession, actor: Actor, center: str | None, first: date, n: int, as_of: date | None
) -> Report:
    """The report of `n` months from a first day on: everything twice, for it stands beside the months before.

    Without a day it is as of the last day of these months, or of today while they last; of months to come, live.
    """
    _, last = months(first, n)
    today = clock.now().date()
    if as_of is None and first <= today:
        as_of = min(last, today)
    days, counting = await counted(session, actor, Asked(center, Period(first, last, as_of)))
    earlier = Asked(center, Period(*months(before(first, n), n), as_of))
    days_before, counting_before = await counted(session, actor, earlier)
    names = await directory.names(session, counting.now)
    split = (By.CENTER, By.DEPARTMENT)
    both = replace(counting, begin=counting_before.begin)
    then, now = await store.tallies_of_spans(session, both, [both.begin, counting.begin], *split)
    centers, departments = (Counts(now[by], then[by]) for by in split)
    return Report(
        days,
        days_before,
        counting.now,
        Month.of(Tallies(centers.now)),
        Month.of(Tallies(centers.before)),
        centers.lines(names_of(By.CENTER, names)),
        departments.lines(names_of(By.DEPARTMENT, names), departments=True),
    )


async def office_of(session: AsyncSession, actor: Actor, center: str | None, until: datetime) -> str:
    """What the center was called whose figures they are: the one asked for, the reader's own, or the county's."""
    code = center or actor.center or (await directory.centers(session)).county or ""
    return (await directory.names(session, until)).center(code)


async def counted(session: AsyncSession, actor: Actor, asked: Asked) -> tuple[Days, store.Counting]:
    """The days asked for and what is counted in them; raises `Invalid`, `NotFound`, `Forbidden`."""
    now, period = clock.now(), asked.period
    period.check(now.date())
    last = period.last or period.as_of or now.date()
    first = period.first or last.replace(day=1)
    days = Days(first, last, period.as_of)
    Period(first, last, period.as_of).check(now.date())
    if last - first >= timedelta(days=MOST_DAYS):
        message = f"一次最多统计{MOST_DAYS}天，请缩短起止日期。"
        raise Invalid("too-long", message, [FieldFault("from", message)])
    reach = await scope(session, actor, asked.center)
    begin = Period(first).begin
    assert begin
    return days, store.Counting(reach, begin, midnight_after(last), period.instant(now))


def names_of(by: By, names: Names) -> dict[str, str]:
    """What the parts are called."""
    match by:
        case By.CENTER:
            return dict(names.centers)
        case By.DEPARTMENT:
            return dict(names.departments)
        case By.CHANNEL:
            return dict(SOURCES)
        case By.CATEGORY:
            return dict(CATEGORIES)
        case By.PETITIONER:
            return dict(PETITIONERS)
    return {}
