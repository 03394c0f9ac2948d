"""Who is told when a complaint has come in, and until it is dispatched (mechanism §2, §3)."""

from collections.abc import Sequence
from datetime import datetime

from services.notify.domain import words
from services.notify.domain.facts import Matter, Names, Notice, tell
from services.notify.domain.recipients import PETITIONER, channels, coordinator
from services.notify.domain.told.channel import to_channel
from shared.events.dispatch import OrderDirected, OrderRecalled, OrderReferred, OrderTransferred, OutcomeRecorded
from shared.events.intake import (
    ComplaintRegistered,
    ComplaintSettled,
    ComplaintTriaged,
    Fault,
    SubmissionRejected,
    Triage,
)
from shared.workdays import Calendar


def opens_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When work begins again, if nobody is at the window now (mechanism §2)."""
    return None if calendar.is_served(at) else calendar.next_opening(at)


def registered(event: ComplaintRegistered, opens: datetime | None) -> list[Notice]:
    """The petitioner gets number and query code at once, after hours emergency channels too; the channel a receipt."""
    receipt = tell(channels(event.source), "registered", number=event.number, source_ref=event.source_ref)
    if opens is None:
        return tell(PETITIONER, "registered", number=event.number) + receipt
    return tell(PETITIONER, "registered-after-hours", number=event.number, opens_at=words.instant(opens)) + receipt


def rejected(event: SubmissionRejected) -> list[Notice]:
    """The channel is told why its message could not be registered, fault by fault (mechanism §2)."""
    source_ref = event.source_ref or event.in_reply_to
    return tell(
        channels(event.source), "rejected", source_ref=source_ref, faults=words.clause("原因", faults_of(event.faults))
    )


def triaged(event: ComplaintTriaged, matter: Matter) -> list[Notice]:
    """Whatever is not general goes to the coordinator at once (Art. 6)."""
    if event.triage is Triage.GENERAL:
        return []
    triage, reason = words.TRIAGE[event.triage], words.clause("说明", event.reason)
    return tell(coordinator(matter.handling_center), "to-review", number=matter.number, triage=triage, reason=reason)


def settled(event: ComplaintSettled, matter: Matter) -> list[Notice]:
    """The petitioner has in writing what was done on the spot (Art. 6)."""
    return tell(PETITIONER, "settled", number=matter.number, result=words.clause("处理结果", event.result))


def transferred(event: OrderTransferred, matter: Matter, names: Names) -> list[Notice]:
    """Both managing offices know who has it now, and so does the petitioner (Art. 7)."""
    giver, taker = (names.get(center, center) for center in (event.from_center, event.to_center))
    reason = words.clause("说明", event.reason)
    return (
        tell(coordinator(event.from_center), "transferred-out", number=matter.number, center=taker, reason=reason)
        + tell(coordinator(event.to_center), "transferred-in", number=matter.number, center=giver, reason=reason)
        + tell(PETITIONER, "transferred", number=matter.number, center=taker, reason=reason)
    )


def referred(event: OrderReferred, matter: Matter) -> list[Notice]:
    """The petitioner learns which unit has it, and that it is tracked (Art. 6)."""
    given = {"number": matter.number, "unit": event.unit, "reason": words.clause("原因", event.reason)}
    return tell(PETITIONER, "referred", **given) + to_channel(matter, "referred", **given)


def recalled(event: OrderRecalled, matter: Matter) -> list[Notice]:
    """The petitioner, and the channel, learn that the unit has it no more, and why (Art. 6)."""
    given = {"number": matter.number, "unit": event.unit, "reason": words.clause("原因", event.reason)}
    return tell(PETITIONER, "recalled", **given) + to_channel(matter, "recalled", **given)


def directed(event: OrderDirected, matter: Matter) -> list[Notice]:
    """The petitioner learns the channel and the reason (Art. 6)."""
    given = {"number": matter.number, "channel": event.channel, "reason": words.clause("原因", event.reason)}
    return tell(PETITIONER, "directed", **given) + to_channel(matter, "directed", **given)


def outcome_recorded(event: OutcomeRecorded, matter: Matter) -> list[Notice]:
    """The coordinator follows up what the unit has answered (Art. 6)."""
    text = words.clause("处理情况", event.text)
    return tell(coordinator(matter.handling_center), "outcome", number=matter.number, unit=event.unit, text=text)


def faults_of(faults: Sequence[Fault]) -> str:
    """Every fault, in one line and in people's words: the field names are for their systems, which get them too."""
    return "；".join(words.fault(fault.field, fault.message) for fault in faults)
