"""The pages of notify: who was told what about a complaint, by themselves and as a part of the complaint's page."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.domain.means import Means, State
from services.notify.usecases import reading
from services.notify.usecases.reading import Listed
from shared.security.roles import Action, Actor
from shared.web.pages import Pages
from shared.web.permit import permit
from shared.web.session import Reader

pages = Pages(Path(__file__).parent / "templates")
router = APIRouter(include_in_schema=False)

Reading = Annotated[Actor, permit(Action.READ_MESSAGES)]
Code = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,36}$")]
MEANS = {Means.CONSOLE: "平台", Means.SMS: "短信", Means.SMTP: "邮件", Means.BUS: "对接系统"}
STATES = {State.RECORDED: ("待送达", "soon"), State.SENT: ("已送达", "good"), State.FAILED: ("未送达", "late")}
SHOWN = 50


@router.get("/messages/{complaint_id}")
async def show_messages(complaint_id: Code, request: Request, actor: Reading, session: Reader) -> HTMLResponse:
    """What was told about a complaint, the newest first, as a page."""
    found = await _found(session, actor, complaint_id)
    return await pages.show(request, "messages.html", found=found, means=MEANS, states=STATES)


@router.get("/fragments/messages/{complaint_id}")
async def part_of_messages(complaint_id: Code, actor: Reading, session: Reader) -> HTMLResponse:
    """The same as a part of another page."""
    found = await _found(session, actor, complaint_id)
    return pages.fragment("messages_part.html", found=found, means=MEANS, states=STATES)


async def _found(session: AsyncSession, actor: Actor, complaint_id: str) -> Listed:
    asked = {"state": None, "recipient": None, "before": None}
    return await reading.listed(session, actor, complaint_id=complaint_id, limit=SHOWN, **asked)
