"""How a house begins that has nobody in it: its operator makes the county's center and the first administrator."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.usecases import accounts, registry
from shared.refusals import NotPossible
from shared.security.roles import Actor, Role

OPERATOR = Actor("operator", "系统运维", Role.ADMINISTRATOR)
"""By whom the directory's history says it was done."""


@dataclass(frozen=True)
class First:
    """Who shall administer, and where."""

    username: str
    name: str
    password: str
    center: str
    center_name: str
    area_code: str


async def first_administrator(session: AsyncSession, given: First, *, force: bool) -> None:
    """Enter an administrator with a password, and the county's center before where there is none."""
    await store.take(session)
    members = [row.data for row in await store.facts(session, "member")]
    if not force and any(each["active"] and each["role"] == Role.ADMINISTRATOR for each in members):
        raise NotPossible("has-administrator", "已经有系统管理员；确实要再建一位，请加 --force。")
    if await store.fact(session, "center", given.center) is None:
        center = {"name": given.center_name, "parent": None, "area_code": given.area_code, "place": None}
        await registry.enter(session, OPERATOR, "center", given.center, center)
    member = {"name": given.name, "role": Role.ADMINISTRATOR, "center": given.center, "department": None, "phone": None}
    await registry.enter(session, OPERATOR, "member", given.username, member)
    await accounts.give_password(session, given.username, given.password)
