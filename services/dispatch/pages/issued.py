"""What a center has issued under its numbers: the register of its letters, each to be printed again (mechanism §6)."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.dispatch.pages.kit import Before, show
from services.dispatch.usecases import papers
from shared.papers.kinds import KINDS, Kind
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)

A_PAGE = 50


@router.get("/papers")
async def show_papers(
    request: Request,
    actor: Annotated[Actor, permit(Action.ISSUE)],
    session: Reader,
    kind: Kind | None = None,
    before: Before = "",
) -> HTMLResponse:
    """The newest first, all or of one kind."""
    found = await papers.issued(session, actor, kind, before or None, A_PAGE)

    def address(kind: Kind | None, before: str = "") -> str:
        given = {"kind": kind and kind.value, "before": before}
        asked = urlencode({name: value for name, value in given.items() if value})
        return "/dispatch/papers" + (f"?{asked}" if asked else "")

    return await show(
        request, session, actor, "issued.html", "desk",
        found=found,
        numbers=await papers.numbers(session, found),
        kind=kind,
        kinds=[each for each in papers.FORMS if KINDS[each].mark],
        named={each.value: KINDS[each].name for each in Kind},
        address=address,
        before=before,
        more=found[-1].paper_id if len(found) == A_PAGE else "",
    )  # fmt: skip
