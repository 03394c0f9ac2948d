"""The doors of attachments: a channel uploads them first, and hands over by their ids; an office opens them."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.intake.usecases import attaching
from shared.files.kinds import TYPES
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.uploads import Uploaded

router = APIRouter(prefix="/complaints", tags=["complaints"])
uploads = APIRouter(prefix="/attachments", tags=["submissions"])

_FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 5}
_SCHEMA = {"type": "object", "properties": {"attachments": _FILES}, "required": ["attachments"]}
_BODY = {"requestBody": {"content": {"multipart/form-data": {"schema": _SCHEMA}}, "required": True}}


class Attachment(BaseModel):
    """A file that waits for its submission: name it there by this id, within a week."""

    id: str
    name: str
    size: int


@uploads.post("", status_code=201, openapi_extra=_BODY)
async def upload(_: Annotated[Actor, permit(Action.REGISTER)], files: Uploaded, session: Session) -> list[Attachment]:
    """Upload up to 5 files of up to 10 MB each, before the submission that names them is handed over."""
    kept = await attaching.keep_ahead(session, files.files())
    return [Attachment(id=each.id, name=each.file.name, size=len(each.file.data)) for each in kept]


@router.get(
    "/{complaint_id:uuid}/attachments/{attachment_id:uuid}",
    response_class=Response,
    responses={200: {"content": {media_type: {} for media_type in TYPES.values()}}},
)
async def attachment(
    complaint_id: UUID,
    attachment_id: UUID,
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_ATTACHMENT)],
) -> Response:
    """A file as it came, to be saved: a browser never shows it as a page of this house."""
    found = await attaching.opened(session, actor, str(complaint_id), str(attachment_id))
    disposition = f"attachment; filename*=UTF-8''{quote(found.name)}"
    headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
    return Response(found.data, media_type=found.media_type, headers=headers)
