"""What casebook announces (Art. 11). `subject` is the case's id, `center` the center that wrote it."""

from shared.events.base import Event, Moment


class CandidateWaited(Event, type="candidate.waited"):
    """A complaint closed as typical has had no draft for too long. `subject` is the complaint's id."""

    number: str
    closed_at: Moment
    office: str
    """The center whose case editor is reminded."""


class CaseSubmitted(Event, type="case.submitted"):
    """A case awaits its approval."""

    title: str
    office: str
    """The center whose case approver decides."""
    by: str


class CaseReturned(Event, type="case.returned"):
    """A case goes back to its editor, with the reason."""

    title: str
    reason: str
    office: str
    """The center whose case editor goes on."""
    by: str


class CaseApproved(Event, type="case.approved"):
    """A case may be published, as soon as the departments named have signed."""

    title: str
    cosigners: list[str] = []
    """As `<center>/<code>`."""
    by: str


class CasePublished(Event, type="case.published"):
    """A guidance case is public (Art. 11)."""

    title: str
    complaint_id: str | None
    """The complaint it was drawn from, if it was."""
    by: str


class CaseWithdrawn(Event, type="case.withdrawn"):
    """A guidance case is public no more."""

    title: str
    complaint_id: str | None = None
    reason: str
    by: str


class CaseReplaced(Event, type="case.replaced"):
    """A newer guidance case stands in the place of this one."""

    title: str
    complaint_id: str | None = None
    newer: str
    """The newer case's id."""
    by: str


class CaseCited(Event, type="case.cited"):
    """A guidance case was cited on a complaint, for the first time on that one."""

    title: str
    complaint_id: str
    by: str
