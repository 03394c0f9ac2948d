"""Many facts at once from an Excel file: a template to fill in, every bad row told, nothing done before all is good."""

import asyncio
from enum import StrEnum
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.pages.fact import address
from services.directory.pages.kit import Administrator, show
from services.directory.pages.sheets import OF_KIND, SHEETS, Sheet
from services.directory.pages.table import Table, read
from services.directory.pages.template import EXCEL, template
from services.directory.pages.workbook import MOST_BYTES, MOST_ROWS, Row, refusal, rows_of
from services.directory.usecases import importing
from services.directory.usecases.importing import Plan
from shared import clock
from shared.audit.edge import note
from shared.refusals import Invalid
from shared.security.roles import Actor
from shared.security.watermark import mark_of
from shared.web.forms import EMPTY, Form, Posted
from shared.web.session import Reader, Session

router = APIRouter(prefix="/imports", include_in_schema=False)

HERE = "/directory/imports"
Kind = Literal["center", "department", "member", "unit", "liaison", "channel", "partner"]


class Mode(StrEnum):
    """What is done where rows are bad."""

    ALL = "all"
    GOOD = "good"
    CHECK = "check"


MODES = [
    (Mode.ALL, "全部正确才导入（有一行错就都不导入）"),
    (Mode.GOOD, "跳过有错的行，导入其余"),
    (Mode.CHECK, "只检查，不导入"),
]


class Upload(BaseModel):
    """What the file holds, and what is wanted of it."""

    kind: Kind
    mode: Mode = Mode.ALL
    passwords: bool = False
    """Whether new members get passwords for one login."""


@router.get("")
async def show_imports(
    request: Request, actor: Administrator, kind: Annotated[str, Query(max_length=20)] = ""
) -> HTMLResponse:
    """Where to upload, and the templates."""
    return await _page(request, actor, kind)


@router.get("/{kind}.xlsx")
async def download(
    kind: Annotated[Kind, Path()], actor: Administrator, session: Reader, filled: bool = False
) -> Response:
    """The template of a kind; `filled`: with all there is."""
    sheet = OF_KIND[kind]
    mark = mark_of(actor, clock.now()) if filled else None
    content = await asyncio.to_thread(template, sheet, await store.held(session), filled=filled, mark=mark)
    name = quote(f"{sheet.title}{'' if filled else '导入模板'}.xlsx")
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{name}", "cache-control": "no-store"}
    return Response(content, media_type=EXCEL, headers=headers)


class HandedIn:
    """The rows of the file that came with the form, or why there are none."""

    def __init__(self, found: list[Row] | Invalid) -> None:
        self._found = found

    def rows(self) -> list[Row]:
        """Raises `Invalid`."""
        if isinstance(self._found, Invalid):
            raise self._found
        return self._found


async def _handed_in(form: Posted) -> HandedIn:
    files = form.files("file")
    content = await files[0].read(MOST_BYTES + 1) if len(files) == 1 else b""
    if not content:
        return HandedIn(refusal("no-file", "请选择一个填好的 Excel 文件（*.xlsx）。"))
    try:
        return HandedIn(await asyncio.to_thread(rows_of, content))
    except Invalid as refused:
        return HandedIn(refused)


@router.post("")
async def upload(
    request: Request,
    actor: Administrator,
    form: Posted,
    handed_in: Annotated[HandedIn, Depends(_handed_in)],  # before the session: reading it holds no writer
    session: Session,
) -> HTMLResponse:
    """Read a file, and do what was wanted: told row by row."""

    async def again(_: AsyncSession, form: Form) -> HTMLResponse:
        return await _page(request, actor, form=form)

    form.again = again
    given = form.read(Upload)
    note(request, subject=given.kind)
    sheet = OF_KIND[given.kind]
    table = read(sheet, handed_in.rows(), await store.held(session))
    found = await importing.plan(session, sheet.kind, table.lines, table.absent, table.faults)
    if found.faults and given.mode is Mode.ALL:
        _refuse(request, actor, form, sheet, table, found)
    if given.mode is Mode.CHECK:
        note(request, reason="只检查")
        return await _report(request, actor, sheet, table, found)
    said = f"批量导入：新增{len(found.entered)}，更正{len(found.corrected)}，无变化{found.same}，有误{found.bad}"
    note(request, reason=said)
    await importing.apply(session, actor, sheet.kind, found, "批量导入")
    passwords = await importing.give_passwords(session, found.entered) if given.passwords else []
    if sheet.kind == "member":
        for line in found.corrected:
            await request.app.state.sessions.end_all(line.key)
    return await _report(request, actor, sheet, table, found, done=True, passwords=passwords)


def _refuse(request: Request, actor: Actor, form: Form, sheet: Sheet, table: Table, found: Plan) -> None:
    """Nothing is done, and the report says why."""

    async def again(_: AsyncSession, form: Form) -> HTMLResponse:
        return await _report(request, actor, sheet, table, found, form=form)

    form.again = again
    raise Invalid("bad-rows", f"有{found.bad}行有误，一行也没有导入。请改正后重新上传，或者选择跳过有错的行。")


async def _page(request: Request, actor: Actor, kind: str = "", form: Form = EMPTY) -> HTMLResponse:
    return await show(
        request,
        actor,
        "imports.html",
        "directory",
        "imports",
        form=form,
        kind=kind,
        sheets=list(SHEETS.values()),
        kinds=[(sheet.kind, sheet.title) for sheet in SHEETS.values()],
        modes=MODES,
        most_rows=MOST_ROWS,
    )


async def _report(
    request: Request, actor: Actor, sheet: Sheet, table: Table, found: Plan, *, done: bool = False, **more: Any
) -> HTMLResponse:
    columns = {field.name: (place, field.label) for place, field in enumerate(sheet.fields)}
    faults = [
        (fault, columns.get(fault.field, (0, "整行"))[1], table.typed.get((fault.number, fault.field), ""))
        for fault in sorted(found.faults, key=lambda each: (each.number, columns.get(each.field, (99, ""))[0]))
    ]
    return await show(
        request,
        actor,
        "import_report.html",
        "directory",
        "imports",
        sheet=sheet,
        found=found,
        faults=faults,
        is_done=done,
        address=lambda key: address(sheet, key),
        **{"passwords": [], **more},
    )
