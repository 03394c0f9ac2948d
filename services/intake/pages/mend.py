"""One thing that a channel has sent wrongly: masked at first, in the clear for a reason, mended and registered then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.complaints import Reveal
from services.intake.domain.words import SOURCES
from services.intake.pages.desk import Mending
from services.intake.pages.filed import Filed
from services.intake.pages.kit import CHOICES, pages
from services.intake.store import directory
from services.intake.usecases import mending
from services.intake.usecases.petitioners import FIELDS, Masked
from services.intake.usecases.reading import scope
from shared.audit.edge import note
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.workdays import CHINA

router = APIRouter(prefix="/rejected/{rejected_id:uuid}", include_in_schema=False)

_FIELDS = ("reported_at", "category", "content", "remarks", "service_item", "about")
_PERSON = ("kind", *FIELDS)

Revealing = Annotated[Actor, permit(Action.REVEAL)]


class Mended(Filed):
    """What a channel should have sent."""

    center: str | None = None


@router.get("")
async def show_mending(rejected_id: UUID, request: Request, actor: Mending, session: Reader) -> HTMLResponse:
    """What is wrong with it; who complains is masked."""
    return await _page(request, session, actor, rejected_id)


@router.post("/reveal")
async def reveal(rejected_id: UUID, request: Request, actor: Revealing, form: Posted, session: Session) -> HTMLResponse:
    """The same as it came, to be mended, for a reason that the audit log keeps."""
    form.again = lambda session, form: _page(request, session, actor, rejected_id, form)
    reason = form.read(Reveal).reason
    note(request, reason=reason)
    return await _page(request, session, actor, rejected_id, reason=reason)


@router.post("")
async def mend(rejected_id: UUID, request: Request, actor: Mending, form: Posted, session: Session) -> Response:
    """Register it in its channel's name; the channel is told. What is refused is shown again for the same reason."""
    form.again = lambda session, form: _page(request, session, actor, rejected_id, form)
    reason = form.read(Reveal).reason
    note(request, reason=reason)
    form.again = lambda session, form: _page(request, session, actor, rejected_id, form, reason)
    registered = await mending.mend(session, actor, str(rejected_id), form.read(Mended).fields())
    return done(f"/intake/complaints/{registered.complaint_id}", f"已登记：{registered.number}，渠道会收到回执。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    rejected_id: UUID,
    form: Form = EMPTY,
    reason: str = "",
) -> HTMLResponse:
    """Without a reason masked, and nothing to be mended yet."""
    was = await mending.opened(session, actor, str(rejected_id))
    names = await directory.names(session)
    given = _given(was.fields)
    return await pages.show(
        request,
        "mend.html",
        tab="rejected",
        form=form,
        row=was.row,
        source=SOURCES.get(was.row.source, was.row.source),
        masked=_masked(given),
        reason=reason,
        text=was.text if reason else "",
        given=given if reason else {},
        is_confidential=bool(was.fields.get("confidential")),
        centers=[(code, names.center(code)) for code in sorted(await scope(session, actor))],
        center=actor.center,
        **CHOICES,
    )


def _given(fields: Mapping[str, Any]) -> dict[str, str]:
    """The texts a channel did send, by the form's names; whatever is no text is left to be typed."""
    person = fields.get("petitioner")
    held = person if isinstance(person, dict) else {}
    found = {name: fields.get(name) for name in _FIELDS} | {f"petitioner.{name}": held.get(name) for name in _PERSON}
    texts = {name: value if isinstance(value, str) else "" for name, value in found.items()}
    return texts | {"reported_at": _to_the_minute(texts["reported_at"])}


def _to_the_minute(sent: str) -> str:
    """A time as a browser's field holds it; without a zone it is the house's, and what is none is left to be typed."""
    try:
        at = datetime.fromisoformat(sent.upper()) if len(sent) > len("2026-11-23") else None
    except ValueError:
        at = None
    return f"{at if at.tzinfo is None else at.astimezone(CHINA):%Y-%m-%d %H:%M}" if at else ""


def _masked(given: Mapping[str, str]) -> list[tuple[str, str]]:
    person = Masked(given["petitioner.kind"], {name: given[f"petitioner.{name}"] for name in FIELDS})
    return [
        ("姓名或单位名称", person.name),
        ("单位联系人", person.contact_person),
        ("联系方式", person.contact),
        ("联系地址", person.address),
        ("诉求主要内容", person.text(given["content"])),
    ]
