"""An order's file as it is kept, and what is done to its texts before a door tells them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from services.dispatch.domain.answers import named
from services.dispatch.tables import Assignment, Leg, Order, Reply
from services.dispatch.tables.asked import Asked
from services.dispatch.tables.base import Base
from shared.events.dispatch import Party
from shared.security.mask import mask_text

_WORDS = {
    "content",
    "text",
    "opinion",
    "reason",
    "reasons",
    "requirement",
    "decision",
    "attendees",
    "conclusion",
    "consent_said",
    "remarks",
    "result",
    "instructions",
}


def everything(order: Order, names: Mapping[str, str]) -> dict[str, Any]:
    """All that was said and done about an order, each list in the order it happened."""
    return {
        "complaint": _row(order.complaint, "source", "category", "content", "remarks", "service_item", "about"),
        **_row(order, "satisfaction", "typical", "instructions", "commit_by", "result", "legal_basis"),
        "legs": [_leg(leg) for leg in order.legs],
        "assignments": _assignments(order, names),
        "replies": [_reply(reply, names) for leg in order.legs for reply in leg.replies],
        "checks": [_row(each, "leg", "round", "passed", "reasons", "at", "by") for each in order.checks],
        "follow_ups": [
            _row(each, "round", "satisfaction", "solved", "opinion", "method", "then", "at", "by")
            for each in order.follow_ups
        ],
        "rungs": _rungs(order),
        "conclusions": [
            _row(each, "round", "reasons", "legal_basis", "proposed_at", "proposed_by")
            | _row(each, "approved", "decided_at", "decided_by", "decision")
            for each in order.conclusions
        ],
        "declines": [
            _row(each, "center", "department", "reason", "right_department", "at", "by") | _decided(each)
            for each in order.declines
        ],
        "studies": [
            _row(each, "round", "departments", "held_at", "attendees", "conclusion", "lead", "at", "by")
            for each in order.studies
        ],
        "withdrawals": [
            _row(each, "round", "reason", "method", "at", "by") | _decided(each) for each in order.withdrawals
        ],
        "extensions": [
            _row(each, "leg", "was", "committed_on", "reason", "at", "by") | _decided(each) for each in order.extensions
        ],
        "steps": [_row(each, "round", "action", "target", "text", "at", "by") for each in order.steps],
    }


def masked(told: Any, mask: Callable[[str], str] = mask_text) -> Any:
    """The same with phones and identity numbers masked in what people have written; or with this done to them."""
    match told:
        case dict():
            return {name: _masked(name, value, mask) for name, value in told.items()}
        case list():
            return [masked(value, mask) for value in told]
    return told


def _masked(name: str, value: Any, mask: Callable[[str], str]) -> Any:
    return mask(value) if name in _WORDS and isinstance(value, str) else masked(value, mask)


def everywhere(change: Callable[[str], str], told: Any) -> Any:
    """The same with this done to every text in it."""
    match told:
        case str():
            return change(told)
        case dict():
            return {name: everywhere(change, value) for name, value in told.items()}
        case list():
            return [everywhere(change, value) for value in told]
    return told


def _leg(leg: Leg) -> dict[str, Any]:
    return _row(leg, "number", "stage", "round", "expects", "starts_at", "rule", "working_days", "committed_on") | _row(
        leg,
        "calendar",
        "first_due_at",
        "due_at",
        "provisional",
        "co_handlers_due_at",
        "answered_at",
        "lifted_at",
        "overran_working_days",
    )


def _assignments(order: Order, names: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            **_row(each, "dispatch", "center", "department", "is_lead", "assigned_at", "signed_at", "signed_by"),
            **_row(each, "ended_at", "overruled_at"),
            "name": named(each.party, names),
            "answered_at": _answered_at(order, each),
        }
        for each in order.assignments
    ]


def _answered_at(order: Order, assignment: Assignment) -> datetime | None:
    """A lead answers legs: of one whose order went back to review, none."""
    if not assignment.is_lead:
        return assignment.answered_at
    return order.current_leg.answered_at if assignment in order.parties else None


def _reply(reply: Reply, names: Mapping[str, str]) -> dict[str, Any]:
    party = Party(center=reply.center, department=reply.department)
    return {
        **_row(reply, "reply_id", "leg", "round", "stage", "center", "department", "is_lead", "kind", "text"),
        **_row(reply, "legal_basis", "remedy", "committed_on", "needs_consent", "at", "by", "returned_at"),
        **_row(reply, "consented", "consent_said", "consented_at", "consented_by"),
        "name": named(party, names),
    }


def _rungs(order: Order) -> list[dict[str, Any]]:
    """The ladder's rungs and, marked, the notices given by hand beside it."""
    fired = [
        _row(each, "leg", "rung", "fell_due_at", "at", "level") | {"to": each.told, "by_hand": False}
        for leg in order.legs
        for each in leg.rungs
    ]
    by_hand = [
        _row(each, "leg", "rung", "requirement", "at", "by") | {"to": each.told, "by_hand": True}
        for each in order.hand_notices
    ]
    return sorted(fired + by_hand, key=lambda rung: rung["at"])


def _decided(row: Asked) -> dict[str, Any]:
    """How it was decided; all None while it waits."""
    return {name: getattr(row, name) for name in ("granted", "decision", "decided_at", "decided_by")}


def _row(row: Base, *columns: str) -> dict[str, Any]:
    return {column: getattr(row, column) for column in columns}
