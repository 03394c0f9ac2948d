"""Where an example may begin: what has been done about its first complaint, by the right people and at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tests.model.complaint import Step
from tests.model.people import Who, of, officer
from tests.model.steps import BASIS, OUTCOME, SETTLED, WORDS

CLERK, COORDINATOR, HEAD = (of(role, "sq") for role in ("clerk", "coordinator", "head"))
LEAD, CO_HANDLER = officer("sq/zrzy"), officer("sq/zjj")

PASSED = Step(COORDINATOR, "check", {"passed": True})
RETURNED = Step(COORDINATOR, "check", {"passed": False, "reasons": WORDS})
REFUSED_AGAIN = Step(COORDINATOR, "uphold", {"uphold": False, "reasons": WORDS})
DECLINED = Step(LEAD, "decline", {"reason": WORDS})
UPHELD = Step(COORDINATOR, "uphold", {"uphold": True, "reasons": WORDS})
WITHDRAWN = Step(COORDINATOR, "withdraw", {"words": WORDS})
CONFIRMED = Step(HEAD, "confirm", {"words": WORDS, "confirm": True})


def _sorted(triage: str) -> Step:
    return Step(CLERK, "triage", {"triage": triage})


def _dispatched(*co_handlers: str, lead: str = "zrzy") -> Step:
    return Step(COORDINATOR, "dispatch", {"lead": lead, "co_handlers": list(co_handlers)})


def _said(satisfaction: str, then: str | None = None) -> Step:
    heard = {"satisfaction": satisfaction, "opinion": WORDS, "method": "phone", "then": then}
    return Step(COORDINATOR, "follow-up", heard)


def _replied(kind: str, who: Who = LEAD, committed_on: date | None = None) -> Step:
    given = {"kind": kind, "text": WORDS, "legal_basis": BASIS}
    return Step(who, "reply", given | ({"committed_on": committed_on.isoformat()} if committed_on else {}))


NAMES = (
    "registered",
    "general",
    "settled",
    "settled and to be done again",
    "with one department",
    "with several departments",
    "declined twice",
    "to be dispatched a third time",
    "planned",
    "planned far ahead",
    "planned, one has answered",
    "answered",
    "returned at the check",
    "with the petitioner",
    "done again",
    "referred",
    "referred again",
    "directed",
    "closed",
    "settled and closed",
    "withdrawn",
    "concluding",
    "about to be concluded",
)


def opening(name: str, today: date) -> Sequence[Step]:
    """What has been done."""
    several = [_sorted("hard"), _dispatched("zjj")]
    one = [_sorted("refused"), _dispatched()]
    answered = [*one, _replied("result")]
    passed = [*answered, PASSED]
    referred = [
        _sorted("out_of_scope"),
        Step(COORDINATOR, "refer", {"unit": "沈丘县劳动保障监察大队", "reason": WORDS}),
    ]
    directed = Step(COORDINATOR, "direct", {"channel": "沈丘县人民法院", "reason": WORDS})
    settled = [_sorted("general"), Step(CLERK, "settle", {"result": SETTLED})]
    planned = [*several, _replied("plan", committed_on=today + timedelta(days=4))]
    again = _said("dissatisfied", "redo")
    concluding = [*passed, _said("dissatisfied", "conclude")]
    declined = [*one, DECLINED, UPHELD, _dispatched(lead="zjj")]
    steps = {
        "registered": [],
        "general": settled[:1],
        "settled": settled,
        "settled and to be done again": [*settled, again],
        "with one department": one,
        "with several departments": several,
        "declined twice": [*one, DECLINED, REFUSED_AGAIN, DECLINED, REFUSED_AGAIN],
        "to be dispatched a third time": [*declined, Step(CO_HANDLER, "decline", {"reason": WORDS}), UPHELD],
        "planned": planned,
        "planned far ahead": [*several, _replied("plan", committed_on=today + timedelta(days=45))],
        "planned, one has answered": [*planned, _replied("result", CO_HANDLER)],
        "answered": answered,
        "returned at the check": [*answered, RETURNED],
        "with the petitioner": passed,
        "done again": [*passed, again],
        "referred": referred,
        "referred again": [*referred, Step(COORDINATOR, "outcome", {"text": OUTCOME}), again],
        "directed": [_sorted("out_of_scope"), directed],
        "closed": [*passed, _said("satisfied")],
        "settled and closed": [*settled, _said("satisfied")],
        "withdrawn": [*several, WITHDRAWN, CONFIRMED],
        "concluding": concluding,
        "about to be concluded": [*concluding, Step(COORDINATOR, "conclude", {"reasons": WORDS, "legal_basis": BASIS})],
    }
    return steps[name]
