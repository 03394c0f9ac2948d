"""What waits for whom: the coordinator's queue, the calls to be made, what the ladder will say, a department's part."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain import forecast, office, tries
from services.dispatch.domain.office import Task
from services.dispatch.domain.states import State
from services.dispatch.domain.tries import DayPart
from services.dispatch.tables import Assignment, Leg, Order
from services.dispatch.usecases import desk, petitioners, reading
from shared import clock, replica
from shared.events.dispatch import Party, Satisfaction
from shared.events.sla import Rung
from shared.security.mask import mask_text
from shared.security.roles import Actor
from shared.settings import settings
from shared.workdays import CHINA, Calendar

A_PAGE = 50
MOST_PAGES = 20
"""Of the queue, where a page costs as much as all those before it."""
MOST_LEGS = 500

TASKS = tuple(Task)
"""What the queue holds."""


@dataclass(frozen=True)
class Entry:
    """One line of the coordinator's queue."""

    task: Task
    order: Order
    since: datetime
    due_at: datetime
    asked_by: Party | None


@dataclass(frozen=True)
class Queue:
    """A page of the queue, what is due first first, and how many of each kind wait."""

    entries: Sequence[Entry]
    counts: Mapping[Task, int]
    has_more: bool


async def queue(session: AsyncSession, actor: Actor, center: str, task: Task | None, page: int) -> Queue:
    """What waits for a center's office: all of it, or of one kind."""
    await reading.must_read_centers(session, actor, center)
    calendar, whose = await desk.calendar_of(session, center), await _office(session, center)
    counts = await store.how_many_wait(session, whose, TASKS)
    wanted = [each for each in TASKS if task in (None, each) and counts[each]]
    if not wanted:
        return Queue((), counts, has_more=False)
    # Within a kind what waits longest is due first, so the first of each hold the first of all.
    found = await store.waiting(session, whose, wanted, page * A_PAGE + 1)
    orders = await store.complaints_of(session, {each.complaint_id for each in found})
    entries = sorted(
        (_entry(each, orders[each.complaint_id], calendar) for each in found),
        key=lambda entry: (entry.due_at, entry.order.complaint_id),
    )
    has_more = len(entries) > page * A_PAGE and page < MOST_PAGES
    return Queue(entries[(page - 1) * A_PAGE : page * A_PAGE], counts, has_more)


def _entry(found: store.Waiting, order: Order, calendar: Calendar) -> Entry:
    since = found.since or order.complaint.registered_at
    center, _, department = (found.asked_by or "").partition("/")
    party = Party(center=center, department=department) if found.asked_by else None
    return Entry(found.task, order, since, office.due(found.task, since, calendar, _spans()), party)


def _spans() -> office.Spans:
    """The office's own limits as they are set here (mechanism §3)."""
    given = settings()
    dispatching = office.Span(office_minutes=given.inner_dispatch_minutes)
    return {
        Task.DISPATCH: dispatching,
        Task.ADJUDICATE: dispatching,
        Task.REFERRAL: office.Span(working_days=given.inner_referral_working_days),
        Task.CHECK: office.Span(working_days=given.inner_check_working_days),
        Task.FOLLOW_UP: office.Span(working_days=given.inner_follow_up_working_days),
        Task.SIGN: office.Span(working_days=given.inner_sign_working_days),
    }


async def _office(session: AsyncSession, center: str) -> store.Office:
    return store.Office(center, clock.now(), await replica.retired_departments(session))


async def how_many_wait(session: AsyncSession, actor: Actor) -> Mapping[Task, int]:
    """How many of each kind wait at this actor's own center."""
    return await store.how_many_wait(session, await _office(session, actor.center or ""), TASKS)


async def how_many_overdue(session: AsyncSession, actor: Actor) -> int:
    """How many legs of this actor's own center are overdue and unanswered."""
    return await store.how_many_overdue(session, actor.center or "", clock.now())


@dataclass(frozen=True)
class Call:
    """A petitioner to be asked, and when that was tried in vain in this round."""

    order: Order
    petitioner: Mapping[str, str | None]
    due_at: datetime
    tries: Sequence[datetime]
    best: DayPart | None
    """The part of the day that was tried least, where one was tried."""

    @property
    def days(self) -> int:
        """On how many days."""
        return len({at.date() for at in self.tries})


@dataclass(frozen=True)
class CallList:
    """A page of the calls to be made, what is due first first."""

    calls: Sequence[Call]
    has_more: bool


async def calls(session: AsyncSession, actor: Actor, page: int) -> CallList:
    """The petitioners that this actor's center has to ask."""
    center = actor.center or ""
    calendar = await desk.calendar_of(session, center)
    found = await store.to_be_called(session, center, (page - 1) * A_PAGE, A_PAGE + 1)
    return CallList([_call(order, calendar) for order in found[:A_PAGE]], len(found) > A_PAGE)


def _call(order: Order, calendar: Calendar) -> Call:
    since = order.since or order.complaint.registered_at
    made = [
        each.at
        for each in order.follow_ups
        if each.round == order.round and each.satisfaction is Satisfaction.UNREACHABLE
    ]
    told = petitioners.masked(order.complaint.petitioner)
    due_at = office.due(Task.FOLLOW_UP, since, calendar, _spans())
    return Call(order, told, due_at, made, tries.next_part(made))


@dataclass(frozen=True)
class Running:
    """An unanswered leg, and the rungs it will come to on the day looked at."""

    order: Order
    leg: Leg
    late: Sequence[Party]
    """Who has not answered."""
    expected: Sequence[tuple[Rung, datetime]]


@dataclass(frozen=True)
class Outlook:
    """What is overdue now, and what the ladder will say on the next working day if nobody answers."""

    day: date
    overdue: Sequence[Running]
    expected: Mapping[Rung, Sequence[Running]]
    how_many_overdue: int
    is_cut: bool
    """Whether only the first so many are looked at, what is due first first."""


async def outlook(session: AsyncSession, actor: Actor) -> Outlook:
    """The outlook of this actor's own center."""
    center, now = actor.center or "", clock.now()
    calendar = await desk.calendar_of(session, center)
    day = calendar.working_day_after(now.date())
    # Whoever is urged on that day is due a working day later.
    end = datetime.combine(calendar.working_day_after(day) + timedelta(days=1), time(), CHINA)
    legs = [
        _running(order, leg, calendar, now, day) for order, leg in await store.running(session, center, end, MOST_LEGS)
    ]
    expected = {rung: [each for each in legs if rung in dict(each.expected)] for rung in Rung}
    overdue = [each for each in legs if each.leg.due_at and each.leg.due_at < now]
    is_cut = len(legs) == MOST_LEGS
    how_many = await store.how_many_overdue(session, center, now) if is_cut else len(overdue)
    return Outlook(day, overdue, expected, how_many, is_cut)


def _running(order: Order, leg: Leg, calendar: Calendar, now: datetime, day: date) -> Running:
    assert leg.due_at
    given = {fired.rung: fired.at for fired in leg.rungs}
    begins_at = leg.returned_at or leg.starts_at
    expected = forecast.on_day(forecast.ahead(calendar, begins_at, leg.due_at, given, now), day)
    late = [party for party, answered_at in order.answered(leg) if answered_at is None]
    return Running(order, leg, late, expected)


@dataclass(frozen=True)
class Part:
    """A department's part of an order."""

    order: Order
    leg: Leg
    assignment: Assignment
    due_at: datetime | None
    answered_at: datetime | None
    content: str
    """Without the petitioner where the department must not know him."""

    @property
    def is_owed(self) -> bool:
        """Whether the department still has to answer."""
        return self.order.state is State.HANDLING and self.answered_at is None


@dataclass(frozen=True)
class Parts:
    """A page of a department's parts of open orders: what it owes first, by when that is due."""

    parts: Sequence[Part]
    has_more: bool


async def parts(session: AsyncSession, actor: Actor, page: int, *, owed: bool | None = None) -> Parts:
    """The open orders this officer's department has a part of: all, those it owes an answer on, or the others."""
    mine = (actor.center or "", actor.department or "")
    centers = await _dispatching(session, mine[0])
    found = await store.of_department(session, centers, mine, owed, (page - 1) * A_PAGE, A_PAGE + 1)
    parts = [_part(order, mine, await _content(session, actor, order)) for order in found[:A_PAGE]]
    return Parts(parts, len(found) > A_PAGE)


async def _content(session: AsyncSession, actor: Actor, order: Order) -> str:
    if await reading.is_shown_the_petitioner(session, actor, order):
        return mask_text(order.complaint.content)
    return petitioners.out_of(order.complaint.petitioner, order.complaint.content)


async def how_many_parts(session: AsyncSession, actor: Actor) -> store.PartsCounted:
    """How many there are of each kind."""
    mine = (actor.center or "", actor.department or "")
    return await store.how_many_of_department(session, await _dispatching(session, mine[0]), mine, clock.now())


async def _dispatching(session: AsyncSession, center: str) -> Collection[str]:
    """The centers that dispatch to departments of this one: itself, and its townships (mechanism §4)."""
    parents = await replica.center_parents(session)
    return [center, *(code for code, parent in parents.items() if parent == center)]


def _part(order: Order, mine: tuple[str, str], content: str) -> Part:
    assignment = next(each for each in order.parties if (each.center, each.department) == mine)
    leg = order.current_leg
    if assignment.is_lead:
        return Part(order, leg, assignment, leg.due_at, leg.answered_at, content)
    return Part(order, leg, assignment, leg.co_handlers_due_at or leg.due_at, assignment.ceased_at, content)
