"""To the end and back from it: what is wrong with a step there, and what follows from it (mechanism §7)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from tests.model.complaint import FORBIDDEN, IMPOSSIBLE, Complaint, Faults, Follows, Rules, Step, when
from tests.model.ladder import Leg, days_between, due_after, last_day
from tests.support.oracle import working_day

SATISFIED = frozenset({"satisfied", "basically_satisfied"})
ENDS = {"dispatched": "zeroed", "settled": "zeroed", "referred": "referred_closed", "directed": "directed"}
REDONE = {"dispatched": "handling", "settled": "on_spot", "referred": "referred", "directed": "pending"}
"""Where it is done again, by how it was dealt with."""
REOPENED_WITHIN = 15
"""Working days from the end."""


# What is wrong


def _follow_up(one: Complaint, step: Step, now: datetime) -> Faults:
    said, then = step.given["satisfaction"], step.given.get("then")
    if said in SATISFIED:
        return when(then is not None)
    if said == "dissatisfied":
        return when(then is None)
    # Who is dissatisfied was reached: to end it without satisfaction takes two people (§7).
    in_vain = one.state != "concluding" and _is_enough([*one.tries, now])
    return when(then == "redo") | when(then == "conclude" and not in_vain, IMPOSSIBLE)


def _is_enough(tries: Sequence[datetime]) -> bool:
    """Three tries, on two days, in two parts of the day."""
    parts = {sum(at.time() >= hour for hour in (time(12), time(18))) for at in tries}
    return len(tries) >= 3 and len({at.date() for at in tries}) >= 2 and len(parts) >= 2


def _approve(one: Complaint, step: Step, _: datetime) -> Faults:
    return when(step.given["approve"] and step.who.username == one.proposer, FORBIDDEN)


def _withdraw(one: Complaint, *_: Any) -> Faults:
    return when(one.withdrawer is not None, IMPOSSIBLE)


def _confirm(one: Complaint, step: Step, _: datetime) -> Faults:
    if one.withdrawer is None:
        return {IMPOSSIBLE}
    return when(step.given["confirm"] and step.who.username == one.withdrawer, FORBIDDEN)


def _reopen(one: Complaint, _: Step, now: datetime) -> Faults:
    assert one.closed_at
    return when(one.reopened or now > due_after(one.closed_at, REOPENED_WITHIN), IMPOSSIBLE)


def _nudge(one: Complaint, _: Step, now: datetime) -> Faults:
    return when(one.nudged_on is not None and days_between(one.nudged_on, now.date()) == 0, IMPOSSIBLE)


def _rate(one: Complaint, step: Step, _: datetime) -> Faults:
    return when(step.given["ends_ago"] > 0 or one.ends in one.rated, IMPOSSIBLE)


RULES: Rules = {
    "follow-up": _follow_up,
    "approve": _approve,
    "withdraw": _withdraw,
    "confirm": _confirm,
    "reopen": _reopen,
    "ask-reopening": _reopen,
    "nudge": _nudge,
    "rate": _rate,
}


# What follows


def _is_checked(one: Complaint, step: Step, now: datetime) -> None:
    if step.given["passed"]:
        one.state, one.done_at = "following_up", one.answered_at
        return
    one.state = "handling"
    _another_round(one, now, by_petitioner=False)
    one.leg.resume(now)


def _another_round(one: Complaint, now: datetime, *, by_petitioner: bool) -> None:
    one.round += 1
    one.again.append((now, by_petitioner))
    one.tries = []


def _is_followed_up(one: Complaint, step: Step, now: datetime) -> None:
    said, then, told = step.given["satisfaction"], step.given.get("then"), (step.who.username, step.given)
    if one.state == "concluding" and said == "dissatisfied" and told == one.said_last:
        return  # sent again
    one.said_last = told
    one.satisfaction, one.followed_up_at = said, now
    one.said[said] += 1
    if said in SATISFIED:
        _close(one, ENDS[one.way or ""], now)
    elif said == "unreachable":
        one.tries.append(now)
        if then:
            _close(one, "concluded_unreachable", now)
    elif then == "conclude":
        one.state = "concluding"
    else:
        _do_again(one, now)


def _do_again(one: Complaint, now: datetime) -> None:
    """A redo gets the stage's full length again, and every department does its part again.

    What no department had begins where it was dealt with.
    """
    _another_round(one, now, by_petitioner=True)
    one.state = REDONE[one.way] if one.way else "on_spot" if one.triage == "general" else "pending"
    if one.way != "dispatched":
        one.way = one.way if one.state == "referred" else None
        return
    one.ceased, one.owed_since = set(), one.round
    if one.commit_within is not None:
        one.commit_by = working_day(now.date(), one.commit_within)
    last, days = one.leg, one.leg.days
    if days is None:
        assert one.dispatched_at
        assert last.committed
        days = days_between(one.dispatched_at.date(), last_day(last.committed))
    stage = last.stage, last.expects, now, due_after(now, days)
    one.legs.append(Leg(*stage, last.lead, days, has_co_handlers=bool(one.owing)))


def _is_proposed(one: Complaint, step: Step, _: datetime) -> None:
    one.state, one.proposer, one.reasons = "approving", step.who.username, step.given["reasons"]


def _proposal_is_decided(one: Complaint, step: Step, now: datetime) -> None:
    if step.given["approve"]:
        _close(one, "concluded_unsatisfied", now, one.reasons)
    else:
        one.state, one.said_last = "concluding", None


def _withdrawal_is_logged(one: Complaint, step: Step, _: datetime) -> None:
    one.withdrawer, one.withdrawn_for = step.who.username, step.given["words"]


def _withdrawal_is_decided(one: Complaint, step: Step, now: datetime) -> None:
    one.withdrawer = None
    if step.given["confirm"]:
        _close(one, "withdrawn", now, one.withdrawn_for)


def _close(one: Complaint, final: str, now: datetime, closing: str | None = None) -> None:
    one.was_late = one.is_overdue(now)
    if one.legs:
        one.leg.lift(now)
    one.state, one.final, one.closed_at, one.closing = "closed", final, now, closing
    one.withdrawer = None
    one.end()


def _is_reopened(one: Complaint, _: Step, now: datetime) -> None:
    one.reopened, one.final, one.closed_at, one.closing = True, None, None, None
    _do_again(one, now)


def _is_nudged(one: Complaint, _: Step, now: datetime) -> None:
    one.nudged_on = now.date()


def _is_rated(one: Complaint, *_: Any) -> None:
    one.rated.add(one.ends)


FOLLOWS: Follows = {
    "check": _is_checked,
    "follow-up": _is_followed_up,
    "conclude": _is_proposed,
    "approve": _proposal_is_decided,
    "withdraw": _withdrawal_is_logged,
    "confirm": _withdrawal_is_decided,
    "reopen": _is_reopened,
    "ask-reopening": _is_reopened,
    "nudge": _is_nudged,
    "rate": _is_rated,
}
