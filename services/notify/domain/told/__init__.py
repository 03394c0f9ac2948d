"""Who is told what: a function for each event, which names everyone told of it, once (mechanism §2, §5 to §7, §9).

Names of departments and centers come as mappings by code. No function puts anything personal into a notice: those
places of the templates are filled where a message is shown or sent.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.notify.domain.facts import Matter, Notice
from services.notify.domain.told.arriving import (
    directed,
    opens_at,
    outcome_recorded,
    recalled,
    referred,
    registered,
    rejected,
    settled,
    transferred,
    triaged,
)
from services.notify.domain.told.climbing import clue_copied, reminded, reported, supervised, urged
from services.notify.domain.told.ending import closed, nudged, rated, redo_started, reopened
from services.notify.domain.told.handling import checked, clock_moved, clock_started, replied, reply_rejected
from shared.events import Event
from shared.events.dispatch import ClueCopied, OrderRecalled, OutcomeRecorded
from shared.events.intake import ComplaintTriaged, RatingGiven
from shared.events.sla import ReminderDue

OF_THE_MATTER: Mapping[type[Event], Callable[[Any, Matter], list[Notice]]] = {
    ComplaintTriaged: triaged,
    OutcomeRecorded: outcome_recorded,
    OrderRecalled: recalled,
    RatingGiven: rated,
    ReminderDue: reminded,
    ClueCopied: clue_copied,
}
"""What needs nothing but the event and the complaint to be told."""

__all__ = [
    "OF_THE_MATTER",
    "checked",
    "clock_moved",
    "clock_started",
    "closed",
    "clue_copied",
    "directed",
    "nudged",
    "opens_at",
    "outcome_recorded",
    "rated",
    "recalled",
    "redo_started",
    "referred",
    "registered",
    "rejected",
    "reminded",
    "reopened",
    "replied",
    "reply_rejected",
    "reported",
    "settled",
    "supervised",
    "transferred",
    "triaged",
    "urged",
]
