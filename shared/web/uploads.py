"""Files that come with a form: looked at before a door has a transaction, refused where the door takes them.

async def file(request: Request, actor: Filing, form: Posted, uploads: Uploaded, session: Session) -> Response:
    form.again = …
    files = uploads.files()
"""

import asyncio
from typing import Annotated

from fastapi import Depends, Request

from shared.files.kinds import MOST_FILE_BYTES, MOST_FILES
from shared.files.received import FIELD, File, received
from shared.refusals import Refusal
from shared.security.roles import PUBLIC
from shared.security.sessions import Sessions
from shared.web.browsers import origin_of
from shared.web.forms import Posted

MOST_A_MINUTE = 10
"""Forms with files from one address without login: to look into them takes a while."""


class Uploads:
    """What was handed over, or why not."""

    def __init__(self, found: list[File] | Refusal) -> None:
        self._found = found

    def files(self) -> list[File]:
        """The files that may be kept; raises `Invalid`, or `TooMany`."""
        if isinstance(self._found, Refusal):
            raise self._found
        return self._found


async def _uploads(request: Request, form: Posted) -> Uploads:
    chosen = form.files(FIELD)[: MOST_FILES + 1]
    try:
        if chosen and request.state.actor is PUBLIC:
            sessions: Sessions = request.app.state.sessions
            await sessions.throttle.spend(f"upload:{origin_of(request).line}", MOST_A_MINUTE)
        given = [(file.filename or "", await file.read(MOST_FILE_BYTES + 1)) for file in chosen]
        return Uploads(await asyncio.to_thread(received, given))
    except Refusal as refusal:
        return Uploads(refusal)


Uploaded = Annotated[Uploads, Depends(_uploads)]
"""What a door takes after the form, and before the session."""
