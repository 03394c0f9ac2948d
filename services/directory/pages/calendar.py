"""A center's calendar, month by month: which days count, in which hours, and why (Art. 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.pages.kit import DirectoryReader, show
from services.directory.pages.sheets import centers
from services.directory.usecases import calendars
from shared import clock, replica
from shared.dates import month_typed
from shared.security.roles import Actor
from shared.web.forms import EMPTY, Form, narrowing
from shared.web.session import Reader
from shared.workdays import Calendar, DayFact

router = APIRouter(include_in_schema=False)

Center = Annotated[str, Query(max_length=80)]
Month = Annotated[str, Query(max_length=20)]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Shown:
    """A day of the month, and its hours in a line."""

    fact: DayFact
    hours: str
    is_today: bool


async def center_shown(session: AsyncSession, actor: Actor, asked: str) -> tuple[str, Sequence[tuple[str, str]]]:
    """The center that is looked at, by itself one's own, and those there are to choose from."""
    known = await store.held(session)
    choices = centers(known)
    own = actor.center if actor.center in dict(choices) else None
    return asked or own or (choices[0][0] if choices else await replica.root_center(session)), choices


@router.get("/calendar")
async def show_calendar(
    request: Request, actor: DirectoryReader, session: Reader, center: Center = "", month: Month = ""
) -> HTMLResponse:
    """The month asked for, or this one; where there is none such, this one under what is wrong."""
    this = clock.now().date().replace(day=1)
    narrowing(request, lambda session, form: _page(request, session, actor, center, this, month, form))
    return await _page(request, session, actor, center, month_typed(month) if month else this)


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    center: str,
    first: date,
    typed: str = "",
    form: Form = EMPTY,
) -> HTMLResponse:
    code, choices = await center_shown(session, actor, center)
    calendar = await calendars.calendar_of(session, code)
    today = clock.now().date()
    days = _month(calendar, first, today)
    return await show(
        request,
        actor,
        "calendar.html",
        "calendar",
        "calendar",
        form=form,
        typed=typed,
        center=code,
        centers=choices,
        called=dict(choices).get(code, code),
        first=first,
        weeks=_weeks(days),
        counted=sum(day.fact.counts for day in days),
        provisional=any(day.fact.provisional for day in days),
        before=f"{first - _DAY:%Y-%m}",
        after=f"{days[-1].fact.date + _DAY:%Y-%m}",
        notices=[notice.title for notice in calendar.notices],
    )


def _month(calendar: Calendar, first: date, today: date) -> list[Shown]:
    days, day = [], first
    while day.month == first.month:
        hours = " ".join(f"{begin:%H:%M}–{end:%H:%M}" for begin, end in calendar.spans(day))
        days.append(Shown(calendar.day(day), hours, day == today))
        day += _DAY
    return days


def _weeks(days: Sequence[Shown]) -> list[list[Shown | None]]:
    """Weeks from Monday to Sunday; None where a day belongs to another month."""
    cells: list[Shown | None] = [None] * days[0].fact.date.weekday() + [*days]
    cells += [None] * (-len(cells) % 7)
    return [cells[begin : begin + 7] for begin in range(0, len(cells), 7)]
