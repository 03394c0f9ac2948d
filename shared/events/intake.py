"""What intake announces: a complaint has come in, was sorted, settled at the window, or corrected (Art. 5, 6)."""

from enum import StrEnum

from shared.events.base import Event, Fact, Moment


class Triage(StrEnum):
    """研判分类 (Art. 6)."""

    GENERAL = "general"
    CANNOT = "cannot"
    HARD = "hard"
    REFUSED = "refused"
    OUT_OF_SCOPE = "out_of_scope"


class SealedPetitioner(Fact):
    """The petitioner's fields, each sealed with the complaint's id; opened only where they are shown."""

    kind: str
    """`individual` or `organisation`; not sealed."""
    name: str
    contact_person: str | None = None
    phone: str | None = None
    other_contact: str | None = None
    address: str | None = None


class ComplaintRegistered(Event, type="complaint.registered"):
    """A complaint has its number (Art. 5). `subject` is its id; `center` the one that took it in."""

    number: str
    source: str
    source_ref: str
    reported_at: Moment
    category: str
    content: str
    remarks: str | None = None
    petitioner: SealedPetitioner
    query_code: str
    """Sealed; the petitioner is told it at once."""
    confidential: bool = False
    about: str | None = None
    service_item: str | None = None
    in_reply_to: str | None = None
    """The channel's message: its message id on the bus, else the SHA-256 of its body."""


class SubmissionRepeated(Event, type="submission.repeated"):
    """A channel has sent over the bus what is registered already, and is told the same. `subject` is the complaint."""

    number: str
    source: str
    source_ref: str
    in_reply_to: str
    query_code: str
    """Sealed."""


class ComplaintTriaged(Event, type="complaint.triaged"):
    """A complaint was sorted, or sorted anew before dispatch (Art. 6). A later `revision` replaces an earlier."""

    revision: int
    triage: Triage
    by: str
    reason: str | None = None


class ComplaintSettled(Event, type="complaint.settled"):
    """A general complaint was settled on the spot (Art. 6); its follow-up is next."""

    result: str
    by: str
    helped_by: str | None = None
    """The department whose counter helped."""


class PetitionerCorrected(Event, type="petitioner.corrected"):
    """The petitioner's fields were corrected; all of them, as they are now. A later `revision` replaces an earlier."""

    revision: int
    petitioner: SealedPetitioner
    by: str
    reason: str


class PetitionerErased(Event, type="petitioner.erased"):
    """Who complained is erased; whoever keeps the fields empties them and strikes them out of what was written."""

    by: str
    reason: str


class ComplaintCorrected(Event, type="complaint.corrected"):
    """Registered data other than the petitioner's was corrected. A later `revision` replaces an earlier."""

    revision: int
    category: str
    content: str
    remarks: str | None = None
    by: str
    reason: str


class ComplaintNudged(Event, type="complaint.nudged"):
    """催一催: the petitioner asks how it stands, once a working day at most; no rung (mechanism §6)."""

    words: str | None = None
    with_departments: bool
    """Whether departments owe an answer now: they are told as well."""


class ReopeningAsked(Event, type="reopening.asked"):
    """The petitioner asks, by number and query code, to have reopened what was closed (Art. 10)."""

    words: str


class RatingGiven(Event, type="rating.given"):
    """The petitioner has rated how it was handled, by the one-time link of its end (Art. 10)."""

    closing: str
    """The event that closed it."""
    score: int
    """1 to 5."""
    words: str | None = None


class CitationRefused(Event, type="citation.refused"):
    """A guidance case was cited on a complaint that there is not: it counts no more. `subject` is the case's id."""

    complaint_id: str


class Fault(Fact):
    """One thing wrong with a submission."""

    field: str
    message: str


class SubmissionRejected(Event, type="submission.rejected"):
    """A channel's message could not be registered: kept, and the channel is told why. `subject` is the record's id."""

    source: str
    source_ref: str | None
    in_reply_to: str
    faults: list[Fault]
