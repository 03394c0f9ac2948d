"""The doors of `yousu privacy`: whom it is time to erase, and erasing one, each with its line in the audit log."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from services.intake.api.texts import Reason
from services.intake.usecases import erasing
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/erasures", tags=["privacy"])

Eraser = Annotated[Actor, permit(Action.ERASE)]


class Erasure(BaseModel):
    """Whose petitioner shall be erased, and why."""

    number: str = Field(max_length=100)
    reason: Reason


class Erased(BaseModel):
    """The complaint, which stays."""

    complaint_id: str
    number: str


class Due(BaseModel):
    """Those for whom it is time, some at a time: ask again when these are erased."""

    numbers: list[str]


class Before(BaseModel):
    """Before which day."""

    before: date
    reason: Reason


class Forgotten(BaseModel):
    """How many."""

    forgotten: int


@router.get("/due")
async def due(actor: Eraser, session: Reader, closed_before: Annotated[date, Query()]) -> Due:
    """Which complaints ended before a day, and still tell who complained."""
    return Due(numbers=list(await erasing.due(session, actor, closed_before)))


@router.post("")
async def erase(given: Erasure, request: Request, actor: Eraser, session: Session) -> Erased:
    """Erase who complained; number, dates, departments and counts stay."""
    found = await erasing.erase(session, actor, given.number, given.reason)
    note(request, subject=found.complaint_id, reason=given.reason)
    return Erased(complaint_id=found.complaint_id, number=found.number)


@router.post("/rejected")
async def forget_rejected(given: Before, request: Request, actor: Eraser, session: Session) -> Forgotten:
    """Forget what channels sent before a day and could not be registered."""
    note(request, reason=given.reason)
    return Forgotten(forgotten=await erasing.forget_rejected(session, actor, given.before))
