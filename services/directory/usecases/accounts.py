"""How members log in: by name and password."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain.accounts import must_be_a_password
from shared.refusals import NotFound, Unauthenticated
from shared.security import passwords
from shared.security.roles import Actor, Role
from shared.security.sessions import Sessions


async def log_in(session: AsyncSession, sessions: Sessions, username: str, password: str) -> str:
    """A token for this member; refused alike for a wrong name and a wrong password."""
    known = await store.fact(session, "member", username)
    fits = await passwords.matches(password, await store.password_hash(session, username))
    if not fits or known is None or not known[1]["active"]:
        raise Unauthenticated("wrong-login", "用户名或密码不正确。")
    member = known[1]
    actor = Actor(username, member["name"], Role(member["role"]), member["center"], member["department"])
    return await sessions.open(actor)


async def set_password(session: AsyncSession, username: str, password: str) -> None:
    """Give a member a new password."""
    if await store.fact(session, "member", username) is None:
        raise NotFound("no-such-fact", f"目录中没有“{username}”。")
    must_be_a_password(password, username)
    await store.set_password(session, username, await asyncio.to_thread(passwords.hashed, password))
