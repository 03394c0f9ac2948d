"""The doors to the ledger (annex 3): JSON by its 17 headings, the same in Excel, and its rebuilding."""

import asyncio
from datetime import date
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, Field

from services.intake.api.texts import Code
from services.intake.api.workbook import EXCEL, workbook
from services.intake.usecases import journal
from services.intake.usecases.ledger import FIRST_DAY, LAST_DAY, Asked, ledger
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(tags=["ledger"])


Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]


def asked(
    center: Annotated[Code | None, Query(description="Whose ledger; without it, all you may read.")] = None,
    first: Annotated[Day | None, Query(alias="from", description="Registered from this day on.")] = None,
    last: Annotated[Day | None, Query(alias="to", description="Registered up to this day, included.")] = None,
    as_of: Annotated[Day | None, Query(description="As it stood at the end of this day.")] = None,
) -> Asked:
    """Which ledger is asked for."""
    return Asked(center, first, last, as_of)


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
    session: Reader, actor: Annotated[Actor, permit(Action.READ_LEDGER)], given: Annotated[Asked, Depends(asked)]
) -> Response:
    """The same as an Excel file; the same ledger gives the same bytes."""
    entries = await ledger(session, actor, given)
    book = await asyncio.to_thread(workbook, [entry.cells for entry in entries])
    return Response(book, media_type=EXCEL, headers={"Content-Disposition": 'attachment; filename="ledger.xlsx"'})


@router.post("/ledger/rebuild")
async def rebuild(given: Rebuild, session: Session, _: Annotated[Actor, permit(Action.ADMINISTER)]) -> Rebuilt:
    """Compute rows of the ledger anew from the journal; ask again with `next` until it is null."""
    rebuilt, changed, after = await journal.rebuild(session, str(given.after or ""), given.limit)
    return Rebuilt(rebuilt=rebuilt, changed=changed, next=after)
