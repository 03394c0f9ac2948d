"""The audit log for auditors: a door and a page of every service."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from shared.audit.tables import AuditRow
from shared.security.roles import CALLED, Action, Actor, Role
from shared.settings import SERVICES
from shared.web.pages import SHARED
from shared.web.permit import permit
from shared.web.session import Reader
from shared.workdays import CHINA

router = APIRouter(tags=["audit"])

RESULTS = {"allowed": "已办理", "denied": "已拒绝", "failed": "未办成"}
SERVICE_NAMES = dict(zip(SERVICES, ("受理", "工作单", "时限", "通知", "指导案例", "目录与登录"), strict=True))
PAGE = 100
Auditor = Annotated[Actor, permit(Action.READ_AUDIT)]
Text = Annotated[str, Query(max_length=80)]
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]


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
    seq: int | None


class Lines(BaseModel):
    """A page of the log, the newest first; `next` goes on where it ends."""

    lines: list[Line]
    next: str | None


@router.get("/api/audit")
async def read_audit(
    session: Reader,
    _: Auditor,
    actor: Text = "",
    action: Text = "",
    subject: Text = "",
    result: Text = "",
    day: Day = "",
    after: Text = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = PAGE,
) -> Lines:
    """Who did or read what here, the newest first; by username, action, subject, result, day."""
    given = {"actor": actor, "action": action, "subject": subject, "result": result}
    rows = await _rows(session, given, day, after, limit)
    lines = [Line.model_validate(row) for row in rows]
    return Lines(lines=lines, next=rows[-1].id if len(rows) == limit else None)


@router.get("/audit", include_in_schema=False)
async def show_audit(
    request: Request,
    _: Auditor,
    session: Reader,
    actor: Text = "",
    action: Text = "",
    subject: Text = "",
    result: Text = "",
    day: Day = "",
    after: Text = "",
) -> HTMLResponse:
    """The log on a page."""
    given = {"actor": actor, "action": action, "subject": subject, "result": result}
    rows = await _rows(session, given, day, after, PAGE)
    asked = {name: value for name, value in (given | {"day": day}).items() if value}
    here: str = request.app.state.service
    return await SHARED.show(
        request,
        "audit.html",
        tab="audit",
        rows=rows,
        asked=given | {"day": day},
        here=here,
        services=SERVICE_NAMES,
        roles={role.value: called for role, called in CALLED.items()} | {"": CALLED[Role.PUBLIC]},
        results=RESULTS,
        first=f"?{urlencode(asked)}" if after else None,
        next=f"?{urlencode(asked | {'after': rows[-1].id})}" if len(rows) == PAGE else None,
    )


async def _rows(session: AsyncSession, given: dict[str, str], day: str, after: str, limit: int) -> Sequence[AuditRow]:
    query: Any = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
    for name, value in given.items():
        if value:
            query = query.where(getattr(AuditRow, name) == value)
    if day:
        begin = datetime.fromisoformat(day).replace(tzinfo=CHINA)
        query = query.where(AuditRow.at >= begin, AuditRow.at < begin + timedelta(days=1))
    if after:
        query = query.where(AuditRow.id < after)
    found: Sequence[AuditRow] = (await session.scalars(query)).all()
    return found
