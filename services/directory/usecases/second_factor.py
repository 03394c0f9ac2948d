"""The second factor: a device that shows codes by time, and codes on paper for whoever has lost it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.usecases import guessing
from shared import clock
from shared.refusals import FieldFault, Invalid, NotPossible
from shared.security import totp
from shared.security.keys import sealer
from shared.security.roles import Actor, Role
from shared.security.sessions import Sessions, digest
from shared.settings import settings

HOUSE = "有诉即办"


@dataclass(frozen=True)
class Offered:
    """A secret for a device, as text and as an app takes it."""

    secret: str
    address: str


def is_wanted(role: Role) -> bool:
    """Whether this role logs in with a second factor (`YOUSU_SECOND_FACTOR_ROLES`)."""
    return role in {each.strip() for each in settings().second_factor_roles.split(",")}


async def offer(session: AsyncSession, actor: Actor) -> Offered:
    """A new secret, which counts once a code of it has been shown."""
    account = await store.account(session, actor.id, take=True)
    if account is None or account.has_second_factor:
        raise NotPossible("has-second-factor", "动态验证码已经启用；要换设备请先停用。")
    secret = totp.new_secret()
    account.totp_secret = sealer().seal(secret, about=_about(actor.id))
    return Offered(secret, totp.address_of(secret, actor.id, HOUSE))


async def offered(session: AsyncSession, actor: Actor) -> Offered | None:
    """What was offered and is not in use yet."""
    account = await store.account(session, actor.id)
    if account is None or account.totp_secret is None or account.has_second_factor:
        return None
    secret = sealer().open(account.totp_secret, about=_about(actor.id))
    return Offered(secret, totp.address_of(secret, actor.id, HOUSE))


async def confirm(session: AsyncSession, actor: Actor, code: str) -> list[str]:
    """From now on logging in needs a code; returns the recovery codes, told once."""
    account = await store.account(session, actor.id, take=True)
    if account is None or account.totp_secret is None or account.has_second_factor:
        raise NotPossible("nothing-offered", "请先取得密钥，再输入验证码。")
    secret = sealer().open(account.totp_secret, about=_about(actor.id))
    step = totp.step_shown(secret, code.strip(), _now(), 0)
    if step is None:
        sentence = "验证码不正确，请核对设备时间后输入最新的6位数字。"
        raise Invalid("wrong-code", sentence, [FieldFault("code", sentence)])
    codes = totp.new_recovery_codes()
    account.totp_step, account.recovery = step, [digest(each) for each in codes]
    return codes


async def opens(session: AsyncSession, username: str, code: str) -> bool:
    """Whether this code opens, which it does once: one of the device's, or one of the paper's."""
    account = await store.account(session, username, take=True)
    if account is None or account.totp_secret is None or account.totp_step is None:
        return False
    secret = sealer().open(account.totp_secret, about=_about(username))
    step = totp.step_shown(secret, code.strip(), _now(), account.totp_step)
    if step is not None:
        account.totp_step = step
        return True
    if (used := digest(code.strip().lower())) in account.recovery:
        account.recovery = [each for each in account.recovery if each != used]
        return True
    return False


async def stop(session: AsyncSession, sessions: Sessions, actor: Actor, code: str) -> None:
    """Log in without it again, by a code of it; refused where the role needs one, and to who guesses."""
    if is_wanted(actor.role):
        raise NotPossible("second-factor-wanted", "您的岗位必须使用动态验证码，不能停用；换设备请联系系统管理员重置。")
    fits, own = await opens(session, actor.id, code), guessing.Own(sessions, actor.id)
    await own.must_be_open()
    if not fits:
        sentence = "验证码不正确，没有停用。"
        raise await own.wrong(Invalid("wrong-code", sentence, [FieldFault("code", sentence)]))
    await own.right()
    await forget(session, actor.id)


async def forget(session: AsyncSession, username: str) -> None:
    """Log in without it again."""
    account = await store.account(session, username, take=True)
    if account:
        account.totp_secret, account.totp_step, account.recovery = None, None, []


def _now() -> int:
    # A device shows the real time, also in a drill.
    return totp.step_of(clock.machine_now().timestamp())


def _about(username: str) -> str:
    return f"totp/{username}"
