"""How members log in: by name and password, where wanted by a second factor too; who guesses is slowed down."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain.accounts import Policy, must_be_a_password
from services.directory.tables import Account
from services.directory.usecases import guessing, second_factor
from shared.refusals import FieldFault, Invalid, NotFound, NotPossible, Unauthenticated
from shared.security import passwords
from shared.security.roles import Actor, Role
from shared.security.sessions import Opened, Origin, Sessions
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


@dataclass(frozen=True)
class Standing:
    """How someone can log in at the moment."""

    has_password: bool
    must_change: bool
    has_second_factor: bool
    second_factor_wanted: bool
    paused_for: int
    """Seconds until a name that was guessed at may be tried again."""
    sessions: Sequence[Opened]


async def log_in(session: AsyncSession, sessions: Sessions, username: str, password: str, origin: Origin) -> LoggedIn:
    """A session for this member; refused alike for a wrong name and a wrong password. It only reads.

    Raises `SecondFactorWanted` where `go_on` has to follow, `TooMany` after too many wrong ones.
    """
    limits = await guessing.at_login(sessions.throttle, username, origin)
    await sessions.throttle.must_be_open(*limits)
    known = await store.fact(session, "member", username)
    account = await store.account(session, username)
    fits = await passwords.matches(password, account.password_hash if account else None)
    await sessions.throttle.must_be_open(*limits)  # again: of many tried at once no more are told of
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
    limits = await guessing.at_login(sessions.throttle, account.username, origin)
    fits = await second_factor.opens(session, account.username, code)
    await sessions.throttle.must_be_open(*limits)  # with the account held: of many tried at once no more are told of
    if not fits:
        await sessions.throttle.failed(*limits)
        sentence = "动态验证码不正确，或已经用过；请输入最新的6位数字。"
        raise Unauthenticated("wrong-code", sentence, [FieldFault("code", sentence)])
    await sessions.all_the_way(mark)
    return await _let_in(session, sessions, account, origin)


async def _let_in(session: AsyncSession, sessions: Sessions, account: Account, origin: Origin) -> LoggedIn:
    known = await store.fact(session, "member", account.username)
    if known is None or not known[1]["active"]:
        raise Unauthenticated("wrong-login", "用户名或密码不正确。")
    await guessing.came_in(sessions.throttle, account.username, origin)
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


def policy() -> Policy:
    """What is asked of a password in this house (`YOUSU_PASSWORD_SHORTEST`, `YOUSU_PASSWORD_REFUSED`)."""
    refused = tuple(each.strip() for each in settings().password_refused.split(",") if each.strip())
    return Policy(settings().password_shortest, refused)


async def set_password(session: AsyncSession, actor: Actor, username: str, password: str) -> None:
    """Give another member a new password, as an administrator does; its owner has to change it."""
    _must_be_anothers(actor, username)
    await _must_be_there(session, username)
    await give_password(session, username, password, must_change=True)


async def give_password(session: AsyncSession, username: str, password: str, *, must_change: bool = False) -> None:
    """Give someone a password that is good enough."""
    must_be_a_password(password, username, policy())
    await store.set_password(session, username, await _hashed(password), must_change=must_change)


async def reset_password(session: AsyncSession, actor: Actor, username: str) -> str:
    """A password for one login, told once; a second factor goes with the old one."""
    _must_be_anothers(actor, username)
    await _must_be_there(session, username)
    password = one_time()
    await store.set_password(session, username, passwords.hashed(password, is_quick=True), must_change=True)
    await second_factor.forget(session, username)
    return password


def one_time() -> str:
    """A password for one login: long and random, so that hashing it need not be slow."""
    return f"{secrets.token_urlsafe(12)}-7a"


async def reset_second_factor(session: AsyncSession, actor: Actor, username: str) -> None:
    """Let someone log in without the second factor, until it is set up anew where the role needs it."""
    _must_be_anothers(actor, username)
    await _must_be_there(session, username)
    await second_factor.forget(session, username)


async def log_out(session: AsyncSession, sessions: Sessions, username: str) -> None:
    """End every session of someone's."""
    await _must_be_there(session, username)
    await sessions.end_all(username)


async def unlock(session: AsyncSession, sessions: Sessions, username: str) -> None:
    """Let someone try again at once who has guessed too often, or was guessed at."""
    await _must_be_there(session, username)
    await sessions.throttle.forget_all(guessing.head(username))


async def standing_of(session: AsyncSession, sessions: Sessions, username: str, role: Role) -> Standing:
    """How someone can log in at the moment."""
    account = await store.account(session, username)
    return Standing(
        has_password=account is not None,
        must_change=account is not None and account.must_change,
        has_second_factor=account is not None and account.has_second_factor,
        second_factor_wanted=second_factor.is_wanted(role),
        paused_for=await sessions.throttle.left(guessing.head(username)),
        sessions=await sessions.all_of(username),
    )


async def change_password(session: AsyncSession, sessions: Sessions, actor: Actor, old: str, new: str) -> None:
    """One's own password, by whoever knows the old one; who guesses it with a stolen session is slowed down."""
    account, own = await store.account(session, actor.id, take=True), guessing.Own(sessions, actor.id)
    await own.must_be_open()
    if account is None or not await passwords.matches(old, account.password_hash):
        sentence = "原密码不正确，请重新输入。"
        raise await own.wrong(Invalid("wrong-password", sentence, [FieldFault("old", sentence)]))
    await own.right()
    if new == old:
        raise Invalid("same-password", "新密码不能与原密码相同。", [FieldFault("new", "新密码不能与原密码相同。")])
    must_be_a_password(new, actor.id, policy(), field="new")
    account.password_hash, account.must_change = await _hashed(new), False


async def _must_be_there(session: AsyncSession, username: str) -> None:
    if await store.fact(session, "member", username) is None:
        raise NotFound("no-such-fact", f"目录中没有“{username}”。")


def _must_be_anothers(actor: Actor, username: str) -> None:
    """Who has logged in once must not get rid of the password or the second factor of that login."""
    if actor.id == username:
        raise NotPossible("not-oneself", "自己的密码和动态验证码请在“我的账号”里更换；丢失的请由另一位管理员重置。")


async def _hashed(password: str) -> str:
    return await asyncio.to_thread(passwords.hashed, password)
