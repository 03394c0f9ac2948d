"""How long a body may be, at every door: read no further, and refused with 413. What a door takes less of, it says."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.files.kinds import MOST_FILE_BYTES, MOST_FILES

MEGABYTE = 1024 * 1024
WITH_FILES = "multipart/form-data"
MOST = 12 * MEGABYTE
"""Of what a door reads as bytes: lines of submissions, Word templates."""
MOST_OF = {
    "application/json": 2 * MEGABYTE,
    "application/x-www-form-urlencoded": 2 * MEGABYTE,
    WITH_FILES: MOST_FILES * MOST_FILE_BYTES + 2 * MEGABYTE,
}
"""Of what is made into objects before anybody is asked who he is, and of forms with files."""

_LONGER = "longer_body"


def may_be_longer(request: Request, most: int) -> None:
    """This door keeps no more than it needs, and says itself what is wrong with a body of up to so many bytes."""
    setattr(request.state, _LONGER, most)


class Bodies:
    """Counts what comes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; whoever reads further than may be is told so."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Request(scope).headers
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        most, read, is_more = MOST_OF.get("application/json" if kind.endswith("+json") else kind, MOST), 0, True
        said = headers.get("content-length", "") if kind == WITH_FILES else ""

        async def count() -> Message:
            nonlocal read, is_more
            at_most = scope.get("state", {}).get(_LONGER, most)
            if is_more and (read > at_most or (said.isdecimal() and int(said) > at_most)):
                raise HTTPException(413)
            message = await receive()
            read, is_more = read + len(message.get("body", b"")), message.get("more_body", False)
            return message

        await self._app(scope, count, send)
