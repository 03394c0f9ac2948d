"""What one asks and another decides, and what is handled together, and who is told of it (mechanism §4, §7).

Each function is given what is known of the complaint, what departments are called, and who owes the leg it is about.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from services.notify.domain import words
from services.notify.domain.facts import Matter, Names, Notice, tell
from services.notify.domain.recipients import PETITIONER, code_of, coordinator, departments, head
from shared.events import Event
from shared.events.dispatch import (
    ConclusionProposed,
    ConclusionRefused,
    ConsentGiven,
    ConsentRefused,
    DeclineRaised,
    DeclineRefused,
    DeclineUpheld,
    ExtensionAsked,
    ExtensionRefused,
    HoldOverruled,
    JoiningChanged,
    OrderJoined,
    StudyHeld,
    WithdrawalAsked,
    WithdrawalRefused,
)

Parties = Sequence[str]


def decline_raised(event: DeclineRaised, matter: Matter, names: Names, _: Parties) -> list[Notice]:
    """The coordinator decides on a decline (mechanism §4)."""
    code, right = code_of(event.party), event.right_department
    given = {"number": matter.number, "department": names.get(code, code), "reason": words.clause("理由", event.reason)}
    right_department = words.clause("建议转", names.get(right, right) if right else None)
    return tell(coordinator(matter.handling_center), "to-decide", **given, right_department=right_department)


def decline_upheld(event: DeclineUpheld, matter: Matter, names: Names, parties: Parties) -> list[Notice]:
    """Nobody who had it has it any more; the office dispatches anew, the third time its head (mechanism §4)."""
    code, reasons = code_of(event.party), words.clause("理由", event.reasons)
    office = (head if event.for_the_head else coordinator)(matter.handling_center)
    again = tell(office, "to-dispatch-again", number=matter.number, department=names.get(code, code), reasons=reasons)
    return tell(departments(parties), "recalled", number=matter.number, reasons=reasons) + again


def decline_refused(event: DeclineRefused, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The department goes on with it; after the second time for good (mechanism §4)."""
    final = "你单位退单未获同意的次数已到上限，不得再退单。" if event.is_final else ""
    given = {"number": matter.number, "reasons": words.clause("理由", event.reasons), "final": final}
    return tell(departments([code_of(event.party)]), "decline-refused", **given)


def extension_asked(event: ExtensionAsked, matter: Matter, names: Names, _: Parties) -> list[Notice]:
    """The coordinator decides on a later date; one that is granted is told as every date that moves (Art. 8)."""
    code, reason = code_of(event.party), words.clause("理由", event.reason)
    dates = {"was": words.day(event.was), "committed_on": words.day(event.committed_on)}
    given = {"number": matter.number, "department": names.get(code, code), "reason": reason}
    return tell(coordinator(matter.handling_center), "to-extend", **given, **dates)


def extension_refused(event: ExtensionRefused, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The lead keeps to its date (Art. 8)."""
    reasons = words.clause("理由", event.reasons)
    return tell(departments([code_of(event.party)]), "extension-refused", number=matter.number, reasons=reasons)


def consented(event: ConsentGiven, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The lead's far date stands (mechanism §5)."""
    given = {"number": matter.number, "committed_on": words.day(event.committed_on)}
    return tell(departments([code_of(event.party)]), "consent-given", **given)


def not_consented(event: ConsentRefused, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The lead has an earlier date than it committed to, and hears why (mechanism §5)."""
    given = {"number": matter.number, "committed_on": words.day(event.committed_on)}
    reasons = words.clause("理由", event.reasons)
    return tell(departments([code_of(event.party)]), "consent-refused", **given, reasons=reasons)


def overruled(event: HoldOverruled, matter: Matter, names: Names, parties: Parties) -> list[Notice]:
    """Lead and co-handlers hear for whom the lead need not wait (mechanism §4)."""
    awaited = words.several(names.get(code, code) for code in map(code_of, event.parties))
    given = {"number": matter.number, "departments": awaited, "reason": words.clause("理由", event.reason)}
    return tell(departments(parties), "overruled", **given)


def studied(event: StudyHeld, matter: Matter, names: Names, _: Parties) -> list[Notice]:
    """Who studied it together has the conclusion in writing (mechanism §4)."""
    met = [code_of(party) for party in event.departments]
    given = {"number": matter.number, "held_at": words.instant(event.held_at)}
    conclusion = words.clause("结论", event.conclusion)
    lead = code_of(event.lead) if event.lead else None
    led = words.clause("牵头", names.get(lead, lead) if lead else None)
    return tell(departments(met), "studied", **given, conclusion=conclusion, lead=led)


def joined(event: OrderJoined, matter: Matter, _: Names, parties: Parties) -> list[Notice]:
    """The petitioner keeps number, limit, answers and follow-up; departments answer both at once (mechanism §4)."""
    given = {"number": matter.number, "leading": event.leading_number}
    return tell(departments(parties), "joined", **given) + tell(PETITIONER, "joined", number=matter.number)


def joining_changed(event: JoiningChanged, matter: Matter, _: Names, parties: Parties) -> list[Notice]:
    """Its departments hear which answer counts for it from now on; to the petitioner nothing changes (mechanism §4)."""
    given = {"number": matter.number, "former": event.former_number, "reason": words.clause("理由", event.reason)}
    if event.leading_number:
        return tell(departments(parties), "joined-anew", **given, leading=event.leading_number)
    return tell(departments(parties), "parted", **given)


def conclusion_proposed(event: ConclusionProposed, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """A conclusion without satisfaction waits for the head (mechanism §7)."""
    given = {"reasons": words.clause("理由", event.reasons), "legal_basis": words.clause("依据", event.legal_basis)}
    return tell(head(matter.handling_center), "to-approve", number=matter.number, **given)


def conclusion_refused(event: ConclusionRefused, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """Whoever proposed it hears why it is not to be."""
    reasons = words.clause("理由", event.reasons)
    return tell(coordinator(matter.handling_center), "not-approved", number=matter.number, reasons=reasons)


def withdrawal_asked(event: WithdrawalAsked, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The head phones the petitioner and confirms it, or not (mechanism §7)."""
    said = words.clause("诉求人意见", event.words)
    return tell(head(matter.handling_center), "to-confirm", number=matter.number, words=said)


def withdrawal_refused(event: WithdrawalRefused, matter: Matter, _: Names, __: Parties) -> list[Notice]:
    """The office goes on with it (mechanism §7)."""
    said = words.clause("电话确认情况", event.words)
    return tell(coordinator(matter.handling_center), "not-withdrawn", number=matter.number, words=said)


TOLD: Mapping[type[Event], Callable[[Any, Matter, Names, Parties], list[Notice]]] = {
    DeclineRaised: decline_raised,
    DeclineUpheld: decline_upheld,
    DeclineRefused: decline_refused,
    ExtensionAsked: extension_asked,
    ExtensionRefused: extension_refused,
    ConsentGiven: consented,
    ConsentRefused: not_consented,
    HoldOverruled: overruled,
    StudyHeld: studied,
    OrderJoined: joined,
    JoiningChanged: joining_changed,
    WithdrawalAsked: withdrawal_asked,
    WithdrawalRefused: withdrawal_refused,
    ConclusionProposed: conclusion_proposed,
    ConclusionRefused: conclusion_refused,
}
