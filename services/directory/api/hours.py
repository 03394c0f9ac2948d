"""The doors to a center's hours, and to its calendar as a whole (Art. 8)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.directory.api.facts import Administrator, DirectoryReader
from services.directory.usecases import calendars
from shared import clock
from shared.refusals import FieldFault, Invalid
from shared.texts import Name, Words, written_like
from shared.web.session import Reader, Session
from shared.workdays import Calendar, OfficeHours, Season, ServiceHours, spans_from_facts

router = APIRouter()

T = TypeVar("T")

MOST_DAYS = 400
"""How many days one may ask a calendar for."""

_TIME, _DAY = r"([01]\d|2[0-3]):[0-5]\d", r"(\d{4}-)?\d{2}-\d{2}"
ClockTime = Annotated[
    str, StringConstraints(pattern=f"^{_TIME}$"), written_like(_TIME, "没有这个时间，请核对，写成 08:30 的样子。")
]
SeasonDay = Annotated[
    str,
    StringConstraints(pattern=f"^{_DAY}$"),
    written_like(_DAY, "请写成 05-01（每年）或 2027-05-01（只在这一年）的样子。"),
]
Stretches = Annotated[list[tuple[ClockTime, ClockTime]], Field(max_length=8)]


class SeasonGiven(BaseModel):
    """Hours from one day to another: `05-01` to `09-30` every year, `2027-06-01` to `2027-08-31` once."""

    model_config = ConfigDict(populate_by_name=True)

    name: Annotated[Name, StringConstraints(max_length=20)]
    first: Annotated[SeasonDay, Field(alias="from")]
    last: Annotated[SeasonDay, Field(alias="to")]
    spans: Stretches


class HoursGiven(BaseModel):
    """The usual hours, and those of seasons."""

    usual: Stretches
    seasons: Annotated[list[SeasonGiven], Field(max_length=20)] = []


class OfficeHoursGiven(HoursGiven):
    """Office hours: what a limit counts in."""

    reason: Words


class ServiceHoursGiven(BaseModel):
    """When somebody is at the window; it moves no clock."""

    workdays: HoursGiven
    days_off: Stretches = []
    reason: Words


class DayView(BaseModel):
    """A day of a center's calendar."""

    date: date
    counts: bool
    why: str
    provisional: bool
    hours: list[str]


class CalendarView(BaseModel):
    """A center's calendar: what it is made of, and day by day where days are asked for."""

    center: str
    office_hours: dict[str, Any]
    service_hours: dict[str, Any]
    overrides: list[dict[str, Any]]
    notices: list[str]
    days: list[DayView]


@router.get("/centers/{center}/calendar")
async def calendar(
    center: str,
    session: Reader,
    _: DirectoryReader,
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> CalendarView:
    """A center's calendar; with `from` and `to`, day by day."""
    found = await calendars.calendar_of(session, center)
    begin = first or clock.now().date()
    return _shown(center, found, _days(found, begin, last or begin) if first or last else [])


@router.put("/centers/{center}/office-hours")
async def set_office_hours(
    center: str, given: OfficeHoursGiven, session: Session, actor: Administrator
) -> CalendarView:
    """Set a center's office hours, which count; dates that were told and are certain stay as they are."""
    hours = office_hours(given)
    return _shown(center, await calendars.set_hours(session, actor, center, given.reason, hours), [])


@router.put("/centers/{center}/service-hours")
async def set_service_hours(
    center: str, given: ServiceHoursGiven, session: Session, actor: Administrator
) -> CalendarView:
    """Set when somebody is at a center's window; it moves no clock."""
    hours = service_hours(given)
    return _shown(center, await calendars.set_hours(session, actor, center, given.reason, hours), [])


def office_hours(given: HoursGiven) -> OfficeHours:
    """These office hours. Raises `Invalid`, with every season that is none."""
    faults: list[FieldFault] = []
    seasons: list[Season] = []
    for number, season in enumerate(given.seasons):
        try:
            seasons.append(_season(season))
        except ValueError as error:
            faults.append(FieldFault(f"seasons.{number}", str(error)))
    if faults:
        raise _refused(faults)
    return _made(lambda: OfficeHours(spans_from_facts(given.usual), tuple(seasons)), "usual")


def service_hours(given: ServiceHoursGiven) -> ServiceHours:
    """These service hours. Raises `Invalid`."""
    workdays = office_hours(given.workdays)
    return _made(lambda: ServiceHours(workdays, spans_from_facts(given.days_off)), "days_off")


def _season(given: SeasonGiven) -> Season:
    *first_year, first_month, first_day = map(int, given.first.split("-"))
    *last_year, last_month, last_day = map(int, given.last.split("-"))
    passes = (first_month, first_day) > (last_month, last_day)
    if [year + passes for year in first_year] != last_year:
        raise ValueError(f"“{given.name}”的起止日期不成立：要么都写年份且不超过一年，要么都不写（每年执行）。")
    return Season(
        first_month,
        last_month,
        spans_from_facts(given.spans),
        first_day,
        last_day,
        first_year[0] if first_year else None,
        given.name,
    )


def _made(make: Callable[[], T], field: str) -> T:
    try:
        return make()
    except ValueError as error:
        raise _refused([FieldFault(field, str(error))]) from None


def _refused(faults: list[FieldFault]) -> Invalid:
    return Invalid("invalid", "作息时间不成立，请按提示修改。", faults)


def _shown(center: str, calendar: Calendar, days: list[DayView]) -> CalendarView:
    return CalendarView(
        center=center,
        office_hours=calendar.hours.to_facts(),
        service_hours=calendar.service.to_facts(),
        overrides=[override.to_facts() for override in calendar.overrides],
        notices=[notice.title for notice in calendar.notices],
        days=days,
    )


def _days(calendar: Calendar, first: date, last: date) -> list[DayView]:
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Invalid("invalid", "日期范围不成立，请按提示修改。", [FieldFault("to", f"一次最多查看{MOST_DAYS}天。")])
    found = [calendar.day(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    return [
        DayView(
            date=fact.date,
            counts=fact.counts,
            why=fact.why,
            provisional=fact.provisional,
            hours=[f"{begin:%H:%M}–{end:%H:%M}" for begin, end in calendar.spans(fact.date)],
        )
        for fact in found
    ]
