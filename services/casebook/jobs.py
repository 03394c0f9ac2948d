"""What casebook does by itself: remind of candidates, a use case as it stands; and keep the search up to date."""

from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.usecases import searching


async def index(session: AsyncSession) -> None:
    """Find every public case by the terms of today."""
    await searching.index_again(session)
