"""诉求登记: a complaint taken in at the window, in one screen and without a mouse (Art. 5, 6)."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.texts import Code, Text
from services.intake.domain.foreseen import Foreseen, Limits, foreseen
from services.intake.domain.words import SOURCES
from services.intake.pages.filed import Filed
from services.intake.pages.kit import CHOICES, pages
from services.intake.usecases import attaching, counter, filing
from services.intake.usecases.repeats import repeats
from shared import clock
from shared.events.intake import Triage
from shared.replica import calendar_of
from shared.security.roles import Action, Actor
from shared.settings import settings
from shared.web import forms
from shared.web.flash import done
from shared.web.forms import EMPTY, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.uploads import Uploaded
from shared.workdays import CHINA

router = APIRouter(include_in_schema=False)

Registrar = Annotated[Actor, permit(Action.REGISTER)]
HERE = "/intake/register"


class AtTheWindow(Filed):
    """What is filled in at the window: the complaint, how it is sorted, and how it was settled on the spot."""

    reference: str = ""
    triage: Triage | None = None
    result: Text | None = None
    helped_by: Code | None = None
    then: str | None = None
    """`settle`: it is settled on the spot."""


@router.get("/register")
async def show_register(request: Request, actor: Registrar, session: Reader) -> HTMLResponse:
    """An empty form, with a reference of one use."""
    return await _page(request, session, actor)


@router.post("/register")
async def register(request: Request, actor: Registrar, form: Posted, uploads: Uploaded, session: Session) -> Response:
    """Register it, sort it if that was chosen, and settle it on the spot if that was pressed."""
    form.again = lambda session, form: _page(request, session, actor, form)
    files = attaching.given(uploads.files())
    given = form.read(AtTheWindow)
    fields = given.fields("reference", "triage", "result", "helped_by", "then") | {"center": actor.center or ""}
    after = counter.After(given.triage, given.result, given.helped_by, on_the_spot=given.then == "settle")
    registered = await counter.register(session, actor, fields, given.reference, after, files)
    return done(f"/intake/complaints/{registered.complaint_id}", f"已登记：{registered.number}。")


@router.get("/fragments/limit")
async def show_limit(
    actor: Registrar, session: Reader, triage: Annotated[Triage | None, Query()] = None
) -> HTMLResponse:
    """The limit of what is sorted so, if it were dispatched now, day by day."""
    return pages.fragment("limit.html", limit=await _limit(session, actor, triage))


@router.post("/fragments/repeats")
async def show_repeats(
    actor: Registrar,
    session: Reader,
    phone: Annotated[str, Form(alias="petitioner.phone", max_length=100)] = "",
    content: Annotated[str, Form(max_length=20_000)] = "",
) -> HTMLResponse:
    """Possible repeats of what is being typed; asked by POST, so that no phone stands in an address."""
    return pages.fragment("repeats.html", repeats=await repeats(session, actor, phone, content))


async def _page(request: Request, session: AsyncSession, actor: Actor, form: forms.Form = EMPTY) -> HTMLResponse:
    triage = form.text("triage")
    known = Triage(triage) if triage in set(Triage) else None
    return await pages.show(
        request,
        "register.html",
        tab="register",
        form=form,
        here=HERE,
        reference=await filing.reference(session, actor, form.text("reference")),
        source=SOURCES["window"],
        local_now=f"{clock.now().astimezone(CHINA):%Y-%m-%d %H:%M}",
        limit=await _limit(session, actor, known),
        repeats=await repeats(session, actor, form.text("petitioner.phone"), form.text("content")),
        **CHOICES,
    )


async def _limit(session: AsyncSession, actor: Actor, triage: Triage | None) -> Foreseen | None:
    if triage is None:
        return None
    given = settings()
    limits = Limits(given.plan_working_days, given.reasons_working_days, given.refused_working_days)
    return foreseen(triage, await calendar_of(session, actor.center or ""), clock.now(), limits)
