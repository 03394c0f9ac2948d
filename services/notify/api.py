"""The JSON doors of notify."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from services.notify.domain.means import Means, State
from services.notify.domain.recipients import Kind
from services.notify.usecases import reading
from services.notify.usecases.letters import Shown
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api")


class MessageShown(BaseModel):
    """A message, masked, and its fate. `recorded` without `next_try_at`: it stands here and has reached nobody."""

    id: str
    event_id: str
    complaint_id: str
    center: str
    kind: Kind
    recipient: str
    means: Means
    template: str
    title: str
    text: str
    state: State
    attempts: int
    error: str | None
    at: datetime
    sent_at: datetime | None
    next_try_at: datetime | None

    @classmethod
    def of(cls, shown: Shown) -> "MessageShown":
        """A message as this door shows it."""
        message = shown.message
        fields = {name: getattr(message, name) for name in cls.model_fields if name not in ("id", "title", "text")}
        return cls(id=message.message_id, title=shown.title, text=shown.text, **fields)


class Messages(BaseModel):
    """The newest first; ask for more with `before` = the last one's id.

    `total` is exact, and null only where neither a complaint nor a recipient nor what failed was asked for.
    """

    total: int | None
    messages: list[MessageShown]


@router.get("/messages")
async def messages(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_MESSAGES)],
    complaint_id: str | None = None,
    state: State | None = None,
    recipient: str | None = None,
    before: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Messages:
    """Who was told what, by which means, and what became of it."""
    found = await reading.listed(
        session, actor, complaint_id=complaint_id, state=state, recipient=recipient, before=before, limit=limit
    )
    return Messages(total=found.total, messages=[MessageShown.of(shown) for shown in found.shown])


@router.post("/messages/{message_id}/retry")
async def retry(message_id: str, session: Session, actor: Annotated[Actor, permit(Action.DISPATCH)]) -> MessageShown:
    """Try a message again that has reached nobody."""
    return MessageShown.of(await reading.retry(session, actor, message_id))
