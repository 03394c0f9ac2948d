"""What the audit log is told of a request that no transaction has told it of: read, denied, or failed."""

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.audit.edge import entry_of
from shared.audit.keeping import Collected


class Audited:
    """Collects them as they are answered."""

    def __init__(self, app: ASGIApp, collected: Collected) -> None:
        self._app = app
        self._collected = collected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and note how."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry = entry_of(Request(scope))
                if entry and entry.is_told(message["status"]):
                    self._collected.add(entry.told(message["status"]))
                    entry.written = True
            await send(message)

        await self._app(scope, receive, note)
