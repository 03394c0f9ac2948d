"""At the window and in review: what is wrong with a step there, and what follows from it (mechanism §3, §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tests.model.complaint import FORBIDDEN, IMPOSSIBLE, INVALID, Complaint, Faults, Follows, Rules, Step, when
from tests.model.ladder import Leg, due_after
from tests.model.people import CENTERS, meant
from tests.support.oracle import working_day


def limit(one: Complaint, departments: int) -> tuple[int, str]:
    """The limit of stage `reply` in working days, and what is due then (§5)."""
    if departments > 1 or one.transferred or one.triage == "hard":
        return 5, "plan"
    return (3, "reasons") if one.triage == "cannot" else (0, "result")


def leads_still(number: str | None, everyone: Sequence[Complaint]) -> bool:
    """Whether what is joined to the one of this number is so still: that one is open, and not joined itself."""
    return any(each.number == number and each.state != "closed" and not each.joined_to for each in everyone)


def leading(step: Step, everyone: Sequence[Complaint]) -> Complaint | None:
    """The complaint another one is to be joined to."""
    return next((each for each in everyone if each.number == step.given["to"]), None)


# What is wrong


def _triage(one: Complaint, step: Step, _: datetime) -> Faults:
    if one.triage is None:
        return set()
    found = when(step.given["triage"] == one.triage, IMPOSSIBLE)
    found |= when(one.triage != "general" and step.who.role == "clerk", FORBIDDEN)
    return found or when(not step.given.get("reason"))


def _settle(one: Complaint, *_: Any) -> Faults:
    return when(one.triage != "general", IMPOSSIBLE)


def _correct(one: Complaint, step: Step, _: datetime) -> Faults:
    return when(step.given["content"] == one.content, IMPOSSIBLE)


def _dispatch(one: Complaint, step: Step, _: datetime) -> Faults:
    given = step.given
    if one.triage in ("general", "out_of_scope"):
        return {IMPOSSIBLE}
    named = [meant(code, one.handling_center) for code in (given["lead"], *given["co_handlers"])]
    found = when(None in named or len(set(named)) < len(named))
    found |= when((given.get("working_days") or 0) > limit(one, len(named))[0])
    found |= when(given.get("committed_working_days") is not None and one.triage != "refused")
    return found | _third(one, step)


def _third(one: Complaint, step: Step) -> Faults:
    """A third dispatch is the head's (§4)."""
    return when(one.dispatches >= 2 and step.who.role != "head", FORBIDDEN)


def _transfer(one: Complaint, step: Step, _: datetime) -> Faults:
    return when(step.given["to_center"] == one.handling_center or step.given["to_center"] not in CENTERS)


def _direct(one: Complaint, *_: Any) -> Faults:
    return when(one.triage != "out_of_scope", IMPOSSIBLE)


def _refer(one: Complaint, step: Step, _: datetime) -> Faults:
    is_asked = one.state == "referred" and one.unit == step.given["unit"]
    return when(one.triage != "out_of_scope" or is_asked, IMPOSSIBLE)


def wrong_to_join(one: Complaint, step: Step, everyone: Sequence[Complaint]) -> Faults:
    """Two about one matter, sorted alike, at one center; the leading one is with its departments."""
    other = leading(step, everyone)
    if other is None or other is one:
        return {INVALID}
    leads = any(each.joined_to == one.number and each.state != "closed" for each in everyone)
    found = when(leads or any(leads_still(each.joined_to, everyone) for each in (one, other)))
    found |= when(other.state != "handling" or other.handling_center != one.handling_center)
    found |= when(other.triage != one.triage)
    if one.state == "handling":
        return found | when(one.parties[:1] != other.parties[:1])
    return found | _third(one, step)


RULES: Rules = {
    "triage": _triage,
    "settle": _settle,
    "correct": _correct,
    "dispatch": _dispatch,
    "transfer": _transfer,
    "refer": _refer,
    "direct": _direct,
}


# What follows


def _sort(one: Complaint, step: Step, _: datetime) -> None:
    one.triage = step.given["triage"]
    one.state = "on_spot" if one.triage == "general" else "pending"


def _is_settled(one: Complaint, step: Step, now: datetime) -> None:
    one.state, one.way, one.done_at, one.outcome = "following_up", "settled", now, step.given["result"]


def _is_corrected(one: Complaint, step: Step, _: datetime) -> None:
    one.content = step.given["content"]


def _goes_to_departments(one: Complaint, step: Step, now: datetime) -> None:
    given = step.given
    named = [meant(code, one.handling_center) or "" for code in (given["lead"], *given["co_handlers"])]
    within = given.get("committed_working_days")
    commit_by = None if within is None else working_day(now.date(), within)
    send(one, named, now, working_days=given.get("working_days"), commit_by=commit_by, commit_within=within)


def send(
    one: Complaint,
    parties: list[str],
    now: datetime,
    *,
    working_days: int | None = None,
    commit_by: date | None = None,
    commit_within: int | None = None,
) -> None:
    """It goes to these departments, the lead first; a plan commits to no later day, in a redo to so many days."""
    one.parties, one.named = parties, parties
    one.signed, one.ceased, one.answered, one.declining = set(), set(), {}, {}
    days, expects = limit(one, len(parties))
    days = days if working_days is None else working_days
    one.state, one.way, one.dispatched_at = "handling", "dispatched", now
    one.commit_by, one.commit_within = commit_by, commit_within
    one.dispatches += 1
    one.sent_at.append(now)
    one.legs.append(Leg("reply", expects, now, due_after(now, days), parties[0], days))


def is_transferred(one: Complaint, step: Step, now: datetime) -> None:
    """Another center has it."""
    one.handling_center, one.transferred = step.given["to_center"], True
    one.centers = [each for each in one.centers if each != one.handling_center] + [one.handling_center]
    one.sent_at.append(now)


def _is_referred(one: Complaint, step: Step, now: datetime) -> None:
    one.state, one.way, one.unit = "referred", "referred", step.given["unit"]
    one.sent_at.append(now)


def _is_directed(one: Complaint, step: Step, now: datetime) -> None:
    one.state, one.way, one.channel, one.done_at = "following_up", "directed", step.given["channel"], now
    one.outcome = step.given["reason"]
    one.sent_at.append(now)


def _is_recalled(one: Complaint, *_: Any) -> None:
    one.state, one.way, one.unit = "pending", None, None


def _has_outcome(one: Complaint, step: Step, now: datetime) -> None:
    one.state, one.done_at, one.outcome = "following_up", now, step.given["text"]


FOLLOWS: Follows = {
    "triage": _sort,
    "settle": _is_settled,
    "correct": _is_corrected,
    "dispatch": _goes_to_departments,
    "transfer": is_transferred,
    "refer": _is_referred,
    "direct": _is_directed,
    "outcome": _has_outcome,
    "recall": _is_recalled,
}
