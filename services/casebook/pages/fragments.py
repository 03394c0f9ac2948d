"""What casebook lends to other pages: cases like a complaint, and how many wait behind its tabs."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from services.casebook.api.views import Id
from services.casebook.pages.kit import Reading, pages
from services.casebook.usecases import searching, shelves
from shared.security.roles import Action, Actor
from shared.web.pages import counts
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(prefix="/fragments", include_in_schema=False)

LIKE_IT = 3
TABS = {Action.WRITE_CASE: "drafts", Action.APPROVE_CASE: "approving", Action.COSIGN_CASE: "cosigning"}
"""The tab of each desk, by what one does there; nobody has two of them."""


@router.get("/counts")
async def count(actor: Annotated[Actor, permit(Action.SEE_COUNTS)], session: Reader) -> HTMLResponse:
    """How many wait behind the tab that this actor has here."""
    return counts({TABS[each]: await shelves.waiting(session, actor) for each in TABS if actor.may(each)})


@router.post("/similar")
async def show_similar(
    _: Reading,
    session: Reader,
    content: Annotated[str, Form(max_length=20_000)] = "",
    complaint_id: Annotated[Id | None, Form()] = None,
) -> HTMLResponse:
    """The cases most like what is said here; asked by POST, so that no complaint stands in an address."""
    is_asked = bool(content.strip())
    found = [case for case, _ in await searching.similar(session, content, LIKE_IT)] if is_asked else []
    return pages.fragment("similar_part.html", cases=found, asked=is_asked, helps=complaint_id)
