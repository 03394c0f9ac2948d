"""Where an example may begin: what has been done about its first complaints, by the right people and at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.model.complaint import Complaint, Step
from tests.model.ending import REOPENED_WITHIN
from tests.model.ladder import due_after, last_day
from tests.model.people import TOWNSHIP, Who, of, officer
from tests.model.steps import BASIS, OUTCOME, SETTLED, WORDS
from tests.support.oracle import working_day


@dataclass(frozen=True)
class Wait:
    """Time passes until now, the first complaint's next rung, its due date or the end of reopening; and past that."""

    until: str
    past: timedelta = timedelta()

    def over(self, one: Complaint, now: datetime) -> datetime:
        """When it is over."""
        if self.until == "now":
            return now + self.past
        if self.until == "reopenable":
            assert one.closed_at
            return due_after(one.closed_at, REOPENED_WITHIN) + self.past
        rung = one.leg.next_rung()
        assert rung
        return (rung[1] if self.until == "rung" else one.leg.due) + self.past


@dataclass(frozen=True)
class Unheard:
    """Something is done to it, and heard of but so long after that."""

    step: Step
    until: timedelta


CLERK, COORDINATOR, HEAD = (of(role, "sq") for role in ("clerk", "coordinator", "head"))
LEAD, CO_HANDLER = officer("sq/zrzy"), officer("sq/zjj")

PASSED = Step(COORDINATOR, "check", {"passed": True})
RETURNED = Step(COORDINATOR, "check", {"passed": False, "reasons": WORDS})
REFUSED_AGAIN = Step(COORDINATOR, "uphold", {"uphold": False, "reasons": WORDS})
DECLINED = Step(LEAD, "decline", {"reason": WORDS})
UPHELD = Step(COORDINATOR, "uphold", {"uphold": True, "reasons": WORDS})
WITHDRAWN = Step(COORDINATOR, "withdraw", {"words": WORDS})
CONFIRMED = Step(HEAD, "confirm", {"words": WORDS, "confirm": True})
REOPENED = Step(COORDINATOR, "reopen", {"words": WORDS})
GRANTED = Step(COORDINATOR, "grant", {"approve": True, "reasons": None})
PLANNED = timedelta(days=4)
AT_RUNG, PAST_RUNG = Wait("rung"), Wait("rung", timedelta(seconds=1))
DAYS_LATE = Wait("due", timedelta(days=4))


def _sorted(triage: str) -> Step:
    return Step(CLERK, "triage", {"triage": triage})


def _dispatched(*co_handlers: str, lead: str = "zrzy", who: Who = COORDINATOR) -> Step:
    return Step(who, "dispatch", {"lead": lead, "co_handlers": list(co_handlers)})


def _said(satisfaction: str, then: str | None = None) -> Step:
    heard = {"satisfaction": satisfaction, "opinion": WORDS, "method": "phone", "then": then}
    return Step(COORDINATOR, "follow-up", heard)


IN_VAIN, GIVEN_UP = _said("unreachable"), _said("unreachable", "conclude")
A_DAY, HOURS = Wait("now", timedelta(days=1)), Wait("now", timedelta(hours=4))


def _replied(kind: str, who: Who = LEAD, committed_on: date | None = None) -> Step:
    given = {"kind": kind, "text": WORDS, "legal_basis": BASIS}
    return Step(who, "reply", given | ({"committed_on": committed_on.isoformat()} if committed_on else {}))


JOINED: Mapping[str, Sequence[tuple[int, Step]]] = {
    "with another one joined to it": (),
    "with another one joined to it, both to be dispatched anew": ((0, DECLINED), (0, UPHELD)),
    "with another one joined to it, and zeroed alone": (
        (0, _replied("result", CO_HANDLER)),
        (0, _replied("result")),
        (0, PASSED),
        (1, PASSED),
        (0, _said("satisfied")),
    ),
}
"""Openings in which a second complaint is joined to the first, and what was done about them since."""
NAMES = (
    "registered",
    "general",
    "settled",
    "settled and to be done again",
    "with one department",
    "with several departments",
    "answered as it was to be urged",
    "answered as it was to be urged, heard late",
    "urged, answered and returned",
    "answered late and returned",
    "answered late twice",
    "late in the county, for a township",
    "declined twice",
    "to be dispatched a third time",
    "planned",
    "planned, and a later day asked for",
    "planned, extended, and a later day asked for again",
    "planned far ahead",
    "planned, one has answered",
    "answered",
    "returned at the check",
    "returned after close",
    "with the petitioner",
    "done again",
    "done again, and answered without the co-handler",
    "referred",
    "referred again",
    "taken back",
    "directed",
    "closed",
    "reopened at the last instant",
    "not reopened any more",
    "called too seldom",
    "called on one day",
    "called at one time of day",
    "withdrawn by one alone",
    "settled and closed",
    "withdrawn",
    "concluding",
    "about to be concluded",
    *JOINED,
)


def opening(name: str, today: date) -> Sequence[Step | Wait | Unheard]:
    """What has been done about the first, or was refused: the last of it often at the edge of what may be done."""
    several = [_sorted("hard"), _dispatched("zjj")]
    if name in JOINED:
        return several
    one = [_sorted("refused"), _dispatched()]
    answered = [*one, _replied("result")]
    passed = [*answered, PASSED]
    referred = [
        _sorted("out_of_scope"),
        Step(COORDINATOR, "refer", {"unit": "沈丘县劳动保障监察大队", "reason": WORDS}),
    ]
    directed = Step(COORDINATOR, "direct", {"channel": "沈丘县人民法院", "reason": WORDS})
    settled = [_sorted("general"), Step(CLERK, "settle", {"result": SETTLED})]
    planned = [*several, _replied("plan", committed_on=today + PLANNED)]
    asked = [*planned, _asked(today, later=1)]
    again = _said("dissatisfied", "redo")
    concluding = [*passed, _said("dissatisfied", "conclude")]
    closed = [*passed, _said("satisfied")]
    declined = [*one, DECLINED, UPHELD, _dispatched(lead="zjj")]
    transferred = [
        _sorted("refused"),
        Step(COORDINATOR, "transfer", {"to_center": TOWNSHIP, "reason": WORDS}),
        _dispatched(who=of("coordinator", TOWNSHIP)),
    ]
    late = [*one, DAYS_LATE, _replied("result")]
    steps: dict[str, list[Step | Wait | Unheard]] = {
        "registered": [],
        "general": settled[:1],
        "settled": settled,
        "settled and to be done again": [*settled, again],
        "with one department": one,
        "with several departments": several,
        "answered as it was to be urged": [*one, AT_RUNG, _replied("result"), RETURNED],
        "answered as it was to be urged, heard late": [*one, AT_RUNG, Unheard(_replied("result"), timedelta(days=9))],
        "urged, answered and returned": [*one, PAST_RUNG, _replied("result"), RETURNED, PAST_RUNG],
        "answered late and returned": [*late, RETURNED],
        "answered late twice": [*late, PASSED, again, DAYS_LATE, _replied("result"), PASSED],
        "late in the county, for a township": [*transferred, DAYS_LATE],
        "declined twice": [*one, DECLINED, REFUSED_AGAIN, DECLINED, REFUSED_AGAIN],
        "to be dispatched a third time": [
            *declined,
            Step(CO_HANDLER, "decline", {"reason": WORDS}),
            UPHELD,
            _dispatched(lead="swj"),
        ],
        "planned": planned,
        "planned, and a later day asked for": asked,
        "planned, extended, and a later day asked for again": [*asked, GRANTED, _asked(today, later=2)],
        "planned far ahead": [*several, _replied("plan", committed_on=today + timedelta(days=45))],
        "planned, one has answered": [*planned, _replied("result", CO_HANDLER)],
        "answered": answered,
        "returned at the check": [*answered, RETURNED],
        "returned after close": [*answered, Wait("due", timedelta(hours=2)), RETURNED],
        "with the petitioner": passed,
        "done again": [*passed, again],
        "done again, and answered without the co-handler": [
            *several,
            _replied("result", CO_HANDLER),
            _replied("result"),
            PASSED,
            again,
            _replied("result"),
        ],
        "referred": referred,
        "referred again": [*referred, Step(COORDINATOR, "outcome", {"text": OUTCOME}), again],
        "taken back": [*referred, Step(COORDINATOR, "recall", {"reason": WORDS})],
        "directed": [_sorted("out_of_scope"), directed],
        "closed": closed,
        "reopened at the last instant": [*closed, Wait("reopenable"), REOPENED],
        "not reopened any more": [*closed, Wait("reopenable", timedelta(seconds=1)), REOPENED],
        "called too seldom": [*passed, IN_VAIN, A_DAY, HOURS, GIVEN_UP],
        "called on one day": [*passed, IN_VAIN, HOURS, IN_VAIN, GIVEN_UP],
        "called at one time of day": [*passed, IN_VAIN, A_DAY, IN_VAIN, GIVEN_UP],
        "withdrawn by one alone": [*several, Step(HEAD, "withdraw", {"words": WORDS}), CONFIRMED],
        "settled and closed": [*settled, _said("satisfied")],
        "withdrawn": [*several, WITHDRAWN, CONFIRMED],
        "concluding": concluding,
        "about to be concluded": [*concluding, Step(COORDINATOR, "conclude", {"reasons": WORDS, "legal_basis": BASIS})],
    }
    return steps[name]


def _asked(today: date, *, later: int) -> Step:
    """For so many working days more than were planned."""
    day = working_day(last_day(today + PLANNED), later)
    return Step(LEAD, "extend", {"reason": WORDS, "committed_on": day.isoformat()})


def joined(number: str) -> Sequence[Step]:
    """What has been done about the second: joined to the one of this number before anybody had it."""
    return [_sorted("hard"), Step(COORDINATOR, "join", {"to": number, "reason": WORDS})]
