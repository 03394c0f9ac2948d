"""The doors of discipline inspection beside its feeds: one file by number, and clues copied to it (mechanism §9)."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict

from services.dispatch.usecases import oversight
from shared.security.roles import Action, Actor
from shared.texts import Name, Words
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api", tags=["oversight"])

Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,36}$")]
Most = Annotated[int, Query(ge=1, le=200)]


class Asked(BaseModel):
    """Which file, and why."""

    number: Name
    reason: Words


class InspectionView(BaseModel):
    """A file was asked for."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: str
    number: str
    center: str
    reason: str
    at: datetime
    by: str


class Clue(BaseModel):
    """What was noticed."""

    text: Words


class ClueView(BaseModel):
    """A clue that was copied."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: str
    number: str
    center: str
    level: str
    text: str
    at: datetime
    by: str


@router.post("/inspections", status_code=201)
async def inspect(
    given: Asked, session: Session, actor: Annotated[Actor, permit(Action.INSPECT_FILE)]
) -> dict[str, Any]:
    """One file by its number, without the petitioner; it is kept who asked, when and why."""
    return await oversight.inspect(session, actor, given.number, given.reason)


@router.get("/inspections")
async def inspections(
    session: Reader, actor: Annotated[Actor, permit(Action.READ_INSPECTIONS)], limit: Most = 50
) -> list[InspectionView]:
    """The files that were asked for, the newest first."""
    return [InspectionView.model_validate(row) for row in await oversight.inspections(session, actor, limit)]


@router.post("/orders/{complaint_id}/clue", status_code=201)
async def copy_clue(
    complaint_id: Id, given: Clue, session: Session, actor: Annotated[Actor, permit(Action.COPY_CLUE)]
) -> dict[str, str]:
    """Copy a clue of misconduct to discipline inspection by hand; nobody else is told."""
    order = await oversight.copy_clue(session, actor, complaint_id, given.text)
    return {"complaint_id": order.complaint_id}


@router.get("/clues")
async def clues(
    session: Reader, actor: Annotated[Actor, permit(Action.READ_CLUES)], limit: Most = 50
) -> list[ClueView]:
    """The clues that were copied, the newest first."""
    return [ClueView.model_validate(row) for row in await oversight.clues(session, actor, limit)]
