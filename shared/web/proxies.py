"""Who a request comes from, behind proxies: of those named in `FORWARDED_ALLOW_IPS` it is believed, of nobody else.

Uvicorn passes over what others say without a word; a house whose proxy is not named would take everybody for that one,
in its audit log and in its limits by address. So it is told, once an address.
"""

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from shared.logs import log

ANYBODY = "*"
SAYS_SO = b"x-forwarded-for"
MOST_TOLD = 20
"""Addresses; whoever reaches the house itself can say so as often as he likes."""

_log = log("proxies")


class Proxies(ProxyHeadersMiddleware):
    """Uvicorn's own rule, and a warning of who is not believed."""

    def __init__(self, app: ASGIApp, named: str) -> None:
        super().__init__(app, named)  # type: ignore[arg-type]
        self._told: set[str] = set()
        if named == ANYBODY:
            _log.warning(
                "anybody is believed",
                setting="FORWARDED_ALLOW_IPS",
                meaning="whoever reaches this port may claim any address: limits and the audit log are void",
            )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # type: ignore[override]
        """Answer a request as coming from whom a named proxy says."""
        if client := scope.get("client"):
            self._look(client[0], scope)
        await super().__call__(scope, receive, send)  # type: ignore[arg-type]

    def _look(self, address: str, scope: Scope) -> None:
        if address in self.trusted_hosts or address in self._told or len(self._told) >= MOST_TOLD:
            return
        if any(name == SAYS_SO for name, _ in scope["headers"]):
            self._told.add(address)
            _log.warning(
                "not believed",
                address=address,
                header="X-Forwarded-For",
                todo="if this is your proxy, name it in FORWARDED_ALLOW_IPS; else let only the proxy reach this port",
            )
