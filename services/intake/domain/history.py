"""A complaint's history for people: each event of its journal as one line, in the order they happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.happenings import TOLD
from services.intake.domain.names import Names
from services.intake.domain.words import SOURCES
from shared.events import Event, intake

BY_ITSELF = "系统"


@dataclass(frozen=True)
class Line:
    """Something that happened: when, what (Chinese), who did it, and what there is to know of it."""

    at: datetime
    what: str
    who: str
    details: str


_ORDER = ("intake", "dispatch", "sla", "notify", "casebook")
"""Whose events stand first of those at one instant: who decides before who listens."""


def history(events: Iterable[Event], names: Names) -> list[Line]:
    """The lines of these events, in time order; at one instant each publisher's in the order it announced them."""
    return [_line(event, names) for event in sorted(events, key=_turn)]


def _turn(event: Event) -> tuple[datetime, int, str]:
    return event.at, _ORDER.index(event.publisher), event.event_id


def _line(event: Event, names: Names) -> Line:
    what, details = TOLD.get(type(event), (event.type, lambda _event, _names: ()))
    told = what(event) if callable(what) else what
    *parts, last = [part for part in details(event, names) if part] or [""]
    return Line(event.at, told, _who(event, names), "；".join([*(part.removesuffix("。") for part in parts), last]))


def _who(event: Event, names: Names) -> str:
    if isinstance(event, intake.ComplaintRegistered):
        return SOURCES.get(event.source, event.source)
    party, by = getattr(event, "party", None), getattr(event, "by", None)
    who = (names.party(party) if party else "", names.member(by) if by else "")
    return "，".join(filter(None, who)) or BY_ITSELF
