"""The doors to where a center is found and whom it meets (mechanism §9, §11)."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.directory.api.bodies import Code
from services.directory.api.facts import DirectoryReader
from services.directory.domain.contacts import PlaceKind
from services.directory.usecases import contacts
from shared.dates import Instant
from shared.security.roles import Action, Actor
from shared.texts import Name, Words
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter()

MeetingKeeper = Annotated[Actor, permit(Action.KEEP_MEETINGS)]


class PlaceGiven(BaseModel):
    """A window, zone or coordination room: where, who works there, since when, merged with which earlier desk."""

    place: Name
    staff: Annotated[list[Name], Field(min_length=1, max_length=50)]
    opened_on: date
    merged_from: Name | None = None


class PlaceView(BaseModel):
    """The same as it was recorded."""

    model_config = ConfigDict(from_attributes=True)

    center: str
    kind: PlaceKind
    revision: int
    place: str
    staff: list[str]
    opened_on: date
    merged_from: str | None
    at: datetime
    by: str


class MeetingGiven(BaseModel):
    """常态化联络: with which liaisons, when, who came, about what, and what was agreed."""

    liaisons: Annotated[list[Name], Field(min_length=1, max_length=50)]
    held_at: Instant
    attendees: Words
    subject: Words
    agreed: Words


class MeetingView(BaseModel):
    """The same as it was recorded."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    center: str
    liaisons: list[str]
    held_at: datetime
    attendees: str
    subject: str
    agreed: str
    at: datetime
    by: str


@router.put("/centers/{center}/places/{kind}")
async def record_place(
    center: Code, kind: PlaceKind, given: PlaceGiven, session: Session,
    actor: Annotated[Actor, permit(Action.KEEP_PLACES)],
) -> PlaceView:  # fmt: skip
    """Record a place as it is now."""
    place = contacts.Place(**given.model_dump())
    return PlaceView.model_validate(await contacts.record_place(session, actor, center, kind, place))


@router.get("/centers/{center}/places")
async def places(center: Code, session: Reader, _: DirectoryReader, history: bool = False) -> list[PlaceView]:
    """A center's places; with `history`, everything they were, the latest first."""
    return [PlaceView.model_validate(row) for row in await contacts.places(session, center, history=history)]


@router.post("/centers/{center}/meetings", status_code=201)
async def record_meeting(center: Code, given: MeetingGiven, session: Session, actor: MeetingKeeper) -> MeetingView:
    """Keep the minutes of a meeting with liaisons."""
    minutes = contacts.Minutes(**given.model_dump())
    return MeetingView.model_validate(await contacts.record_meeting(session, actor, center, minutes))


@router.get("/meetings")
async def meetings(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_MEETINGS)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[MeetingView]:
    """The meetings of one's own level, the one held last first."""
    return [MeetingView.model_validate(row) for row in await contacts.meetings(session, actor, limit)]
