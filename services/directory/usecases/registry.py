"""What an administrator does with facts: enter, correct, retire and restore, each with its version and its history."""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain import facts as rules
from services.directory.tables import Change
from services.directory.usecases import calendars
from services.directory.usecases.telling import tell
from shared.refusals import FieldFault, Invalid, NotFound, NotPossible
from shared.replica import FactRow
from shared.security.roles import Actor
from shared.security.sessions import digest


async def enter(session: AsyncSession, actor: Actor, kind: str, code: str, data: dict[str, Any]) -> FactRow:
    """Enter a new fact; a channel's key and a member's password are given afterwards."""
    await store.take(session)
    if await store.fact(session, kind, code):
        sentence = f"“{code}”已经存在；要改动它请用更正，停用的可以恢复。"
        raise NotPossible("already-there", sentence)
    return await _keep(session, actor, kind, code, await begun(session, kind, data), "新增")


async def begun(session: AsyncSession, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """A new fact with what it begins with, besides what is said of it."""
    if kind == "center":
        data = data | {"calendar": await calendars.of_new_center(session, data["parent"])}
    if kind == "channel":
        data = data | {"key_hash": digest(secrets.token_urlsafe(32))}  # nobody has this one
    return data | {"active": True}


async def correct(
    session: AsyncSession, actor: Actor, kind: str, code: str, data: dict[str, Any], revision: int, reason: str
) -> FactRow:
    """Replace what a fact says; refused when it has changed since it was read."""
    kept = await _current(session, kind, code, revision)
    return await _keep(session, actor, kind, code, kept | data, reason)


async def retire(session: AsyncSession, actor: Actor, kind: str, code: str, revision: int, reason: str) -> FactRow:
    """Switch a fact off. Refused while others lean on it: they are to go, or to be changed, first."""
    kept = await _current(session, kind, code, revision)
    known = await store.all_facts(session)
    if leaning := rules.leaning_on(kind, code, known):
        said = [FieldFault("code", f"{each}还在使用它，请先调整或停用。") for each in leaning]
        raise NotPossible("still-needed", f"还有{len(leaning)}项在使用它，不能停用。", said)
    if kind == "member" and code == actor.id:
        raise NotPossible("not-oneself", "不能停用自己的账号，请由另一位管理员办理。")
    return await _keep(session, actor, kind, code, kept | {"active": False}, reason)


async def restore(session: AsyncSession, actor: Actor, kind: str, code: str, revision: int, reason: str) -> FactRow:
    """Switch a fact on again, as it was; refused where what it stands on is gone."""
    kept = await _current(session, kind, code, revision)
    return await _keep(session, actor, kind, code, kept | {"active": True}, reason)


async def new_key(session: AsyncSession, actor: Actor, source: str, reason: str) -> str:
    """A new key for a channel, told once and kept nowhere; the old one opens nothing any more."""
    await store.take(session)
    known = await store.fact(session, "channel", source)
    if known is None:
        raise _not_there(source)
    key = secrets.token_urlsafe(32)
    await _keep(session, actor, "channel", source, known[1] | {"key_hash": digest(key)}, reason)
    return key


async def history(session: AsyncSession, kind: str, code: str) -> Sequence[Change]:
    """Everything a fact has been, who made it so, when and why; the latest first."""
    if await store.fact(session, kind, code) is None:
        raise _not_there(code)
    return await store.changes(session, kind, code)


async def _current(session: AsyncSession, kind: str, code: str, revision: int) -> dict[str, Any]:
    await store.take(session)
    known = await store.fact(session, kind, code)
    if known is None:
        raise _not_there(code)
    if known[0] != revision:
        raise NotPossible("changed-meanwhile", f"别人已经改过它（现在是第{known[0]}版），请刷新后再改。")
    return known[1]


async def _keep(
    session: AsyncSession, actor: Actor, kind: str, code: str, data: dict[str, Any], reason: str
) -> FactRow:
    known = await store.all_facts(session)
    if data["active"] and (faults := rules.faults(kind, code, data, known)):
        raise Invalid("invalid", "填写的内容与目录不符，请按提示修改。", faults)
    if kind == "member" and rules.is_last_administrator(code, data, known):
        raise NotPossible("last-administrator", "这是最后一位管理员，不能停用或改为其他岗位。")
    center = rules.home(kind, code, data, known)
    told = {name: value for name, value in data.items() if name != "center"}
    await tell(session, kind, code, center, told, by=actor.id, reason=reason)
    return await session.get_one(FactRow, (kind, code))


def _not_there(code: str) -> NotFound:
    return NotFound("no-such-fact", f"目录中没有“{code}”。")
