"""What every answer of the house says to browsers, whoever made it."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"
"""For what is no page: JSON, files."""
KEPT = "/static"
"""Below it lies what browsers may keep; all else is somebody's."""
HSTS = "max-age=31536000; includeSubDomains"


class Headers:
    """Adds them; a page has a policy of its own already."""

    def __init__(self, app: ASGIApp, *, only_https: bool) -> None:
        self._app = app
        self._always = ALWAYS | ({"Strict-Transport-Security": HSTS} if only_https else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with these headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._always.items():
                    headers[name] = value
                headers.setdefault("Content-Security-Policy", NOTHING_RUNS)
                if not scope["path"].startswith(f"{KEPT}/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, add)
