"""Queries that count: the figures above the ledger. What is asked of an index stays cheap however many are closed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.store.journal import registered_within, shown_once
from services.intake.tables import LedgerRow
from shared.events.dispatch import Final, Satisfaction

PLEASED = (Satisfaction.SATISFIED, Satisfaction.BASICALLY_SATISFIED)


@dataclass(frozen=True)
class Figures:
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


async def figures(
    session: AsyncSession,
    centers: Collection[str],
    begin: datetime | None,
    end: datetime | None,
    now: datetime,
    soon: datetime,
) -> Figures:
    """Of what was registered in the period: how many, zeroed, pleased; of what is open: due by `soon`, or overdue."""
    within = select(
        func.count(),
        func.count(case((LedgerRow.final == Final.ZEROED, 1))),
        func.count(case((LedgerRow.satisfaction != Satisfaction.UNREACHABLE, 1))),
        func.count(case((LedgerRow.satisfaction.in_(PLEASED), 1))),
    ).where(shown_once(centers), registered_within(begin, end))
    waiting = select(
        func.count(case((LedgerRow.due_at > now, 1))), func.count(case((LedgerRow.due_at <= now, 1)))
    ).where(shown_once(centers), LedgerRow.due_at <= soon)
    registered, zeroed, followed_up, pleased = (await session.execute(within)).one()
    due_soon, overdue = (await session.execute(waiting)).one()
    return Figures(registered, zeroed, followed_up, pleased, due_soon, overdue)
