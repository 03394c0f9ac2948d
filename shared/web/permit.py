"""Each door says which action it is: `actor: Annotated[Actor, permit(Action.TRIAGE)]`.

A service with a door that does not is refused at start.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shared.refusals import Forbidden, Unauthenticated
from shared.replica import channel_of_key
from shared.security.roles import PUBLIC, SAMPLE_READING, Action, Actor, Role
from shared.security.sessions import PREFIX, Sessions
from shared.settings import settings
from shared.web.session import store_of


class Permit:
    """The dependency behind a door: who asks, when that one may."""

    def __init__(self, action: Action) -> None:
        self.action = action

    async def __call__(self, request: Request) -> Actor:
        """The actor; or 401 without a valid session or key, 403 without the permission."""
        actor = await _who(request)
        if actor.may(self.action) or (actor is PUBLIC and settings().sample and self.action in SAMPLE_READING):
            return actor
        if actor is PUBLIC:
            raise Unauthenticated("no-session", "请先登录，或出示渠道密钥。")
        raise Forbidden("not-allowed", "您的岗位不能进行这项操作。")


def permit(action: Action) -> Any:
    """The dependency for a door that is this action."""
    return Depends(Permit(action))


def must_have_permits(app: FastAPI) -> None:
    """Refuse to start with a door that says no action."""
    for door in doors(app.routes):
        if not any(isinstance(each.call, Permit) for each in door.dependant.dependencies):
            raise RuntimeError(f"{door.path} has no permit")


def doors(routes: Iterable[BaseRoute]) -> Iterator[APIRoute]:
    """Every door behind these routes; FastAPI keeps those of an included router inside it."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif isinstance(router := getattr(route, "original_router", None), APIRouter):
            yield from doors(router.routes)


async def _who(request: Request) -> Actor:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return PUBLIC
    if secret.startswith(PREFIX):
        sessions: Sessions = request.app.state.sessions
        return await sessions.actor(secret)
    channel = await channel_of_key(store_of(request), secret)
    if channel is None:
        raise Unauthenticated("unknown-key", "渠道密钥不正确或已停用。")
    return Actor(channel.code, channel.name, Role.CHANNEL)
