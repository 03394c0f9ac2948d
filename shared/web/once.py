"""A form that is sent twice at once is done once: a second click, also without script, is led where the first was.

Asked where a form is read (`Posted`), of whoever has logged in; answered as the door answers: it was done where that
leads elsewhere (303).
"""

import hashlib

import orjson
from fastapi import Request
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.audit.edge import entry_of
from shared.security.sessions import Sessions

DONE = "同样的内容刚才已经办理，没有重复办理。"
_KEY = "sent_once"


class DoneAlready(Exception):
    """The same was sent just before, and has led to `there`."""

    def __init__(self, there: str) -> None:
        super().__init__(there)
        self.there = there


async def must_be_first(request: Request, form: FormData) -> None:
    """Raise `DoneAlready` for what was sent just before, as soon as that is done."""
    session: str | None = getattr(request.state, "session", None)
    if session is None or not form:
        return
    sessions: Sessions = request.app.state.sessions
    here, sent = sessions.id_of(session), _told(session, request.url.path, form)
    if there := await sessions.once.be_first(here, sent):
        if entry := entry_of(request):
            entry.left_out = True
        raise DoneAlready(there)
    setattr(request.state, _KEY, (here, sent))


class Ended:
    """Tells how what was sent first has ended."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and tell."""

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_done = message["status"] == 303
                await self._end(scope, Headers(raw=message["headers"]).get("location") if is_done else None)
            await send(message)

        try:
            await self._app(scope, receive, tell)
        except BaseException:
            await self._end(scope, None)
            raise

    async def _end(self, scope: Scope, led: str | None) -> None:
        if first := scope.get("state", {}).pop(_KEY, None):
            here, sent = first
            await self._sessions.once.end(here, sent, led)


def _told(session: str, path: str, form: FormData) -> str:
    """What was sent, and where to; of files their names and sizes. Nobody who reads Redis can guess it: no password."""
    sent = [(name, [it.filename, it.size] if isinstance(it, UploadFile) else it) for name, it in form.multi_items()]
    return hashlib.sha256(orjson.dumps([session, path, sent])).hexdigest()
