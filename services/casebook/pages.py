"""The pages of casebook: seeking and reading public cases, and those like a complaint as a part of other pages."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.ext.asyncio import AsyncSession

from services.casebook.api.cases import Reading
from services.casebook.api.views import Id
from services.casebook.domain.cases import State
from services.casebook.tables import Case
from services.casebook.usecases import reading, searching
from shared import replica
from shared.web.pages import Pages
from shared.web.session import Reader

pages = Pages(Path(__file__).parent / "templates")
router = APIRouter(include_in_schema=False)

LISTED, LIKE_IT = 30, 3
PARTS = (
    ("problem", "诉求情况"),
    ("method", "处理办法"),
    ("steps", "办理过程"),
    ("conclusion", "处理结果"),
    ("basis", "依据"),
)


@router.get("/cases")
async def show_cases(
    request: Request, actor: Reading, session: Reader, q: Annotated[str, Query(max_length=2000)] = ""
) -> HTMLResponse:
    """The public cases most like `q`; without it the newest."""
    if q.strip():
        found = await _similar(session, q, LISTED)
    else:
        found = list(await reading.browse(session, actor, State.PUBLISHED, LISTED))
    return await pages.show(request, "cases.html", tab="cases", q=q, cases=found)


@router.get("/cases/{case_id}")
async def show_case(case_id: Id, request: Request, actor: Reading, session: Reader) -> HTMLResponse:
    """One case."""
    case = (await reading.read(session, actor, case_id)).case
    parts = [(label, text) for name, label in PARTS if (text := getattr(case, name))]
    names = await replica.department_names(session)
    together = [names.get(key, key) for key in case.departments]
    return await pages.show(request, "case.html", tab="cases", case=case, parts=parts, together=together)


@router.post("/fragments/similar")
async def part_of_similar(
    _: Reading, session: Reader, content: Annotated[str, Form(max_length=20_000)] = ""
) -> HTMLResponse:
    """The cases most like what is said here; asked by POST, so that no complaint stands in an address."""
    found = await _similar(session, content, LIKE_IT) if content.strip() else []
    return pages.fragment("similar_part.html", cases=found, asked=bool(content.strip()))


async def _similar(session: AsyncSession, text: str, limit: int) -> list[Case]:
    return [case for case, _ in await searching.similar(session, text, limit)]
