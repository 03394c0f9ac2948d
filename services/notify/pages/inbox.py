"""What one's own desk was told: the newest first, what nobody has opened marked; who opens one is noted."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from services.notify.domain.recipients import Kind
from services.notify.pages.kit import Code, pages, shown
from services.notify.tables import Message
from services.notify.usecases import inbox, reading
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/inbox", include_in_schema=False)

AT_ONCE = 50
OF_ORDERS = frozenset({Kind.DEPARTMENT, Kind.COORDINATOR, Kind.HEAD})
"""Who does what a message about an order asks for on the order's page."""
DESKS: Mapping[str, tuple[str, str]] = {
    Kind.DEPARTMENT: ("/dispatch/mine", "本部门承办"),
    Kind.COORDINATOR: ("/dispatch/desk", "综合协调"),
    Kind.HEAD: ("/dispatch/desk", "综合协调"),
    Kind.GOVERNMENT: ("/dispatch/supervised", "督办通报"),
    Kind.INSPECTION: ("/dispatch/supervised", "督办通报"),
    Kind.CASE_EDITOR: ("/casebook/drafts", "案例编写"),
    Kind.CASE_APPROVER: ("/casebook/approving", "案例审核"),
    "inspection.clue": ("/dispatch/clues", "抄告线索"),
    "department.case-to-cosign": ("/casebook/cosigning", "案例会签"),
}
"""Where one goes on from a message: by its template, or else by whom it is for."""

Own = Annotated[Actor, permit(Action.READ_INBOX)]
Show = Annotated[Literal["", "unread"], Query()]
Before = Annotated[str, Query(pattern=r"^[\w-]{0,36}$")]


class Read(BaseModel):
    """Up to which message all is read."""

    newest: Code


@router.get("")
async def show_inbox(
    request: Request, actor: Own, session: Reader, show: Show = "", before: Before = ""
) -> HTMLResponse:
    """What this actor was told, the newest first: all of it, or what nobody has opened."""
    found = await inbox.listed(session, actor, unread=show == "unread", before=before or None, limit=AT_ONCE)

    def address(**other: Any) -> str:
        asked = {name: value for name, value in ({"show": show} | other).items() if value}
        return "/notify/inbox" + (f"?{urlencode(asked)}" if asked else "")

    return await pages.show(
        request,
        "inbox.html",
        tab="inbox",
        found=found,
        unread=await inbox.how_many_unread(session, actor),
        numbers=await reading.numbers(session, (each.message for each in found)),
        given=show,
        most=inbox.MOST_COUNTED,
        address=address,
        before=before,
        more=found[-1].message.message_id if len(found) == AT_ONCE else None,
        **await shown(session),
    )


@router.get("/{told_id}")
async def open_message(told_id: Code, request: Request, actor: Own, session: Session) -> HTMLResponse:
    """One of them. Opening it is what notes that it is read; opened again, nothing changes."""
    opened = await inbox.opened(session, actor, told_id)
    message = opened.message
    numbers = await reading.numbers(session, [message])
    return await pages.show(
        request,
        "told.html",
        tab="inbox",
        opened=opened,
        message=message,
        number=numbers.get(message.complaint_id, ""),
        is_of_order=message.kind in OF_ORDERS,
        desk=_desk(message),
        **await shown(session),
    )


@router.post("/read")
async def mark_read(actor: Own, form: Posted, session: Session) -> Response:
    """All that was listed, and what is older, is read."""
    how_many = await inbox.mark_read(session, actor, form.read(Read).newest)
    return done("/notify/inbox", f"已将{how_many}条消息标为已读。")


def _desk(message: Message) -> tuple[str, str]:
    return DESKS.get(message.template) or DESKS[message.kind]
