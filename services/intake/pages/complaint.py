"""One complaint: what was said, where it stands, its course, and what the window may still do with it (Art. 6)."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.complaints import Reveal, Settled, Sorted
from services.intake.api.texts import Reason
from services.intake.domain.number import printed_number
from services.intake.domain.states import ALLOWED, Step
from services.intake.domain.submission import WINDOW
from services.intake.domain.words import CATEGORIES, FINALS, SOURCES, STATES, TRIAGES, told_at
from services.intake.pages.filed import Person
from services.intake.pages.kit import CHOICES, pages
from services.intake.store import directory
from services.intake.tables import ComplaintRow
from services.intake.usecases import attaching, reading, window
from services.intake.usecases import correct as correcting
from services.intake.usecases.register import query_code_of
from services.intake.usecases.repeats import repeats_of
from shared import clock
from shared.audit.edge import note
from shared.events.intake import Triage
from shared.replica import calendar_of
from shared.security.roles import Action, Actor
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.limits import left
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/complaints", include_in_schema=False)

Looking = Annotated[Actor, permit(Action.READ_COMPLAINT)]
Sorting = Annotated[Actor, permit(Action.TRIAGE)]
Revealing = Annotated[Actor, permit(Action.REVEAL)]
Correcting = Annotated[Actor, permit(Action.CORRECT)]


class Right(BaseModel):
    """What is right now; what is left blank stays as it is."""

    reason: Reason
    category: str | None = None
    content: str | None = None
    remarks: str | None = None
    petitioner: Person = Person()


@router.get("/{complaint_id:uuid}")
async def show_complaint(complaint_id: UUID, request: Request, actor: Looking, session: Reader) -> HTMLResponse:
    """The whole of it, masked; its other parts are fragments of those who know them."""
    return await _page(request, session, actor, str(complaint_id))


@router.post("/{complaint_id:uuid}/triage")
async def triage(complaint_id: UUID, request: Request, actor: Sorting, form: Posted, session: Session) -> Response:
    """Sort it, or sort it anew with the reason."""
    form.again = lambda session, form: _page(request, session, actor, str(complaint_id), triage_form=form)
    given = form.read(Sorted)
    await window.triage(session, str(complaint_id), actor, given.triage, given.reason)
    return done(_path(complaint_id), f"已研判为“{TRIAGES[given.triage]}”。")


@router.post("/{complaint_id:uuid}/settle")
async def settle(complaint_id: UUID, request: Request, actor: Sorting, form: Posted, session: Session) -> Response:
    """Settle it on the spot."""
    form.again = lambda session, form: _page(request, session, actor, str(complaint_id), settle_form=form)
    given = form.read(Settled)
    await window.settle(session, str(complaint_id), actor, given.result, given.helped_by)
    return done(_path(complaint_id), "已当场办结，接下来由管理机构回访。")


@router.post("/{complaint_id:uuid}/reveal")
async def reveal(
    complaint_id: UUID, request: Request, actor: Revealing, form: Posted, session: Session
) -> HTMLResponse:
    """The same page with the petitioner in the clear, for a reason that the audit log keeps."""
    form.again = lambda session, form: _page(request, session, actor, str(complaint_id), reveal_form=form)
    note(request, reason=form.read(Reveal).reason)
    person = await reading.revealed(session, actor, str(complaint_id))
    return await _page(request, session, actor, str(complaint_id), revealed=person)


@router.get("/{complaint_id:uuid}/correct")
async def show_correct(complaint_id: UUID, request: Request, actor: Correcting, session: Reader) -> HTMLResponse:
    """A form for what was registered wrongly."""
    return await _correct_page(request, session, actor, str(complaint_id))


@router.post("/{complaint_id:uuid}/correct")
async def correct(complaint_id: UUID, request: Request, actor: Correcting, form: Posted, session: Session) -> Response:
    """Correct what was filled in, with history; the rest stays."""
    form.again = lambda session, form: _correct_page(request, session, actor, str(complaint_id), form)
    given = form.read(Right)
    fields = given.model_dump(exclude_none=True, exclude={"reason"})
    await correcting.correct(session, str(complaint_id), actor, fields, given.reason)
    return done(_path(complaint_id), "已更正，原来的内容保留在办理经过里。")


async def _page(
    request: Request,
    session: AsyncSession,
    actor: Actor,
    complaint_id: str,
    triage_form: Form = EMPTY,
    settle_form: Form = EMPTY,
    reveal_form: Form = EMPTY,
    revealed: reading.Revealed | None = None,
) -> HTMLResponse:
    found, lines = await reading.history_of(session, actor, complaint_id)
    complaint, row, person = found.complaint, found.row, found.petitioner
    names, calendar = await directory.names(session), await calendar_of(session, row.handling_center)
    steps = ALLOWED[row.state] if actor.may(Action.TRIAGE) and actor.reaches(row.handling_center) else frozenset()
    is_open, files = row.final is None, await attaching.of(session, complaint_id)
    return await pages.show(
        request,
        "complaint.html",
        tab="ledger",
        complaint=complaint,
        row=row,
        state=FINALS[row.final] if row.final else STATES[row.state],
        left=left(calendar, clock.now(), row.due_at) if is_open else None,
        petitioner=_in_the_clear(revealed) if revealed else _petitioner(found),
        revealed=revealed is not None,
        may_reveal=revealed is None and actor.may(Action.REVEAL),
        reveal_form=reveal_form,
        facts=_facts(found, names.center(complaint.center)),
        content=person.text(row.content),
        remarks=person.text(complaint.remarks or ""),
        lines=lines,
        files=[(file.id, person.text(file.name), file.size) for file in files],
        not_received=[person.text(name) for name in attaching.not_received(complaint, files)],
        opens_files=actor.may(Action.READ_ATTACHMENT),
        # To be told to the petitioner who stands at the window where it was taken in.
        code=query_code_of(complaint) if _is_told_here(actor, complaint) else None,
        printed=actor.may(Action.PRINT) and row.triage is not None,  # before that there is no order
        can_triage=Step.TRIAGE in steps,
        can_settle=Step.SETTLE in steps and row.triage is Triage.GENERAL,
        can_correct=actor.may(Action.CORRECT) and actor.reaches(complaint.center, row.handling_center),
        repeats=await repeats_of(session, actor, complaint_id) if steps else [],
        triage_form=triage_form,
        settle_form=settle_form,
        parts=_parts(actor, complaint_id, is_triaged=row.triage is not None),
        **CHOICES,
    )


def _is_told_here(actor: Actor, complaint: ComplaintRow) -> bool:
    return complaint.source == WINDOW and actor.may(Action.REGISTER) and actor.reaches(complaint.center)


def _petitioner(found: reading.Whole) -> list[tuple[str, str]]:
    person = found.petitioner
    return [
        ("姓名或单位名称", person.name),
        ("单位联系人", person.contact_person),
        ("联系方式", person.contact),
        ("联系地址", person.address),
        ("对被诉部门保密", "是" if found.complaint.confidential else ""),
    ]


def _in_the_clear(person: reading.Revealed) -> list[tuple[str, str | None]]:
    return [
        ("姓名或单位名称", person.name),
        ("单位联系人", person.contact_person),
        ("联系电话", person.phone),
        ("其他联系方式", person.other_contact),
        ("联系地址", person.address),
    ]


def _facts(found: reading.Whole, center: str) -> list[tuple[str, str | None]]:
    complaint, row = found.complaint, found.row
    return [
        ("工作单编号", printed_number(complaint.year, complaint.seq)),
        ("诉求反映时间", told_at(complaint.reported_at)),
        ("登记时间", told_at(complaint.registered_at)),
        ("诉求来源", SOURCES.get(complaint.source, complaint.source)),
        ("受理中心", center),
        ("诉求反映类别", CATEGORIES[row.category]),
        ("研判分类", TRIAGES[row.triage] if row.triage else "待研判"),
        ("政务服务事项", complaint.service_item),
        ("被诉部门或人员", complaint.about),
        ("要求办理期限", told_at(row.due_at) if row.due_at else ""),
    ]


def _parts(actor: Actor, complaint_id: str, *, is_triaged: bool) -> list[Mapping[str, str]]:
    """What the others know of it, for whoever may ask them."""
    known = (
        *([(Action.READ_ORDER, "办理工作单", "dispatch", "orders")] if is_triaged else []),
        (Action.READ_CLOCK, "办理期限", "sla", "clocks"),
        (Action.READ_MESSAGES, "通知情况", "notify", "messages"),
    )
    return [
        {
            "title": title,
            "source": f"/{service}/fragments/{what}/{complaint_id}",
            "href": f"/{service}/{what}/{complaint_id}",
        }
        for action, title, service, what in known
        if actor.may(action)
    ]


async def _correct_page(
    request: Request, session: AsyncSession, actor: Actor, complaint_id: str, form: Form = EMPTY
) -> HTMLResponse:
    found = await reading.whole(session, actor, complaint_id)
    shown: dict[str, Any] = {
        "complaint": found.complaint,
        "petitioner": _petitioner(found),
        "category": CATEGORIES[found.row.category],
        "content": found.petitioner.text(found.row.content),
    }
    return await pages.show(request, "correct.html", tab="ledger", form=form, **shown, **CHOICES)


def _path(complaint_id: UUID) -> str:
    return f"/intake/complaints/{complaint_id}"
