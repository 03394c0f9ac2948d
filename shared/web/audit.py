"""The audit log for auditors: a door and a page of every service."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit import keeping
from shared.audit.tables import AuditRow
from shared.dates import day_typed
from shared.refusals import FieldFault, Invalid
from shared.security import words
from shared.security.roles import CALLED, Action, Actor, Role
from shared.settings import SERVICES, settings
from shared.web.forms import EMPTY, Form, narrowing
from shared.web.pages import SHARED
from shared.web.permit import permit
from shared.web.session import Reader
from shared.workdays import CHINA

router = APIRouter(tags=["audit"])

RESULTS = {"allowed": "已办理", "denied": "已拒绝", "failed": "未办成"}
SERVICE_NAMES = dict(zip(SERVICES, ("受理", "工作单", "时限", "通知", "指导案例", "目录与登录"), strict=True))
PAGE = 100
YEARS = range(2000, 2100)
Auditor = Annotated[Actor, permit(Action.READ_AUDIT)]
Text = Annotated[str, Query(max_length=80)]
Day = Annotated[str, Query(max_length=20)]


class Line(BaseModel):
    """One request; `seq` is its place in the sealed chain, if it has one yet."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    at: datetime
    actor: str
    role: str
    action: str
    door: str
    subject: str
    address: str
    result: str
    reason: str | None
    query: str | None
    """What a list was narrowed to."""
    seq: int | None


class Lines(BaseModel):
    """A page of the log, the newest first; `next` goes on where it ends."""

    lines: list[Line]
    next: str | None


def asked(
    actor: Text = "",
    action: Text = "",
    subject: Text = "",
    result: Text = "",
    first: Annotated[Day, Query(alias="from")] = "",
    last: Annotated[Day, Query(alias="to")] = "",
) -> dict[str, str]:
    """What the address asks for; what is blank is left out."""
    days = {"from": day_typed(first), "to": day_typed(last)}
    given = {"actor": actor, "action": action, "subject": subject, "result": result, **days}
    return {name: value.strip() for name, value in given.items() if value.strip()}


Asked = Annotated[dict[str, str], Depends(asked)]


@router.get("/api/audit")
async def read_audit(
    session: Reader,
    _: Auditor,
    given: Asked,
    after: Text = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lines:
    """Who did or read what here, the newest first; by username, action, subject, result, and from day to day."""
    rows = await _rows(session, given, after, limit)
    lines = [Line.model_validate(row) for row in rows]
    return Lines(lines=lines, next=rows[-1].id if len(rows) == limit else None)


@router.get("/audit", include_in_schema=False)
async def show_audit(request: Request, _: Auditor, session: Reader, given: Asked, after: Text = "") -> HTMLResponse:
    """The log on a page, and how its chain stands."""
    narrowing(request, lambda session, form: _page(request, session, given, after, [], form))
    return await _page(request, session, given, after, await _rows(session, given, after, PAGE))


async def _page(
    request: Request,
    session: AsyncSession,
    given: Mapping[str, str],
    after: str,
    rows: Sequence[AuditRow],
    form: Form = EMPTY,
) -> HTMLResponse:
    here: str = request.app.state.service
    return await SHARED.show(
        request,
        "audit.html",
        tab="audit",
        form=form,
        rows=rows,
        asked=defaultdict(str, given),
        narrowed=bool(given),
        here=here,
        services=SERVICE_NAMES,
        roles={role.value: called for role, called in CALLED.items()} | {"": CALLED[Role.PUBLIC]},
        results=RESULTS,
        actions={action.value: called for action, called in words.CALLED.items()},
        chain=await keeping.state(session, settings().var / "audit", here),
        first=f"?{urlencode(given)}" if after else None,
        next=f"?{urlencode({**given, 'after': rows[-1].id})}" if len(rows) == PAGE else None,
    )


async def _rows(session: AsyncSession, given: Mapping[str, str], after: str, limit: int) -> Sequence[AuditRow]:
    query: Any = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    for name in ("actor", "action", "subject", "result"):
        if name in given:
            query = query.where(getattr(AuditRow, name) == given[name])
    if "from" in given:
        query = query.where(AuditRow.at >= _begin("from", given["from"]))
    if "to" in given:
        query = query.where(AuditRow.at < _begin("to", given["to"]) + timedelta(days=1))
    if after:
        query = query.where(AuditRow.id < after)
    found: Sequence[AuditRow] = (await session.scalars(query)).all()
    return found


def _begin(field: str, day: str) -> datetime:
    """When a day begins. Raises `Invalid` for one that is none."""
    try:
        begin = datetime.combine(date.fromisoformat(day), time(), CHINA)
    except ValueError:
        begin = datetime.min.replace(tzinfo=CHINA)
    if begin.year not in YEARS:
        message = "没有这个日期，请核对，写成 2026-09-28 的样子。"
        raise Invalid("bad-date", message, [FieldFault(field, message)])
    return begin
