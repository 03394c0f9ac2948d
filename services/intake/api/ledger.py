"""The doors to the ledger (annex 3): JSON by its 17 headings, the same in Excel, and its rebuilding."""

import asyncio
from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from services.intake.api.printed import ledger_sheets, must_be_printable
from services.intake.api.texts import Code
from services.intake.api.workbook import EXCEL, workbook
from services.intake.domain.filters import Filter
from services.intake.domain.period import FIRST_DAY, LAST_DAY, Period
from services.intake.domain.states import State
from services.intake.domain.submission import Category
from services.intake.usecases import journal
from services.intake.usecases.ledger import MOST_ON_A_PAGE, Asked, Place, ledger, page
from shared.events.dispatch import Final
from shared.events.intake import Triage
from shared.events.sla import Rung
from shared.papers.kinds import Format, on_paper
from shared.papers.printing import handed_out
from shared.security.roles import Action, Actor
from shared.web.marked import Marked
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(tags=["ledger"])


Whose = Annotated[Code | None, Query(description="Whose; without it, all you may read.")]
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Words = Annotated[str, Field(min_length=2, max_length=100)]


def wanted(
    triage: Triage | None = None,
    category: Category | None = None,
    channel: Annotated[Code | None, Query(description="The channel it came by.")] = None,
    department: Annotated[Code | None, Query(description="That leads or helps, as `<center>/<code>`.")] = None,
    state: State | None = None,
    final: Final | None = None,
    overdue: Annotated[bool | None, Query(description="Whether an answer was late, or is by now.")] = None,
    rung: Annotated[Rung | None, Query(description="The highest rung it has reached.")] = None,
    text: Annotated[Words | None, Query(description="A number, or words of the content.")] = None,
) -> Filter:
    """Which rows are asked for."""
    return Filter(triage, category, channel, department, state, final, overdue, rung, text)


def period(
    first: Annotated[Day | None, Query(alias="from", description="From this day on.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Up to this day, included.")] = None,
    as_of: Annotated[Day | None, Query(description="As it stood at the end of this day.")] = None,
) -> Period:
    """The days that are asked for."""
    return Period(first, last, as_of)


def asked(
    days: Annotated[Period, Depends(period)], rows: Annotated[Filter, Depends(wanted)], center: Whose = None
) -> Asked:
    """Which ledger is asked for; its period is that of registering."""
    return Asked(center, days, rows)


class Rows(BaseModel):
    """Some rows of the ledger, and what to give as `after` for those that follow (None at the end)."""

    rows: list[dict[str, str | int]]
    next: str | None


def place(
    after: Annotated[str | None, Query(pattern=r"^[0-9]{1,9}\.[0-9a-f-]{36}$", description="`next` as told.")] = None,
) -> Place | None:
    """Where the page before ended."""
    if after is None:
        return None
    rows, _, complaint_id = after.partition(".")
    return Place(int(rows), complaint_id)


class Order(StrEnum):
    """By the time of registering."""

    NEWEST = "newest"
    OLDEST = "oldest"


class Rebuild(BaseModel):
    """Where to go on; None at the beginning."""

    after: UUID | None = None
    limit: Annotated[int, Field(ge=1, le=5_000)] = 500


class Rebuilt(BaseModel):
    """How many rows were computed anew, how many had been different, and where to go on (None at the end)."""

    rebuilt: int
    changed: int
    next: str | None


@router.get("/ledger", response_model=list[dict[str, str | int]])
async def rows(
    session: Reader, actor: Annotated[Actor, permit(Action.READ_LEDGER)], given: Annotated[Asked, Depends(asked)]
) -> Response:
    """The ledger's rows, keyed by the 17 headings of annex 3; the petitioner masked."""
    entries = await ledger(session, actor, given)
    return Response(orjson.dumps([entry.cells for entry in entries]), media_type="application/json")


@router.get("/ledger.xlsx", response_class=Response, responses={200: {"content": {EXCEL: {}}}})
async def in_excel(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_LEDGER)],
    mark: Marked,
    given: Annotated[Asked, Depends(asked)],
) -> Response:
    """The same as an Excel file; the same ledger gives a program the same bytes, and a browser a watermark."""
    entries = await ledger(session, actor, given)
    book = await asyncio.to_thread(workbook, [entry.cells for entry in entries], mark)
    return Response(book, media_type=EXCEL, headers={"Content-Disposition": 'attachment; filename="ledger.xlsx"'})


@router.get("/ledger/page")
async def one_page(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_LEDGER)],
    given: Annotated[Asked, Depends(asked)],
    after: Annotated[Place | None, Depends(place)],
    limit: Annotated[int, Query(ge=1, le=MOST_ON_A_PAGE)] = 50,
    order: Order = Order.NEWEST,
) -> Rows:
    """The ledger page by page; a page may be short though more follow, when few rows fit."""
    found = await page(session, actor, given, limit, after, newest_first=order is Order.NEWEST)
    following = found.following
    return Rows(
        rows=[entry.cells for entry in found.entries],
        next=f"{following.rows}.{following.complaint_id}" if following else None,
    )


@router.get("/ledger.pdf", response_class=Response, responses=on_paper(Format.PDF))
async def to_print(
    session: Reader,
    actor: Annotated[Actor, permit(Action.READ_LEDGER)],
    mark: Marked,
    given: Annotated[Asked, Depends(asked)],
) -> Response:
    """The same to be printed on A3; the same ledger gives a program the same bytes, and a browser a watermark."""
    rows = [entry.cells for entry in await ledger(session, actor, given)]
    must_be_printable(rows)
    return await handed_out(ledger_sheets(rows, mark), Format.PDF, actor)


@router.post("/ledger/rebuild")
async def rebuild(given: Rebuild, session: Session, _: Annotated[Actor, permit(Action.ADMINISTER)]) -> Rebuilt:
    """Compute rows of the ledger anew from the journal; ask again with `next` until it is null."""
    rebuilt, changed, after = await journal.rebuild(session, str(given.after or ""), given.limit)
    return Rebuilt(rebuilt=rebuilt, changed=changed, next=after)
