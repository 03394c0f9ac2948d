"""Who is told while departments handle it, and by when (Art. 7, 8)."""

from services.notify.domain import words
from services.notify.domain.facts import Began, Matter, Names, Notice, OpenLeg, tell
from services.notify.domain.recipients import PETITIONER, code_of, coordinator, departments
from services.notify.domain.told.arriving import faults_of
from services.notify.domain.told.channel import answer_to_channel, to_channel
from shared.events.dispatch import OrderChecked, OrderReplied, ReplyKind, ReplyRejected
from shared.events.sla import ClockMoved, ClockStarted


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
        notices += tell(PETITIONER, "dispatched", **given) + to_channel(matter, "dispatched", **given)
    return notices


def clock_moved(event: ClockMoved, matter: Matter, leg: OpenLeg) -> list[Notice]:
    """A new due date reaches whoever keeps it, and the petitioner if the first was told there (mechanism §5).

    A redo's date is the departments' alone. One that has only become certain, or uncertain again, has not moved, and is
    told as such. Where the lead's stands, the co-handlers alone hear of theirs.
    """
    given = {"number": matter.number, "why": words.clause("原因", words.MOVED_BY.get(event.why, event.why))}
    is_theirs = event.why == "co_handlers"
    has_moved = is_theirs or event.was != event.due_at
    what = "due-moved" if has_moved else "due-unsettled" if event.provisional else "due-settled"
    notices: list[Notice] = []
    if leg.began is not Began.REDONE and not is_theirs:
        was = {"was": words.instant(event.was)} if has_moved else {}
        notices = tell(PETITIONER, what, **given, **was, due=words.due(event.due_at, event.provisional))
    for code in leg.co_handlers if is_theirs else leg.parties:
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
        notices += answer_to_channel(matter, event.kind, text)
    office = coordinator(matter.handling_center)
    if event.kind is not ReplyKind.PLAN:
        notices += tell(office, "to-check", **given, kind=words.REPLY[event.kind], text=text)
    elif event.needs_consent and event.committed_on:
        notices += tell(office, "to-consent", **given, committed_on=words.day(event.committed_on))
    return notices


def reply_rejected(event: ReplyRejected) -> list[Notice]:
    """A department hears, fault by fault, why what its system has answered was not taken (contract, RabbitMQ)."""
    given = {"order": event.order or event.in_reply_to, "faults": words.clause("原因", faults_of(event.faults))}
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
    return tell(PETITIONER, "result", number=matter.number, text=text) + answer_to_channel(
        matter, ReplyKind.RESULT, text
    )


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
