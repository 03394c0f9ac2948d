"""The centers' calendars as they were known at any time, so that what was counted once is counted the same again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.workdays import Calendar


@dataclass(frozen=True)
class Calendars:
    """Each center's calendars, with the instant from which each was known, the earliest first."""

    known: Mapping[str, Sequence[tuple[datetime, Calendar]]] = field(default_factory=dict)

    def __or__(self, others: "Calendars") -> "Calendars":
        """These and others."""
        return Calendars({**self.known, **others.known})

    def at(self, center: str | None, instant: datetime) -> Calendar | None:
        """The calendar of a center as it was known then (the first one, before any was); None for an unknown center."""
        history = self.known.get(center or "")
        if not history:
            return None
        return next((calendar for since, calendar in reversed(history) if since <= instant), history[0][1])
