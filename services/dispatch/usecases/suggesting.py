"""What closes as typical is suggested to the casebook, without what is known of the petitioner (Art. 11)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.tables import Order
from services.dispatch.usecases import petitioners
from shared.events.dispatch import CaseSuggested
from shared.messaging import announce
from shared.security.seal import SealBroken


async def suggest_case(
    session: AsyncSession, order: Order, now: datetime, *, by: str, legal_basis: str | None, reasons: str | None = None
) -> None:
    """Tell what a guidance case can be drafted from; the petitioner's fields are opened here, and nowhere behind.

    Where nobody can read them any more, nothing is suggested: the end does not wait for that.
    """
    try:
        strike = petitioners.striker(await store.petitioner(session, order.complaint_id))
    except SealBroken:
        return
    announce(
        session,
        CaseSuggested(
            at=now,
            center=order.center,
            subject=order.complaint_id,
            number=order.complaint.number,
            problem=strike(order.complaint.content),
            result=strike(order.result or ""),
            legal_basis=legal_basis,
            reasons=strike(reasons or "") or None,
            by=by,
        ),
    )
