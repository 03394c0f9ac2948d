"""Complaints closed as typical that await their draft."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from services.casebook.api.views import Id, StruckView
from services.casebook.usecases import candidates
from shared.security.roles import Action, Actor
from shared.texts import Words
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/candidates")

Writing = Annotated[Actor, permit(Action.WRITE_CASE)]
Looking = Annotated[Actor, permit(Action.READ_CANDIDATES)]


class CandidateView(BaseModel):
    """What there is to draw a case from, by when, and what was struck from it."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: str
    center: str
    number: str
    title: str
    problem: str
    conclusion: str
    basis: str
    struck: list[StruckView]
    closed_at: datetime
    due_at: datetime
    dismissed_because: str | None


class Dismissal(BaseModel):
    """Why no case is drawn from it after all."""

    reason: Words


@router.get("")
async def browse(session: Reader, actor: Looking, overdue: bool = False) -> list[CandidateView]:
    """What awaits its draft, or only what has done so for too long; the oldest first."""
    found = await candidates.browse(session, actor, overdue=overdue)
    return [CandidateView.model_validate(row) for row in found]


@router.post("/{complaint_id}/dismiss")
async def dismiss(complaint_id: Id, given: Dismissal, session: Session, actor: Writing) -> CandidateView:
    """Say that no case is drawn from it, and why."""
    return CandidateView.model_validate(await candidates.dismiss(session, actor, complaint_id, given.reason))
