"""What the doors take and give; unknown fields are ignored."""

from datetime import date
from typing import Self, TypeVar

from pydantic import BaseModel, Field, StrictBool, StrictInt

from services.dispatch.domain.states import ALLOWED, State, Then
from services.dispatch.tables import Order
from services.dispatch.usecases.answering import Answered
from shared.dates import Instant
from shared.events.dispatch import ReplyKind, Satisfaction, Stage
from shared.refusals import FieldFault, Invalid
from shared.texts import Name, Words


class Dispatch(BaseModel):
    """Codes of departments: `zrzy`, or `sq/zrzy`."""

    lead: Name
    co_handlers: list[Name] = Field(default=[], max_length=20)
    instructions: Words | None = None
    working_days: StrictInt | None = Field(default=None, ge=0, le=366)
    """Tightens the limit; 0 is the same day."""
    committed_working_days: StrictInt | None = Field(default=None, ge=1, le=366)
    """For `refused` only: the item's 承诺时限."""


class Transfer(BaseModel):
    """The center that takes over, and why."""

    to_center: Name
    reason: Words


class Refer(BaseModel):
    """The unit outside; with `chase`, the one that is asked already, whose answer is awaited."""

    unit: Words
    reason: Words | None = None
    chase: StrictBool = False


class Outcome(BaseModel):
    """What the unit answered."""

    text: Words


class Recall(BaseModel):
    """Why a referral is taken back: what the unit said, or what was mistaken."""

    reason: Words


class Direct(BaseModel):
    """The lawful channel, and why it is that one."""

    channel: Words
    reason: Words


class Reply(BaseModel):
    """An answer; `round` and `stage`, where given, must be the open ones."""

    kind: ReplyKind
    text: Words
    legal_basis: Words | None = None
    remedy: Words | None = None
    committed_on: date | None = None
    round: StrictInt | None = None
    stage: Stage | None = None


class Decline(BaseModel):
    """A department's ground (`reason`, and the `right_department` if it knows); or the coordinator's word on it."""

    reason: Words | None = None
    right_department: Name | None = None
    uphold: StrictBool | None = None
    reasons: Words | None = None
    department: Name | None = None
    """Whose decline is decided, where several wait."""


class Extend(BaseModel):
    """The lead's question (`reason` and the new date), or the coordinator's word on it (`approve`; a no says why)."""

    reason: Words | None = None
    committed_on: date | None = None
    approve: StrictBool | None = None
    reasons: Words | None = None


class Consent(BaseModel):
    """The coordinator's word on a far committed date; a no says why."""

    approve: StrictBool
    reasons: Words | None = None


class Overrule(BaseModel):
    """Why the lead need not wait for these co-handlers, or for all who have not answered."""

    reason: Words
    departments: list[Name] = Field(default=[], max_length=20)


class Study(BaseModel):
    """会商纪要."""

    departments: list[Name] = Field(min_length=1, max_length=20)
    held_at: Instant
    attendees: Words
    conclusion: Words
    lead: Name | None = None


class Join(BaseModel):
    """The leading complaint, by its number or id, and why they are handled as one."""

    to: Name
    reason: Words


class Check(BaseModel):
    """Passed, or returned with reasons."""

    passed: StrictBool
    reasons: Words | None = None


class FollowUp(BaseModel):
    """What the petitioner said; `then` is needed when dissatisfied, or to conclude one who cannot be reached."""

    satisfaction: Satisfaction
    opinion: Words
    method: Name
    solved: StrictBool | None = None
    then: Then | None = None
    typical: StrictBool = False


T = TypeVar("T")


def needed(field: str, given: T | None, sentence: str) -> T:
    """What this half of a door needs; refuses with the sentence where it is missing."""
    if given is not None:
        return given
    raise Invalid("incomplete", sentence, [FieldFault(field, sentence)])


class Withdraw(BaseModel):
    """The petitioner's `words` and how they came; or, with `confirm`, what the second person heard on the phone."""

    words: Words
    method: Name = "phone"
    confirm: StrictBool | None = None


class Reopen(BaseModel):
    """Why the petitioner wants it reopened."""

    words: Words


class Conclude(BaseModel):
    """A proposal (`reasons`, `legal_basis`), or the decision on it (`approve`, with `reasons` where it is refused)."""

    approve: StrictBool | None = None
    reasons: Words | None = None
    legal_basis: Words | None = None

    def proposal(self) -> tuple[str, str]:
        """Reasons and legal basis; refuses a proposal without them, naming every fault."""
        if self.reasons and self.legal_basis:
            return self.reasons, self.legal_basis
        required = {
            "reasons": (self.reasons, "不能满足诉求的理由"),
            "legal_basis": (self.legal_basis, "法律、政策依据"),
        }
        faults = [FieldFault(name, f"请填写{label}。") for name, (text, label) in required.items() if not text]
        raise Invalid("unfounded", "不满意办结须写明理由和依据。", faults)


class Supervise(BaseModel):
    """督办要求: what must be done."""

    requirement: Words


class NotReached(BaseModel):
    """What is joined to the one that was answered, and has to be answered by itself; and why."""

    number: str
    why: str


class Standing(BaseModel):
    """Where an order stands after what was done; of an answer also what it did not reach."""

    complaint_id: str
    state: State
    stage: Stage | None
    round: int
    revision: int
    actions: list[str]
    not_reached: list[NotReached] = []

    @classmethod
    def of(cls, done: Order | Answered) -> Self:
        """This order's."""
        order, left_out = (done.order, done.left_out) if isinstance(done, Answered) else (done, ())
        return cls(
            complaint_id=order.complaint_id,
            state=order.state,
            stage=order.stage,
            round=order.round,
            revision=order.revision,
            actions=sorted(ALLOWED[order.state]),
            not_reached=[NotReached(number=each.number, why=each.why) for each in left_out],
        )


class Reveal(BaseModel):
    """Why the petitioner has to be seen."""

    reason: Words
