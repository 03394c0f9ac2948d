"""What was supervised and reported, what awaits its signature, and what went to discipline inspection."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import joinedload

from services.dispatch.domain.states import State
from services.dispatch.tables import Assignment, Clue, Complaint, FiredRung, HandNotice, Inspection, Leg, Order
from shared.events.sla import Rung
from shared.papers.tables import IssuedPaper

ABOVE = (Rung.SUPERVISED, Rung.REPORTED)
"""The rungs that a level's inspection and government hear of (Art. 9)."""


UNSIGNED = and_(FiredRung.rung == literal_column(f"'{Rung.REPORTED}'"), FiredRung.signed_at.is_(None))
"""Reported, with letters that await their signature; said in so many words, because an index holds only those."""


async def unsigned_reports(
    session: AsyncSession, centers: Collection[str], limit: int
) -> Sequence[tuple[Order, FiredRung]]:
    """The rungs 通报 of these centers' orders of which circular, report or copy is not issued; oldest first."""
    found = await session.execute(
        select(Order, FiredRung)
        .join(FiredRung, FiredRung.complaint_id == Order.complaint_id)
        .where(UNSIGNED, Order.handling_center.in_(centers))
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


async def inspections(
    session: AsyncSession, center: str | None, limit: int, before: str | None = None
) -> Sequence[Inspection]:
    """Which files the inspection of this level, or of any, has asked for; the newest first, or before one of them."""
    query = select(Inspection).order_by(Inspection.inspection_id.desc()).limit(limit)
    query = query.where(Inspection.inspection_id < before) if before else query
    return (await session.scalars(query.where(Inspection.center == center) if center else query)).all()


async def clues(
    session: AsyncSession, center: str | None, level: str | None, limit: int, before: str | None = None
) -> Sequence[Clue]:
    """The clues that this center has copied, or that went to this level, or all; the newest first, or before one."""
    query = select(Clue).order_by(Clue.clue_id.desc()).limit(limit)
    query = query.where(Clue.clue_id < before) if before else query
    query = query.where(Clue.center == center) if center else query
    return (await session.scalars(query.where(Clue.level == level) if level else query)).all()


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
