"""Every query of dispatch. Whoever changes an order holds its row until the transaction ends."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    exists,
    func,
    inspect,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from services.dispatch.domain.declines import DISPATCHES
from services.dispatch.domain.office import Task
from services.dispatch.domain.states import Action, State
from services.dispatch.tables import (
    Assignment,
    Clue,
    Complaint,
    Conclusion,
    Decline,
    Extension,
    FiredRung,
    FollowUp,
    HandNotice,
    Inspection,
    Leg,
    Order,
    Petitioner,
    Reply,
    Step,
    Withdrawal,
)
from shared.among import among, texts_named
from shared.events.dispatch import Satisfaction
from shared.events.sla import Rung
from shared.messaging import Unknown
from shared.papers.tables import IssuedPaper

ABOVE = (Rung.SUPERVISED, Rung.REPORTED)
"""The rungs that a level's inspection and government hear of (Art. 9)."""
_AGGREGATE: tuple[ORMOption, ...] = (
    joinedload(Order.complaint, innerjoin=True),
    selectinload(Order.legs).selectinload(Leg.rungs),
    selectinload(Order.assignments),
)
# Built once. The legs are asked for when the lock is held: joined to the locked row, they would be as they were before
# whoever held it last.
_HELD = select(Order).options(joinedload(Order.complaint, innerjoin=True)).with_for_update(of=Order)
_ONE_HELD = _HELD.where(Order.complaint_id == bindparam("complaint_id"))
_SOME_HELD = _HELD.where(among(Order.complaint_id, texts_named("ids"))).order_by(Order.complaint_id)
_NAMED = select(Complaint.complaint_id, Complaint.number).where(
    or_(among(Complaint.complaint_id, texts_named("named")), among(Complaint.number, texts_named("named")))
)
_ANSWERED = _HELD.where(
    or_(among(Order.complaint_id, texts_named("ids")), among(Order.joined_to, texts_named("ids")))
).order_by(Order.complaint_id)
_LEGS = (
    select(Leg).where(among(Leg.complaint_id, texts_named("ids"))).options(joinedload(Leg.rungs)).order_by(Leg.number)
)
_ASSIGNMENTS = (
    select(Assignment).where(among(Assignment.complaint_id, texts_named("ids"))).order_by(Assignment.position)
)
_FILE: tuple[ORMOption, ...] = (
    joinedload(Order.complaint, innerjoin=True).selectinload(Complaint.petitioner),
    selectinload(Order.legs).options(selectinload(Leg.rungs), selectinload(Leg.replies)),
    *(
        selectinload(part)
        for part in (
            Order.assignments,
            Order.steps,
            Order.checks,
            Order.follow_ups,
            Order.hand_notices,
            Order.conclusions,
            Order.declines,
            Order.extensions,
            Order.withdrawals,
            Order.studies,
        )
    ),
)


async def order_for_change(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order with its legs, rungs and assignments, locked."""
    if order := find_order_at_hand(session, complaint_id):
        return order
    order = await session.scalar(_ONE_HELD, {"complaint_id": complaint_id})
    await _load_parts(session, [order] if order else [])
    return order


async def _load_parts(session: AsyncSession, orders: Sequence[Order]) -> None:
    """Legs with their rungs, and assignments, of those orders that are new in this session."""
    new = {order.complaint_id: order for order in orders if "legs" in inspect(order).unloaded}
    legs: dict[str, list[Leg]] = {complaint_id: [] for complaint_id in new}
    assignments: dict[str, list[Assignment]] = {complaint_id: [] for complaint_id in new}
    if dispatched := [complaint_id for complaint_id, order in new.items() if order.dispatches]:
        for leg in (await session.scalars(_LEGS, {"ids": dispatched})).unique():
            legs[leg.complaint_id].append(leg)
        for assignment in await session.scalars(_ASSIGNMENTS, {"ids": dispatched}):
            assignments[assignment.complaint_id].append(assignment)
    for complaint_id, order in new.items():
        set_committed_value(order, "legs", legs[complaint_id])
        set_committed_value(order, "assignments", assignments[complaint_id])


async def orders_answered_with(session: AsyncSession, complaint_id: str) -> Sequence[Order]:
    """An order and those that are handled together with it, the order itself first; all locked, in one order for all.

    Empty when there is no such order.
    """
    if not find_order_at_hand(session, complaint_id):
        await hold_answered(session, [complaint_id])
    batch: Batch = session.info["batch"]
    found = [order for order in batch.orders.values() if complaint_id in (order.complaint_id, order.joined_to)]
    return sorted(found, key=lambda order: order.complaint_id != complaint_id)


async def hold_answered(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Lock and load these orders, and those that are handled together with them: one query for each table."""
    found = (await session.scalars(_ANSWERED, {"ids": complaint_ids})).all()
    await _load_parts(session, found)
    batch: Batch = session.info.setdefault("batch", Batch())
    batch.orders |= {order.complaint_id: order for order in found}


async def hold(session: AsyncSession, complaint_ids: Collection[str]) -> None:
    """Lock these orders, in the order in which everyone locks several."""
    wanted = select(Order.complaint_id).where(Order.complaint_id.in_(complaint_ids)).order_by(Order.complaint_id)
    await session.execute(wanted.with_for_update())


async def joined_to(session: AsyncSession, complaint_id: str) -> Sequence[tuple[str, str]]:
    """Id and number of the complaints that are handled together with this one."""
    found = await session.execute(
        select(Complaint.complaint_id, Complaint.number)
        .join(Order, Order.complaint_id == Complaint.complaint_id)
        .where(Order.joined_to == complaint_id)
        .order_by(Complaint.number)
    )
    return [(row[0], row[1]) for row in found]


async def number_of(session: AsyncSession, complaint_id: str) -> str | None:
    """The number of a complaint."""
    return await session.scalar(select(Complaint.number).where(Complaint.complaint_id == complaint_id))


async def complaint_id_of(session: AsyncSession, named: str) -> str | None:
    """The complaint whose number or id this is."""
    return (await complaint_ids_of(session, [named])).get(named)


async def complaint_ids_of(session: AsyncSession, named: Collection[str]) -> dict[str, str]:
    """The complaints whose numbers or ids these are."""
    found = (await session.execute(_NAMED, {"named": named})).all()
    return {name: complaint_id for complaint_id, number in found for name in (complaint_id, number) if name in named}


async def order_file(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order with everything there is about it, to read."""
    return await session.scalar(select(Order).where(Order.complaint_id == complaint_id).options(*_FILE))


async def order_files(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Order]:
    """Several, by their complaints."""
    found = await session.scalars(select(Order).where(Order.complaint_id.in_(complaint_ids)).options(*_FILE))
    return {order.complaint_id: order for order in found}


async def unsigned_reports(
    session: AsyncSession, centers: Collection[str], kinds: Collection[str], limit: int
) -> Sequence[tuple[Order, FiredRung]]:
    """The rungs 通报 of these centers' orders of which some of these kinds of papers are not issued; oldest first."""
    issued = (
        select(func.count())
        .select_from(IssuedPaper)
        .where(
            IssuedPaper.subject == FiredRung.complaint_id,
            IssuedPaper.occasion == literal("leg-") + cast(FiredRung.leg, String),
            IssuedPaper.kind.in_(kinds),
        )
        .scalar_subquery()
    )
    found = await session.execute(
        select(Order, FiredRung)
        .join(FiredRung, FiredRung.complaint_id == Order.complaint_id)
        .where(FiredRung.rung == Rung.REPORTED, Order.handling_center.in_(centers), issued < len(kinds))
        .options(joinedload(Order.complaint, innerjoin=True))
        .order_by(FiredRung.at, FiredRung.complaint_id)
        .limit(limit)
    )
    return [(order, rung) for order, rung in found]


async def addressed(
    session: AsyncSession, level: str, kinds: Collection[str], before: str | None, limit: int
) -> Sequence[IssuedPaper]:
    """The papers of these kinds that were issued because something was reported at this level, the newest first."""
    of_the_leg = and_(
        FiredRung.complaint_id == IssuedPaper.subject,
        IssuedPaper.occasion == literal("leg-") + cast(FiredRung.leg, String),
        FiredRung.rung == Rung.REPORTED,
    )
    query = select(IssuedPaper).join(FiredRung, of_the_leg)
    query = query.where(FiredRung.level == level, IssuedPaper.kind.in_(kinds)).order_by(IssuedPaper.paper_id.desc())
    query = query.where(IssuedPaper.paper_id < before) if before else query
    return (await session.scalars(query.limit(limit))).all()


async def inspections(session: AsyncSession, center: str | None, limit: int) -> Sequence[Inspection]:
    """Which files the inspection of this level, or of any, has asked for; the newest first."""
    query = select(Inspection).order_by(Inspection.inspection_id.desc()).limit(limit)
    return (await session.scalars(query.where(Inspection.center == center) if center else query)).all()


async def clues(session: AsyncSession, center: str | None, level: str | None, limit: int) -> Sequence[Clue]:
    """The clues that this center has copied, or that went to this level, or all; the newest first."""
    query = select(Clue).order_by(Clue.clue_id.desc()).limit(limit)
    query = query.where(Clue.center == center) if center else query
    return (await session.scalars(query.where(Clue.level == level) if level else query)).all()


async def pending_conclusion(session: AsyncSession, complaint_id: str) -> Conclusion | None:
    """The conclusion that awaits its second person."""
    return await session.scalar(
        select(Conclusion).where(Conclusion.complaint_id == complaint_id, Conclusion.approved.is_(None))
    )


async def declines(session: AsyncSession, complaint_id: str) -> Sequence[Decline]:
    """Every decline of an order, the earliest first."""
    found = await session.scalars(
        select(Decline).where(Decline.complaint_id == complaint_id).order_by(Decline.decline_id)
    )
    return found.all()


async def extensions(session: AsyncSession, complaint_id: str) -> Sequence[Extension]:
    """Every extension of an order that was asked for, the earliest first."""
    found = await session.scalars(
        select(Extension).where(Extension.complaint_id == complaint_id).order_by(Extension.extension_id)
    )
    return found.all()


async def plan_to_consent_to(session: AsyncSession, complaint_id: str, leg: int) -> Reply | None:
    """The plan that began this leg, if it awaits the coordinator's consent."""
    return await session.scalar(
        select(Reply).where(
            Reply.complaint_id == complaint_id, Reply.leg == leg - 1, Reply.needs_consent, Reply.consented.is_(None)
        )
    )


async def withdrawal_waiting(session: AsyncSession, complaint_id: str) -> Withdrawal | None:
    """The withdrawal that awaits its confirmation."""
    return await session.scalar(
        select(Withdrawal).where(Withdrawal.complaint_id == complaint_id, Withdrawal.decided_at.is_(None))
    )


async def last_referral(session: AsyncSession, complaint_id: str) -> Step | None:
    """When a complaint was last referred, or its unit chased, and to whom."""
    last = select(Step).where(Step.complaint_id == complaint_id, Step.action == Action.REFER)
    return await session.scalar(last.order_by(Step.step_id.desc()).limit(1))


async def unreached(session: AsyncSession, complaint_id: str, round_: int) -> Sequence[datetime]:
    """When the petitioner was called in vain in this round."""
    found = await session.scalars(
        select(FollowUp.at).where(
            FollowUp.complaint_id == complaint_id,
            FollowUp.round == round_,
            FollowUp.satisfaction == Satisfaction.UNREACHABLE,
        )
    )
    return found.all()


async def mark_returned(session: AsyncSession, complaint_id: str, leg: int, at: datetime) -> None:
    """The lead's answer to this leg was returned by the check."""
    await session.execute(
        update(Reply)
        .where(Reply.complaint_id == complaint_id, Reply.leg == leg, Reply.is_lead, Reply.returned_at.is_(None))
        .values(returned_at=at)
        .execution_options(synchronize_session=False)
    )


async def orders(
    session: AsyncSession,
    *,
    centers: Collection[str] | None,
    party: tuple[str, str] | None,
    level: str | None,
    state: State | None,
    after: str,
    limit: int,
) -> Sequence[Order]:
    """A page of orders in the order their complaints came in, from the one after `after`.

    Of these centers, whether they took them in or handle them (None: of all), and of this department, if one is given;
    and if a level is given, those that were supervised or reported there.
    """
    wanted: list[ColumnElement[bool]] = [Order.complaint_id > after]
    if centers is not None:
        wanted.append(or_(Order.center.in_(centers), Order.handling_center.in_(centers)))
    if party is not None:
        center, department = party
        wanted.append(
            exists().where(
                Assignment.complaint_id == Order.complaint_id,
                Assignment.dispatch == Order.dispatches,
                Assignment.center == center,
                Assignment.department == department,
                Assignment.ended_at.is_(None),
            )
        )
    if level is not None:
        late = FiredRung.rung.in_(ABOVE)
        wanted.append(exists().where(FiredRung.complaint_id == Order.complaint_id, FiredRung.level == level, late))
    if state is not None:
        wanted.append(Order.state == state)
    found = await session.scalars(
        select(Order).where(*wanted).order_by(Order.complaint_id).limit(limit).options(*_AGGREGATE)
    )
    return found.all()


@dataclass
class Batch:
    """The aggregates of the events that are being handled, also those not yet written."""

    complaints: dict[str, Complaint] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)


async def load_batch(session: AsyncSession, order_ids: Collection[str], complaint_ids: Collection[str]) -> None:
    """Lock and load these orders, and these complaints where they have none yet: one query for each table."""
    batch = Batch()
    session.info["batch"] = batch
    if order_ids:
        found = (await session.scalars(_SOME_HELD, {"ids": order_ids})).all()
        await _load_parts(session, found)
        batch.orders = {order.complaint_id: order for order in found}
        batch.complaints = {complaint_id: order.complaint for complaint_id, order in batch.orders.items()}
    if missing := set(complaint_ids) - batch.complaints.keys():
        untriaged = await session.scalars(
            select(Complaint)
            .where(among(Complaint.complaint_id, missing))
            .order_by(Complaint.complaint_id)
            .with_for_update()
        )
        batch.complaints |= {complaint.complaint_id: complaint for complaint in untriaged}


def complaint_at_hand(session: AsyncSession, complaint_id: str) -> Complaint:
    """A complaint of this batch; raises `Unknown` when it has not been registered here yet."""
    batch: Batch = session.info["batch"]
    if complaint := batch.complaints.get(complaint_id):
        return complaint
    raise Unknown(complaint_id)


def order_at_hand(session: AsyncSession, complaint_id: str) -> Order:
    """An order of this batch; raises `Unknown` when its complaint has not been triaged here yet."""
    if order := find_order_at_hand(session, complaint_id):
        return order
    raise Unknown(complaint_id)


def find_order_at_hand(session: AsyncSession, complaint_id: str) -> Order | None:
    """An order of this batch, if there is one."""
    batch: Batch | None = session.info.get("batch")
    return batch.orders.get(complaint_id) if batch else None


def leg_at_hand(session: AsyncSession, complaint_id: str, number: int) -> Leg:
    """A leg of an order of this batch; raises `Unknown` when there is none of this number here yet."""
    for leg in order_at_hand(session, complaint_id).legs:
        if leg.number == number:
            return leg
    raise Unknown(complaint_id)


def add_complaint(session: AsyncSession, complaint: Complaint) -> None:
    """Keep a new complaint; the rest of the batch finds it."""
    session.add(complaint)
    batch: Batch = session.info["batch"]
    batch.complaints[complaint.complaint_id] = complaint


def add_order(session: AsyncSession, order: Order) -> None:
    """Open an order; the rest of the batch finds it."""
    session.add(order)
    batch: Batch = session.info["batch"]
    batch.orders[order.complaint_id] = order


async def petitioner(session: AsyncSession, complaint_id: str) -> Petitioner:
    """Who complains; raises `Unknown` when the complaint has not been registered here yet."""
    found = await session.get(Petitioner, complaint_id, with_for_update=True)
    if found is None:
        raise Unknown(complaint_id)
    return found


async def owed(session: AsyncSession, centers: Collection[str]) -> Sequence[tuple[Assignment, Leg, str]]:
    """Every part of a running order that a department of these centers still owes, and the order's number."""
    found = await session.execute(
        select(Assignment, Leg, Complaint.number)
        .join(Order, and_(Order.complaint_id == Assignment.complaint_id, Order.dispatches == Assignment.dispatch))
        .join(Leg, and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg))
        .join(Complaint, Complaint.complaint_id == Order.complaint_id)
        .where(
            Order.state == State.HANDLING,
            Assignment.center.in_(centers),
            or_(Assignment.position == 0, and_(Assignment.answered_at.is_(None), Assignment.overruled_at.is_(None))),
        )
    )
    return [(assignment, leg, number) for assignment, leg, number in found]


@dataclass(frozen=True)
class Escalated:
    """A supervision or a report that was given, and at which level."""

    complaint_id: str
    number: str
    rung: Rung
    told: list[dict[str, str]]
    at: datetime
    level: str


async def escalated(session: AsyncSession, since: datetime, until: datetime) -> Sequence[Escalated]:
    """What was supervised and reported in this time, by the ladder and by hand, as it happened."""
    fired = await session.execute(
        select(FiredRung, Complaint.number)
        .join(Complaint, Complaint.complaint_id == FiredRung.complaint_id)
        .where(FiredRung.rung.in_(ABOVE), FiredRung.at >= since, FiredRung.at < until)
    )
    by_hand = await session.execute(
        select(HandNotice, Complaint.number)
        .join(Complaint, Complaint.complaint_id == HandNotice.complaint_id)
        .where(HandNotice.rung.in_(ABOVE), HandNotice.at >= since, HandNotice.at < until)
    )
    found = [Escalated(row.complaint_id, number, row.rung, row.told, row.at, row.level) for row, number in fired]
    found += [
        Escalated(row.complaint_id, number, row.rung, row.told, row.at, row.told[0]["center"])
        for row, number in by_hand
    ]
    return sorted(found, key=lambda each: (each.at, each.number))


@dataclass(frozen=True)
class Waiting:
    """An order that waits for the office, and whose question it is, where a department asked."""

    task: Task
    complaint_id: str
    since: datetime | None
    asked_by: str | None
    """`<center>/<department>`."""


_STATES = {
    Task.CHECK: State.CHECKING,
    Task.FOLLOW_UP: State.FOLLOWING_UP,
    Task.CONCLUDE: State.CONCLUDING,
    Task.APPROVE: State.APPROVING,
    Task.REFERRAL: State.REFERRED,
}
_STILL_OPEN = Order.state != literal_column(f"'{State.CLOSED}'")
"""Said in so many words, because an index holds only those."""
_NOBODY: ColumnElement[str] = cast(null(), String)
_LATE_CO_HANDLER = exists().where(
    Assignment.complaint_id == Leg.complaint_id,
    Assignment.dispatch == Leg.dispatch,
    Assignment.position > 0,
    Assignment.answered_at.is_(None),
    Assignment.overruled_at.is_(None),
)


def _waiting(task: Task, center: str, now: datetime) -> Select[str, datetime | None, str | None]:
    """What of this waits at a center: the complaint, since when, and who asked."""
    match task:
        case Task.DISPATCH | Task.ADJUDICATE:
            is_for_the_head = Order.dispatches >= DISPATCHES
            return _standing(center, State.PENDING).where(
                is_for_the_head if task is Task.ADJUDICATE else ~is_for_the_head
            )
        case Task.DECLINE:
            asked = and_(Order.complaint_id == Decline.complaint_id, Order.dispatches == Decline.dispatch)
            return (
                _asked(center, Decline.at, Decline.center + "/" + Decline.department)
                .join(Decline, asked)
                .where(Order.state == State.HANDLING, Decline.decided_at.is_(None))
            )
        case Task.EXTENSION:
            asked = and_(Order.complaint_id == Extension.complaint_id, Order.leg == Extension.leg)
            return (
                _asked(center, Extension.at)
                .join(Extension, asked)
                .where(Order.state == State.HANDLING, Extension.decided_at.is_(None))
            )
        case Task.CONSENT:
            asked = and_(Order.complaint_id == Reply.complaint_id, Order.leg == Reply.leg + 1)
            return (
                _asked(center, Reply.at, Reply.center + "/" + Reply.department)
                .join(Reply, asked)
                .where(Order.state == State.HANDLING, Reply.needs_consent, Reply.consented.is_(None))
            )
        case Task.OVERRULE:
            current = and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg)
            return (
                _asked(center, Leg.co_handlers_due_at)
                .join(Leg, current)
                .where(
                    Order.state == State.HANDLING,
                    Leg.answered_at.is_(None),
                    Leg.co_handlers_due_at < now,
                    _LATE_CO_HANDLER,
                )
            )
        case Task.WITHDRAWAL:
            asked = Withdrawal.complaint_id == Order.complaint_id
            return (
                _asked(center, Withdrawal.at)
                .join(Withdrawal, asked)
                .where(Order.state != State.CLOSED, Withdrawal.decided_at.is_(None))
            )
        case _:
            return _standing(center, _STATES[task])


def _standing(center: str, state: State) -> Select[str, datetime | None, str | None]:
    return _asked(center, Order.since).where(Order.state == state)


def _asked(
    center: str, since: InstrumentedAttribute[Any], asked_by: ColumnElement[str] = _NOBODY
) -> Select[str, datetime | None, str | None]:
    found: Select[Any, Any, Any] = select(Order.complaint_id, since, asked_by)
    return found.where(Order.handling_center == center, _STILL_OPEN)


async def waiting(
    session: AsyncSession, center: str, tasks: Collection[Task], now: datetime, limit: int
) -> list[Waiting]:
    """What of these waits at a center: of each the first so many, the longest waiting first."""
    parts = []
    for task in tasks:
        one = _waiting(task, center, now).subquery()
        waits, since, who = one.c
        parts.append(
            select(
                select(literal(task.value).label("task"), waits, since, who)
                .order_by(since, waits)
                .limit(limit)
                .subquery()
            )
        )
    found = await session.execute(union_all(*parts))
    return [Waiting(Task(task), complaint_id, since, who) for task, complaint_id, since, who in found]


async def how_many_wait(session: AsyncSession, center: str, tasks: Collection[Task], now: datetime) -> dict[Task, int]:
    """How many of each wait at a center."""
    counted = [
        select(literal(task.value), func.count()).select_from(_waiting(task, center, now).subquery()) for task in tasks
    ]
    return {Task(task): count for task, count in await session.execute(union_all(*counted))}


async def complaints_of(session: AsyncSession, complaint_ids: Collection[str]) -> dict[str, Order]:
    """These orders with what was complained of, to be listed."""
    found = await session.scalars(
        select(Order)
        .where(among(Order.complaint_id, complaint_ids))
        .options(joinedload(Order.complaint, innerjoin=True), selectinload(Order.assignments))
    )
    return {order.complaint_id: order for order in found}


async def to_be_called(session: AsyncSession, center: str, limit: int) -> Sequence[Order]:
    """The orders whose petitioners a center has to ask, the longest waiting first, with every try."""
    found = await session.scalars(
        select(Order)
        .where(Order.handling_center == center, Order.state == State.FOLLOWING_UP, _STILL_OPEN)
        .order_by(Order.since, Order.complaint_id)
        .limit(limit)
        .options(
            joinedload(Order.complaint, innerjoin=True).selectinload(Complaint.petitioner),
            selectinload(Order.follow_ups),
        )
    )
    return found.all()


async def running(session: AsyncSession, center: str, until: datetime, limit: int) -> Sequence[tuple[Order, Leg]]:
    """The unanswered legs of a center that are due by then, what is due first first; with rungs and departments."""
    found = await session.execute(
        select(Order, Leg)
        .join(Leg, and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg))
        .where(
            Order.handling_center == center,
            Order.state == State.HANDLING,
            _STILL_OPEN,
            Leg.answered_at.is_(None),
            Leg.lifted_at.is_(None),
            Leg.due_at <= until,
        )
        .order_by(Leg.due_at, Leg.complaint_id)
        .limit(limit)
        .options(joinedload(Order.complaint, innerjoin=True), selectinload(Order.assignments), selectinload(Leg.rungs))
    )
    return [(order, leg) for order, leg in found]


async def how_many_overdue(session: AsyncSession, center: str, now: datetime) -> int:
    """How many unanswered legs of a center were due before now."""
    found = await session.scalar(
        select(func.count())
        .select_from(Order)
        .join(Leg, and_(Leg.complaint_id == Order.complaint_id, Leg.number == Order.leg))
        .where(
            Order.handling_center == center,
            Order.state == State.HANDLING,
            _STILL_OPEN,
            Leg.answered_at.is_(None),
            Leg.lifted_at.is_(None),
            Leg.due_at < now,
        )
    )
    return found or 0


async def of_department(
    session: AsyncSession, centers: Collection[str], party: tuple[str, str], states: Collection[State], limit: int
) -> Sequence[Order]:
    """The orders of these centers that a department has a part of, what came first first, with legs and parts."""
    center, department = party
    mine = exists().where(
        Assignment.complaint_id == Order.complaint_id,
        Assignment.dispatch == Order.dispatches,
        Assignment.center == center,
        Assignment.department == department,
        Assignment.ended_at.is_(None),
    )
    found = await session.scalars(
        select(Order)
        .where(Order.handling_center.in_(centers), Order.state.in_(states), mine)
        .order_by(Order.dispatched_at, Order.complaint_id)
        .limit(limit)
        .options(*_AGGREGATE)
    )
    return found.all()


async def past_leads(session: AsyncSession, center: str, service_item: str, newest: int) -> list[tuple[str, int]]:
    """Who led the newest orders about this item at a center, as `<center>/<department>`, and how many of them."""
    latest = (
        select(Complaint.complaint_id)
        .where(Complaint.center == center, Complaint.service_item == service_item)
        .order_by(Complaint.complaint_id.desc())
        .limit(newest)
        .subquery()
    )
    code = Assignment.center + "/" + Assignment.department
    found = await session.execute(
        select(code, func.count())
        .join(Order, and_(Order.complaint_id == Assignment.complaint_id, Order.dispatches == Assignment.dispatch))
        .join(latest, latest.c.complaint_id == Order.complaint_id)
        .where(Assignment.position == 0, Assignment.ended_at.is_(None))
        .group_by(code)
        .order_by(func.count().desc(), code)
    )
    return [(lead, count) for lead, count in found]


Notice = FiredRung | HandNotice
"""A supervision or a report: by the ladder, or by hand."""
_LEVEL_BY_HAND = HandNotice.told[0]["center"].as_string()


N = TypeVar("N", FiredRung, HandNotice)


async def given_at_level(
    session: AsyncSession, level: str, rungs: Collection[Rung], before: datetime | None, limit: int
) -> Sequence[tuple[Notice, Order, Leg]]:
    """Supervisions and reports of a level, by the ladder and by hand, the newest first; with order and leg."""
    fired = await _given(session, FiredRung, FiredRung.level == level, rungs, before, limit)
    by_hand = await _given(session, HandNotice, level == _LEVEL_BY_HAND, rungs, before, limit)
    found: list[tuple[Notice, Order, Leg]] = [*fired, *by_hand]
    return sorted(found, key=lambda each: each[0].at, reverse=True)[:limit]


async def _given(
    session: AsyncSession,
    kind: type[N],
    here: ColumnElement[bool],
    rungs: Collection[Rung],
    before: datetime | None,
    limit: int,
) -> list[tuple[N, Order, Leg]]:
    asked = (
        select(kind, Order, Leg)
        .join(Order, Order.complaint_id == kind.complaint_id)
        .join(Leg, and_(Leg.complaint_id == kind.complaint_id, Leg.number == kind.leg))
        .where(here, kind.rung.in_(rungs))
        .order_by(kind.at.desc(), kind.complaint_id)
        .limit(limit)
        .options(joinedload(Order.complaint, innerjoin=True))
    )
    found = await session.execute(asked.where(kind.at < before) if before else asked)
    return [(given, order, leg) for given, order, leg in found]


async def how_many_given(session: AsyncSession, level: str, since: datetime) -> dict[Rung, int]:
    """How many supervisions and reports the ladder has given at a level since then."""
    found = await session.execute(
        select(FiredRung.rung, func.count())
        .where(FiredRung.level == level, FiredRung.at >= since)
        .group_by(FiredRung.rung)
    )
    return {row[0]: row[1] for row in found}


async def issued_papers(
    session: AsyncSession, subjects: Collection[str], kinds: Collection[str]
) -> Sequence[IssuedPaper]:
    """The papers of these kinds that were issued about these complaints, the oldest first."""
    found = await session.scalars(
        select(IssuedPaper)
        .where(IssuedPaper.subject.in_(subjects), IssuedPaper.kind.in_(kinds))
        .order_by(IssuedPaper.paper_id)
    )
    return found.all()
