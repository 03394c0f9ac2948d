"""Every query of directory."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory.tables import Account
from shared.replica import FactRow


async def fact(session: AsyncSession, kind: str, code: str) -> tuple[int, dict[str, Any]] | None:
    """A fact's revision and data."""
    row = await session.get(FactRow, (kind, code))
    return (row.revision, row.data) if row else None


async def facts(session: AsyncSession, kind: str) -> Sequence[FactRow]:
    """All facts of a kind, by code."""
    return (await session.scalars(select(FactRow).where(FactRow.kind == kind).order_by(FactRow.code))).all()


async def password_hash(session: AsyncSession, username: str) -> str | None:
    """What is kept of someone's password."""
    account = await session.get(Account, username)
    return account.password_hash if account else None


async def set_password(session: AsyncSession, username: str, password_hash: str) -> None:
    """Keep a new password's hash."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    row = insert(Account).values(username=username, password_hash=password_hash)
    await session.execute(row.on_conflict_do_update(index_elements=["username"], set_={"password_hash": password_hash}))


async def has_facts(session: AsyncSession) -> bool:
    """Whether the directory has been filled."""
    return await session.scalar(select(FactRow.code).limit(1)) is not None
