"""Receiving what a channel or a window sends: registered, or kept as rejected with every reason (mechanism §2)."""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.body import MOST_BYTES
from services.intake.domain.fields import Fault, Refused
from services.intake.domain.submission import WINDOW, Submission, read_submission
from services.intake.store import directory
from services.intake.tables import RejectedRow
from services.intake.usecases.register import Registered, in_turns, register
from shared import clock, events, replica
from shared.events.intake import SubmissionRejected, SubmissionRepeated
from shared.events.partners import unwrapped
from shared.ids import new_id
from shared.live import concern
from shared.messaging import announce
from shared.security.keys import sealer
from shared.security.roles import Actor, Role


@dataclass(frozen=True)
class Arrival:
    """What somebody has sent, as it came. An answer goes to its message id, or else to the SHA-256 of the body."""

    body: bytes
    sender: Actor
    message_id: str | None = None
    by_bus: bool = False
    """Whoever handed it over waits for no answer but the one on its feedback."""
    objection: Fault | None = None
    """Why nothing of this sender's is registered."""

    @property
    def reference(self) -> str:
        """What an answer to it refers to."""
        return self.message_id or hashlib.sha256(self.body).hexdigest()


async def receive(session: AsyncSession, arrivals: Sequence[Arrival]) -> list[Registered | Refused]:
    """What becomes of each of these, in one transaction: registered, or refused and kept.

    A channel hands over as itself; whoever works at a window, for his own center.
    """
    centers = await replica.center_codes(session)
    read = [_read(arrival, centers) async for arrival in in_turns(arrivals)]
    references = {
        (each.source, each.source_ref): arrival.reference
        for arrival, each in zip(reversed(arrivals), reversed(read), strict=True)  # of two alike the first is answered
        if isinstance(each, Submission)
    }
    submissions = [each for each in read if isinstance(each, Submission)]
    registered = iter(await register(session, submissions, references))
    outcomes = [
        _own(next(registered), arrival.sender) if isinstance(each, Submission) else each
        for arrival, each in zip(arrivals, read, strict=True)
    ]
    if any(isinstance(outcome, Refused) for outcome in outcomes):
        known = await directory.centers(session)
        for arrival, outcome in zip(arrivals, outcomes, strict=True):
            if isinstance(outcome, Refused):
                _keep(session, arrival, outcome, known)
    for arrival, each, outcome in zip(arrivals, read, outcomes, strict=True):
        if arrival.by_bus and isinstance(each, Submission) and isinstance(outcome, Registered) and outcome.repeated:
            announce(session, _repeated(arrival, each, outcome))
    return outcomes


def source_of(actor: Actor) -> str:
    """The channel this actor speaks for."""
    return actor.id if actor.role is Role.CHANNEL else WINDOW


def _read(arrival: Arrival, centers: dict[str, str]) -> Submission | Refused:
    actor = arrival.sender
    try:
        submission = read_submission(arrival.body, source=source_of(actor), centers=centers, now=clock.now())
    except Refused as refused:
        return Refused([arrival.objection, *refused.faults], refused.source_ref) if arrival.objection else refused
    if arrival.objection:
        return Refused([arrival.objection], submission.source_ref)
    if actor.role is not Role.CHANNEL and submission.center != actor.center:
        fault = Fault("center", "窗口只登记本中心的诉求，请改为本中心，或请诉求人到该中心反映。", "not-yours")
        return Refused([fault], submission.source_ref)
    return submission


def _own(registered: Registered, actor: Actor) -> Registered | Refused:
    """A window that repeats another center's reference is told so, and nothing of that complaint."""
    if actor.role is Role.CHANNEL or registered.center == actor.center:
        return registered
    return Refused([Fault("source_ref", "该渠道编号已被其他中心使用，请换一个编号。", "taken")])


def _repeated(arrival: Arrival, submission: Submission, outcome: Registered) -> SubmissionRepeated:
    """What the channel is told once more (mechanism §2)."""
    sealed = sealer().seal_fields({"query_code": outcome.query_code}, outcome.complaint_id)
    return SubmissionRepeated(
        at=clock.now(),
        center=outcome.center,
        subject=outcome.complaint_id,
        number=outcome.number,
        source=submission.source,
        source_ref=submission.source_ref,
        in_reply_to=arrival.reference,
        query_code=sealed["query_code"] or "",
    )


def _keep(session: AsyncSession, arrival: Arrival, refused: Refused, known: directory.Centers) -> None:
    """Keep what was refused, sealed, and tell the channel why."""
    body, actor = arrival.body, arrival.sender
    center = _center_named(body)
    center = center if center in known.parents else actor.center
    record = RejectedRow(
        id=new_id(),
        at=clock.now(),
        center=center,
        source=source_of(actor),
        source_ref=refused.source_ref,
        in_reply_to=arrival.reference,
        faults=[{"field": fault.field, "message": fault.message} for fault in refused.faults],
    )
    record.raw = sealer().seal(base64.b64encode(body[:MOST_BYTES]).decode(), about=record.id)
    session.add(record)
    desk = center or known.county
    concern(session, lambda: [desk] if desk else ())
    announce(
        session,
        SubmissionRejected(
            at=record.at,
            center=desk or "",
            subject=record.id,
            source=record.source,
            source_ref=record.source_ref,
            in_reply_to=record.in_reply_to,
            faults=[events.intake.Fault.model_validate(fault) for fault in record.faults],
        ),
    )


def _center_named(body: bytes) -> str | None:
    try:
        value = unwrapped(orjson.loads(body))
    except orjson.JSONDecodeError:
        return None
    named = value.get("center") if isinstance(value, dict) else None
    return named if isinstance(named, str) else None
