"""The desk of messages: every message's fate, and what is decided of one that has reached nobody."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.notify.api import Deciding, Reason
from services.notify.domain import recipients
from services.notify.domain.means import CONNECTED, Means, Standing
from services.notify.domain.recipients import Recipient
from services.notify.pages.kit import Code, Reading, pages, shown
from services.notify.usecases import reading
from services.notify.usecases.reading import Listed
from shared import replica
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)

AT_ONCE = 50
OFFICES = (
    recipients.coordinator,
    recipients.head,
    recipients.government,
    recipients.inspection,
    recipients.case_editor,
    recipients.case_approver,
)
RETRY, GIVE_UP = "retry", "give-up"

Text = Annotated[str, Query(max_length=200)]


@router.get("/messages")
async def show_messages(
    request: Request,
    actor: Reading,
    session: Reader,
    standing: Standing | None = None,
    recipient: Text = "",
    number: Text = "",
    before: Text = "",
) -> HTMLResponse:
    """The messages that this actor may read, the newest first."""
    given = {"standing": standing or "", "recipient": recipient, "number": number.strip()}
    complaint_id = await reading.numbered(session, number.strip()) if number.strip() else None
    found = Listed((), 0)
    if complaint_id or not number.strip():
        found = await reading.listed(
            session,
            actor,
            complaint_id=complaint_id,
            standing=standing,
            recipient=recipient or None,
            before=before or None,
            limit=AT_ONCE,
        )

    def address(**other: Any) -> str:
        asked = {name: value for name, value in (given | other).items() if value}
        return "/notify/messages" + (f"?{urlencode(asked)}" if asked else "")

    more = found.shown[-1].message.message_id if len(found.shown) == AT_ONCE else None
    names = await shown(session)
    return await pages.show(
        request,
        "messages.html",
        tab="messages",
        found=found,
        numbers=await reading.numbers(session, (each.message for each in found.shown)),
        given=given,
        address=address,
        recipients=[
            (each.code, names["recipient"](each.kind, each.code)) for each in await _recipients(session, actor)
        ],
        failed=await reading.failed(session, actor),
        before=before,
        more=more,
        keeps_words=actor.may(Action.KEEP_TEMPLATES),
        **names,
    )


@router.get("/messages/one/{message_id}")
async def show_message(message_id: Code, request: Request, actor: Reading, session: Reader) -> HTMLResponse:
    """One message: its words, its fate, and what can be done about it."""
    return await _page(request, session, actor, message_id)


@router.post("/messages/one/{message_id}/retry")
async def retry(message_id: Code, request: Request, actor: Deciding, form: Posted, session: Session) -> Response:
    """Have it tried again, and say why."""
    form.again = lambda session, form: _page(request, session, actor, message_id, RETRY, form)
    reason = form.read(Reason).reason
    note(request, reason=reason)
    await reading.retry(session, actor, message_id, reason)
    return done(f"/notify/messages/one/{message_id}", "已安排重发，稍后刷新查看结果。")


@router.post("/messages/one/{message_id}/give-up")
async def give_up(message_id: Code, request: Request, actor: Deciding, form: Posted, session: Session) -> Response:
    """Have it tried no more, and say why."""
    form.again = lambda session, form: _page(request, session, actor, message_id, GIVE_UP, form)
    reason = form.read(Reason).reason
    note(request, reason=reason)
    await reading.give_up(session, actor, message_id, reason)
    return done(f"/notify/messages/one/{message_id}", "已记录：这条消息不再发送。")


async def _page(
    request: Request, session: AsyncSession, actor: Actor, message_id: str, sent: str = "", form: Form = EMPTY
) -> HTMLResponse:
    opened = await reading.opened(session, actor, message_id)
    message = opened.message
    numbers = await reading.numbers(session, [message])
    undecided = message.fate.standing in (Standing.FAILED, Standing.UNREACHED, Standing.GIVEN_UP)
    return await pages.show(
        request,
        "message.html",
        tab="messages",
        opened=opened,
        message=message,
        number=numbers.get(message.complaint_id, ""),
        decides=undecided and await reading.may_decide(session, actor, message),
        is_connected=Means(message.means) in CONNECTED,
        retry_form=form if sent == RETRY else EMPTY,
        give_up_form=form if sent == GIVE_UP else EMPTY,
        **await shown(session),
    )


async def _recipients(session: AsyncSession, actor: Actor) -> list[Recipient]:
    """Whom the messages that this actor may read can be for, as far as they can be named beforehand."""
    parents = await replica.center_parents(session)
    centers = sorted(parents, key=lambda code: (code != actor.center, code))
    near = [code for code in centers if actor.reaches(code, parents[code])]
    departments = [code for code, _ in await replica.departments_of(session, centers)]
    channels = [each for code in await replica.names(session, "channel") for each in recipients.channels(code)]
    offices = [office(center) for center in near for office in OFFICES]
    return [recipients.PETITIONER, *recipients.departments(departments), *offices, *channels]
