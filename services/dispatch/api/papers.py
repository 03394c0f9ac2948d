"""The doors to what is printed of orders, and to what is issued about them."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field

from services.dispatch.usecases import oversight, papers
from services.dispatch.usecases.drafting import Draft
from shared.papers.doors import template_doors
from shared.papers.kinds import KINDS, ZIP, Format, Kind, on_paper
from shared.papers.printing import handed_out
from shared.papers.tables import IssuedPaper
from shared.security.roles import Action, Actor
from shared.texts import Name
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api", tags=["papers"])
router.include_router(template_doors(papers.FORMS))

_ID = r"^[A-Za-z0-9-]{1,36}$"
Id = Annotated[str, Path(pattern=_ID)]
Occasion = Annotated[str | None, Query(pattern=_ID)]
Printer = Annotated[Actor, permit(Action.PRINT)]
PaperReader = Annotated[Actor, permit(Action.READ_PAPERS)]
Addressed = Annotated[Actor, permit(Action.READ_ADDRESSED)]
Issuer = Annotated[Actor, permit(Action.ISSUE)]


class Paper(BaseModel):
    """A paper that was issued."""

    paper_id: str
    kind: Kind
    number: str
    title: str
    subject: str
    issued_at: datetime
    issued_by: str
    template: str

    @classmethod
    def of(cls, row: IssuedPaper) -> Self:
        """As this door shows it."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class Called(BaseModel):
    """A paper an order calls for; `issued` once somebody has signed it."""

    kind: Kind
    name: str
    occasion: str
    since: datetime
    issued: Paper | None

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """As this door shows it."""
        issued = Paper.of(draft.issued) if draft.issued else None
        return cls(
            kind=draft.kind, name=KINDS[draft.kind].name, occasion=draft.occasion, since=draft.since, issued=issued
        )


class Unsigned(BaseModel):
    """An order whose circular, report or copy awaits a signature."""

    complaint_id: str
    number: str
    since: datetime


class Issue(BaseModel):
    """Which occasion is meant, where an order has several of a kind."""

    occasion: Annotated[str, Field(pattern=_ID)] | None = None


class Several(BaseModel):
    """Which orders are printed, in this order."""

    complaint_ids: Annotated[list[Name], Field(max_length=1_000)]


@router.get("/orders/{complaint_id}/work-order.{form}", response_class=Response, responses=on_paper())
async def print_work_order(complaint_id: Id, form: Format, session: Reader, actor: Printer) -> Response:
    """The work order, as annex 2 draws it."""
    return await handed_out(await papers.work_orders(session, actor, [complaint_id]), form, actor)


@router.post("/work-orders.{form}", response_class=Response, responses=on_paper(also=ZIP))
async def print_work_orders(form: Format, given: Several, session: Reader, actor: Printer) -> Response:
    """Up to 200 work orders in one file; in Word, where centers have templates of their own, one for each template."""
    return await handed_out(await papers.work_orders(session, actor, given.complaint_ids), form, actor)


@router.get("/orders/{complaint_id}/papers")
async def list_papers(complaint_id: Id, session: Reader, actor: PaperReader) -> list[Called]:
    """What the order calls for, and what was issued; to inspection and government, what was issued to them."""
    return [Called.of(draft) for draft in await papers.drafts(session, actor, complaint_id)]


@router.post("/orders/{complaint_id}/papers/{kind}", status_code=201)
async def issue(complaint_id: Id, kind: Kind, given: Issue, session: Session, actor: Issuer) -> Paper:
    """Sign a draft: it gets its number and date."""
    return Paper.of(await papers.issue(session, actor, complaint_id, kind, given.occasion))


@router.get(
    "/orders/{complaint_id}/papers/{kind}/draft.{form}", response_class=Response, responses={**on_paper(), 409: {}}
)
async def print_draft(
    complaint_id: Id, kind: Kind, form: Format, session: Reader, actor: Printer, occasion: Occasion = None
) -> Response:
    """A draft, to be read or edited before it is signed."""
    return await handed_out(await papers.draft_sheets(session, actor, complaint_id, kind, occasion), form, actor)


@router.get("/papers")
async def list_issued(
    session: Reader,
    actor: Issuer,
    kind: Kind | None = None,
    before: Annotated[str | None, Query(pattern=_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Paper]:
    """What the center has issued, the newest first; more with `before` = the last one's id."""
    return [Paper.of(row) for row in await papers.issued(session, actor, kind, before, limit)]


@router.get("/papers/addressed")
async def list_addressed(
    session: Reader,
    actor: Addressed,
    kind: Kind | None = None,
    before: Annotated[str | None, Query(pattern=_ID)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[Paper]:
    """The circulars, reports and copies that are this reader's, the newest first; more with `before`."""
    return [Paper.of(row) for row in await oversight.addressed(session, actor, kind, before, limit)]


@router.get("/papers/unsigned")
async def list_unsigned(
    session: Reader, actor: Issuer, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> list[Unsigned]:
    """Orders whose circular, report or copy awaits a signature, the longest waiting first."""
    return [
        Unsigned(complaint_id=order.complaint_id, number=order.complaint.number, since=since)
        for order, since in await papers.unsigned(session, actor, limit)
    ]


@router.get("/papers/{paper_id}.{form}", response_class=Response, responses=on_paper())
async def print_issued(paper_id: Id, form: Format, session: Reader, actor: PaperReader) -> Response:
    """A paper as it was issued; again and again the same bytes."""
    return await handed_out(await papers.issued_sheets(session, actor, paper_id), form, actor)
