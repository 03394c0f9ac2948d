"""What is asked of sla: clocks and why they end when they do, inner limits, forecasts, and previews of dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.sla import store
from services.sla.domain import Explained, InnerLimit, Order, ahead, explain, must_be_ahead, must_be_answerable
from shared import clock as wall
from shared import replica
from shared.events.sla import Rung, Step
from shared.messaging import Unknown
from shared.refusals import NotFound
from shared.security.roles import Actor, Role, must_reach
from shared.workdays import CHINA, Calendar

NO_CLOCK = "没有这件诉求的计时：它还没有分办转办，或不需要分办转办，或不在您的查看范围内。"


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
