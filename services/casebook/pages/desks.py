"""Three desks: of those who write cases, of those who approve them, and of the departments that sign."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.candidates import Dismissal
from services.casebook.api.views import Id
from services.casebook.domain.cases import State
from services.casebook.pages.kit import Approving, Signing, Writing, pages, shown
from services.casebook.pages.writing import show_new
from services.casebook.usecases import candidates, shelves
from services.casebook.usecases.shelves import Lying, Shelf
from shared import clock, replica
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.web import limits
from shared.web.flash import done
from shared.web.forms import Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

ENDED = "ended"
SHELVES: dict[str, tuple[str, tuple[State, ...]]] = {
    State.DRAFT: ("草稿", (State.DRAFT,)),
    State.RETURNED: ("已退回", (State.RETURNED,)),
    State.SUBMITTED: ("待审核", (State.SUBMITTED,)),
    State.APPROVED: ("已审核，待发布", (State.APPROVED,)),
    State.PUBLISHED: ("已发布", (State.PUBLISHED,)),
    ENDED: ("已撤回、已替换", (State.WITHDRAWN, State.REPLACED)),
}
"""What lies on the desks, in the order of a case's way: what it is called, and the states it is of."""

WriterShows = Annotated[
    Literal["", "candidates", "draft", "returned", "submitted", "approved", "published", "ended"], Query(alias="show")
]
ApproverShows = Annotated[Literal["", "submitted", "approved", "returned", "published", "ended"], Query(alias="show")]
PageNumber = Annotated[int, Query(ge=1, le=1000)]


@dataclass(frozen=True)
class Part:
    """A table of a desk."""

    caption: str
    lying: Sequence[Lying]
    has_more: bool = False


@router.get("/drafts")
async def show_drafts(
    request: Request, actor: Writing, session: Reader, show: WriterShows = "", page: PageNumber = 1
) -> HTMLResponse:
    """The editor's desk: complaints that await their draft, what was returned, drafts; and all others by state."""
    counted = await shelves.how_many(session, actor)
    wanted = [State.RETURNED, State.DRAFT] if not show else [] if show == "candidates" else [show]
    parts = [
        _part(key, await shelves.of_writer(session, actor, SHELVES[key][1], page)) for key in wanted
    ]  # the two at the beginning are short; what was chosen goes on page by page
    awaited = await candidates.browse(session, actor, overdue=False) if show in ("", "candidates") else []
    kinds = [("candidates", "待编写", counted["candidates"]), *_kinds(counted)]
    return await _desk(
        request, session, actor, "drafts", kinds=kinds, show=show, page=page, parts=parts, candidates=awaited
    )


@router.get("/approving")
async def show_approving(
    request: Request, actor: Approving, session: Reader, show: ApproverShows = "", page: PageNumber = 1
) -> HTMLResponse:
    """The bureau's desk: cases to approve, cases to publish; and all others by state."""
    counted = await shelves.how_many(session, actor)
    wanted = [show] if show else [State.SUBMITTED, State.APPROVED]
    parts = [_part(key, await shelves.of_approver(session, SHELVES[key][1], page)) for key in wanted]
    kinds = [kind for kind in _kinds(counted) if kind[0] != State.DRAFT]
    return await _desk(request, session, actor, "approving", kinds=kinds, show=show, page=page, parts=parts)


@router.get("/cosigning")
async def show_cosigning(request: Request, actor: Signing, session: Reader) -> HTMLResponse:
    """A department's desk: cases it is to sign, and those it has signed that are not public yet."""
    waiting, signed = await shelves.of_signer(session, actor)
    parts = [Part("待本部门会签", waiting.lying), Part("本部门已会签，待发布", signed.lying)]
    return await _desk(request, session, actor, "cosigning", kinds=[], show="", page=1, parts=parts)


@router.post("/candidates/{complaint_id}/dismiss")
async def dismiss(complaint_id: Id, request: Request, actor: Writing, form: Posted, session: Session) -> Response:
    """Say that no case is drawn from a complaint, and why."""
    form.again = lambda session, form: show_new(request, session, actor, complaint_id, dismissal=form)
    reason = form.read(Dismissal).reason
    note(request, reason=reason)
    dismissed = await candidates.dismiss(session, actor, complaint_id, reason)
    return done("/casebook/drafts", f"{dismissed.number}不编写案例，理由已记录。")


def _kinds(counted: dict[str, int]) -> list[tuple[str, str, int]]:
    return [(key, called, sum(counted.get(state, 0) for state in states)) for key, (called, states) in SHELVES.items()]


def _part(key: str, shelf: Shelf) -> Part:
    return Part(SHELVES[key][0], shelf.lying, shelf.has_more)


async def _desk(request: Request, session: AsyncSession, actor: Actor, tab: str, **more: Any) -> HTMLResponse:
    calendar, now = await replica.calendar_of(session, actor.center or ""), clock.now()
    given: dict[str, Any] = {"candidates": [], "keeps_synonyms": actor.may(Action.KEEP_SYNONYMS)} | more
    return await pages.show(
        request,
        f"{tab}.html",
        tab=tab,
        left=lambda due_at: limits.left(calendar, now, due_at),
        **given,
        **await shown(session),
    )
