"""The doors to the figures: rates, handling time, reports. No petitioner is in any answer."""

import asyncio
from datetime import date, datetime
from typing import Annotated, Literal, Self

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.api.drawn import monthly_book, monthly_report, preview_sheets
from services.intake.api.ledger import Day, Whose, period
from services.intake.api.workbook import EXCEL
from services.intake.domain.gaming import Thresholds
from services.intake.domain.period import Period
from services.intake.domain.quarterly import Quarter
from services.intake.domain.tally import By
from services.intake.usecases import figures, monthly, reports
from services.intake.usecases.figures import Asked, Figures, Report
from services.intake.usecases.reports import Equality, Gaming, HotTopics
from shared import clock
from shared.papers.kinds import Format, on_paper
from shared.papers.printing import handed_out
from shared.papers.tables import IssuedPaper
from shared.security.roles import Action, Actor
from shared.web.marked import Marked
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/figures", tags=["figures"])

Who = Annotated[Actor, permit(Action.READ_FIGURES)]
Issuer = Annotated[Actor, permit(Action.ISSUE)]
Year = Annotated[int, Path(ge=2000, le=2199)]
AsOf = Annotated[Day | None, Query(description="As it stood at the end of this day.")]
Split = Literal["center", "department", "channel", "category"]


class Numbered(BaseModel):
    """The number a report was given."""

    paper_id: str
    number: str
    title: str
    issued_at: datetime
    issued_by: str

    @classmethod
    def of(cls, row: IssuedPaper) -> Self:
        """As this door shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


def asked(days: Annotated[Period, Depends(period)], center: Whose = None) -> Asked:
    """Whose figures, of which period."""
    return Asked(center, days)


Given = Annotated[Asked, Depends(asked)]


@router.get("/rates")
async def rates(session: Reader, actor: Who, given: Given, by: Split | None = None) -> Figures:
    """响应率, 按时率, 解决率, 满意率, and handling time by whose court it was in; of all, and part by part."""
    return await figures.figures(session, actor, given, By(by) if by else None)


@router.get("/monthly/{year}/{month}")
async def read_month(
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
async def print_month(
    session: Reader,
    actor: Who,
    mark: Marked,
    year: Year,
    month: Annotated[int, Path(ge=1, le=12)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Response:
    """The same as PDF, with charts: under its number, if it has one, the same bytes ever after; else a preview.

    As of a day it is always a preview; the same figures give a program the same one, and a browser's has a watermark.
    """
    first = date(year, month, 1)
    if as_of is None and (paper := await monthly.issued(session, actor, center, first)):
        return await handed_out(await monthly.sheets(session, paper), Format.PDF, actor)
    found = await figures.report(session, actor, center, first, 1, as_of)
    office = await figures.office_of(session, actor, center, found.until)
    return await handed_out(preview_sheets(found, office, mark), Format.PDF, actor)


@router.post("/monthly/{year}/{month}/paper", status_code=201)
async def issue_month(
    session: Session, actor: Issuer, year: Year, month: Annotated[int, Path(ge=1, le=12)], center: Whose = None
) -> Numbered:
    """Give the report of a month that is over its number and date, once; it is printed under them from then on."""
    return Numbered.of(await number_month(session, actor, center, date(year, month, 1)))


async def number_month(session: AsyncSession, actor: Actor, center: str | None, first: date) -> IssuedPaper:
    """The report of a month as of its last day, issued: what this door and the page do alike.

    It is signed by the office as it is called on the day of signing, by which name the number calls it, too.
    """
    found = await figures.report(session, actor, center, first, 1, None)
    office = await figures.office_of(session, actor, center, clock.now())
    return await monthly.issue(session, actor, center, first, monthly_report(found, office))


@router.get("/monthly/{year}/{month}/excel", response_class=Response, responses={200: {"content": {EXCEL: {}}}})
async def month_in_excel(
    session: Reader,
    actor: Who,
    mark: Marked,
    year: Year,
    month: Annotated[int, Path(ge=1, le=12)],
    center: Whose = None,
    as_of: AsOf = None,
) -> Response:
    """Its tables as an Excel file; the same figures give a program the same bytes, and a browser a watermark."""
    found = await figures.report(session, actor, center, date(year, month, 1), 1, as_of)
    book = await asyncio.to_thread(monthly_book, found, mark)
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
