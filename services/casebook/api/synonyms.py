"""The synonym table."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from services.casebook.api.views import Line
from services.casebook.tables import Synonym
from services.casebook.usecases import searching
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/synonyms")

Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Keeping = Annotated[Actor, permit(Action.KEEP_SYNONYMS)]


class Group(BaseModel):
    """Words that mean the same."""

    words: Annotated[list[Line], Field(max_length=100)]


class GroupView(BaseModel):
    """A group of the table; `by` is empty where it was shipped."""

    id: int
    words: list[str]
    by: str
    at: datetime | None

    @classmethod
    def of(cls, row: Synonym) -> Self:
        """A row of the table."""
        return cls(id=row.id, words=row.words.split(), by=row.by, at=row.at)


class Removed(BaseModel):
    """Which group is gone."""

    removed: int


@router.get("")
async def browse(session: Reader, _: Keeping) -> list[GroupView]:
    """The whole table."""
    return [GroupView.of(row) for row in await searching.synonyms(session)]


@router.post("", status_code=201)
async def add(given: Group, session: Session, actor: Keeping) -> GroupView:
    """Add a group; it helps to find cases at once."""
    return GroupView.of(await searching.add_synonym(session, actor, given.words))


@router.delete("/{number}")
async def remove(number: Number, session: Session, _: Keeping) -> Removed:
    """Remove a group."""
    await searching.remove_synonym(session, number)
    return Removed(removed=number)
