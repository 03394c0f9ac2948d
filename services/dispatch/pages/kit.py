"""What the pages of dispatch have in common."""

from pathlib import Path as File
from typing import Annotated, Any

from fastapi import Path, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch.domain import words
from services.dispatch.domain.answers import named
from shared import clock, replica
from shared.events.dispatch import Party
from shared.security.mask import mask_text
from shared.security.roles import Action, Actor
from shared.web import limits
from shared.web.pages import Pages
from shared.web.permit import permit

pages = Pages(File(__file__).parents[1] / "templates")

ComplaintId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,36}$")]
Dispatcher = Annotated[Actor, permit(Action.DISPATCH)]
Replier = Annotated[Actor, permit(Action.REPLY)]
Checker = Annotated[Actor, permit(Action.CHECK)]
OrderReader = Annotated[Actor, permit(Action.READ_ORDER)]
Addressed = Annotated[Actor, permit(Action.READ_ADDRESSED)]
Before = Annotated[str, Query(pattern=r"^[A-Za-z0-9-]{0,36}$")]
"""The id of the last row of a page, where the next one begins; empty for the first."""

BESIDE = (
    ("/dispatch/desk", "待办事项", Action.DISPATCH),
    ("/dispatch/papers", "文书登记", Action.ISSUE),
    ("/dispatch/supervised", "督办通报", Action.READ_ADDRESSED),
    ("/dispatch/inspections", "按编号调阅", Action.READ_INSPECTIONS),
    ("/dispatch/clues", "抄告线索", Action.READ_CLUES),
)
"""Pages that lie beside each other, for whoever may open them."""


async def shown(session: AsyncSession, center: str) -> dict[str, Any]:
    """What every template of these pages reads with: words, names, and how a limit counted at this center stands."""
    names = await replica.department_names(session)
    centers = await replica.names(session, "center")
    people = await replica.names(session, "member")
    calendar, now = await replica.calendar_of(session, center), clock.now()

    def called(party: Party) -> str:
        return named(party, names)

    def left(due_at: Any, answered_at: Any = None) -> limits.Left | None:
        return limits.left(calendar, now, due_at, answered_at)

    return {
        "words": words,
        "department": called,
        "department_named": lambda code: names.get(code, code),
        "center_named": lambda code: centers.get(code, code),
        "person_named": lambda username: people.get(username, username),
        "left": left,
        "masked": mask_text,
    }


async def show(
    request: Request, session: AsyncSession, actor: Actor, template: str, tab: str, **more: Any
) -> HTMLResponse:
    """A page that lists what is at this actor's center."""
    around: dict[str, Any] = {
        "here": request.url.path,
        "beside": [(href, label) for href, label, action in BESIDE if actor.may(action)],
        **await shown(session, actor.center or ""),
    }
    return await pages.show(request, template, tab=tab, **around, **more)


async def part(session: AsyncSession, actor: Actor, template: str, **more: Any) -> HTMLResponse:
    """The part of such a page that is asked for again while the page stands open."""
    return pages.fragment(template, **await shown(session, actor.center or ""), **more)
