"""Who is told when it is done again, and of the end (Art. 10; mechanism §7)."""

from collections.abc import Sequence

from services.notify.domain import words
from services.notify.domain.facts import Matter, Notice, tell
from services.notify.domain.recipients import PETITIONER, code_of, coordinator, departments
from services.notify.domain.told.channel import to_channel
from shared.events.dispatch import OrderClosed, OrderReopened, RedoStarted
from shared.events.intake import ComplaintNudged, RatingGiven


def redo_started(event: RedoStarted, matter: Matter, parties: Sequence[str]) -> list[Notice]:
    """Whoever does it again hears why: the departments, or the coordinator where none was asked (Art. 10)."""
    reason = words.clause("诉求人意见", event.reason)
    petitioner = tell(PETITIONER, "redo", number=matter.number)
    if event.leg is None:
        return petitioner + tell(coordinator(matter.handling_center), "redo", number=matter.number, reason=reason)
    return petitioner + tell(departments(parties), "redo", number=matter.number, round=f"{event.round}", reason=reason)


def reopened(event: OrderReopened, matter: Matter, parties: Sequence[str]) -> list[Notice]:
    """Whoever had it has it again: the departments, or the coordinator where none was asked (mechanism §7)."""
    said = words.clause("诉求人意见", event.words)
    petitioner = tell(PETITIONER, "reopened", number=matter.number)
    again = departments(parties) if event.leg else coordinator(matter.handling_center)
    return petitioner + tell(again, "reopened", number=matter.number, words=said)


def nudged(event: ComplaintNudged, matter: Matter, parties: Sequence[str]) -> list[Notice]:
    """The coordinator hears that the petitioner asks, and so do departments that owe an answer (mechanism §6)."""
    said = words.clause("诉求人意见", event.words)
    readers = [coordinator(matter.handling_center), *departments(parties)]
    return tell(readers, "nudged", number=matter.number, words=said)


def rated(event: RatingGiven, matter: Matter) -> list[Notice]:
    """The coordinator reads what the petitioner made of it (mechanism §7)."""
    given = {"number": matter.number, "score": f"{event.score}", "words": words.clause("意见", event.words)}
    return tell(coordinator(matter.handling_center), "rated", **given)


def closed(event: OrderClosed, matter: Matter) -> list[Notice]:
    """Whatever the end, it is fed back: to the petitioner, the channel, and who handled it (Art. 10)."""
    final, result = words.FINAL[event.final], words.clause("办理结果", event.result)
    basis = words.clause("依据", event.legal_basis if event.reasons else None)
    reasons = words.clause("理由", event.reasons)
    handlers = departments([code_of(party) for party in event.handled_by])
    return (
        tell(PETITIONER, "closed", number=event.number, final=final, result=result, reasons=reasons, legal_basis=basis)
        + to_channel(matter, "closed", number=event.number, final=final, result=result)
        + tell(handlers, "closed", number=event.number, final=final)
    )
