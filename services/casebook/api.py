"""The JSON doors of casebook."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.casebook import usecases
from services.casebook.domain import State, Step, Text
from services.casebook.tables import Case
from shared.security.roles import Action, Actor
from shared.texts import CLEANED, CLEANED_LINES
from shared.web.permit import permit
from shared.web.session import Reader, Session

router = APIRouter(prefix="/api/cases")

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80), CLEANED]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=150), CLEANED]
Lines = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5000), CLEANED_LINES]
Id = Annotated[str, StringConstraints(pattern=r"^[\w-]{1,36}$")]
Writing = Annotated[Actor, permit(Action.WRITE_CASE)]
Approving = Annotated[Actor, permit(Action.APPROVE_CASE)]
Reading = Annotated[Actor, permit(Action.READ_CASES)]


class CaseText(BaseModel):
    """What a case says; phones, numbers and names of people are struck when it is kept."""

    title: Title
    problem: Lines
    method: Lines = ""
    steps: Lines = ""
    conclusion: Lines = ""
    basis: Lines = ""

    def text(self) -> Text:
        """The same, for the use cases."""
        return Text(self.title, self.problem, self.method, self.steps, self.conclusion, self.basis)


class NewCase(CaseText):
    """A case to begin, and where it comes from."""

    complaint_id: Id | None = None
    mechanism: Line | None = None


class EditedCase(CaseText):
    """A case as it shall read; with `revision`, only if it is still that one."""

    revision: int | None = None


class Remark(BaseModel):
    """What is said with a step; returning and withdrawing need it."""

    remark: Lines | None = None


class CaseView(BaseModel):
    """A case as everyone sees it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    center: str
    title: str
    problem: str
    method: str
    steps: str
    conclusion: str
    basis: str
    mechanism: str | None
    state: State
    revision: int
    published_at: datetime | None
    score: float | None = None


class StepView(BaseModel):
    """A step of a case's way."""

    model_config = ConfigDict(from_attributes=True)

    step: Step
    by: str
    at: datetime
    remark: str | None


class CaseWithWay(CaseView):
    """A case, and for those who write and approve cases how it came to be."""

    complaint_id: str | None = None
    author: str | None = None
    approver: str | None = None
    reviews: list[StepView] = []


class Imported(BaseModel):
    """How many cases were new, of how many given."""

    published: int
    given: int


@router.get("")
async def find(
    session: Reader,
    actor: Reading,
    q: Annotated[Lines, Query()] = "",
    state: State | None = None,
    top: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[CaseView]:
    """The public cases most like `q`, best first; without it the newest, and for editors their center's drafts too."""
    if q.strip():
        return [_scored(case, score) for case, score in await usecases.similar(session, q, top)]
    return [CaseView.model_validate(case) for case in await usecases.browse(session, actor, state, top)]


@router.get("/{case_id}")
async def read(case_id: Id, session: Reader, actor: Reading) -> CaseWithWay:
    """One case."""
    case, reviews = await usecases.read(session, actor, case_id)
    view = CaseWithWay.model_validate(CaseView.model_validate(case).model_dump())
    if actor.may(Action.WRITE_CASE) or actor.may(Action.APPROVE_CASE):
        view.complaint_id, view.author, view.approver = case.complaint_id, case.author, case.approver
        view.reviews = [StepView.model_validate(review) for review in reviews]
    return view


@router.post("", status_code=201)
async def write(given: NewCase, session: Session, actor: Writing) -> CaseView:
    """Begin a case."""
    case = await usecases.write(session, actor, given.text(), given.complaint_id, given.mechanism)
    return CaseView.model_validate(case)


@router.post("/import")
async def import_published(
    given: Annotated[list[CaseText], Field(max_length=5000)], session: Session, actor: Approving
) -> Imported:
    """Take over cases that are public already; the same again adds nothing."""
    new = await usecases.import_published(session, actor, (case.text() for case in given))
    return Imported(published=new, given=len(given))


@router.put("/{case_id}")
async def edit(case_id: Id, given: EditedCase, session: Session, actor: Writing) -> CaseView:
    """Say it otherwise."""
    return CaseView.model_validate(await usecases.edit(session, actor, case_id, given.text(), given.revision))


@router.post("/{case_id}/submit")
async def submit(case_id: Id, given: Remark, session: Session, actor: Writing) -> CaseView:
    """Hand it to the bureau."""
    return CaseView.model_validate(await usecases.take_step(session, actor, case_id, Step.SUBMIT, given.remark))


@router.post("/{case_id}/{step}")
async def decide(
    case_id: Id,
    step: Literal[Step.APPROVE, Step.RETURN, Step.PUBLISH, Step.WITHDRAW],
    given: Remark,
    session: Session,
    actor: Approving,
) -> CaseView:
    """Approve, return, publish or withdraw it."""
    return CaseView.model_validate(await usecases.take_step(session, actor, case_id, step, given.remark))


def _scored(case: Case, score: float) -> CaseView:
    return CaseView.model_validate(case).model_copy(update={"score": round(score, 3)})
