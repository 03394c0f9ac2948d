"""With the departments: what is wrong with a step there, and what follows from it (mechanism §4, §5, §6).

What of it concerns as well what is joined to the complaint stands in `joined`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.model.complaint import IMPOSSIBLE, Complaint, Faults, Follows, Rules, Step, when
from tests.model.ladder import FITS, Leg, days_between, due_after, last_day
from tests.model.people import meant
from tests.support.oracle import close, working_day

CONSENT_BEYOND = 20
"""Working days from the dispatch to a `hard` matter's committed date."""
MOST_LATER = 3
"""Working days by which a committed date is extended."""
REFUSALS = 2
"""Of a department's declines; then it is settled."""


# Answers


def _reply(one: Complaint, step: Step, now: datetime) -> Faults:
    """The lead answers its stage, a co-handler its part."""
    given, party = step.given, step.who.party
    found = when(given["kind"] == "reasons" and not given.get("legal_basis"))
    found |= _commitment(one, step, now)
    if party not in one.parties[:1]:
        return found | when(one.answered.get(party) == (len(one.legs), one.round), IMPOSSIBLE)
    found |= when(given["kind"] not in FITS[one.leg.stage, one.leg.expects])
    return found | when(given["kind"] == "result" and bool(one.owing), IMPOSSIBLE)


def _commitment(one: Complaint, step: Step, now: datetime) -> Faults:
    if step.given["kind"] != "plan" or step.who.party not in one.parties[:1]:
        return set()  # what a co-handler answers is its result, whatever it is called
    day = promised(one, step.given)
    if day is None or day < now.date() or close(last_day(day)) <= now:
        return when(True)  # it would be overdue before it begins
    return when(one.commit_by is not None and day > one.commit_by)


def promised(one: Complaint, given: dict[str, Any]) -> date | None:
    """The day a plan commits to: as given, or as it was fixed at the dispatch."""
    return date.fromisoformat(given["committed_on"]) if given.get("committed_on") else one.commit_by


def reply(one: Complaint, step: Step, now: datetime, day: date | None) -> None:
    """It is answered; a plan commits to that day."""
    given, party = step.given, step.who.party
    if party != one.parties[0]:
        one.ceased.add(party)
        one.answered[party] = (len(one.legs), one.round)
        return
    one.decide(waited=given["kind"] == "result")
    one.leg.answer(now)
    one.outcome = given["text"]
    one.first_answer = one.first_answer or now
    if given["kind"] == "plan":
        _commit(one, day, now)
        return
    one.state, one.answered_at = "checking", now
    if given["kind"] == "reasons":
        one.triage = "cannot"


def _commit(one: Complaint, day: date | None, now: datetime) -> None:
    assert day
    assert one.dispatched_at
    last = last_day(day)
    far = one.triage == "hard" and days_between(one.dispatched_at.date(), last) > CONSENT_BEYOND
    stage = "result", "result", now, close(last)
    one.legs.append(Leg(*stage, one.parties[0], committed=day, has_co_handlers=bool(one.owing), needs_consent=far))


# What is wrong


def _sign(one: Complaint, step: Step, _: datetime) -> Faults:
    return when(step.who.party in one.signed, IMPOSSIBLE)


def _decline(one: Complaint, step: Step, now: datetime) -> Faults:
    party = step.who.party
    right = step.given.get("right_department")
    found = when(party in one.declining or not may_decline(one, party, now), IMPOSSIBLE)
    return found | when(right is not None and meant(right, one.handling_center) is None)


def may_decline(one: Complaint, party: str, at: datetime) -> bool:
    """Whether it is neither too late for that, nor settled that it is this department's."""
    assert one.dispatched_at
    too_late = at > due_after(one.dispatched_at, 1) or one.leg.stage != "reply" or party in one.answered
    return not too_late and one.refusals.get(party, 0) < REFUSALS


def decided(one: Complaint, given: dict[str, Any]) -> str | None:
    """Whose decline a word is on: the only one that waits, or the one that is named."""
    if (named := given.get("department")) is None:
        return next(iter(one.declining)) if len(one.declining) == 1 else None
    return next((party for party in one.declining if party.endswith(f"/{named}")), None)


def _uphold(one: Complaint, step: Step, _: datetime) -> Faults:
    if not one.declining:
        return {IMPOSSIBLE}
    has_a_plan = step.given["uphold"] and one.leg.stage != "reply"
    return when(decided(one, step.given) is None) | when(has_a_plan, IMPOSSIBLE)


def _extend(one: Complaint, step: Step, now: datetime) -> Faults:
    leg = one.leg
    if leg.committed is None:
        return {IMPOSSIBLE}
    is_settled = leg.asked is not None or leg.is_extended or now > leg.due
    return when(is_settled, IMPOSSIBLE) | when(not 1 <= _days_later(leg, step.given["committed_on"]) <= MOST_LATER)


def _days_later(leg: Leg, day: str) -> int:
    assert leg.committed
    return days_between(last_day(leg.committed), last_day(date.fromisoformat(day)))


def _grant(one: Complaint, step: Step, _: datetime) -> Faults:
    if one.leg.asked is None:
        return {IMPOSSIBLE}
    # The committed date may be earlier by now than when it was asked for: where a far one was not consented to.
    return when(step.given["approve"] and _days_later(one.leg, one.leg.asked.isoformat()) > MOST_LATER, IMPOSSIBLE)


def _consent(one: Complaint, *_: Any) -> Faults:
    return when(not one.leg.needs_consent, IMPOSSIBLE)


def _overrule(one: Complaint, step: Step, _: datetime) -> Faults:
    named = [meant(code, one.handling_center) for code in step.given["departments"]]
    if not one.owing:
        return {IMPOSSIBLE} | when(None in named)
    return when(any(party not in one.owing for party in named))


def _supervise(one: Complaint, _: Step, now: datetime) -> Faults:
    return when(now <= one.leg.due, IMPOSSIBLE)


def _study(one: Complaint, step: Step, now: datetime) -> Faults:
    unknown = any(meant(code, one.handling_center) is None for code in step.given["departments"])
    return when(unknown or datetime.fromisoformat(step.given["held_at"]) > now)


RULES: Rules = {
    "sign": _sign,
    "reply": _reply,
    "decline": _decline,
    "uphold": _uphold,
    "extend": _extend,
    "grant": _grant,
    "consent": _consent,
    "overrule": _overrule,
    "supervise": _supervise,
    "study": _study,
}


# What follows


def _is_signed(one: Complaint, step: Step, _: datetime) -> None:
    one.signed.add(step.who.party)


def _is_declined(one: Complaint, step: Step, now: datetime) -> None:
    one.declining[step.who.party] = now


def _decline_is_decided(one: Complaint, step: Step, now: datetime) -> None:
    party = decided(one, step.given)
    assert party
    del one.declining[party]
    if step.given["uphold"]:
        take_back(one, now)
    else:
        one.refusals[party] = one.refusals.get(party, 0) + 1


def take_back(one: Complaint, now: datetime) -> None:
    """Its departments have it no more; it is reviewed again."""
    one.decide(waited=False)
    one.leg.lift(now)
    one.state, one.way, one.parties, one.declining = "pending", None, [], {}


def _extension_is_asked(one: Complaint, step: Step, _: datetime) -> None:
    one.leg.asked = date.fromisoformat(step.given["committed_on"])


def _extension_is_decided(one: Complaint, step: Step, _: datetime) -> None:
    leg = one.leg
    if step.given["approve"]:
        assert leg.asked
        was, leg.is_extended = leg.due, True
        leg.recommit(leg.asked)
        leg.extended_from = was if leg.due != was else None
    leg.asked = None


def _consent_is_decided(one: Complaint, step: Step, now: datetime) -> None:
    """Without consent the last day that needs none stands, but never before the next working day (§5)."""
    leg = one.leg
    leg.needs_consent = False
    if not step.given["approve"]:
        assert one.dispatched_at
        assert leg.committed
        last = working_day(one.dispatched_at.date(), CONSENT_BEYOND)
        leg.recommit(min(leg.committed, max(last, working_day(now.date(), 1))))


def overruled(one: Complaint, step: Step) -> set[str]:
    """For whom the lead need not wait: those that are named, or all who have not answered."""
    return {meant(code, one.handling_center) or "" for code in step.given["departments"]} or set(one.owing)


def _are_overruled(one: Complaint, step: Step, _: datetime) -> None:
    one.ceased |= overruled(one, step)


def _is_urged(one: Complaint, _: Step, now: datetime) -> None:
    one.by_hand["urged"].append(now)


def _is_supervised(one: Complaint, _: Step, now: datetime) -> None:
    one.by_hand["supervised"].append(now)


FOLLOWS: Follows = {
    "sign": _is_signed,
    "decline": _is_declined,
    "uphold": _decline_is_decided,
    "extend": _extension_is_asked,
    "grant": _extension_is_decided,
    "consent": _consent_is_decided,
    "overrule": _are_overruled,
    "urge": _is_urged,
    "supervise": _is_supervised,
}
