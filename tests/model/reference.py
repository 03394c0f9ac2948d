"""The model: whether a step is refused, and what follows from one that is done.

Written from the mechanism's words (§3 to §7, §10, §11) and from none of the house's code. A step is refused with one of
five kinds; when several fit, the house may name any of them. None fits: it must be done.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.model import ending, handling, joined, review
from tests.model.complaint import FORBIDDEN, IMPOSSIBLE, INVALID, MISSING, UNKNOWN, Complaint, Faults, Step, when
from tests.model.people import MAY, PETITIONER

OPEN = {"on_spot", "pending", "referred", "handling", "checking", "following_up", "concluding", "approving"}
STATES: dict[str, set[str]] = {
    "triage": {"registered", "on_spot", "pending"},
    "settle": {"on_spot", "pending"},
    "correct": {"registered", "closed"} | OPEN,
    "dispatch": {"pending"},
    "transfer": {"pending"},
    "refer": {"pending", "referred"},
    "direct": {"pending"},
    "outcome": {"referred"},
    "recall": {"referred"},
    "sign": {"handling"},
    "reply": {"handling"},
    "decline": {"handling"},
    "uphold": {"handling"},
    "extend": {"handling"},
    "grant": {"handling"},
    "consent": {"handling"},
    "overrule": {"handling"},
    "urge": {"handling"},
    "supervise": {"handling"},
    "study": {"pending", "referred", "handling", "checking", "concluding"},
    "join": {"pending", "handling"},
    "check": {"checking"},
    "follow-up": {"following_up", "concluding"},
    "conclude": {"concluding"},
    "approve": {"approving"},
    "withdraw": OPEN,
    "confirm": OPEN,
    "reopen": {"closed"},
    "nudge": OPEN,
    "ask-reopening": {"closed"},
    "rate": {"closed"},
}
"""Where each thing may be done."""
AT_THE_WINDOW = {"triage", "settle", "correct"}
BY_PETITIONER = {"nudge", "ask-reopening", "rate"}
BESIDE = {"study", "join", "withdraw", "confirm", "nudge", "rate", "correct"}
"""What leaves it with whoever has it."""
NO_NEEDS_REASONS = {"grant": "approve", "consent": "approve", "approve": "approve", "check": "passed"}

RULES = review.RULES | handling.RULES | ending.RULES
FOLLOWS = review.FOLLOWS | handling.FOLLOWS | ending.FOLLOWS


def faults(one: Complaint, step: Step, now: datetime, everyone: Sequence[Complaint]) -> Faults:
    """Why a step is refused; empty when it must be done."""
    if step.action in BY_PETITIONER:
        return _wrong_secret(one, step) or _in_state(one, step, now, everyone)
    if step.who == PETITIONER:
        return {UNKNOWN}
    found = _unfounded(step) | when(step.who.role not in MAY[step.action], FORBIDDEN)
    if one.state == "registered" and step.action not in AT_THE_WINDOW:
        return found | {MISSING} | _to_nobody(step, everyone)
    return found | _out_of_reach(one, step) | _in_state(one, step, now, everyone)


def _in_state(one: Complaint, step: Step, now: datetime, everyone: Sequence[Complaint]) -> Faults:
    if one.state not in STATES[step.action]:
        return {IMPOSSIBLE} | _to_nobody(step, everyone)
    match step.action:
        case "join":
            return review.wrong_to_join(one, step, everyone)
        case action if action in RULES:
            return RULES[action](one, step, now)
    return set()


def _unfounded(step: Step) -> Faults:
    """A no says why; a word on a decline and a conclusion always do."""
    given, yes = step.given, NO_NEEDS_REASONS.get(step.action)
    lacks = bool(yes and not given[yes] and not given.get("reasons"))
    lacks |= step.action == "uphold" and not given.get("reasons")
    lacks |= step.action == "conclude" and not (given.get("reasons") and given.get("legal_basis"))
    return when(lacks)


def _wrong_secret(one: Complaint, step: Step) -> Faults:
    if step.action == "rate":
        wrong = {MISSING} if step.given["ends_ago"] >= one.ends else set()
        return wrong | when(not 1 <= step.given["score"] <= 5)
    return {MISSING} if step.given["code"] != one.query_code else set()


def _out_of_reach(one: Complaint, step: Step) -> Faults:
    if step.who.role == "officer":
        is_lead = step.who.party in one.parties[:1]
        return when(step.who.party not in one.parties or (step.action == "extend" and not is_lead), FORBIDDEN)
    reach = {one.handling_center} | ({one.center} if step.action == "correct" else set())
    return when(step.who.center not in reach, FORBIDDEN)


def _to_nobody(step: Step, everyone: Sequence[Complaint]) -> Faults:
    return {INVALID} if step.action == "join" and review.leading(step, everyone) is None else set()


def apply(one: Complaint, step: Step, now: datetime, everyone: Sequence[Complaint]) -> None:
    """It was done."""
    follows = FOLLOWS.get(step.action)
    joined.apply(one, step, now, everyone, lambda: follows(one, step, now) if follows else None)
    if step.action not in BESIDE:
        one.unreached = step.given.get("satisfaction") == "unreachable" and one.state != "closed"
