"""Who is told what of guidance cases: whoever has the next step (Art. 11). No complaint need be known for it."""

from collections.abc import Callable, Mapping
from typing import Any

from services.notify.domain import words
from services.notify.domain.facts import Notice, tell
from services.notify.domain.recipients import case_approver, case_editor, departments
from shared.events import Event
from shared.events.casebook import CandidateWaited, CaseApproved, CaseReturned, CaseSubmitted


def candidate_waited(event: CandidateWaited) -> list[Notice]:
    """A typical complaint has had no draft for too long: its editor is reminded (mechanism §8)."""
    closed = words.day(event.closed_at)
    return tell(case_editor(event.office), "candidate-waited", number=event.number, closed=closed)


def case_submitted(event: CaseSubmitted) -> list[Notice]:
    """The bureau has a case to approve."""
    return tell(case_approver(event.office), "case-submitted", title=event.title)


def case_returned(event: CaseReturned) -> list[Notice]:
    """The editor goes on, and knows why."""
    return tell(
        case_editor(event.office), "case-returned", title=event.title, reason=words.clause("理由", event.reason)
    )


def case_approved(event: CaseApproved) -> list[Notice]:
    """The departments that publish it together with the bureau have it to sign."""
    return tell(departments(event.cosigners), "case-to-cosign", title=event.title)


TOLD: Mapping[type[Event], Callable[[Any], list[Notice]]] = {
    CandidateWaited: candidate_waited,
    CaseSubmitted: case_submitted,
    CaseReturned: case_returned,
    CaseApproved: case_approved,
}
