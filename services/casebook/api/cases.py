"""Reading, seeking, writing and citing cases."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.casebook.api.views import (
    CaseView,
    CaseWithWay,
    Cited,
    Confirmed,
    Draft,
    EditedCase,
    Id,
    Lines,
    NewCase,
    Preview,
)
from services.casebook.domain.cases import State
from services.casebook.usecases import reading, searching, writing
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/cases")

Writing = Annotated[Actor, permit(Action.WRITE_CASE)]
Reading = Annotated[Actor, permit(Action.READ_CASES)]
Citing = Annotated[Actor, permit(Action.CITE_CASE)]
Top = Annotated[int, Query(ge=1, le=100)]


class CitedView(BaseModel):
    """On how many complaints a case was cited."""

    citations: int


@router.get("")
async def find(
    session: Reader, actor: Reading, q: Annotated[Lines, Query()] = "", state: State | None = None, top: Top = 20
) -> list[CaseView]:
    """The public cases most like `q`, best first; without it the newest, and for staff those they have to do with."""
    if q.strip():
        return [CaseView.scored(case, score) for case, score in await searching.similar(session, q, top)]
    return [CaseView.model_validate(case) for case in await reading.browse(session, actor, state, top)]


@router.get("/most-cited")
async def most_cited(session: Reader, _: Reading, top: Top = 20) -> list[CaseView]:
    """The public cases that were cited, the most cited first."""
    return [CaseView.model_validate(case) for case in await reading.most_cited(session, top)]


@router.post("/preview")
async def preview(given: Draft, session: Reader, _: Writing) -> Preview:
    """What would be struck from a text, and what would stand instead; nothing is kept."""
    return Preview.of(*await writing.preview(session, given.written()))


@router.get("/{case_id}")
async def read(case_id: Id, session: Reader, actor: Reading) -> CaseWithWay:
    """One case."""
    return CaseWithWay.of(await reading.read(session, actor, case_id))


@router.get("/{case_id}/versions")
async def versions(case_id: Id, session: Reader, actor: Reading) -> list[CaseView]:
    """The case with all it replaced and was replaced by, the oldest first."""
    return [CaseView.model_validate(case) for case in await reading.versions(session, actor, case_id)]


@router.post("", status_code=201)
async def write(given: NewCase, session: Session, actor: Writing) -> CaseView:
    """Begin a case, from a typical complaint or from another response mechanism."""
    case = await writing.write(session, actor, given.written(), given.complaint_id, given.mechanism)
    return CaseView.model_validate(case)


@router.put("/{case_id}")
async def edit(case_id: Id, given: EditedCase, session: Session, actor: Writing) -> CaseView:
    """Say it otherwise."""
    return CaseView.model_validate(await writing.edit(session, actor, case_id, given.written(), given.revision))


@router.post("/{case_id}/confirm")
async def confirm(case_id: Id, given: Confirmed, session: Session, actor: Writing) -> CaseView:
    """Say that what was struck is right, and nothing personal is left."""
    return CaseView.model_validate(await writing.confirm(session, actor, case_id, given.revision))


@router.post("/{case_id}/revise", status_code=201)
async def revise(case_id: Id, session: Session, actor: Writing) -> CaseView:
    """Begin a newer case that replaces this public one when it is published."""
    return CaseView.model_validate(await writing.revise(session, actor, case_id))


@router.post("/{case_id}/cite")
async def cite(case_id: Id, given: Cited, session: Session, actor: Citing) -> CitedView:
    """Note that this case helps with a complaint; counted once for each."""
    return CitedView(citations=(await reading.cite(session, actor, case_id, given.complaint_id)).citations)
