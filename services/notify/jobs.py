"""What notify does by itself: take what must leave the house to its providers."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.means import CONNECTED
from services.notify.usecases import delivering


async def deliver(session: AsyncSession) -> None:
    """Deliver what waits, by every means that is connected; what failed before has its turn after a pause."""
    await delivering.deliver(session, CONNECTED)
