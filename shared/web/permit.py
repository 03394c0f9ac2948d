"""Each door says which action it is: `actor: Annotated[Actor, permit(Action.TRIAGE)]`.

A service with a door that does not is refused at start. Who asks says so with a session's token or a channel's key
(`Authorization: Bearer`), or by the cookie of a browser that has logged in.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shared.audit import edge
from shared.refusals import Forbidden, TooMany, Unauthenticated
from shared.replica import channel_of_key
from shared.security.roles import GUESSABLE, OPEN, PUBLIC, Action, Actor, Role, allowed
from shared.security.sessions import PREFIX, Sessions
from shared.security.throttle import line_of
from shared.settings import settings
from shared.web import browsers
from shared.web.session import store_of

ACCOUNT_FIRST = "account-first"
OWED = {
    "password": "请先更换密码，再办理业务。",
    "second-factor": "您的岗位需要动态验证码，请先设置，再办理业务。",
}
"""What is said to one who owes something."""
MORE_DENIED = "同一地址一分钟内被拒次数过多，其余不再逐条记录。"
MORE_ASKED = "一分钟内的请求过多，本分钟内其余的不再逐条记录。"


class Permit:
    """The dependency behind a door: who asks, when that one may."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Actor:
        """The actor; or 401 without a valid session or key, 403 without the permission."""
        entry = edge.begin(request, self.action)
        try:
            return await self._permitted(request, entry)
        except (Unauthenticated, Forbidden, TooMany):
            entry.denied = True
            if entry.actor is PUBLIC:
                await _tell_so_many(request, entry)
            await request.close()  # what was uploaded, and read for the form's token alone
            raise

    async def _permitted(self, request: Request, entry: edge.Entry) -> Actor:
        actor = entry.actor = request.state.actor = await who(request)
        # Who is about to log in may have been shown the form before the session, or in another one.
        await browsers.must_be_our_form(request, of_this_session=self.action is not Action.LOG_IN)
        if actor is PUBLIC:
            await self._spend(request, line_of(entry.address))
        else:
            _keep_pace(request, entry)
        if allowed(actor, self.action, sample=settings().sample):
            return actor
        if actor.owes:
            raise Forbidden(ACCOUNT_FIRST, OWED[actor.owes])
        if actor is PUBLIC:
            raise Unauthenticated("no-session", "请先登录，或出示渠道密钥。")
        raise Forbidden("not-allowed", "您的岗位不能进行这项操作。")

    async def _spend(self, request: Request, line: str) -> None:
        """One of the requests that an address has in a minute without login; raises `TooMany`."""
        throttle = _sessions(request).throttle
        if self.action in GUESSABLE:
            await throttle.spend(f"public:{line}", settings().public_requests_per_minute)
        elif self.action in OPEN:
            await throttle.spend(f"open:{self.action}:{line}", settings().open_requests_per_minute)


def _keep_pace(request: Request, entry: edge.Entry) -> None:
    """One of the requests that staff and channels have in a minute; raises `TooMany`, of which the log tells once."""
    actor, pace, given = entry.actor, _sessions(request).pace, settings()
    is_channel = actor.role is Role.CHANNEL
    most = given.channel_requests_per_minute if is_channel else given.staff_requests_per_minute
    spent = pace.spent(f"{actor.role}:{actor.id}")
    if spent > most:
        entry.reason, entry.left_out = MORE_ASKED, spent > most + 1
        seconds = pace.seconds_left()
        raise TooMany("too-many-requests", f"操作过于频繁，请{seconds}秒后再试。", seconds)


async def _tell_so_many(request: Request, entry: edge.Entry) -> None:
    """Nobody fills the audit log from outside: of one address it tells so much that is denied in a minute, and ends."""
    told = await _sessions(request).throttle.spent(f"denied:{line_of(entry.address)}")
    most = settings().denials_told_per_minute
    if told > most:
        entry.reason, entry.left_out = MORE_DENIED, told > most + 1


def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


def permit(action: Action) -> Any:
    """The dependency for a door that is this action."""
    return Depends(Permit(action))


def must_have_permits(app: FastAPI) -> None:
    """Refuse to start with a door that says no action."""
    for door in doors(app.routes):
        if permit_of(door) is None:
            raise RuntimeError(f"{door.path} has no permit")


def permit_of(door: APIRoute) -> Permit | None:
    """What guards a door."""
    return next((each.call for each in door.dependant.dependencies if isinstance(each.call, Permit)), None)


def doors(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every door behind these routes."""
    for _, door in doors_at(routes):
        yield door


def doors_at(routes: Iterable[BaseRoute], prefix: str = "") -> Iterator[tuple[str, APIRoute]]:
    """The same, each with its path; FastAPI keeps those of an included router inside it."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield prefix + route.path, route
        elif isinstance(router := getattr(route, "original_router", None), APIRouter):
            yield from doors_at(router.routes, prefix + route.include_context.prefix)  # type: ignore[attr-defined]


async def who(request: Request) -> Actor:
    """Who asks; the public where a browser has not logged in, or no longer is."""
    secret, sessions = browsers.spoken(request), _sessions(request)
    if not secret:
        return await browsers.actor(request, sessions)
    if secret.startswith(PREFIX):
        return await sessions.actor(secret)
    channel = await channel_of_key(store_of(request), secret)
    if channel is None:
        raise Unauthenticated("unknown-key", "渠道密钥不正确或已停用。")
    return Actor(channel.code, channel.name, Role.CHANNEL)
