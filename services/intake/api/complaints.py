"""The doors to one complaint: sort it, settle it, correct it, read it (Art. 5, 6)."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from services.intake.api.texts import Code, Reason, Said, Text
from services.intake.domain.number import printed_number
from services.intake.tables import ComplaintRow
from services.intake.usecases import correct as correcting
from services.intake.usecases import journal, petitioning, reading, window
from shared.audit.edge import note
from shared.events.intake import Triage
from shared.security.roles import Action, Actor
from shared.web.permit import permit
from shared.web.session import Reader, Session
from shared.web.together import Deeds

router = APIRouter(prefix="/complaints", tags=["complaints"])
ratings = APIRouter(prefix="/ratings", tags=["complaints"])

QueryCode = Annotated[str, Query(max_length=40)]


class Sorted(BaseModel):
    """How a complaint is sorted; a second time with the reason."""

    triage: Triage
    reason: Reason | None = None


class Settled(BaseModel):
    """How a general complaint was settled on the spot, and whose counter helped: `code` or `center/code`."""

    result: Text
    helped_by: Code | None = None


class Corrected(BaseModel):
    """What is right now; what is left out stays as it is."""

    reason: Reason
    category: str | None = None
    content: str | None = None
    remarks: str | None = None
    petitioner: dict[str, Any] | None = Field(None, description="Some of the fields of a submission's petitioner.")


class Reveal(BaseModel):
    """Why the petitioner has to be seen."""

    reason: Reason


class Standing(BaseModel):
    """The complaint after what was done."""

    complaint_id: str
    number: str
    triage: Triage | None
    triage_revision: int
    revision: int
    """How often category, content or remarks were corrected."""
    category: str


class PetitionerMasked(BaseModel):
    """The petitioner as everybody may see it."""

    kind: str
    name: str
    contact_person: str
    contact: str
    address: str


class Complaint(Standing):
    """A complaint as staff see it."""

    content: str
    remarks: str
    printed_number: str
    center: str
    handling_center: str
    source: str
    source_ref: str
    reported_at: AwareDatetime
    registered_at: AwareDatetime
    confidential: bool
    service_item: str | None
    state: str
    final: str | None
    due_at: AwareDatetime | None
    petitioner: PetitionerMasked


class Happened(BaseModel):
    """Something that happened to a complaint, for people."""

    at: AwareDatetime
    what: str
    who: str
    details: str


class Status(BaseModel):
    """What a petitioner is told of it."""

    number: str
    printed_number: str
    state: str
    registered_at: datetime
    dispatched_at: datetime | None
    done_at: datetime | None
    followed_up_at: datetime | None
    closed: bool


class Nudged(BaseModel):
    """What the petitioner wants to add."""

    words: Said | None = None


class Reopened(BaseModel):
    """Why it should be dealt with again."""

    words: Reason


class Rated(BaseModel):
    """1 to 5, and what the petitioner wants to say."""

    score: int = Field(ge=1, le=5)
    words: Said | None = None


class Accepted(BaseModel):
    """A sentence for the petitioner."""

    accepted: str


def _standing(row: ComplaintRow) -> Standing:
    return Standing(
        complaint_id=row.id,
        number=row.number,
        triage=Triage(row.triage) if row.triage else None,
        triage_revision=row.triage_revision,
        revision=row.revision,
        category=row.category,
    )


_complaints = Deeds(journal.open_whole, _standing)


@router.post("/{complaint_id:uuid}/triage")
async def triage(
    complaint_id: UUID, given: Sorted, request: Request, actor: Annotated[Actor, permit(Action.TRIAGE)]
) -> Standing:
    """研判分类; sorted anew with a reason until it is dispatched (Art. 6)."""
    named = str(complaint_id)
    return await _complaints.act(
        request, named, lambda session: window.triage(session, named, actor, given.triage, given.reason)
    )


@router.post("/{complaint_id:uuid}/settle")
async def settle(
    complaint_id: UUID, given: Settled, request: Request, actor: Annotated[Actor, permit(Action.TRIAGE)]
) -> Standing:
    """当场办结: only what is general (Art. 6); its follow-up is next."""
    named = str(complaint_id)
    return await _complaints.act(
        request, named, lambda session: window.settle(session, named, actor, given.result, given.helped_by)
    )


@router.post("/{complaint_id:uuid}/correct")
async def correct(
    complaint_id: UUID, given: Corrected, session: Session, actor: Annotated[Actor, permit(Action.CORRECT)]
) -> Standing:
    """Correct what was registered, with history."""
    fields = given.model_dump(exclude={"reason"}, include=given.model_fields_set - {"reason"})
    if fields.get("petitioner") is None:
        fields.pop("petitioner", None)
    return _standing(await correcting.correct(session, str(complaint_id), actor, fields, given.reason))


@router.get("/{complaint_id:uuid}")
async def complaint(
    complaint_id: UUID, session: Reader, actor: Annotated[Actor, permit(Action.READ_COMPLAINT)]
) -> Complaint:
    """A complaint, its petitioner masked."""
    found = await reading.whole(session, actor, str(complaint_id))
    row, person = found.complaint, found.petitioner
    return Complaint(
        **_standing(row).model_dump() | {"triage": found.row.triage},  # as an answer may have left it
        content=person.text(row.content),
        remarks=person.text(row.remarks or ""),
        printed_number=printed_number(row.year, row.seq),
        center=row.center,
        handling_center=found.row.handling_center,
        source=row.source,
        source_ref=row.source_ref,
        reported_at=row.reported_at,
        registered_at=row.registered_at,
        confidential=row.confidential,
        service_item=row.service_item,
        state=found.row.state,
        final=found.row.final,
        due_at=found.row.due_at,
        petitioner=PetitionerMasked(
            kind="organisation" if person.is_organisation else "individual",
            name=person.name,
            contact_person=person.contact_person,
            contact=person.contact,
            address=person.address,
        ),
    )


@router.post("/{complaint_id:uuid}/reveal")
async def reveal(
    complaint_id: UUID,
    given: Reveal,
    request: Request,
    session: Session,
    actor: Annotated[Actor, permit(Action.REVEAL)],
) -> reading.Revealed:
    """Who complains, in the clear, for a reason that the audit log keeps."""
    note(request, reason=given.reason)
    return await reading.revealed(session, actor, str(complaint_id))


@router.get("/{complaint_id:uuid}/history")
async def history(
    complaint_id: UUID, session: Reader, actor: Annotated[Actor, permit(Action.READ_COMPLAINT)]
) -> list[Happened]:
    """What happened to a complaint, in time order, for people; masked."""
    _, lines = await reading.history_of(session, actor, str(complaint_id))
    return [Happened(at=line.at, what=line.what, who=line.who, details=line.details) for line in lines]


@router.get("/{number}")
async def status(
    number: str,
    session: Reader,
    _: Annotated[Actor, permit(Action.READ_STATUS)],
    code: QueryCode = "",
) -> Status:
    """How it stands, for whoever has number and query code; 404 alike for a wrong number and a wrong code."""
    return Status(**await reading.status(session, number, code))


@router.post("/{number}/nudge", status_code=202)
async def nudge(
    number: str,
    given: Nudged,
    session: Session,
    _: Annotated[Actor, permit(Action.NUDGE)],
    code: QueryCode = "",
) -> Accepted:
    """催一催, by number and query code, once a working day (mechanism §6)."""
    await petitioning.nudge(session, number, code, given.words)
    return Accepted(accepted="已收到您的催办，我们会督促办理。")


@router.post("/{number}/reopen", status_code=202)
async def reopen(
    number: str,
    given: Reopened,
    session: Session,
    _: Annotated[Actor, permit(Action.ASK_REOPENING)],
    code: QueryCode = "",
) -> Accepted:
    """Ask, by number and query code, to have reopened what was closed; once, within 15 working days (Art. 10)."""
    await petitioning.reopen(session, number, code, given.words)
    return Accepted(accepted="已收到您的申请，您的诉求将重新办理。")


@ratings.post("/{link}", status_code=201)
async def rate(
    link: Annotated[str, Path(max_length=80)],
    given: Rated,
    session: Session,
    _: Annotated[Actor, permit(Action.RATE)],
) -> Accepted:
    """Rate how it was handled, by the one-time link that came with the end (Art. 10)."""
    await petitioning.rate(session, link, given.score, given.words)
    return Accepted(accepted="感谢您的评价。")
