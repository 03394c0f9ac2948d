"""What dispatch announces: everything that happens to an order from triage to closing (Art. 7 to 10).

`subject` is the complaint's id, which is the order's; `center` the center that took the complaint in.
"""

from datetime import date
from enum import StrEnum

from shared.events.base import Event, Fact, Moment
from shared.events.intake import Fault, Triage


class Stage(StrEnum):
    """What the lead owes: a first answer, or the result of a plan."""

    REPLY = "reply"
    RESULT = "result"


class ReplyKind(StrEnum):
    """答复 with reasons, 解决方案, 办理结果 (Art. 8)."""

    REASONS = "reasons"
    PLAN = "plan"
    RESULT = "result"


class Satisfaction(StrEnum):
    """What a follow-up found (Art. 10)."""

    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"
    UNREACHABLE = "unreachable"


class Final(StrEnum):
    """How an order can end."""

    ZEROED = "zeroed"
    CONCLUDED_UNSATISFIED = "concluded_unsatisfied"
    CONCLUDED_UNREACHABLE = "concluded_unreachable"
    WITHDRAWN = "withdrawn"
    REFERRED_CLOSED = "referred_closed"
    DIRECTED = "directed"


class LimitRule(StrEnum):
    """How a stage's limit is counted (Art. 8)."""

    WORKING_DAYS = "working_days"
    SAME_DAY = "same_day"
    COMMITTED = "committed"


class Party(Fact):
    """A department, by the center it belongs to and its code there."""

    center: str
    department: str


class Leg(Fact):
    """What one ladder covers (mechanism §6): from an instant, under a limit, in one stage."""

    number: int
    stage: Stage
    round: int
    starts_at: Moment
    rule: LimitRule
    working_days: int | None = None
    committed_on: date | None = None
    calendar: str
    """The center whose calendar and hours count."""
    has_co_handlers: bool = False


class OrderDispatched(Event, type="order.dispatched"):
    """The coordinator has named the departments and fixed the limit (Art. 7); the clock starts now."""

    revision: int
    handling_center: str
    lead: Party
    co_handlers: list[Party] = []
    leg: Leg
    by: str
    instructions: str | None = None


class OrderTransferred(Event, type="order.transferred"):
    """Another center's coordinator takes over and dispatches (Art. 7)."""

    revision: int
    from_center: str
    to_center: str
    by: str
    reason: str | None = None


class OrderReferred(Event, type="order.referred"):
    """Not a matter of this center: referred by letter to the unit that handles it, and tracked (Art. 6)."""

    revision: int
    unit: str
    by: str
    reason: str | None = None


class OutcomeRecorded(Event, type="outcome.recorded"):
    """The unit a complaint was referred to has answered."""

    revision: int
    unit: str
    text: str
    by: str


class OrderDirected(Event, type="order.directed"):
    """A matter of court, arbitration, review or discipline: the petitioner is told that channel, and why."""

    revision: int
    channel: str
    reason: str
    by: str


class OrderSigned(Event, type="order.signed"):
    """A department has signed for its assignment; recorded and shown, it starts nothing."""

    party: Party
    by: str


class DeclineRaised(Event, type="decline.raised"):
    """退单: a department says it is not the right one; its clock goes on until the coordinator has agreed (Art. 7)."""

    revision: int
    party: Party
    leg: int
    reason: str
    right_department: str | None = None
    """`<center>/<department>`, where it knows."""
    by: str


class DeclineUpheld(Event, type="decline.upheld"):
    """The coordinator agrees: the leg ends unanswered, and the order is reviewed and dispatched anew."""

    revision: int
    party: Party
    leg: int
    reasons: str
    for_the_head: bool = False
    """The next dispatch would be the third: the head adjudicates."""
    by: str


class DeclineRefused(Event, type="decline.refused"):
    """The coordinator does not agree: it stays where it is, and no date changes."""

    revision: int
    party: Party
    leg: int
    reasons: str
    is_final: bool = False
    """The second refusal: this department cannot decline again."""
    by: str


class ExtensionAsked(Event, type="extension.asked"):
    """The lead asks for a later committed date, before it is due; the old one stands until that is granted."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reason: str
    by: str


class ExtensionGranted(Event, type="extension.granted"):
    """The coordinator grants a later committed date, once; the clock moves (Art. 8)."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reasons: str | None = None
    by: str


class ExtensionRefused(Event, type="extension.refused"):
    """The committed date stands."""

    revision: int
    party: Party
    leg: int
    reasons: str
    by: str


class ConsentGiven(Event, type="consent.given"):
    """The coordinator consents to a date beyond what a `hard` matter may take without that."""

    revision: int
    party: Party
    leg: int
    committed_on: date
    reasons: str | None = None
    by: str


class ConsentRefused(Event, type="consent.refused"):
    """The coordinator does not consent: the last date that needs no consent stands; the clock moves."""

    revision: int
    party: Party
    leg: int
    was: date
    committed_on: date
    reasons: str
    by: str


class HoldOverruled(Event, type="hold.overruled"):
    """Co-handlers who have not answered hold the lead back no longer: the coordinator says why (Art. 7)."""

    revision: int
    parties: list[Party]
    leg: int
    reason: str
    by: str


class StudyHeld(Event, type="study.held"):
    """会商: several departments have studied the matter together; it stops no clock (Art. 7)."""

    revision: int
    held_at: Moment
    departments: list[Party]
    attendees: str
    conclusion: str
    lead: Party | None = None
    by: str


class OrderJoined(Event, type="order.joined"):
    """多人同诉: handled together with another one, whose answers are its own; it keeps its number and its leg."""

    revision: int
    leading: str
    """The complaint whose answers count for this one."""
    leading_number: str
    leg: int
    reason: str
    by: str


class OrderReplied(Event, type="order.replied"):
    """A department has answered (Art. 8). Where the answer is a plan, `next_leg` is stage `result`."""

    revision: int
    reply_id: str
    party: Party
    is_lead: bool
    kind: ReplyKind
    text: str
    legal_basis: str | None = None
    remedy: str | None = None
    committed_on: date | None = None
    needs_consent: bool = False
    """Committed beyond what a `hard` matter may take without the coordinator's consent."""
    round: int
    leg: int
    triage: Triage
    """As it stands after this answer; reasons where a plan was due make it `cannot`."""
    next_leg: Leg | None = None
    by: str


class ReplyRejected(Event, type="reply.rejected"):
    """A department's own system has sent an answer that cannot be taken: it is told why. `subject`: the department."""

    party: Party
    order: str | None = None
    """The order it named, if that could be read."""
    in_reply_to: str
    faults: list[Fault]


class OrderChecked(Event, type="order.checked"):
    """The coordinator has checked the result (Art. 10). Returned, it is a new round of the same leg."""

    revision: int
    passed: bool
    reasons: str | None = None
    leg: int
    round: int
    """The round that goes on: the same when passed, the next when returned."""
    by: str


class OrderFollowedUp(Event, type="order.followed_up"):
    """The petitioner was asked (Art. 10)."""

    revision: int
    satisfaction: Satisfaction
    solved: bool | None = None
    opinion: str
    method: str
    by: str


class RedoStarted(Event, type="redo.started"):
    """The petitioner was dissatisfied: the departments do it again, in a new round on a new leg (Art. 10)."""

    revision: int
    round: int
    leg: Leg | None
    """None for what was never dispatched: settled, referred or directed."""
    reason: str
    by: str


class ConclusionProposed(Event, type="conclusion.proposed"):
    """A conclusion without satisfaction awaits a second person."""

    revision: int
    reasons: str
    legal_basis: str
    by: str


class ConclusionRefused(Event, type="conclusion.refused"):
    """The second person does not agree: it is concluded otherwise, or the petitioner is asked again."""

    revision: int
    reasons: str
    by: str


class WithdrawalAsked(Event, type="withdrawal.asked"):
    """The petitioner's words are logged; a second person confirms them by phone (Art. 10)."""

    revision: int
    words: str
    method: str
    by: str


class WithdrawalRefused(Event, type="withdrawal.refused"):
    """The petitioner, phoned, does not withdraw: it goes on."""

    revision: int
    words: str
    by: str


class OrderReopened(Event, type="order.reopened"):
    """The petitioner has had a closed one reopened: a new round, with its departments on a new leg (Art. 10)."""

    revision: int
    round: int
    leg: Leg | None
    """None for what was never dispatched: settled, referred or directed."""
    words: str
    by: str
    """`petitioner` when it was asked for at the public door."""


class OrderClosed(Event, type="order.closed"):
    """The end, whatever it is (Art. 10); carries what a guidance case can be drafted from (Art. 11)."""

    revision: int
    final: Final
    number: str
    triage: Triage
    satisfaction: Satisfaction | None = None
    redo: int
    overdue: bool
    handled_by: list[Party] = []
    problem: str
    result: str
    legal_basis: str | None = None
    reasons: str | None = None
    typical: bool = False
    by: str
    approved_by: str | None = None


class ClueCopied(Event, type="clue.copied"):
    """A clue of misconduct, copied by hand to discipline inspection; nobody else hears it (mechanism §9)."""

    revision: int
    level: str
    """The center of the level whose inspection it is for."""
    text: str
    by: str


class CaseSuggested(Event, type="case.suggested"):
    """The coordinator has marked a closed complaint as typical: a guidance case should be drawn from it (Art. 11).

    The petitioner's own name, phone and address are struck from the texts already, by who knows them.
    """

    number: str
    problem: str
    result: str
    legal_basis: str | None = None
    reasons: str | None = None
    by: str


class Escalation(Event):
    """What all three rungs say. `at` is when it was really given."""

    leg: int
    round: int
    fell_due_at: Moment | None = None
    """None when it was given by hand, beside the ladder."""
    to: list[Party]
    """Whoever has not answered."""
    level: str
    """The center of the level the late department belongs to."""
    by: str | None = None
    requirement: str | None = None


class EscalationUrged(Escalation, type="escalation.urged"):
    """催办 (Art. 9)."""


class EscalationSupervised(Escalation, type="escalation.supervised"):
    """督办: overdue and unanswered (Art. 9)."""


class EscalationReported(Escalation, type="escalation.reported"):
    """通报: supervised and still unanswered; to the government, copied to discipline inspection (Art. 9)."""


class LetterIssued(Event, type="letter.issued"):
    """A paper about an order was issued under somebody's signature, and has its number (mechanism §6)."""

    revision: int
    kind: str
    """As `shared.papers.kinds` names it: `circular`, `report`, `copy` …"""
    name: str
    """The same in Chinese."""
    number: str
    left: int
    """How many of those that belong with it are still unsigned: circular, report and copy are issued together."""
    leg: int | None = None
    by: str


class OwedOrder(Fact):
    """An order a department has not answered, and by when it is to."""

    number: str
    complaint_id: str
    due_at: Moment
    provisional: bool


class AgendaCompiled(Event, type="agenda.compiled"):
    """What a department owes this morning (mechanism §6). `subject` is the department, `<center>/<code>`."""

    day: date
    party: Party
    open: int
    overdue: list[OwedOrder]
    due_today: list[OwedOrder]
    due_tomorrow: list[OwedOrder]
    """On the next working day."""


class EscalatedOrder(Fact):
    """An order that was supervised or reported, and who was late; nothing of the petitioner."""

    number: str
    complaint_id: str
    late: list[Party]
    at: Moment


class WeekCompiled(Event, type="week.compiled"):
    """What was supervised and reported at a level, for discipline inspection (mechanism §9). `subject`: its center."""

    since: Moment
    until: Moment
    supervised: list[EscalatedOrder]
    reported: list[EscalatedOrder]
