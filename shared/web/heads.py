"""HEAD is answered as GET is, without the body: monitors, and previews of links, ask so."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.live import KIND


class Heads:
    """Asks for the whole and leaves the body out; not of a stream, which has no end."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope.get("method") != "HEAD" or KIND in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return

        async def leave_out(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(dict(scope, method="GET"), receive, leave_out)
