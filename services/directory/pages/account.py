"""One's own account."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from services.directory.pages.kit import pages
from shared.security.roles import CALLED, Action, Actor
from shared.web.permit import permit

router = APIRouter(prefix="/account", include_in_schema=False)


@router.get("")
async def show_account(request: Request, actor: Annotated[Actor, permit(Action.USE_ACCOUNT)]) -> HTMLResponse:
    """Who one is here."""
    facts = [("用户名", actor.id), ("姓名", actor.name), ("岗位", CALLED[actor.role])]
    return await pages.show(request, "account.html", facts=facts)
