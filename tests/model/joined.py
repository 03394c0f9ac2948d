"""Several petitioners with one matter: what a step about one means for those that are joined to it (§4, §7).

Only the handling is joined. What moves the handling of the leading one moves all that wait with it; where it ends or
goes another way, the first of those that wait leads the others; what is dealt with by itself is joined no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.model import handling, review
from tests.model.complaint import Complaint, Step
from tests.model.ladder import FITS
from tests.support.oracle import working_day

UNANSWERED = {"on_spot", "pending", "handling"}
BY_ITSELF = {"dispatch", "transfer", "refer", "direct", "reopen", "ask-reopening"}
"""What is joined no more once this is done to it."""


def apply(one: Complaint, step: Step, now: datetime, everyone: Sequence[Complaint], do: Callable[[], None]) -> None:
    """Do the step to the complaint, and what follows for the others; `do` does it to that one."""
    others = [each for each in everyone if each.joined_to == one.number]
    before = (one.state, one.triage, one.handling_center)
    if step.action in BY_ITSELF:
        one.joined_to = None
    match step.action:
        case "join":
            _join(one, step, now, everyone)
        case "reply":
            _reply(one, others, step, now)
        case "overrule":
            parties = handling.overruled(one, step)
            do()
            for each in others:
                each.ceased |= parties & set(each.owing if each.state == "handling" else ())
        case "uphold" if step.given["uphold"]:
            _take_back(one, others, step, now, do)
        case "dispatch" | "transfer":
            do()
            _move(one, [each for each in others if _stands(each) == before], step, now)
            _part_others(one, others)
        case _:
            do()
    if one.state == "closed" != before[0] or step.action in ("refer", "direct"):
        _pass_on(others)
    if one.state == "handling" != before[0] and not review.leads_still(one.joined_to, everyone):
        one.joined_to = None  # what it was joined to has ended meanwhile


def _stands(one: Complaint) -> tuple[str, str | None, str]:
    return one.state, one.triage, one.handling_center


def _join(one: Complaint, step: Step, now: datetime, everyone: Sequence[Complaint]) -> None:
    """What was not dispatched yet goes to the same departments; what co-handlers have answered counts for it too."""
    other = review.leading(step, everyone)
    assert other
    other.joined_to = None  # if to anything, then to what has ended
    if one.state == "pending":
        within = other.commit_within
        commit_by = None if within is None else working_day(now.date(), within)
        review.send(one, list(other.parties), now, commit_by=commit_by, commit_within=within)
    for party in one.parties[1:]:
        if party not in other.parties[1:]:
            continue
        if other.has_answered(party) and not one.has_answered(party):
            is_current = other.answered[party] == (len(other.legs), other.round)
            one.answered[party] = (len(one.legs) if is_current else 0, one.round)
        if party in other.ceased:
            one.ceased.add(party)
    one.joined_to = other.number


def _reply(one: Complaint, others: Sequence[Complaint], step: Step, now: datetime) -> None:
    day = handling.promised(one, step.given)
    answered = [each for each in others if _waits(each, one, step)]
    for each in [one, *answered]:
        handling.reply(each, step, now, day)


def _waits(each: Complaint, one: Complaint, step: Step) -> bool:
    """Whether it waits for this very answer of this department; what does not is left out."""
    party, kind = step.who.party, step.given["kind"]
    leads = party in one.parties[:1]
    if each.state != "handling" or party not in (each.parties[:1] if leads else each.parties[1:]):
        return False
    if not leads:
        return each.answered.get(party) != (len(each.legs), each.round)
    if kind not in FITS[each.leg.stage, each.leg.expects] or (kind == "result" and each.owing):
        return False
    day = handling.promised(one, step.given)
    return kind != "plan" or each.commit_by is None or (day is not None and day <= each.commit_by)


def _take_back(one: Complaint, others: Sequence[Complaint], step: Step, now: datetime, do: Callable[[], None]) -> None:
    """With it what waits for the same department, which could have declined that too; alone, it is joined no more."""
    party = handling.decided(one, step.given)
    assert party
    at = one.declining[party]
    do()
    one.joined_to = None
    for each in others:
        if each.state != "handling" or each.leg.stage != "reply" or party not in each.parties:
            continue
        if party in each.declining or handling.may_decline(each, party, at):
            handling.take_back(each, now)
        else:
            each.joined_to = None


def _move(one: Complaint, along: Sequence[Complaint], step: Step, now: datetime) -> None:
    """What stood where the leading one stood goes where that has gone; a third dispatch is the head's."""
    for each in along:
        if step.action == "transfer":
            review.is_transferred(each, step, now)
        elif each.dispatches < 2 or step.who.role == "head":
            review.send(each, list(one.parties), now, commit_by=one.commit_by, commit_within=one.commit_within)


def _part_others(one: Complaint, others: Sequence[Complaint]) -> None:
    """What is unanswered and neither went along nor waits for the same lead is joined no more."""
    for each in others:
        is_with_it = each.state == one.state and each.parties[:1] == one.parties[:1]
        if each.state in UNANSWERED and not (is_with_it and each.handling_center == one.handling_center):
            each.joined_to = None


def _pass_on(others: Sequence[Complaint]) -> None:
    """The first of those that wait leads those that stand where it stands; the rest are joined no more."""
    waiting = [each for each in others if each.state in UNANSWERED]
    heir = next((each for each in waiting if each.state != "on_spot"), None)
    for each in waiting:
        is_alike = heir and (each.state, each.parties[:1]) == (heir.state, heir.parties[:1])
        each.joined_to = heir.number if heir and is_alike and each is not heir else None
