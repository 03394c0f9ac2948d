"""Writing a case: what is personal in it is shown struck before it is kept, and can be put right."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.views import Draft, Id, Line
from services.casebook.domain.cases import Step, after
from services.casebook.domain.personal import Struck
from services.casebook.domain.text import Text
from services.casebook.pages.kit import Several, Writing, pages, shown
from services.casebook.pages.pieces import pieces
from services.casebook.tables import Case, as_struck
from services.casebook.usecases import candidates, desk, reading, writing
from shared import replica
from shared.security.roles import Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

PREVIEW = "preview"
"""What the button is called that keeps nothing."""
KEPT = "已保存。请核对脱敏结果，确认后提交审核。"

Shown = tuple[Text, Sequence[Struck]]
"""A text as it would be kept, and what was struck from it."""


class Typed(Draft):
    """A case as its form is typed."""

    also: Several = []


class Begun(Typed):
    """A case to begin, and where it comes from."""

    complaint_id: Id | None = None
    mechanism: Line | None = None


class Edited(Typed):
    """A case said otherwise, and the revision the editor had before him."""

    revision: int


@router.get("/write")
async def show_writing(
    request: Request, actor: Writing, session: Reader, complaint: Annotated[Id | None, Query()] = None
) -> HTMLResponse:
    """An empty case, or one that begins with what the closing of a complaint tells."""
    return await show_new(request, session, actor, complaint)


@router.post("/write")
async def write(request: Request, actor: Writing, form: Posted, session: Session) -> Response:
    """Keep a new draft; or show what would be struck from it."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await show_new(request, session, actor, form.text("complaint_id") or None, form)

    form.again = again
    given = form.read(Begun)
    if form.text("then") == PREVIEW:
        found = await writing.preview(session, given.written())
        return await show_new(request, session, actor, given.complaint_id, form, found)
    case = await writing.write(session, actor, given.written(), given.complaint_id, given.mechanism)
    return done(f"/casebook/cases/{case.id}", KEPT)


@router.get("/cases/{case_id}/edit")
async def show_editing(case_id: Id, request: Request, actor: Writing, session: Reader) -> HTMLResponse:
    """A case to be said otherwise."""
    return await _show_old(request, session, actor, case_id)


@router.post("/cases/{case_id}/edit")
async def edit(case_id: Id, request: Request, actor: Writing, form: Posted, session: Session) -> Response:
    """Keep it as it is said now; or show what would be struck from it."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await _show_old(request, session, actor, case_id, form)

    form.again = again
    given = form.read(Edited)
    if form.text("then") == PREVIEW:
        found = await writing.preview(session, given.written())
        return await _show_old(request, session, actor, case_id, form, found)
    await writing.edit(session, actor, case_id, given.written(), given.revision)
    return done(f"/casebook/cases/{case_id}", KEPT)


async def show_new(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    complaint_id: str | None,
    form: Form = EMPTY,
    found: Shown | None = None,
    dismissal: Form = EMPTY,
) -> HTMLResponse:
    """The form of a new case, with the complaint it is drawn from."""
    candidate = await candidates.to_draft(session, actor, complaint_id, to_change=False) if complaint_id else None
    return await _form(
        request,
        session,
        candidate.center if candidate else actor.center or "",
        form,
        found,
        action="/casebook/write",
        candidate=candidate,
        source=_struck(candidate.text, candidate.struck) if candidate else None,
        text=candidate.text if candidate else Text("", ""),
        dismissal=dismissal,
    )


async def _show_old(
    request: Request, session: AsyncSession, actor: Actor, case_id: str, form: Form = EMPTY, found: Shown | None = None
) -> HTMLResponse:
    case = (await reading.read(session, actor, case_id)).case
    after(await desk.standing(session, case), Step.EDIT, actor.id)
    return await _form(
        request,
        session,
        case.center,
        form,
        found,
        action=f"/casebook/cases/{case.id}/edit",
        case=case,
        text=case.text,
    )


async def _form(
    request: Request,
    session: AsyncSession,
    center: str,
    form: Form,
    found: Shown | None,
    *,
    case: Case | None = None,
    **more: Any,
) -> HTMLResponse:
    county = await replica.parent_of(session, center)
    given = {"candidate": None, "source": None, "dismissal": EMPTY} | more
    return await pages.show(
        request,
        "write.html",
        tab="drafts",
        form=form,
        case=case,
        preview=pieces(*found) if found else None,
        struck=found[1] if found else (),
        departments=await replica.departments_of(session, [center, *([county] if county else [])]),
        **given,
        **await shown(session),
    )


def _struck(text: Text, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What was told of a complaint, with what was struck from it where that stood."""
    return {"pieces": pieces(text, map(as_struck, rows)), "struck": rows}
