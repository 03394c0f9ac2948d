"""Discipline inspection beside its feeds: a file by number and reason, who asked for which, clues (mechanism §9)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.api.oversight import Asked
from services.dispatch.pages import order
from services.dispatch.pages.kit import Before, show
from services.dispatch.usecases import oversight, reading
from shared.audit.edge import note
from shared.refusals import FieldFault, Invalid, NotFound
from shared.security.roles import Action, Actor
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

A_PAGE = 50

InspectionReader = Annotated[Actor, permit(Action.READ_INSPECTIONS)]
ClueReader = Annotated[Actor, permit(Action.READ_CLUES)]


@router.get("/inspections")
async def show_inspections(
    request: Request,
    actor: InspectionReader,
    session: Reader,
    number: Annotated[str, Query(max_length=80)] = "",
    before: Before = "",
) -> HTMLResponse:
    """Which files were asked for, the newest first, and for inspection the form to ask for one."""
    return await _page(request, session, actor, number=number, before=before)


@router.post("/inspections")
async def inspect(
    request: Request, actor: Annotated[Actor, permit(Action.INSPECT_FILE)], form: Posted, session: Session
) -> Response:
    """One file by its number, without the petitioner; it is kept who asked, when and why."""
    form.again = lambda session, form: _page(request, session, actor, form)
    given = form.read(Asked)
    note(request, subject=given.number, reason=given.reason)
    try:
        found = await oversight.inspected(session, actor, given.number, given.reason)
    except NotFound as error:  # a number mistyped is typed again
        raise Invalid(error.code, error.message, [FieldFault("number", error.message)]) from error
    return await order.page_of(request, session, actor, found)


async def _page(
    request: Request, session: AsyncSession, actor: Actor, form: Form = EMPTY, *, number: str = "", before: str = ""
) -> HTMLResponse:
    found = await oversight.inspections(session, actor, A_PAGE, before or None)
    return await show(
        request, session, actor, "inspections.html", "inspections",
        form=form,
        inspects=actor.may(Action.INSPECT_FILE),
        number=number,
        found=found,
        before=before,
        more=found[-1].inspection_id if len(found) == A_PAGE else None,
    )  # fmt: skip


@router.get("/clues")
async def show_clues(request: Request, actor: ClueReader, session: Reader, before: Before = "") -> HTMLResponse:
    """The clues of misconduct that were copied by hand, the newest first."""
    found = await oversight.clues(session, actor, A_PAGE, before or None)
    return await show(
        request, session, actor, "clues.html", "inspections" if actor.may(Action.READ_INSPECTIONS) else "desk",
        found=found,
        before=before,
        more=found[-1].clue_id if len(found) == A_PAGE else None,
        copies=actor.may(Action.COPY_CLUE),
        opens=actor.role not in reading.ABOVE,
    )  # fmt: skip
