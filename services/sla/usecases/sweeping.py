"""What a timer does when an instant has come, and how it learns of the next: rungs, reminders, digests."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store
from services.sla.domain import DEFAULTS, InnerLimit, Rhythm, Span, Spans
from shared import clock as wall
from shared import replica
from shared.db import expect, wake
from shared.events.sla import DigestDue, ReminderDue, RungDue, Step
from shared.messaging import announce
from shared.settings import settings

SWEEP = "fire due rungs"
NEW_DIGESTS = "plan new digests"
AT_ONCE = 500
"""How many clocks a timer takes into one transaction."""


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
        if limit.has_more_time(spans, calendar, now):
            continue
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
    order = store.taken_order(session, limit.complaint_id)
    course = order.note(limit)
    calendars = {office: (await store.counted(session, office)).calendar for office in sorted(course.owed())}
    course.count(inner_spans(), calendars)
    expect_next(session, limit.complaint_id)


def expect_next(session: AsyncSession, complaint_id: str) -> None:
    """Let the sweep know when something of this order falls due."""
    order = store.taken_order(session, complaint_id)
    named = [clock.next_fire_at for clock in order.clocks.values()]
    named += [limit.next_fire_at for limit in order.inner_limits.values()]
    if instants := [instant for instant in named if instant]:
        expect(session, SWEEP, min(instants))
