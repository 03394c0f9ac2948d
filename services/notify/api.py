"""The JSON doors of notify."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, StringConstraints

from services.notify.domain import wording
from services.notify.domain.means import Means, State
from services.notify.domain.recipients import Kind
from services.notify.domain.templates import Template
from services.notify.usecases import reading, rewording
from services.notify.usecases.letters import Shown
from shared import texts
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.texts import CLEANED, CLEANED_LINES
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api")

Deciding = Annotated[Actor, permit(Action.DISPATCH)]
Keeping = Annotated[Actor, permit(Action.KEEP_TEMPLATES)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), CLEANED]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), CLEANED_LINES]


class Reason(BaseModel):
    """Why it is decided so."""

    reason: texts.Words


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
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None

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
async def retry(
    message_id: str, request: Request, session: Session, actor: Deciding, given: Reason | None = None
) -> MessageShown:
    """Try a message again that has reached nobody."""
    reason = given.reason if given else None
    note(request, reason=reason)
    return MessageShown.of(await reading.retry(session, actor, message_id, reason))


@router.post("/messages/{message_id}/give-up")
async def give_up(message_id: str, given: Reason, request: Request, session: Session, actor: Deciding) -> MessageShown:
    """Try a message no more, and say why: by what else its recipient was told, for instance."""
    note(request, reason=given.reason)
    return MessageShown.of(await reading.give_up(session, actor, message_id, given.reason))


class Words(BaseModel):
    """A template's words."""

    title: Line
    body: Lines


class TemplateShown(Words):
    """A template, what may stand in it, and whether its words are the shipped ones."""

    name: str
    places: list[str]
    is_shipped: bool

    @classmethod
    def of(cls, name: str, words: Template) -> "TemplateShown":
        """A template as this door shows it."""
        known = wording.shipped(name)
        return cls(
            name=name, title=words.title, body=words.body, places=sorted(known.places), is_shipped=words == known
        )


@router.get("/templates")
async def templates(session: Reader, _: Keeping) -> list[TemplateShown]:
    """The words of every message, as the next one will have them."""
    return [TemplateShown.of(name, words) for name, words in (await rewording.now(session)).items()]


@router.put("/templates/{name}")
async def reword(name: str, given: Words, session: Session, actor: Keeping) -> TemplateShown:
    """Put other words in the place of a template's; what has been told stays as it was."""
    return TemplateShown.of(name, await rewording.reword(session, actor, name, given.title, given.body))


@router.delete("/templates/{name}")
async def restore(name: str, session: Session, actor: Keeping) -> TemplateShown:
    """Go back to the shipped words."""
    return TemplateShown.of(name, await rewording.restore(session, actor, name))
