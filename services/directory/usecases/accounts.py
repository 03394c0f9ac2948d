"""How members log in: by name and password, where wanted by a second factor too; who guesses is slowed down."""

import asyncio
import secrets
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain.accounts import must_be_a_password
from services.directory.tables import Account
from services.directory.usecases import second_factor
from shared.refusals import FieldFault, Invalid, NotFound, Unauthenticated
from shared.security import passwords
from shared.security.roles import Actor, Role
from shared.security.sessions import Origin, Sessions, digest
from shared.security.throttle import Limit
from shared.settings import settings


class SecondFactorWanted(Unauthenticated):
    """The password was right; a code is asked for. `mark` stands for the password meanwhile."""

    def __init__(self, mark: str) -> None:
        super().__init__("second-factor", "请输入动态验证码。")
        self.mark = mark


@dataclass(frozen=True)
class LoggedIn:
    """A session's token, and whose it is."""

    token: str
    actor: Actor


async def log_in(session: AsyncSession, sessions: Sessions, username: str, password: str, origin: Origin) -> LoggedIn:
    """A session for this member; refused alike for a wrong name and a wrong password. It only reads.

    Raises `SecondFactorWanted` where `go_on` has to follow, `TooMany` after too many wrong ones.
    """
    limits = _limits(username, origin)
    await sessions.throttle.must_be_open(*limits)
    known = await store.fact(session, "member", username)
    account = await store.account(session, username)
    fits = await passwords.matches(password, account.password_hash if account else None)
    if not fits or account is None or known is None or not known[1]["active"]:
        await sessions.throttle.failed(*limits)
        raise Unauthenticated("wrong-login", "用户名或密码不正确。")
    if account.has_second_factor:
        raise SecondFactorWanted(await sessions.half_way(username))
    return await _let_in(session, sessions, account, origin)


async def go_on(session: AsyncSession, sessions: Sessions, mark: str, code: str, origin: Origin) -> LoggedIn:
    """The second step: the code, with what stands for the password."""
    username = await sessions.half_way_of(mark)
    account = await store.account(session, username) if username else None
    if account is None:
        raise Unauthenticated("too-late", "等待时间过长，请重新登录。")
    limits = _limits(account.username, origin)
    await sessions.throttle.must_be_open(*limits)
    if not await second_factor.opens(session, account.username, code):
        await sessions.throttle.failed(*limits)
        sentence = "动态验证码不正确，或已经用过；请输入最新的6位数字。"
        raise Unauthenticated("wrong-code", sentence, [FieldFault("code", sentence)])
    return await _let_in(session, sessions, account, origin)


async def _let_in(session: AsyncSession, sessions: Sessions, account: Account, origin: Origin) -> LoggedIn:
    known = await store.fact(session, "member", account.username)
    if known is None or not known[1]["active"]:
        raise Unauthenticated("wrong-login", "用户名或密码不正确。")
    await sessions.throttle.forget(_limits(account.username, origin)[0])
    member, role = known[1], Role(known[1]["role"])
    owes = _owes(account, role)
    actor = Actor(account.username, member["name"], role, member["center"], member["department"], owes)
    return LoggedIn(await sessions.open(actor, origin), actor)


async def anew(session: AsyncSession, sessions: Sessions, actor: Actor, origin: Origin) -> LoggedIn:
    """Another session for who has just changed how one logs in."""
    account = await store.account(session, actor.id)
    assert account
    return await _let_in(session, sessions, account, origin)


def _owes(account: Account, role: Role) -> str:
    if account.must_change:
        return "password"
    return "second-factor" if second_factor.is_wanted(role) and not account.has_second_factor else ""


def _limits(username: str, origin: Origin) -> tuple[Limit, Limit, Limit]:
    """A name from an address, a name from anywhere, an address for any name."""
    tries, name = settings().login_tries, digest(username.lower())[:32]
    return (
        Limit(f"login:{name}@{origin.address}", tries),
        Limit(f"login:{name}", tries * 4),
        Limit(f"login:@{origin.address}", tries * 20),
    )


async def set_password(session: AsyncSession, username: str, password: str) -> None:
    """Give a member a new password, as an administrator does; its owner has to change it."""
    if await store.fact(session, "member", username) is None:
        raise NotFound("no-such-fact", f"目录中没有“{username}”。")
    await give_password(session, username, password, must_change=True)


async def give_password(session: AsyncSession, username: str, password: str, *, must_change: bool = False) -> None:
    """Give someone a password that is good enough."""
    must_be_a_password(password, username, settings().password_shortest)
    await store.set_password(session, username, await _hashed(password), must_change=must_change)


async def reset_password(session: AsyncSession, username: str) -> str:
    """A password for one login, told once; a second factor goes with the old one."""
    password = f"{secrets.token_urlsafe(9)}-7a"
    await set_password(session, username, password)
    await second_factor.forget(session, username)
    return password


async def change_password(session: AsyncSession, actor: Actor, old: str, new: str) -> None:
    """One's own password, by whoever knows the old one."""
    account = await store.account(session, actor.id, take=True)
    if account is None or not await passwords.matches(old, account.password_hash):
        raise Invalid("wrong-password", "原密码不正确，请重新输入。", [FieldFault("old", "原密码不正确，请重新输入。")])
    if new == old:
        raise Invalid("same-password", "新密码不能与原密码相同。", [FieldFault("new", "新密码不能与原密码相同。")])
    must_be_a_password(new, actor.id, settings().password_shortest, field="new")
    account.password_hash, account.must_change = await _hashed(new), False


async def _hashed(password: str) -> str:
    return await asyncio.to_thread(passwords.hashed, password)
