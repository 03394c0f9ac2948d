"""The contracts: one place per publisher. Importing this package makes every event known."""

from shared.events import casebook, directory, dispatch, intake, notify, sla
from shared.events.base import CONTENT_TYPE, Event, Fact, Undecodable, from_wire, known_events

__all__ = [
    "CONTENT_TYPE",
    "Event",
    "Fact",
    "Undecodable",
    "casebook",
    "directory",
    "dispatch",
    "from_wire",
    "intake",
    "known_events",
    "notify",
    "sla",
]
