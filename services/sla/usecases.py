"""What a timer or a person can do in sla; one transaction each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store
from services.sla.domain import (
    DEFAULTS,
    Clock,
    Explained,
    InnerLimit,
    Order,
    Rhythm,
    Span,
    Spans,
    State,
    ahead,
    explain,
    must_be_ahead,
    must_be_answerable,
)
from shared import clock as wall
from shared import replica
from shared.db import expect, wake
from shared.events.sla import ClockMoved, DigestDue, ReminderDue, Rung, RungDue, Step
from shared.messaging import Unknown, announce
from shared.refusals import NotFound
from shared.security.roles import Actor, Role, must_reach
from shared.settings import settings
from shared.workdays import CHINA, Calendar

SWEEP = "fire due rungs"
RECOUNT = "recount provisional dates"
NEW_DIGESTS = "plan new digests"
AT_ONCE = 500
"""How many clocks a timer takes into one transaction."""
NO_CLOCK = "没有这件诉求的计时：它还没有分办转办，或不需要分办转办，或不在您的查看范围内。"


async def fire_due(session: AsyncSession) -> datetime | None:
    """Ask dispatch about every rung whose instant has passed (at the instant itself an answer is in time; Art. 9).

    Returns the next instant. A rung asked about waits for dispatch's word, or for the answer that stops the ladder.
    """
    now = wall.now()
    for clock in await store.clocks_to_fire(session, now, AT_ONCE):
        if clock.next_rung and clock.next_fire_at:
            due = RungDue(
                at=now, center=clock.center, subject=clock.complaint_id, leg=clock.leg, round=clock.round,
                committed_by=clock.committed_by, rung=clock.next_rung, instant=clock.next_fire_at,
            )  # fmt: skip
            announce(session, due)
        clock.next_fire_at = None
    await _remind(session, now)
    await _tell_digests(session, now)
    await session.flush()
    return await store.next_fire_at(session)


async def _remind(session: AsyncSession, now: datetime) -> None:
    """Remind of every inner limit whose instant has passed (mechanism §3): the coordinator, then the head."""
    spans = inner_spans()
    for limit in await store.inner_limits_to_fire(session, now, AT_ONCE):
        calendar = (await store.counted(session, limit.office)).calendar
        to, times = limit.remind(spans, calendar)
        assert limit.step
        assert limit.due_at
        reminder = ReminderDue(
            at=now, center=limit.center, subject=limit.complaint_id, step=limit.step, office=limit.office, to=to,
            due_at=limit.due_at, times=times,
        )  # fmt: skip
        announce(session, reminder)


async def plan_digest(session: AsyncSession, center: str, at: datetime, *, active: bool) -> None:
    """A center is new, or its hours are others: its departments hear what they owe from the next opening on."""
    if not settings().daily_digest:
        return
    digest = await store.digest(session, center)
    if not active:
        digest.next_at = None
    elif digest.next_at is None or digest.next_at >= at:  # one that is due already is told first
        digest.plan(at, (await store.counted(session, center)).calendar, rhythm())
    wake(session, SWEEP)


async def plan_new_digests(session: AsyncSession) -> None:
    """Plan the digests of centers that were told of before there were any: nobody will tell of them again by itself."""
    if not settings().daily_digest:
        return
    for center in sorted((await replica.center_codes(session)).keys() - await store.centers_with_a_digest(session)):
        await plan_digest(session, center, wall.now(), active=True)


async def _tell_digests(session: AsyncSession, now: datetime) -> None:
    """Ask for the digests that have fallen due, for all centers whose day begins together at once (mechanism §6)."""
    found: dict[tuple[date, datetime | None, datetime | None], list[str]] = {}
    for digest in await store.digests_to_tell(session, now):
        due = digest.take(now, (await store.counted(session, digest.center)).calendar, rhythm())
        if due and (due.week_since or await store.ran_before(session, due.instant)):
            found.setdefault((due.day, due.week_since, due.week_until), []).append(digest.center)
    for (day, since, until), centers in found.items():
        announce(
            session,
            DigestDue(
                at=now,
                center=await replica.parent_of(session, centers[0]) or centers[0],
                subject=day.isoformat(),
                day=day,
                centers=centers,
                week_since=since,
                week_until=until,
            ),
        )


def rhythm() -> Rhythm:
    """When digests come, as it is set here."""
    return Rhythm(settings().digest_office_minutes, settings().weekly_digest_weekday)


def inner_spans() -> Spans:
    """The inner limits as they are set here (mechanism §3); the rest of the same day is no number, and is not set."""
    given = settings()
    return {
        **DEFAULTS,
        Step.TRIAGE: Span(office_minutes=given.inner_triage_minutes),
        Step.DISPATCH: Span(office_minutes=given.inner_dispatch_minutes),
        Step.ACCEPT: Span(office_minutes=given.inner_accept_minutes),
        Step.REFERRAL: Span(working_days=given.inner_referral_working_days),
        Step.CHECK: Span(working_days=given.inner_check_working_days),
        Step.FOLLOW_UP: Span(working_days=given.inner_follow_up_working_days),
        Step.SIGN: Span(working_days=given.inner_sign_working_days),
    }


async def note(session: AsyncSession, limit: InnerLimit) -> None:
    """Something happened that says whose turn it is: what is owed is worked out anew, and the sweep knows when."""
    order = await store.taken_order(session, limit.complaint_id)
    course = order.note(limit)
    calendars = {office: (await store.counted(session, office)).calendar for office in sorted(course.owed())}
    course.count(inner_spans(), calendars)
    await expect_next(session, limit.complaint_id)


async def expect_next(session: AsyncSession, complaint_id: str) -> None:
    """Let the sweep know when something of this order falls due."""
    order = await store.taken_order(session, complaint_id)
    named = [clock.next_fire_at for clock in order.clocks.values()]
    named += [limit.next_fire_at for limit in order.inner_limits.values()]
    if instants := [instant for instant in named if instant]:
        expect(session, SWEEP, min(instants))


async def inner_limits(
    session: AsyncSession, actor: Actor, office: str | None, is_open: bool | None, limit: int
) -> Sequence[InnerLimit]:
    """The inner limits of an office; the county's and auditors ask for any, others for their own."""
    return await store.inner_limits_of(session, await _reach(session, actor, office), is_open, limit)


async def inner_figures(
    session: AsyncSession, actor: Actor, office: str | None
) -> Sequence[tuple[str, Step, int, int, int]]:
    """How many inner limits there were, are open and were or are late, by office and step."""
    return await store.inner_figures(session, await _reach(session, actor, office), wall.now())


async def _reach(session: AsyncSession, actor: Actor, office: str | None) -> str | None:
    """The office asked for, as far as this actor may see it; without one the county sees all, a township itself."""
    if actor.role is Role.AUDITOR:
        return office
    is_county = actor.center is not None and await replica.parent_of(session, actor.center) is None
    if office is None:
        return None if is_county else actor.center
    if not is_county:
        must_reach(actor, office)
    return office


async def recount(session: AsyncSession) -> None:
    """Count provisional dates again by calendars that have changed since, and announce each move (Art. 8)."""
    found = await store.orders_to_recount(session, AT_ONCE)
    if not found:
        return
    # Held as by whoever hears of them: nobody counts from what the other is changing.
    taken = await store.take_orders(session, found)
    now = wall.now()
    running = (clock for order in taken for clock in order.clocks.values() if clock.state is State.RUNNING)
    for clock in running:
        counted, was = await store.counted(session, clock.calendar), (clock.due_at, clock.provisional)
        if clock.calendar_revision < counted.revision and clock.recount(counted, now):
            why = "calendar" if (clock.due_at, clock.provisional) != was else "co_handlers"
            announce(session, moved(clock, was[0], why, now))
    wake(session, SWEEP, RECOUNT)


def moved(clock: Clock, was: datetime, why: str, at: datetime, caused_by: str | None = None) -> ClockMoved:
    """What is told of a due date that has moved, or has become certain."""
    return ClockMoved(
        at=at,
        center=clock.center,
        subject=clock.complaint_id,
        caused_by=caused_by,
        leg=clock.leg,
        revision=clock.revision,
        was=was,
        due_at=clock.due_at,
        provisional=clock.provisional,
        co_handlers_due_at=clock.co_handlers_due_at,
        why=why,
    )


async def order_of(session: AsyncSession, actor: Actor, complaint_id: str) -> Order | None:
    """An order with its clocks, if it has any; raises `NotFound` for one that this actor may not know of."""
    order = await store.order(session, complaint_id)
    if order is None or not order.clocks:
        return None
    if not await _reads(session, actor, order):
        raise NotFound("no-clock", NO_CLOCK)
    return order


async def _reads(session: AsyncSession, actor: Actor, order: Order) -> bool:
    """As dispatch lets orders be read (contract, Roles): departments their own, offices those of their centers.

    The county's office reads its townships'; inspection and government what was late at their level. Where it began
    before departments and levels were kept, those of the same centers read it: they are among them.
    """
    match actor.role:
        case Role.OFFICER if order.parties is not None:
            return f"{actor.center}/{actor.department}" in order.parties
        case Role.SUPERVISOR | Role.GOVERNMENT if order.levels is not None:
            return actor.center in order.levels
        case Role.OFFICER | Role.SUPERVISOR | Role.GOVERNMENT | Role.COORDINATOR | Role.HEAD:
            above = {await replica.parent_of(session, center) or center for center in order.offices}
            return actor.center in order.offices | above
        case Role.CLERK:
            return actor.center in order.offices
        case _:
            return actor.role is Role.AUDITOR


async def clocks_of(session: AsyncSession, actor: Actor, complaint_id: str) -> Order:
    """The clocks of an order that this actor may read; raises `NotFound`."""
    order = await order_of(session, actor, complaint_id)
    if order is None:
        raise NotFound("no-clock", NO_CLOCK)
    return order


async def explained(session: AsyncSession, actor: Actor, complaint_id: str, leg: int) -> Explained:
    """Why a leg is due when it is, day by day (Art. 8)."""
    clock = (await clocks_of(session, actor, complaint_id)).clocks.get(leg)
    if clock is None:
        raise NotFound("no-clock", f"这件诉求没有第{leg}段计时。")
    return explain(clock, (await store.counted(session, clock.calendar)).calendar)


@dataclass(frozen=True)
class Expected:
    """A rung that will be given if nobody answers."""

    complaint_id: str
    leg: int
    rung: Rung
    at: datetime


@dataclass(frozen=True)
class Forecast:
    """What the ladder will say on a day if nobody answers until then."""

    center: str | None
    on: date
    expected: Sequence[Expected]


async def forecast(session: AsyncSession, actor: Actor, center: str | None, on: date | None) -> Forecast:
    """The rungs that fall due on a day, or on the next working day, if nothing is answered (mechanism §6)."""
    center = await _reach(session, actor, center)
    now = wall.now()
    calendar = await calendar_for(session, center or await replica.root_center(session), on=on)
    day = on or calendar.working_day_after(now.date())
    must_be_ahead(day, now.date())
    end = datetime.combine(day + timedelta(days=1), time(), CHINA)
    expected = [
        Expected(clock.complaint_id, clock.leg, rung, at)
        for clock in await store.clocks_with_a_rung_by(session, end, center)
        for rung, at in ahead(clock, (await store.counted(session, clock.calendar)).calendar, now)
        if at.date() == day
    ]
    return Forecast(center, day, sorted(expected, key=lambda each: (each.at, each.complaint_id)))


async def calendar_for(session: AsyncSession, center: str, **asked: date | int | None) -> Calendar:
    """The calendar that shall answer what is asked; refused, with every fault, when no calendar could."""
    must_be_answerable(asked)
    try:
        return await replica.calendar_of(session, center)
    except Unknown:
        raise NotFound("no-such-center", f"没有代码为“{center}”的中心。") from None
