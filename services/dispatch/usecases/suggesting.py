"""What closes as typical is suggested to the casebook, without what is known of the petitioner (Art. 11)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.tables import Order
from shared.events.dispatch import CaseSuggested
from shared.messaging import announce
from shared.security.keys import sealer
from shared.security.mask import strike_known

_KNOWN = ("name", "contact_person", "phone", "other_contact", "address")


async def suggest_case(
    session: AsyncSession, order: Order, now: datetime, *, by: str, legal_basis: str | None, reasons: str | None = None
) -> None:
    """Tell what a guidance case can be drafted from; the petitioner's fields are opened here, and nowhere behind."""
    row = await store.petitioner(session, order.complaint_id)
    known = sealer().open_fields({field: getattr(row, field) for field in _KNOWN}, order.complaint_id)

    def struck(text: str | None) -> str:
        return strike_known(text or "", known, organisation=row.kind == "organisation")

    announce(
        session,
        CaseSuggested(
            at=now,
            center=order.center,
            subject=order.complaint_id,
            number=order.complaint.number,
            problem=struck(order.complaint.content),
            result=struck(order.result),
            legal_basis=legal_basis,
            reasons=struck(reasons) or None,
            by=by,
        ),
    )
