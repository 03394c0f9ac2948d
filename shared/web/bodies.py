"""How long a body may be, at every door: read no further, and refused with 413. What a door takes less of, it says."""

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.files.kinds import MOST_FILE_BYTES, MOST_FILES

MEGABYTE = 1024 * 1024
MOST = 12 * MEGABYTE
"""Of what a door reads as bytes: lines of submissions, Word templates."""
MOST_OF = {
    "application/json": 2 * MEGABYTE,
    "application/x-www-form-urlencoded": 2 * MEGABYTE,
    "multipart/form-data": MOST_FILES * MOST_FILE_BYTES + 2 * MEGABYTE,
}
"""Of what is made into objects before anybody is asked who he is, and of forms with files."""


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
        most, read = MOST_OF.get("application/json" if kind.endswith("+json") else kind, MOST), 0
        said = headers.get("content-length", "")

        async def count() -> Message:
            nonlocal read
            if said.isdecimal() and int(said) > most:
                raise HTTPException(413)
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self._app(scope, count, send)
