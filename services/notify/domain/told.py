"""Who is told what: a function for each event, which names everyone told of it, once (mechanism §2, §5 to §7, §9).

Names of departments and centers come as mappings by code. No function puts anything personal into a notice: those
places of the templates are filled where a message is shown or sent.
"""

from collections.abc import Sequence
from datetime import datetime

from services.notify.domain import words
from services.notify.domain.facts import Began, Matter, Names, Notice, OpenLeg, tell
from services.notify.domain.recipients import (
    PETITIONER,
    channels,
    code_of,
    coordinator,
    departments,
    government,
    head,
    inspection,
)
from shared.events.dispatch import (
    ClueCopied,
    Escalation,
    EscalationReported,
    EscalationSupervised,
    EscalationUrged,
    OrderChecked,
    OrderClosed,
    OrderDirected,
    OrderReferred,
    OrderReopened,
    OrderReplied,
    OrderTransferred,
    OutcomeRecorded,
    RedoStarted,
    ReplyKind,
    ReplyRejected,
)
from shared.events.intake import (
    ComplaintNudged,
    ComplaintRegistered,
    ComplaintSettled,
    ComplaintTriaged,
    Fault,
    RatingGiven,
    SubmissionRejected,
    Triage,
)
from shared.events.sla import ClockMoved, ClockStarted, Reminded, ReminderDue
from shared.workdays import Calendar


def opens_at(calendar: Calendar, at: datetime) -> datetime | None:
    """When work begins again, if nobody is at the window now (mechanism §2)."""
    return None if calendar.is_served(at) else calendar.next_opening(at)


def registered(event: ComplaintRegistered, opens: datetime | None) -> list[Notice]:
    """The petitioner gets number and query code at once, after hours emergency channels too; the channel a receipt."""
    receipt = tell(channels(event.source), "registered", number=event.number, source_ref=event.source_ref)
    if opens is None:
        return tell(PETITIONER, "registered", number=event.number) + receipt
    return tell(PETITIONER, "registered-after-hours", number=event.number, opens_at=words.instant(opens)) + receipt


def rejected(event: SubmissionRejected) -> list[Notice]:
    """The channel is told why its message could not be registered, fault by fault (mechanism §2)."""
    source_ref = event.source_ref or event.in_reply_to
    return tell(
        channels(event.source), "rejected", source_ref=source_ref, faults=words.clause("原因", _faults(event.faults))
    )


def triaged(event: ComplaintTriaged, matter: Matter) -> list[Notice]:
    """Whatever is not general goes to the coordinator at once (Art. 6)."""
    if event.triage is Triage.GENERAL:
        return []
    triage, reason = words.TRIAGE[event.triage], words.clause("说明", event.reason)
    return tell(coordinator(matter.handling_center), "to-review", number=matter.number, triage=triage, reason=reason)


def settled(event: ComplaintSettled, matter: Matter) -> list[Notice]:
    """The petitioner has in writing what was done on the spot (Art. 6)."""
    return tell(PETITIONER, "settled", number=matter.number, result=words.clause("处理结果", event.result))


def transferred(event: OrderTransferred, matter: Matter, names: Names) -> list[Notice]:
    """Both managing offices know who has it now, and so does the petitioner (Art. 7)."""
    giver, taker = (names.get(center, center) for center in (event.from_center, event.to_center))
    reason = words.clause("说明", event.reason)
    return (
        tell(coordinator(event.from_center), "transferred-out", number=matter.number, center=taker, reason=reason)
        + tell(coordinator(event.to_center), "transferred-in", number=matter.number, center=giver, reason=reason)
        + tell(PETITIONER, "transferred", number=matter.number, center=taker, reason=reason)
    )


def referred(event: OrderReferred, matter: Matter) -> list[Notice]:
    """The petitioner learns which unit has it, and that it is tracked (Art. 6)."""
    given = {"number": matter.number, "unit": event.unit, "reason": words.clause("原因", event.reason)}
    return tell(PETITIONER, "referred", **given) + _to_channel(matter, "referred", **given)


def directed(event: OrderDirected, matter: Matter) -> list[Notice]:
    """The petitioner learns the channel and the reason (Art. 6)."""
    given = {"number": matter.number, "channel": event.channel, "reason": words.clause("原因", event.reason)}
    return tell(PETITIONER, "directed", **given) + _to_channel(matter, "directed", **given)


def outcome_recorded(event: OutcomeRecorded, matter: Matter) -> list[Notice]:
    """The coordinator follows up what the unit has answered (Art. 6)."""
    text = words.clause("处理情况", event.text)
    return tell(coordinator(matter.handling_center), "outcome", number=matter.number, unit=event.unit, text=text)


def clock_started(
    event: ClockStarted, matter: Matter, leg: OpenLeg, names: Names, hidden: frozenset[str]
) -> list[Notice]:
    """Each department gets its assignment with its due date, the petitioner learns who has it, by when (Art. 7, 8).

    A leg that a reply or a redo began assigns nothing anew: its departments learn when it is due. `hidden` are the
    departments that must not see the petitioner.
    """
    notices: list[Notice] = []
    for code in leg.parties:
        given = {"number": matter.number, "due": _due_for(code, event, leg), "owed": words.OWED[leg.stage]}
        what = "leg-due"
        if leg.began is Began.DISPATCHED:
            what = "assigned-confidential" if code in hidden else "assigned"
            given |= {"role": _role(code, leg), "instructions": words.clause("要求", leg.instructions)}
        notices += tell(departments([code]), what, **given)
    if leg.began is Began.DISPATCHED:
        due = words.due(event.due_at, event.provisional)
        given = {"number": matter.number, "departments": _who_handles(leg, names), "due": due}
        notices += tell(PETITIONER, "dispatched", **given) + _to_channel(matter, "dispatched", **given)
    return notices


def clock_moved(event: ClockMoved, matter: Matter, leg: OpenLeg) -> list[Notice]:
    """A new due date reaches whoever keeps it, and the petitioner if the first was told there (mechanism §5).

    A redo's date is the departments' alone. One that has only become certain, or uncertain again, has not moved, and is
    told as such.
    """
    given = {"number": matter.number, "why": words.clause("原因", words.MOVED_BY.get(event.why, event.why))}
    has_moved = event.was != event.due_at
    what = "due-moved" if has_moved else "due-unsettled" if event.provisional else "due-settled"
    notices: list[Notice] = []
    if leg.began is not Began.REDONE:
        was = {"was": words.instant(event.was)} if has_moved else {}
        notices = tell(PETITIONER, what, **given, **was, due=words.due(event.due_at, event.provisional))
    for code in leg.parties:
        notices += tell(departments([code]), what, **given, due=_due_for(code, event, leg))
    return notices


def replied(event: OrderReplied, matter: Matter, lead: str, names: Names) -> list[Notice]:
    """Plan and reasons reach the petitioner when given; result and reasons the coordinator, to check (Art. 8, 10).

    A co-handler's answer goes to the lead, who may not report before it has all of them (Art. 7).
    """
    code = code_of(event.party)
    given = {"number": matter.number, "department": names.get(code, code)}
    text = words.clause(words.REPLY[event.kind], event.text)
    if not event.is_lead:
        return tell(departments([lead]), "co-handler-answered", **given, text=text)
    notices: list[Notice] = []
    if event.kind is ReplyKind.PLAN:
        committed = words.clause("承诺办结日期", words.day(event.committed_on) if event.committed_on else None)
        notices += tell(PETITIONER, "plan", **given, text=text, committed=committed)
    elif event.kind is ReplyKind.REASONS:
        basis, remedy = words.clause("依据", event.legal_basis), words.clause("救济途径", event.remedy)
        notices += tell(PETITIONER, "reasons", **given, text=text, legal_basis=basis, remedy=remedy)
    if event.kind is not ReplyKind.RESULT:
        notices += _answer_to_channel(matter, event.kind, text)
    office = coordinator(matter.handling_center)
    if event.kind is not ReplyKind.PLAN:
        notices += tell(office, "to-check", **given, kind=words.REPLY[event.kind], text=text)
    elif event.needs_consent and event.committed_on:
        notices += tell(office, "to-consent", **given, committed_on=words.day(event.committed_on))
    return notices


def reply_rejected(event: ReplyRejected) -> list[Notice]:
    """A department hears, fault by fault, why what its system has answered was not taken (contract, RabbitMQ)."""
    given = {"order": event.order or event.in_reply_to, "faults": words.clause("原因", _faults(event.faults))}
    return tell(departments([code_of(event.party)]), "reply-rejected", **given)


def checked(event: OrderChecked, matter: Matter, leg: OpenLeg, answer: tuple[ReplyKind, str] | None) -> list[Notice]:
    """Returned, the lead hears why; passed, the petitioner gets the result (Art. 10).

    The co-handlers' answers stand. `answer` is the lead's that was checked, needed when it passed; reasons have reached
    the petitioner already.
    """
    if not event.passed:
        reasons = words.clause("理由", event.reasons)
        return tell(departments([leg.lead]), "returned", number=matter.number, round=f"{event.round}", reasons=reasons)
    if answer is None or answer[0] is not ReplyKind.RESULT:
        return []
    text = words.clause(words.REPLY[ReplyKind.RESULT], answer[1])
    return tell(PETITIONER, "result", number=matter.number, text=text) + _answer_to_channel(
        matter, ReplyKind.RESULT, text
    )


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
        + _to_channel(matter, "closed", number=event.number, final=final, result=result)
        + tell(handlers, "closed", number=event.number, final=final)
    )


def urged(event: EscalationUrged, matter: Matter) -> list[Notice]:
    """催办: whoever has not answered (Art. 9)."""
    return _to_late(event, matter, "urged")


def supervised(event: EscalationSupervised, matter: Matter, names: Names) -> list[Notice]:
    """督办: whoever has not answered, and the head of the center (Art. 9)."""
    late, requirement = _late(event, names), _requirement(event)
    return _to_late(event, matter, "supervised") + tell(
        head(matter.handling_center), "supervised", number=matter.number, departments=late, requirement=requirement
    )


def reported(event: EscalationReported, matter: Matter, names: Names) -> list[Notice]:
    """通报: whoever has not answered, the head who signs, and the late one's government and inspection (Art. 9)."""
    readers = [head(matter.handling_center), government(event.level), inspection(event.level)]
    return _to_late(event, matter, "reported") + tell(
        readers, "reported", number=matter.number, departments=_late(event, names)
    )


def clue_copied(event: ClueCopied, matter: Matter) -> list[Notice]:
    """Discipline inspection reads a clue of misconduct (mechanism §9)."""
    return tell(inspection(event.level), "clue", number=matter.number, text=words.clause("线索", event.text))


def reminded(event: ReminderDue, matter: Matter) -> list[Notice]:
    """The managing office that owes the step; its head as well when that did not help (mechanism §3)."""
    readers = [coordinator(event.office)] + ([head(event.office)] if event.to is Reminded.HEAD else [])
    given = {"step": words.STEP[event.step], "due": words.instant(event.due_at), "times": f"{event.times}"}
    return tell(readers, "reminded", number=matter.number, **given)


def _faults(faults: Sequence[Fault]) -> str:
    return "；".join(f"{fault.field}：{fault.message.rstrip('。')}" for fault in faults)


def _to_channel(matter: Matter, what: str, **params: str) -> list[Notice]:
    return tell(channels(matter.source), what, source_ref=matter.source_ref, **params)


def _answer_to_channel(matter: Matter, kind: ReplyKind, text: str) -> list[Notice]:
    return _to_channel(matter, "replied", number=matter.number, kind=words.REPLY[kind], text=text)


def _to_late(event: Escalation, matter: Matter, what: str) -> list[Notice]:
    late = departments([code_of(party) for party in event.to])
    return tell(late, what, number=matter.number, requirement=_requirement(event))


def _late(event: Escalation, names: Names) -> str:
    return words.several(names.get(code, code) for code in map(code_of, event.to))


def _requirement(event: Escalation) -> str:
    return words.clause("督办要求" if isinstance(event, EscalationSupervised) else "要求", event.requirement)


def _due_for(code: str, event: ClockStarted | ClockMoved, leg: OpenLeg) -> str:
    """A co-handler's own date, where it has one, comes before the lead's (Art. 7)."""
    own = event.co_handlers_due_at if code != leg.lead else None
    return words.due(own or event.due_at, event.provisional)


def _role(code: str, leg: OpenLeg) -> str:
    if not leg.co_handlers:
        return "承办部门"
    return "牵头部门" if code == leg.lead else "协办部门"


def _who_handles(leg: OpenLeg, names: Names) -> str:
    lead = names.get(leg.lead, leg.lead)
    if not leg.co_handlers:
        return lead
    return f"{lead}（牵头）、{words.several(names.get(code, code) for code in leg.co_handlers)}"
