"""The doors to the figures: rates, handling time, reports. No petitioner is in any answer."""

import asyncio
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Response

from services.intake.api.drawn import monthly_book, monthly_sheets
from services.intake.api.ledger import Day, Whose, period
from services.intake.api.workbook import EXCEL
from services.intake.domain.gaming import Thresholds
from services.intake.domain.period import Period
from services.intake.domain.quarterly import Quarter
from services.intake.domain.tally import By
from services.intake.usecases import figures, reports
from services.intake.usecases.figures import Asked, Figures, Report
from services.intake.usecases.reports import Equality, Gaming, HotTopics
from shared.papers.kinds import Format, on_paper
from shared.papers.printing import handed_out
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader

router = APIRouter(prefix="/figures", tags=["figures"])

Who = Annotated[Actor, permit(Action.READ_FIGURES)]
Year = Annotated[int, Path(ge=2000, le=2199)]
AsOf = Annotated[Day | None, Query(description="As it stood at the end of this day.")]
Split = Literal["center", "department", "channel", "category"]


def asked(days: Annotated[Period, Depends(period)], center: Whose = None) -> Asked:
    """Whose figures, of which period."""
    return Asked(center, days)


Given = Annotated[Asked, Depends(asked)]


@router.get("/rates")
async def rates(session: Reader, actor: Who, given: Given, by: Split | None = None) -> Figures:
    """响应率, 按时率, 解决率, 满意率, and handling time by whose court it was in; of all, and part by part."""
    return await figures.figures(session, actor, given, By(by) if by else None)


@router.get("/monthly/{year}/{month}")
async def monthly(
    session: Reader,
    actor: Who,
    year: Year,
    month: Annotated[int, Path(ge=1, le=12)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Report:
    """The report of a month by center and department, beside the month before; as of its last day, or of today."""
    return await figures.report(session, actor, center, date(year, month, 1), 1, as_of)


@router.get("/monthly/{year}/{month}/print", response_class=Response, responses=on_paper(Format.PDF))
async def monthly_to_print(
    session: Reader,
    actor: Who,
    year: Year,
    month: Annotated[int, Path(ge=1, le=12)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Response:
    """The same as PDF, with charts; the same figures give the same bytes."""
    found = await figures.report(session, actor, center, date(year, month, 1), 1, as_of)
    office = await figures.office_of(session, actor, center, found.until)
    return await handed_out(monthly_sheets(found, office), Format.PDF, actor)


@router.get("/monthly/{year}/{month}/excel", response_class=Response, responses={200: {"content": {EXCEL: {}}}})
async def monthly_in_excel(
    session: Reader,
    actor: Who,
    year: Year,
    month: Annotated[int, Path(ge=1, le=12)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Response:
    """Its tables as an Excel file; the same figures give the same bytes."""
    found = await figures.report(session, actor, center, date(year, month, 1), 1, as_of)
    book = await asyncio.to_thread(monthly_book, found)
    disposition = f'attachment; filename="figures-{year}-{month:02}.xlsx"'
    return Response(book, media_type=EXCEL, headers={"Content-Disposition": disposition})


@router.get("/quarterly/{year}/{quarter}")
async def quarterly(
    session: Reader,
    actor: Who,
    year: Year,
    quarter: Annotated[int, Path(ge=1, le=4)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Quarter:
    """The summary of a quarter, drafted for an editor (总结推广)."""
    return await reports.summary(session, actor, center, year, quarter, as_of)


@router.get("/equality")
async def equality(session: Reader, actor: Who, given: Given) -> Equality:
    """Handling time, overdue and satisfaction across petitioners (Art. 2); of small groups only how many they are."""
    return await reports.equality(session, actor, given)


@router.get("/gaming")
async def gaming(
    session: Reader,
    actor: Who,
    given: Given,
    just_before_minutes: Annotated[int, Query(ge=1, le=10_000)] = Thresholds.just_before_minutes,
    extensions: Annotated[int, Query(ge=1, le=20)] = Thresholds.extensions,
    plans: Annotated[int, Query(ge=1, le=20)] = Thresholds.plans,
) -> Gaming:
    """What makes clocks look good and helps nobody, by department, with the complaints to look at."""
    return await reports.gaming(session, actor, given, Thresholds(just_before_minutes, extensions, plans))


@router.get("/topics")
async def topics(session: Reader, actor: Who, given: Given) -> HotTopics:
    """What many people complain of, and whether more than before."""
    return await reports.topics(session, actor, given)
