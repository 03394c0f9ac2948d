"""Several work orders in one file, chosen by the boxes of a list: a plain form, answered with the file."""

from typing import Annotated

from fastapi import APIRouter, Response

from services.dispatch.api.papers import Several
from services.dispatch.usecases import papers
from shared.papers.kinds import Format
from shared.papers.printing import handed_out
from shared.security.roles import Action, Actor
from shared.web.forms import Posted
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(include_in_schema=False)


@router.post("/work-orders.{kind}")
async def print_work_orders(
    kind: Format, actor: Annotated[Actor, permit(Action.PRINT)], form: Posted, session: Reader
) -> Response:
    """Up to 200 work orders, in the order in which they are listed."""
    chosen = form.read(Several).complaint_ids if form.chosen("complaint_ids") else []
    return await handed_out(await papers.work_orders(session, actor, chosen), kind, actor)
