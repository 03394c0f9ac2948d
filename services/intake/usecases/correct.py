"""Correcting what was registered, with history (mechanism §2)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.states import must_not_be_about
from services.intake.domain.submission import Petitioner, Submission, check_submission
from services.intake.store import complaints as store
from services.intake.tables import ComplaintRow, PetitionerRow
from services.intake.usecases import journal
from services.intake.usecases.petitioners import FIELDS, index_of, sealed, still_readable
from services.intake.usecases.window import complaint_of
from shared import clock, replica
from shared.events.intake import ComplaintCorrected, PetitionerCorrected
from shared.messaging import announce
from shared.refusals import NotPossible
from shared.security.roles import Actor, must_reach

CORRECTABLE = ("category", "content", "remarks")


async def correct(
    session: AsyncSession, complaint_id: str, actor: Actor, given: Mapping[str, Any], reason: str
) -> ComplaintRow:
    """Replace what is `given` of category, content, remarks and the petitioner's fields; read as strictly as at first.

    The center that took it in and the one that handles it now may.
    """
    complaint = await complaint_of(session, complaint_id)
    held = await journal.open_journal(session, complaint_id)
    must_reach(actor, complaint.center, held.row.handling_center)
    must_not_be_about(complaint.about, {actor.id, actor.name})
    person = (await store.petitioners(session, [complaint_id]))[complaint_id]
    if person.name is None:
        raise NotPossible("erased", "该诉求人的信息已按规定删除，不能再更正。")
    submission = await _checked(session, complaint, person, given)
    corrected = any(getattr(complaint, name) != getattr(submission, name) for name in CORRECTABLE)
    fields = {name: getattr(submission.petitioner, name) for name in FIELDS}
    moved = (submission.petitioner.kind, fields) != (person.kind, still_readable(person))
    if not (corrected or moved):
        raise NotPossible("nothing-new", "内容与登记的一致，没有需要更正的地方。")
    if corrected:
        _correct_complaint(session, complaint, submission, actor, reason)
    if moved:
        _correct_petitioner(session, complaint, person.revision + 1, submission.petitioner, actor, reason)
    return complaint


def _correct_complaint(
    session: AsyncSession, complaint: ComplaintRow, submission: Submission, actor: Actor, reason: str
) -> None:
    complaint.category, complaint.content = submission.category, submission.content
    complaint.remarks = submission.remarks
    complaint.revision += 1
    event = ComplaintCorrected(
        at=clock.now(),
        center=complaint.center,
        subject=complaint.id,
        revision=complaint.revision,
        category=complaint.category,
        content=complaint.content,
        remarks=complaint.remarks,
        by=actor.id,
        reason=reason,
    )
    announce(session, event)
    journal.enter(session, complaint.id, event)


def _correct_petitioner(
    session: AsyncSession, complaint: ComplaintRow, revision: int, petitioner: Petitioner, actor: Actor, reason: str
) -> None:
    event = PetitionerCorrected(
        at=clock.now(),
        center=complaint.center,
        subject=complaint.id,
        revision=revision,
        petitioner=sealed(petitioner, complaint.id),
        by=actor.id,
        reason=reason,
    )
    fields = event.petitioner.model_dump(include={"kind", *FIELDS})
    index = index_of(petitioner.phone)
    session.add(PetitionerRow(complaint_id=complaint.id, revision=revision, at=event.at, phone_index=index, **fields))
    announce(session, event)
    journal.enter(session, complaint.id, event)


async def _checked(
    session: AsyncSession, complaint: ComplaintRow, person: PetitionerRow, given: Mapping[str, Any]
) -> Submission:
    """The submission as it would have been, had it been right from the first."""
    whole = {
        "source_ref": complaint.source_ref,
        "center": complaint.center,
        "reported_at": complaint.reported_at.isoformat(),
        **{name: getattr(complaint, name) for name in CORRECTABLE},
        **{name: given[name] for name in CORRECTABLE if name in given},
        "petitioner": {"kind": person.kind, **still_readable(person), **given.get("petitioner", {})},
    }
    centers = await replica.center_codes(session)
    centers.setdefault(complaint.center, "")  # one that is closed by now
    return check_submission(whole, source=complaint.source, centers=centers, now=clock.now())
