"""The JSON doors of sla: when something is due and why, and what the calendar says. No door here changes anything."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from services.sla import usecases
from services.sla.domain import InnerLimit, Limit, State, later
from shared import clock
from shared.events.dispatch import LimitRule, Stage
from shared.events.sla import Rung, Step
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader
from shared.workdays import CHINA

router = APIRouter(prefix="/api")

Reading = Annotated[Actor, permit(Action.READ_CLOCK)]
Counting = Annotated[Actor, permit(Action.COUNT_DAYS)]


def _in_china(at: datetime) -> datetime:
    # The first and last of all years, in another zone, leave what Python can count; they are refused with the others.
    countable = at.tzinfo and 1 < at.year < 9999
    return at.astimezone(CHINA) if countable else at.replace(tzinfo=CHINA)


Code = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,36}$")]
Asked = Annotated[datetime, AfterValidator(_in_china)]
"""An instant as asked; without a zone it is Shanghai's."""


class View(BaseModel):
    """What a door answers."""

    model_config = ConfigDict(from_attributes=True)


class ClockView(View):
    """One leg's clock."""

    leg: int
    stage: Stage
    round: int
    calendar: str
    rule: LimitRule
    working_days: int | None
    committed_on: date | None
    started_at: datetime
    due_at: datetime
    provisional: bool
    co_handlers_due_at: datetime | None
    revision: int
    state: State
    answered_at: datetime | None
    returned_at: datetime | None
    urged_at: datetime | None
    supervised_at: datetime | None
    reported_at: datetime | None
    next_rung: Rung | None
    rung_at: datetime | None


class OrderView(View):
    """An order's clocks, by leg."""

    complaint_id: str
    legs: list[ClockView]


class DayView(View):
    """A day, and whether and why it counts."""

    date: date
    counts: bool
    why: str


class DueView(View):
    """A due date, day by day."""

    due_at: datetime
    provisional: bool
    trace: list[DayView]


class ExplainedView(DueView):
    """The same of a running clock, with what else has moved it."""

    notes: list[str]


class InstantView(View):
    """An instant."""

    at: datetime


class DateView(View):
    """A date."""

    date: date


class InnerLimitView(View):
    """An inner limit."""

    complaint_id: str
    office: str
    step: Step
    started_at: datetime
    due_at: datetime
    done_at: datetime | None
    reminded: int
    late: bool

    @classmethod
    def of(cls, limit: InnerLimit, late: bool) -> "InnerLimitView":
        """As this door shows it."""
        fields = {name: getattr(limit, name) for name in cls.model_fields if name != "late"}
        return cls(late=late, **fields)


class InnerFigureView(View):
    """How many of a step there were at an office, are open, and were or are late."""

    office: str
    step: Step
    count: int
    open: int
    late: int


class InnerLimitsView(View):
    """Inner limits, the earliest due first, and the figures of all there were."""

    limits: list[InnerLimitView]
    figures: list[InnerFigureView]


class ExpectedView(View):
    """A rung that will be given if nobody answers."""

    complaint_id: str
    leg: int
    rung: Rung
    at: datetime


class ForecastView(BaseModel):
    """How much of each rung a day will bring if nobody answers, and to which orders."""

    center: str | None
    on: date
    urged: int
    supervised: int
    reported: int
    orders: list[ExpectedView]


@router.get("/clocks/{complaint_id}")
async def clocks(complaint_id: Code, session: Reader, actor: Reading) -> OrderView:
    """When an order's legs are due, which rungs were given, and when the next is."""
    order = await usecases.clocks_of(session, actor, complaint_id)
    legs = [ClockView.model_validate(each) for _, each in sorted(order.clocks.items())]
    return OrderView(complaint_id=complaint_id, legs=legs)


@router.get("/clocks/{complaint_id}/{leg}/explain")
async def explain(complaint_id: Code, leg: int, session: Reader, actor: Reading) -> ExplainedView:
    """Why a leg is due then."""
    return ExplainedView.model_validate(await usecases.explained(session, actor, complaint_id, leg))


@router.get("/due")
async def due(
    received: Asked,
    center: Code,
    session: Reader,
    _: Counting,
    working_days: int = 0,
    rule: LimitRule = LimitRule.WORKING_DAYS,
    committed_on: date | None = None,
) -> DueView:
    """When a limit would end; 0 working days is a same-day limit."""
    calendar = await usecases.calendar_for(
        session, center, received=received, working_days=working_days, committed_on=committed_on
    )
    return DueView.model_validate(Limit(received, rule, working_days, committed_on).due(calendar))


@router.get("/working-time")
async def working_time(
    center: Code,
    start: Annotated[Asked, Query(alias="from")],
    session: Reader,
    _: Counting,
    working_days: int = 0,
    minutes: Annotated[int, Query(alias="office_minutes")] = 0,
) -> InstantView:
    """So many office minutes after an instant, or after the opening of a later working day."""
    calendar = await usecases.calendar_for(session, center, start=start, working_days=working_days, minutes=minutes)
    return InstantView(at=later(calendar, start, working_days, minutes))


@router.get("/workday")
async def workday(
    center: Code, day: Annotated[date, Query(alias="date")], session: Reader, _: Counting, after: int = 1
) -> DateView:
    """The so-manieth working day after a date; the date itself for 0."""
    calendar = await usecases.calendar_for(session, center, date=day, after=after)
    return DateView(date=calendar.working_day_after(day, after))


@router.get("/opening")
async def opening(center: Code, at: Asked, session: Reader, _: Counting) -> InstantView:
    """The next moment the office is open; `at` itself when it is."""
    calendar = await usecases.calendar_for(session, center, at=at)
    return InstantView(at=calendar.next_opening(at))


@router.get("/add-minutes")
async def add_minutes(center: Code, at: Asked, minutes: int, session: Reader, _: Counting) -> InstantView:
    """So many office minutes later."""
    calendar = await usecases.calendar_for(session, center, at=at, minutes=minutes)
    return InstantView(at=calendar.add_office_minutes(at, minutes))


@router.get("/inner-limits")
async def inner_limits(
    session: Reader,
    actor: Reading,
    center: Code | None = None,
    is_open: Annotated[bool | None, Query(alias="open")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> InnerLimitsView:
    """What the offices owe within their inner limits, and how often they were late; dates only, no petitioner."""
    now = clock.now()
    found = await usecases.inner_limits(session, actor, center, is_open, limit)
    figures = await usecases.inner_figures(session, actor, center)
    return InnerLimitsView(
        limits=[InnerLimitView.of(each, each.is_late(now)) for each in found],
        figures=[
            InnerFigureView(office=office, step=step, count=count, open=still, late=late)
            for office, step, count, still, late in figures
        ],
    )


@router.get("/forecast")
async def forecast(session: Reader, actor: Reading, center: Code | None = None, on: date | None = None) -> ForecastView:
    """How many will be urged, supervised and reported on a day, or the next working day, if nobody answers (Art. 9)."""
    found = await usecases.forecast(session, actor, center, on)
    return ForecastView(
        center=found.center,
        on=found.on,
        **{rung.value: sum(each.rung is rung for each in found.expected) for rung in Rung},
        orders=[ExpectedView.model_validate(each) for each in found.expected],
    )
