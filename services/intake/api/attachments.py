"""The door to the files that came with a complaint."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Response

from services.intake.usecases import attaching
from shared.files.kinds import TYPES
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(prefix="/complaints", tags=["complaints"])


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
