"""What casebook announces. `subject` is the case's id."""

from shared.events.base import Event


class CasePublished(Event, type="case.published"):
    """A guidance case is public (Art. 11)."""

    title: str
    complaint_id: str | None
    """The complaint it was drawn from, if it was."""
    by: str
