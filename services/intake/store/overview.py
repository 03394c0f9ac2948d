"""Queries that count: the figures above the ledger. What is asked of an index stays cheap however many are closed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store.ledger import Within, shown_once
from services.intake.tables import LedgerRow
from shared.events.dispatch import Final, Satisfaction

PLEASED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)


@dataclass(frozen=True)
class Overview:
    """What the ledger's page shows above it."""

    registered: int
    zeroed: int
    followed_up: int
    pleased: int
    due_soon: int
    overdue: int

    @property
    def pleased_percent(self) -> str:
        """回访满意率: of those reached, how many were (basically) satisfied; a dash without any."""
        return f"{100 * self.pleased / self.followed_up:.1f}%" if self.followed_up else "—"


async def overview(session: AsyncSession, within: Within, now: datetime, soon: datetime) -> Overview:
    """Of what was registered in the period: how many, zeroed, pleased; of what is open: due by `soon`, or overdue."""
    registered_then = select(
        func.count(),
        func.count(case((LedgerRow.final == Final.ZEROED, 1))),
        func.count(case((LedgerRow.satisfaction != Satisfaction.UNREACHABLE, 1))),
        func.count(case((LedgerRow.satisfaction.in_(PLEASED), 1))),
    ).where(*within.conditions())
    waiting = select(
        func.count(case((LedgerRow.due_at > now, 1))), func.count(case((LedgerRow.due_at <= now, 1)))
    ).where(shown_once(within.centers), LedgerRow.due_at <= soon)
    registered, zeroed, followed_up, pleased = (await session.execute(registered_then)).one()
    due_soon, overdue = (await session.execute(waiting)).one()
    return Overview(registered, zeroed, followed_up, pleased, due_soon, overdue)
