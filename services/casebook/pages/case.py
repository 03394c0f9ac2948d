"""The page of a case: for everyone what it says; for those who have to do with it what was struck, its way, acts."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.views import Cited, Id
from services.casebook.domain.cases import State, Step
from services.casebook.domain.text import missing
from services.casebook.pages.acts import ACTS, ASIDE, Act
from services.casebook.pages.kit import Approving, Reading, pages, shown
from services.casebook.pages.pieces import pieces
from services.casebook.store import cases as store
from services.casebook.tables import as_struck
from services.casebook.usecases import papers, reading, shelves
from shared.security.roles import Action, Actor, Role
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

Chosen = Annotated[str, Query(max_length=20)]
Citing = Annotated[Actor, permit(Action.CITE_CASE)]


@router.get("/cases/{case_id}")
async def show_case(
    case_id: Id,
    request: Request,
    actor: Reading,
    session: Reader,
    do: Chosen = "",
    helps: Annotated[Id | None, Query(alias="for")] = None,
) -> HTMLResponse:
    """A case; `do` opens the form of something else than what is next, `for` is the complaint one is sought for."""
    return await _page(request, session, actor, case_id, do=do, helps=helps)


def _take(act: Act) -> None:
    """The door to which the form of this is sent."""

    @router.post(f"/cases/{{case_id}}/{act.step.value}", name=f"do {act.step.value}")
    async def do(
        case_id: Id, request: Request, actor: Annotated[Actor, permit(act.permission)], form: Posted, session: Session
    ) -> Response:
        async def again(session: AsyncSession, form: Form) -> HTMLResponse:
            return await _page(request, session, actor, case_id, do=act.step.value, form=form)

        form.again = again
        case = await act.do(session, actor, case_id, form.read(act.body) if act.body else None)
        return done(f"/casebook/cases/{case.id}", act.done)


for each in ACTS.values():
    _take(each)


@router.post("/cases/{case_id}/paper")
async def issue(case_id: Id, request: Request, actor: Approving, form: Posted, session: Session) -> Response:
    """Give a published case its number and date."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await _page(request, session, actor, case_id, form=form)

    form.again = again
    paper = await papers.issue(session, actor, case_id)
    return done(f"/casebook/cases/{case_id}", f"已编号印发：{paper.number}。")


@router.post("/cases/{case_id}/cite")
async def cite(case_id: Id, request: Request, actor: Citing, form: Posted, session: Session) -> Response:
    """Note that this case helps with a complaint, and go back there."""

    async def again(session: AsyncSession, form: Form) -> HTMLResponse:
        return await _page(request, session, actor, case_id, form=form, helps=form.text("complaint_id") or None)

    form.again = again
    helps = form.read(Cited).complaint_id
    case = await reading.cite(session, actor, case_id, helps)
    place = "/dispatch/orders" if actor.role is Role.OFFICER else "/intake/complaints"
    return done(f"{place}/{helps}", f"已记录：本件参考案例《{case.title}》。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    case_id: str,
    *,
    do: str = "",
    form: Form = EMPTY,
    helps: str | None = None,
) -> HTMLResponse:
    whole = await reading.read(session, actor, case_id)
    case = whole.case
    offer = await shelves.offer(session, actor, case) if whole.is_inside else shelves.Offer()
    acts = [act for step, act in ACTS.items() if step in offer.steps]
    forms = [act for act in acts if act.body]
    asked = [act for act in forms if act.step == do] or [act for act in forms if act.step not in ASIDE]
    opened, above = (asked[0] if asked else None), EMPTY
    if form.message:
        # What was typed stays, even where the case has gone on meanwhile; of a mere button the refusal stands above.
        sent = ACTS.get(Step(do)) if do in list(Step) else None
        opened, form, above = (sent, form, EMPTY) if sent and sent.body else (opened, EMPTY, form)
    origin = await store.candidate(session, case.complaint_id, to_change=False) if case.complaint_id else None
    return await pages.show(
        request,
        "case.html",
        tab=_tab(actor) if whole.is_inside else "cases",
        form=form,
        above=above,
        case=case,
        inside=whole if whole.is_inside else None,
        said=pieces(case.text, map(as_struck, case.struck) if whole.is_inside else ()),
        signed={signature.department for signature in whole.signatures},
        offer=offer,
        acts=acts,
        opened=opened,
        edits=Step.EDIT in offer.steps,
        lacking=missing(case.text) if Step.EDIT in offer.steps else [],
        number=origin.number if origin else "",
        reads_complaint=actor.may(Action.READ_COMPLAINT),
        versions=await reading.versions(session, actor, case_id),
        paper=await papers.issued(session, case),
        issues=actor.may(Action.APPROVE_CASE) and case.state == State.PUBLISHED,
        helps=helps if actor.may(Action.CITE_CASE) and case.state == State.PUBLISHED else None,
        is_own=actor.may(Action.APPROVE_CASE) and actor.id in offer.writers,
        **await shown(session),
    )


def _tab(actor: Actor) -> str:
    """The desk from which this actor comes to cases that are not public."""
    if actor.role is Role.OFFICER:
        return "cosigning"
    return "approving" if actor.may(Action.APPROVE_CASE) else "drafts"
