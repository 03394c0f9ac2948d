"""The doors to a case on paper, and to its Word template."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.casebook.api.views import Id
from services.casebook.usecases import papers
from shared.papers.doors import template_doors
from shared.papers.kinds import Format, on_paper
from shared.papers.printing import handed_out
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(tags=["papers"])
router.include_router(template_doors(papers.FORMS))


class Issued(BaseModel):
    """The number a case was given."""

    paper_id: str
    number: str


@router.post("/cases/{case_id}/paper", status_code=201)
async def issue(case_id: Id, session: Session, actor: Annotated[Actor, permit(Action.APPROVE_CASE)]) -> Issued:
    """Give a published case its number and date."""
    paper = await papers.issue(session, actor, case_id)
    return Issued(paper_id=paper.paper_id, number=paper.number)


@router.get("/cases/{case_id}/paper.{form}", response_class=Response, responses=on_paper())
async def print_case(
    case_id: Id, form: Format, session: Reader, actor: Annotated[Actor, permit(Action.READ_CASES)]
) -> Response:
    """A case on paper, for whoever may read it."""
    return await handed_out(await papers.sheets(session, actor, case_id), form, actor)
