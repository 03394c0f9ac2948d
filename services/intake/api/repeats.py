"""The doors to what may be the same matter again; nothing is ever refused because of it (mechanism §2)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.api.texts import Text
from services.intake.usecases import reading, repeats
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(tags=["complaints"])

Window = Annotated[Actor, permit(Action.TRIAGE)]


class Said(BaseModel):
    """What a clerk is writing down."""

    phone: Annotated[str, Field(max_length=80)]
    content: Text


class RepeatView(BaseModel):
    """A complaint that may be the same, masked, and what makes it look so."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: str
    number: str
    registered_at: datetime
    name: str
    content: str
    state: str
    why: str


@router.post("/repeats")
async def of_what_is_said(given: Said, session: Reader, actor: Window) -> list[RepeatView]:
    """What may be repeated by what is being written down, the newest first."""
    found = await repeats.repeats(session, actor, given.phone, given.content)
    return [RepeatView.model_validate(each) for each in found]


@router.get("/complaints/{complaint_id:uuid}/repeats")
async def of(complaint_id: UUID, session: Reader, actor: Window) -> list[RepeatView]:
    """What may be the same matter as this one, the newest first."""
    await reading.whole(session, actor, str(complaint_id))
    found = await repeats.repeats_of(session, actor, str(complaint_id))
    return [RepeatView.model_validate(each) for each in found]
