"""Files that come with a form: looked at before a door has a transaction, refused where the door takes them.

async def file(request: Request, actor: Filing, form: Posted, uploads: Uploaded, session: Session) -> Response:
    form.again = …
    files = uploads.files()
"""

import asyncio
from typing import Annotated

from fastapi import Depends

from shared.files.kinds import MOST_FILE_BYTES, MOST_FILES
from shared.files.received import FIELD, File, received
from shared.refusals import Invalid
from shared.web.forms import Posted


class Uploads:
    """What was handed over, or why not."""

    def __init__(self, found: list[File] | Invalid) -> None:
        self._found = found

    def files(self) -> list[File]:
        """The files that may be kept; raises `Invalid`."""
        if isinstance(self._found, Invalid):
            raise self._found
        return self._found


async def _uploads(form: Posted) -> Uploads:
    chosen = form.files(FIELD)[: MOST_FILES + 1]
    given = [(file.filename or "", await file.read(MOST_FILE_BYTES + 1)) for file in chosen]
    try:
        return Uploads(await asyncio.to_thread(received, given))
    except Invalid as refusal:
        return Uploads(refusal)


Uploaded = Annotated[Uploads, Depends(_uploads)]
"""What a door takes after the form, and before the session."""
