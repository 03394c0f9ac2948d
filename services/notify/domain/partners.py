"""Which partner reads what of each event (contract, RabbitMQ): queues, and the messages for them.

A department's own system reads of its own orders, a channel of what it has handed over; discipline inspection and the
government read who is late, at the level the late department belongs to, and nothing of the petitioner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.notify.domain.facts import Matter, OpenLeg
from services.notify.domain.recipients import code_of
from shared.events import dispatch, intake, partners
from shared.events.directory import PartnerKind
from shared.events.dispatch import ReplyKind
from shared.events.partners import Petitioner
from shared.events.sla import ClockStarted
from shared.security.mask import mask_text

Addressed = tuple[str, partners.PartnerMessage]
"""A queue, and a message for it."""


@dataclass(frozen=True)
class Assignment:
    """What a department is told of the complaint itself; `hidden`: it must not know who complained."""

    registered_at: datetime
    category: str
    content: str
    petitioner: Petitioner | None
    hidden: bool


_ESCALATIONS: dict[
    type[dispatch.Escalation], tuple[type[partners.OrderEscalated], type[partners.Escalation] | None]
] = {
    dispatch.EscalationUrged: (partners.OrderUrged, None),
    dispatch.EscalationSupervised: (partners.OrderSupervised, partners.LevelSupervised),
    dispatch.EscalationReported: (partners.OrderReported, partners.LevelReported),
}
_READERS: dict[type[dispatch.Escalation], tuple[PartnerKind, ...]] = {
    dispatch.EscalationUrged: (),
    dispatch.EscalationSupervised: (PartnerKind.SUPERVISION,),
    dispatch.EscalationReported: (PartnerKind.SUPERVISION, PartnerKind.GOVERNMENT),
}


def queue_of_department(code: str) -> str:
    """What the system of `<center>/<department>` reads."""
    return f"{PartnerKind.DEPARTMENT}.{code.replace('/', '.')}"


def queue_of_channel(source: str) -> str:
    """What a channel reads."""
    return f"{PartnerKind.FEEDBACK}.{source}"


def registered(
    event: intake.ComplaintRegistered | intake.SubmissionRepeated, query_code: str | None
) -> list[Addressed]:
    """The channel gets number and query code, also when it has sent the same again."""
    message = partners.FeedbackRegistered(
        in_reply_to=event.in_reply_to,
        source_ref=event.source_ref,
        number=event.number,
        complaint_id=event.subject,
        query_code=query_code,
    )
    return [(queue_of_channel(event.source), message)]


def rejected(event: intake.SubmissionRejected) -> list[Addressed]:
    """The channel gets every fault."""
    message = partners.FeedbackRejected(in_reply_to=event.in_reply_to, source_ref=event.source_ref, faults=event.faults)
    return [(queue_of_channel(event.source), message)]


def dispatched(event: ClockStarted, matter: Matter, to: Sequence[str]) -> list[Addressed]:
    """The channel learns who has it, by when."""
    return _to_channel(
        matter,
        partners.FeedbackDispatched(
            **_answering(matter), to=list(to), due_at=event.due_at, provisional=event.provisional
        ),
    )


def referred(event: dispatch.OrderReferred, matter: Matter) -> list[Addressed]:
    """The channel learns which unit outside has it."""
    message = partners.FeedbackDispatched(**_answering(matter), to=[event.unit], due_at=None, provisional=None)
    return _to_channel(matter, message)


def replied(matter: Matter, kind: ReplyKind, text: str) -> list[Addressed]:
    """The channel gets what the petitioner is told."""
    return _to_channel(matter, partners.FeedbackReplied(**_answering(matter), kind=kind, text=text))


def directed(event: dispatch.OrderDirected, matter: Matter) -> list[Addressed]:
    """The channel learns where the petitioner was sent, and why."""
    return replied(matter, ReplyKind.REASONS, f"请通过以下渠道解决：{event.channel}。{event.reason}")


def assigned(
    event: ClockStarted,
    matter: Matter,
    leg: OpenLeg,
    code: str,
    told: Assignment,
) -> Addressed:
    """A department gets its assignment: a co-handler with its own date; the petitioner only where it may see who."""
    own = event.co_handlers_due_at if code != leg.lead else None
    message = partners.OrderAssigned(
        number=matter.number,
        complaint_id=event.subject,
        role="lead" if code == leg.lead else "co_handler",
        stage=leg.stage,
        round=leg.round,
        due_at=own or event.due_at,
        provisional=event.provisional,
        registered_at=told.registered_at,
        category=told.category,
        content=told.content,
        instructions=leg.instructions,
        confidential=told.hidden,
        petitioner=None if told.hidden else told.petitioner,
    )
    return queue_of_department(code), message


def closed(event: dispatch.OrderClosed, matter: Matter) -> list[Addressed]:
    """The channel and whoever handled it hear how it has ended."""
    message = partners.FeedbackClosed(**_answering(matter), final=event.final, result=event.result)
    order = partners.AssignmentClosed(number=event.number, complaint_id=event.subject, final=event.final)
    handlers = [queue_of_department(code_of(party)) for party in event.handled_by]
    return [*_to_channel(matter, message), *((queue, order) for queue in handlers)]


def returned(
    event: dispatch.OrderChecked | dispatch.RedoStarted | dispatch.OrderReopened,
    matter: Matter,
    stage: dispatch.Stage,
    codes: Sequence[str],
    reasons: str | None,
) -> list[Addressed]:
    """Whoever does it again hears why, and which round it is."""
    message = partners.OrderReturned(
        number=matter.number, complaint_id=event.subject, stage=stage, round=event.round, reasons=reasons
    )
    return [(queue_of_department(code), message) for code in codes]


def escalated(event: dispatch.Escalation, matter: Matter) -> list[Addressed]:
    """A rung reaches whoever has not answered, and from 督办 on those above (Art. 9)."""
    to_late, to_level = _ESCALATIONS[type(event)]
    given: dict[str, Any] = {"number": matter.number, "complaint_id": event.subject, "round": event.round}
    given["fell_due_at"] = event.fell_due_at
    late = to_late.model_validate({**given, "requirement": event.requirement})
    found: list[Addressed] = [(queue_of_department(code_of(party)), late) for party in event.to]
    if to_level:
        requirement = mask_text(event.requirement) if event.requirement else None
        message = to_level.model_validate({**given, "level": event.level, "late": event.to, "requirement": requirement})
        found += [(f"{reader}.{event.level}", message) for reader in _READERS[type(event)]]
    return found


def week(event: dispatch.WeekCompiled) -> list[Addressed]:
    """Discipline inspection reads what was supervised and reported at its level (mechanism §9)."""
    message = partners.LevelDigest.model_validate({"level": event.subject, **event.model_dump()})
    return [(f"{PartnerKind.SUPERVISION}.{event.subject}", message)]


def reply_rejected(event: dispatch.ReplyRejected) -> list[Addressed]:
    """The department's system hears what was wrong with its answer."""
    message = partners.AnswerRejected(in_reply_to=event.in_reply_to, order=event.order, faults=event.faults)
    return [(queue_of_department(code_of(event.party)), message)]


def _to_channel(matter: Matter, message: partners.Feedback) -> list[Addressed]:
    return [(queue_of_channel(matter.source), message)]


def _answering(matter: Matter) -> dict[str, Any]:
    return {"in_reply_to": matter.in_reply_to, "source_ref": matter.source_ref, "number": matter.number}
