"""我的导出: lists that are made while one goes on working, and fetched when they are ready."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.workbook import EXCEL
from services.intake.domain.names import Names
from services.intake.pages.kit import pages
from services.intake.pages.ledger import choices
from services.intake.store import directory
from services.intake.usecases import exporting
from services.intake.usecases.asking import FIELDS
from services.intake.usecases.exporting import Export
from shared.audit.edge import cleaned, note
from shared.papers.kinds import Format
from shared.papers.printing import kept_as
from shared.security.roles import Action, Actor
from shared.settings import settings
from shared.web.flash import done
from shared.web.forms import EMPTY, Form, Posted
from shared.web.permit import permit
from shared.web.session import Reader, Session, store_of

router = APIRouter(include_in_schema=False)

Exporting = Annotated[Actor, permit(Action.EXPORT)]
HERE = "/intake/exports"
LONGEST = 200
"""Of a field; what the ledger's own form takes."""
MEDIA = {exporting.XLSX: EXCEL, exporting.PDF: Format.PDF.media_type}
KINDS = {exporting.LEDGER: "工作台账", exporting.MONTHLY: "月度分析报告"}
FORMATS = {exporting.XLSX: "Excel", exporting.PDF: "PDF"}
STATES = {
    exporting.WAITING: ("等待导出", ""),
    exporting.WORKING: ("正在导出", ""),
    exporting.READY: ("已完成", "good"),
    exporting.FAILED: ("未完成", "late"),
}
_CALLED = {
    "text": "关键词", "state": "办理状态", "department": "责任部门", "triage": "研判分类", "overdue": "是否超期",
    "from": "受理日期自", "to": "至", "center": "中心", "category": "诉求类别", "channel": "诉求来源",
    "final": "办结方式", "rung": "催督办", "as_of": "截至", "month": "月份",
}  # fmt: skip
"""What a list is narrowed by."""


class Wanted(BaseModel):
    """What is to be taken out of the house."""

    kind: Literal["ledger", "monthly"]
    format: Literal["xlsx", "pdf"]


@router.get("/exports")
async def show_exports(request: Request, actor: Exporting, session: Reader) -> HTMLResponse:
    """One's own exports: how far they are, and what can be fetched."""
    return await _page(request, session, actor)


@router.get("/fragments/exports")
async def show_exports_anew(actor: Exporting, session: Reader) -> HTMLResponse:
    """The same list as it is by now; the page asks for it until all are made."""
    return pages.fragment("exports_part.html", **await _listed(session, actor))


@router.post("/exports")
async def export(request: Request, actor: Exporting, form: Posted, session: Session) -> Response:
    """Have a list made; the audit log knows what it was narrowed to."""
    form.again = lambda session, form: _page(request, session, actor, form)
    wanted = form.read(Wanted)
    given = {name: text for name in (*FIELDS, "month") if (text := form.text(name).strip()[:LONGEST])}
    note(request, query=cleaned([("kind", wanted.kind), ("format", wanted.format), *given.items()]))
    note(request, subject=await exporting.ask(session, actor, wanted.kind, wanted.format, given))
    return done(HERE, "已开始导出，完成后在这里下载。")


@router.get("/exports/{export_id:uuid}", response_class=Response)
async def fetch(export_id: UUID, request: Request, actor: Exporting, session: Reader) -> Response:
    """The file, for who asked for it."""
    found = await exporting.fetched(session, actor, str(export_id))
    note(request, query=cleaned([("format", found.format), *found.given.items()]))
    pieces = exporting.pieces(store_of(request), str(export_id))
    return StreamingResponse(pieces, media_type=MEDIA[found.format], headers=kept_as(found.name, found.size))


async def _page(request: Request, session: AsyncSession, actor: Actor, form: Form = EMPTY) -> HTMLResponse:
    return await pages.show(
        request,
        "exports.html",
        tab="ledger" if actor.may(Action.READ_LEDGER) else "figures",
        form=form,
        **await _listed(session, actor),
    )


async def _listed(session: AsyncSession, actor: Actor) -> dict[str, Any]:
    found, names = await exporting.of(session, actor), await directory.names(session)
    return {
        "above": ("工作台账", "/intake/ledger") if actor.may(Action.READ_LEDGER) else ("统计分析", "/intake/figures"),
        "exports": [(each, narrowed_to(each, names)) for each in found],
        "is_waited_for": any(each.is_unfinished for each in found),
        "kinds": KINDS,
        "formats": FORMATS,
        "states": STATES,
        "hours": settings().export_hours,
        "most": exporting.MOST_KEPT,
    }


def narrowed_to(export: Export, names: Names) -> str:
    """What a list was narrowed to, as its form says it."""
    words = _words(names)
    told = [f"{_CALLED[name]}：{words.get(name, {}).get(value, value)}" for name, value in export.given.items()]
    return "；".join(told) or "全部"


def _words(names: Names) -> Mapping[str, Mapping[str, str]]:
    """What codes are called, by the field they are chosen in."""
    offered = choices(names.departments.items())
    return {
        "state": dict(offered["states"]),
        "department": dict(offered["departments"]),
        "triage": dict(offered["triages"]),
        "overdue": {"true": "已超期", "false": "未超期"},
        "center": dict(names.centers),
        "category": dict(offered["categories"]),
        "channel": dict(offered["channels"]),
        "final": dict(offered["finals"]),
        "rung": dict(offered["rungs"]),
    }
