"""A case on its way to the public, and out of it."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from services.casebook.api.views import CaseText, CaseView, Id, Remark
from services.casebook.usecases import publishing
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Session

router = APIRouter(prefix="/cases")

Writing = Annotated[Actor, permit(Action.WRITE_CASE)]
Approving = Annotated[Actor, permit(Action.APPROVE_CASE)]
Signing = Annotated[Actor, permit(Action.COSIGN_CASE)]


class Imported(BaseModel):
    """How many cases were new, of how many given."""

    published: int
    given: int


@router.post("/import")
async def import_published(
    given: Annotated[list[CaseText], Field(max_length=5000)], session: Session, actor: Approving
) -> Imported:
    """Take over cases that are public already; the same again adds nothing."""
    new = await publishing.import_published(session, actor, (case.text() for case in given))
    return Imported(published=new, given=len(given))


@router.post("/{case_id}/submit")
async def submit(case_id: Id, given: Remark, session: Session, actor: Writing) -> CaseView:
    """Hand it to the bureau."""
    return CaseView.model_validate(await publishing.submit(session, actor, case_id, given.remark))


@router.post("/{case_id}/approve")
async def approve(case_id: Id, given: Remark, session: Session, actor: Approving) -> CaseView:
    """Approve it."""
    return CaseView.model_validate(await publishing.approve(session, actor, case_id, given.remark))


@router.post("/{case_id}/return")
async def give_back(case_id: Id, given: Remark, session: Session, actor: Approving) -> CaseView:
    """Return it to its editor, with the reason."""
    return CaseView.model_validate(await publishing.give_back(session, actor, case_id, given.remark))


@router.post("/{case_id}/cosign")
async def cosign(case_id: Id, session: Session, actor: Signing) -> CaseView:
    """Sign it for a department that publishes it together with the bureau."""
    return CaseView.model_validate(await publishing.cosign(session, actor, case_id))


@router.post("/{case_id}/publish")
async def publish(case_id: Id, given: Remark, session: Session, actor: Approving) -> CaseView:
    """Make it public."""
    return CaseView.model_validate(await publishing.publish(session, actor, case_id, given.remark))


@router.post("/{case_id}/withdraw")
async def withdraw(case_id: Id, given: Remark, session: Session, actor: Approving) -> CaseView:
    """Take it from the public, with the reason."""
    return CaseView.model_validate(await publishing.withdraw(session, actor, case_id, given.remark))
