"""What petitioners do by themselves, without an account, on a phone: file, see how it stands, nudge, reopen, rate."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.complaints import Nudged, Rated, Reopened
from services.intake.pages.filed import Filed
from services.intake.pages.kit import CHOICES, pages
from services.intake.store import directory
from services.intake.usecases import attaching, filing, petitioning
from services.intake.usecases.standing import standing
from shared import clock, replica
from shared.refusals import FieldFault, Invalid, NotFound, NotPossible
from shared.security.roles import Action, Actor
from shared.security.sessions import Sessions
from shared.web import browsers, forms
from shared.web.flash import done
from shared.web.forms import EMPTY, Posted
from shared.web.limits import left
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.uploads import Uploaded

router = APIRouter(include_in_schema=False)

MOST_FILED = 10
"""In a minute from one address: a village may share one, a machine shall not."""

Filing = Annotated[Actor, permit(Action.FILE)]
Asking = Annotated[Actor, permit(Action.READ_STATUS)]
Nudging = Annotated[Actor, permit(Action.NUDGE)]
Reopening = Annotated[Actor, permit(Action.ASK_REOPENING)]
Rating = Annotated[Actor, permit(Action.RATE)]
Link = Annotated[str, Path(max_length=80)]

SCORES = [("5", "5分 非常满意"), ("4", "4分 满意"), ("3", "3分 一般"), ("2", "2分 不满意"), ("1", "1分 很不满意")]


class AtHome(Filed):
    """What a petitioner fills in."""

    reference: str = ""
    center: str | None = None


class Known(BaseModel):
    """What opens a complaint to its petitioner."""

    number: str
    code: str


@router.get("/file")
async def show_filing(request: Request, _: Filing, session: Reader) -> HTMLResponse:
    """An empty form."""
    return await _filing_page(request, session)


@router.post("/file")
async def file(request: Request, _: Filing, form: Posted, uploads: Uploaded, session: Session) -> Response:
    """Register it; the number and the query code are told at once, and again if the page is loaded again (Art. 5)."""
    form.again = lambda session, form: _filing_page(request, session, form)
    sessions: Sessions = request.app.state.sessions
    await sessions.throttle.spend(f"file:{browsers.origin_of(request).line}", MOST_FILED)
    files = attaching.given(uploads.files())
    given = form.read(AtHome)
    fields = given.fields("reference") | {"reported_at": clock.now().isoformat(timespec="seconds")}
    registered = await filing.file(session, filing.SELF_SERVICE, fields, given.reference, files)
    calendar = await replica.calendar_of(session, registered.center)
    served = calendar.is_served(clock.now())
    opens_at = None if served else calendar.next_opening(clock.now())
    return await pages.show(request, "filed.html", tab="file", registered=registered, opens_at=opens_at)


@router.get("/status")
async def show_status(request: Request, _: Asking) -> HTMLResponse:
    """Ask for number and query code."""
    return await pages.show(request, "status.html", tab="status", found=None)


@router.post("/status")
async def status(request: Request, _: Asking, form: Posted, session: Reader) -> HTMLResponse:
    """How it stands. By POST, so that no query code stands in an address."""
    form.again = lambda _, form: pages.show(request, "status.html", tab="status", form=form, found=None)
    return await _status_page(request, session, form)


@router.post("/status/nudge")
async def nudge(request: Request, _: Nudging, form: Posted, session: Session) -> HTMLResponse:
    """催一催; what the petitioner sees then says that it was heard."""
    form.again = lambda session, form: _status_page(request, session, form)
    known = form.read(Known)
    await petitioning.nudge(session, known.number, known.code, form.read(Nudged).words)
    await session.flush()
    return await _status_page(request, session, form, "已收到您的催办，我们会督促办理。")


@router.post("/status/reopen")
async def reopen(request: Request, _: Reopening, form: Posted, session: Session) -> HTMLResponse:
    """Ask for it to be handled again."""
    form.again = lambda session, form: _status_page(request, session, form)
    known = form.read(Known)
    await petitioning.reopen(session, known.number, known.code, form.read(Reopened).words)
    await session.flush()
    return await _status_page(request, session, form, "已收到您的申请，您的诉求将重新办理。")


@router.get("/ratings/{link}")
async def show_rating(link: Link, request: Request, _: Rating, session: Reader) -> HTMLResponse:
    """Ask for one to five points; who has given them is told when, and a link that is none is refused."""
    return await _rating_page(request, session, link)


@router.post("/ratings/{link}")
async def rate(link: Link, request: Request, _: Rating, form: Posted, session: Session) -> Response:
    """Rate how it was handled, by the one-time link that came with its end."""
    form.again = lambda session, form: _rating_page(request, session, link, form)
    given = form.read(Rated)
    await petitioning.rate(session, link, given.score, given.words)
    return done("/intake/status", "感谢您的评价。")


@router.get("/privacy")
async def show_privacy(request: Request, _: Filing) -> HTMLResponse:
    """What becomes of what a petitioner says."""
    return await pages.show(request, "privacy.html", tab="file")


async def _filing_page(request: Request, session: AsyncSession, form: forms.Form = EMPTY) -> HTMLResponse:
    known = await directory.centers(session)
    names, active = await directory.names(session), await replica.center_codes(session)
    return await pages.show(
        request,
        "file.html",
        tab="file",
        form=form,
        reference=await filing.reference(session, filing.SELF_SERVICE, form.text("reference")),
        centers=sorted(((code, names.center(code)) for code in active), key=lambda each: each[0]),
        county=known.county or "",
        **CHOICES,
    )


async def _status_page(request: Request, session: AsyncSession, form: forms.Form, told: str = "") -> HTMLResponse:
    known = form.read(Known)
    try:
        found = await standing(session, known.number, known.code)
    except NotFound as refusal:
        raise Invalid(refusal.code, refusal.message, [FieldFault("code", refusal.message)]) from None
    return await pages.show(
        request,
        "status.html",
        tab="status",
        form=form,
        found=found,
        known=known,
        left=left(found.calendar, clock.now(), found.due_at),
        heard=told,
    )


async def _rating_page(request: Request, session: AsyncSession, link: str, form: forms.Form = EMPTY) -> HTMLResponse:
    over = ""
    try:
        await petitioning.must_be_ratable(session, link)
    except NotPossible as refusal:
        over = refusal.message
    return await pages.show(request, "rate.html", form=form, link=link, scores=SCORES, over=over)
