"""The pages of intake: the ledger (annex 3), and the course of one complaint."""

from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.complaints import Reveal
from services.intake.domain.annex import HEADINGS, NOTES, TITLE
from services.intake.domain.number import printed_number
from services.intake.domain.period import FIRST_DAY, LAST_DAY, Period
from services.intake.domain.words import CATEGORIES, FINALS, SOURCES, STATES, TRIAGES, told_at
from services.intake.store import directory
from services.intake.usecases import reading
from services.intake.usecases.ledger import Asked, ledger
from services.intake.usecases.overview import overview
from services.intake.usecases.reading import scope
from shared.audit.edge import note
from shared.refusals import FieldFault, Invalid
from shared.security.roles import Action, Actor
from shared.web.forms import EMPTY, Form, Posted
from shared.web.pages import Pages
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(include_in_schema=False)
pages = Pages(Path(__file__).parent / "templates")

NEWEST = 100
"""Rows shown when no period is asked for."""
_LONG = {"主要诉求", "办理情况", "备注"}


@router.get("/ledger")
async def show_ledger(
    request: Request,
    actor: Annotated[Actor, permit(Action.READ_LEDGER)],
    session: Reader,
    center: Annotated[str, Query(max_length=80)] = "",
    first: Annotated[str, Query(alias="from", max_length=20)] = "",
    last: Annotated[str, Query(alias="to", max_length=20)] = "",
) -> HTMLResponse:
    """The ledger: of a period, or the newest."""
    days = Period(_day("from", first), _day("to", last))
    asked = Asked(center or None, days)
    period = bool(days.first or days.last)
    entries = await ledger(session, actor, asked, newest=None if period else NEWEST)
    names = await directory.names(session)
    given = {name: value for name, value in (("center", center), ("from", first), ("to", last)) if value}
    return await pages.show(
        request,
        "ledger.html",
        tab="ledger",
        figures=await overview(session, actor, asked),
        period="期内" if period else "本月",
        entries=entries,
        asked=asked,
        query=f"?{urlencode(given)}" if given else "",
        centers=[(code, names.center(code)) for code in sorted(await scope(session, actor))],
        headings=HEADINGS,
        long=_LONG,
        title=TITLE,
        notes=NOTES,
        narrowed=bool(given),
        shortened=not period and len(entries) == NEWEST,
    )


@router.get("/complaints/{complaint_id:uuid}")
async def show_complaint(
    request: Request, complaint_id: UUID, actor: Annotated[Actor, permit(Action.READ_COMPLAINT)], session: Reader
) -> HTMLResponse:
    """The course of one complaint, in time order."""
    return await _complaint(request, session, actor, str(complaint_id))


@router.post("/complaints/{complaint_id:uuid}/reveal")
async def reveal(
    request: Request,
    complaint_id: UUID,
    actor: Annotated[Actor, permit(Action.REVEAL)],
    form: Posted,
    session: Session,
) -> HTMLResponse:
    """The same with the petitioner in the clear, for a reason that the audit log keeps."""
    form.again = lambda session, form: _complaint(request, session, actor, str(complaint_id), form)
    note(request, reason=form.read(Reveal).reason)
    person = await reading.revealed(session, actor, str(complaint_id))
    return await _complaint(request, session, actor, str(complaint_id), person=person)


async def _complaint(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    complaint_id: str,
    form: Form = EMPTY,
    person: reading.Revealed | None = None,
) -> HTMLResponse:
    found, lines = await reading.history_of(session, actor, complaint_id)
    names = await directory.names(session)
    complaint, row, masked = found.complaint, found.row, found.petitioner
    facts = [
        ("工作单编号", printed_number(complaint.year, complaint.seq)),
        ("姓名或单位名称", person.name if person else masked.name),
        ("单位联系人", person.contact_person if person else masked.contact_person),
        ("联系方式", (person.phone or person.other_contact) if person else masked.contact),
        ("联系地址", person.address if person else masked.address),
        ("诉求反映时间", told_at(complaint.reported_at)),
        ("诉求反映类别", CATEGORIES[row.category]),
        ("渠道", SOURCES.get(complaint.source, complaint.source)),
        ("受理中心", names.center(complaint.center)),
        ("研判分类", TRIAGES[row.triage] if row.triage else "待研判"),
        ("要求办理期限", told_at(row.due_at) if row.due_at else ""),
    ]
    return await pages.show(
        request,
        "complaint.html",
        tab="ledger",
        form=form,
        complaint=complaint,
        row=row,
        state=FINALS[row.final] if row.final else STATES[row.state],
        facts=facts,
        content=masked.text(row.content),
        lines=lines,
        may_reveal=person is None and actor.may(Action.REVEAL),
    )


def _day(field: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        message = "日期请写作 2026-09-28 的样子。"
        raise Invalid("bad-date", message, [FieldFault(field, message)])
    return day
