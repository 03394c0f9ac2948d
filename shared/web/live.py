"""The stream that tells an open desk to look again: server-sent events without anything in them.

    @router.get("/fragments/live")
    async def listen(request: Request, actor: Annotated[Actor, permit(Action.SEE_COUNTS)]) -> Response:
        return await stream(request, {actor.center})

The desk says `kit.live("/dispatch/fragments/live", "/dispatch/fragments/desk")` around what it shows: told to look, it
fetches that fragment, with the permission of whoever looks. Nobody's session is kept alive by it, and it ends with the
session.
"""

from collections.abc import AsyncIterator, Collection

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from shared.refusals import NotAcceptable, Unauthenticated, Unavailable
from shared.security.roles import Actor
from shared.security.sessions import Sessions
from shared.settings import settings
from shared.web.session import store_of

KIND = "text/event-stream"
PAUSE = 1.0
"""Seconds between two looks at least: what changes meanwhile is seen by the second."""
HEARTBEAT = 15.0
"""Seconds of silence at most, so that whoever carries the stream keeps it, and an ended session is noticed."""
LOOK = "retry: 5000\ndata: look\n\n"
BEAT = ": still here\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


async def stream(request: Request, desks: Collection[str]) -> Response:
    """Tell whoever asks to look at these desks, now and whenever something on them has changed."""
    token: str | None = getattr(request.state, "session", None)
    if token is None or KIND not in request.headers.get("accept", ""):
        raise NotAcceptable("only-a-stream", "这个地址只供页面实时刷新使用。")
    if not desks:
        return Response(status_code=204)  # to a browser: do not come back
    store_of(request).desks.must_have_room(token, settings().live_streams_per_session, settings().live_streams)
    return StreamingResponse(_looks(request, token, desks), media_type=KIND, headers=HEADERS)


async def _looks(request: Request, token: str, desks: Collection[str]) -> AsyncIterator[str]:
    with store_of(request).desks.opened(token, desks) as watch:
        has_changed = True  # between the page and its stream, perhaps
        while not watch.is_over and await _is_still_in(request, token):
            yield LOOK if has_changed else BEAT
            if has_changed:
                await watch.pause(PAUSE)
            has_changed = await watch.changed(within=HEARTBEAT)


async def _is_still_in(request: Request, token: str) -> bool:
    """Whether the session goes on, as the one who asked; nobody has touched a thing."""
    sessions: Sessions = request.app.state.sessions
    actor: Actor = request.state.actor
    try:
        return await sessions.actor(token, touch=False) == actor
    except (Unauthenticated, Unavailable):
        return False
