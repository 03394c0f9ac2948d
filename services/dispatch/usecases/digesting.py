"""Digests: what each department owes this morning, and for inspection what was supervised and reported (§6, §9)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain.digests import Owed, agendas
from shared import replica
from shared.events.dispatch import AgendaCompiled, EscalatedOrder, Party, WeekCompiled
from shared.events.sla import DigestDue, Rung
from shared.messaging import announce


async def compile_agendas(session: AsyncSession, due: DigestDue) -> None:
    """Tell of each department of these centers what it owes; of one that owes nothing there is nothing to tell."""
    owed = []
    for assignment, leg, number in await store.owed(session, due.centers):
        own = None if assignment.is_lead else leg.co_handlers_due_at
        owed.append(Owed(assignment.party, number, leg.complaint_id, own or leg.due_at, leg.provisional))
    tomorrow = {
        center: (await replica.calendar_of(session, center)).working_day_after(due.day)
        for center in {each.party.center for each in owed}
    }
    for party, agenda in agendas(owed, due.at, due.day, tomorrow):
        subject = f"{party.center}/{party.department}"
        given = {"center": party.center, "subject": subject, "day": due.day, "party": party}
        announce(session, AgendaCompiled.follows(due, **given, **agenda))


async def compile_week(session: AsyncSession, due: DigestDue, since: datetime, until: datetime) -> None:
    """Tell at each of these levels what was supervised and reported there; by hand as well as by the ladder."""
    found = await store.escalated(session, since, until)
    for level in due.centers:
        lists = {f"{rung}": _told(found, level, rung) for rung in (Rung.SUPERVISED, Rung.REPORTED)}
        if any(lists.values()):
            given = {"center": level, "subject": level, "since": since, "until": until}
            announce(session, WeekCompiled.follows(due, **given, **lists))


def _told(found: Sequence[store.Escalated], level: str, rung: Rung) -> list[EscalatedOrder]:
    return [
        EscalatedOrder(
            number=each.number,
            complaint_id=each.complaint_id,
            late=[Party(**party) for party in each.told],
            at=each.at,
        )
        for each in found
        if (each.level, each.rung) == (level, rung)
    ]
