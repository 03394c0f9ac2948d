"""Registering: every channel ends here, in the same record (Art. 3, 5)."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TypeVar

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.number import CODE_ALPHABET, CODE_LENGTH, number_of, year_of
from services.intake.domain.submission import Profile, Submission
from services.intake.store import attachments
from services.intake.store import complaints as store
from services.intake.tables import ComplaintRow, PetitionerRow, ProfileRow
from services.intake.usecases import journal
from services.intake.usecases.petitioners import FIELDS, index_of, sealed
from shared import clock
from shared.events.intake import ComplaintRegistered, SealedPetitioner
from shared.ids import new_id
from shared.messaging import announce
from shared.security.keys import sealer

TURN = 50

T = TypeVar("T")


@dataclass(frozen=True)
class Registered:
    """What the petitioner is told at once, and again when the same submission comes again."""

    number: str
    complaint_id: str
    query_code: str
    center: str
    repeated: bool = False


async def register(
    session: AsyncSession, submissions: Sequence[Submission], references: Mapping[store.SourceRef, str]
) -> list[Registered]:
    """Register these in one transaction; one outcome each. `references` are what answers to them refer to.

    The same source and reference twice is one complaint, whose first number and query code are told again, also when
    the two arrive at once. Numbers come late, since a center's counter is held from then until the commit.
    """
    now = clock.now()
    refs = {(each.source, each.source_ref): new_id() for each in submissions}
    claimed = await store.claim(session, refs)
    known = await store.claimed_before(session, refs.keys() - claimed)
    outcomes = {ref: _told(complaint, query_code_of(complaint)) for ref, complaint in known.items()}
    told = {ref: replace(outcome, repeated=True) for ref, outcome in outcomes.items()}
    fresh: list[_Fresh] = []
    async for submission in in_turns(submissions):
        ref = submission.source, submission.source_ref
        if ref in claimed:
            claimed.remove(ref)
            fresh.append(_Fresh.of(submission, refs[ref], now))
    for each in fresh:
        if each.attachments:
            await attachments.take_up(session, each.complaint.id, each.attachments)
    await _number(session, fresh)
    async for each in in_turns(fresh):
        each.enter(session, references)
    return _in_order(submissions, fresh, told)


async def in_turns(items: Iterable[T]) -> AsyncIterator[T]:
    """The items; whoever else this process serves gets a turn in between, however many there are."""
    for place, item in enumerate(items, 1):
        if place % TURN == 0:
            await asyncio.sleep(0)
        yield item


def _in_order(
    submissions: Sequence[Submission], fresh: Iterable["_Fresh"], told: dict[store.SourceRef, Registered]
) -> list[Registered]:
    """The outcome of each submission; the second of two in one batch is a repeat of the first."""
    first = {
        (each.complaint.source, each.complaint.source_ref): _told(each.complaint, each.query_code) for each in fresh
    }
    outcomes = []
    for submission in submissions:
        ref = submission.source, submission.source_ref
        if outcome := first.pop(ref, None):
            told[ref] = replace(outcome, repeated=True)
            outcomes.append(outcome)
        else:
            outcomes.append(told[ref])
    return outcomes


def _told(complaint: ComplaintRow, query_code: str) -> Registered:
    return Registered(complaint.number, complaint.id, query_code, complaint.center)


def query_code_of(complaint: ComplaintRow) -> str:
    """The query code the petitioner was told; "" where nobody can read it any more: a number is worth telling alone."""
    opened = sealer().open_those_that_can_be({"query_code": complaint.query_code}, complaint.id)
    return opened["query_code"] or ""


async def _number(session: AsyncSession, fresh: Sequence["_Fresh"]) -> None:
    wanted = Counter((each.complaint.center, each.complaint.year) for each in fresh)
    following = await store.take_numbers(session, wanted)
    for each in fresh:
        complaint = each.complaint
        complaint.seq = following[complaint.center, complaint.year]
        complaint.number = number_of(complaint.center, complaint.year, complaint.seq)
        following[complaint.center, complaint.year] += 1


@dataclass
class _Fresh:
    """A complaint on its way in: sealed and ready before it has a number."""

    complaint: ComplaintRow
    petitioner: SealedPetitioner
    phone_index: str | None
    profile: Profile
    query_code: str
    attachments: list[str]
    """The ids of what was uploaded ahead."""

    @classmethod
    def of(cls, submission: Submission, complaint_id: str, now: datetime) -> "_Fresh":
        query_code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        files = (
            orjson.dumps([asdict(file) for file in submission.attachments]).decode() if submission.attachments else None
        )
        hidden = sealer().seal_fields({"query_code": query_code, "attachments": files}, complaint_id)
        complaint = ComplaintRow(
            id=complaint_id,
            center=submission.center,
            year=year_of(now),
            source=submission.source,
            source_ref=submission.source_ref,
            reported_at=submission.reported_at,
            registered_at=now,
            category=submission.category,
            content=submission.content,
            remarks=submission.remarks,
            confidential=submission.confidential,
            about=submission.about,
            service_item=submission.service_item,
            extensions=dict(submission.extensions),
            triage_revision=0,
            revision=0,
            **hidden,
        )
        person, ids = submission.petitioner, [each.id for each in submission.attachments]
        return cls(complaint, sealed(person, complaint_id), index_of(person.phone), person.profile, query_code, ids)

    def enter(self, session: AsyncSession, references: Mapping[store.SourceRef, str]) -> None:
        """Into the tables, the journal and the outbox."""
        complaint = self.complaint
        session.add(complaint)
        fields = self.petitioner.model_dump(include={"kind", *FIELDS})
        session.add(
            PetitionerRow(
                complaint_id=complaint.id,
                revision=0,
                at=complaint.registered_at,
                phone_index=self.phone_index,
                **fields,
            )
        )
        if self.profile != Profile():
            session.add(ProfileRow(complaint_id=complaint.id, **asdict(self.profile)))
        event = ComplaintRegistered(
            at=complaint.registered_at,
            center=complaint.center,
            subject=complaint.id,
            number=complaint.number,
            source=complaint.source,
            source_ref=complaint.source_ref,
            reported_at=complaint.reported_at,
            category=complaint.category,
            content=complaint.content,
            remarks=complaint.remarks,
            petitioner=self.petitioner,
            query_code=complaint.query_code,
            confidential=complaint.confidential,
            about=complaint.about,
            service_item=complaint.service_item,
            in_reply_to=references.get((complaint.source, complaint.source_ref)),
        )
        announce(session, event)
        journal.begin(session, complaint.id, event)
