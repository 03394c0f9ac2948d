"""The pages of directory: the page at /."""

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import RedirectResponse

from shared.security.roles import Action, Actor
from shared.web.permit import permit

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(_: Annotated[Actor, permit(Action.LOG_IN)]) -> RedirectResponse:
    """Where everyone begins: the ledger."""
    return RedirectResponse("/intake/ledger")
