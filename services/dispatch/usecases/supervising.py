"""What supervision and the government see: supervisions and reports of their level, and nothing about petitioners."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.dispatch import store
from services.dispatch.domain.answers import named
from services.dispatch.tables import HandNotice, Leg, Order
from services.dispatch.usecases import oversight
from shared import clock, replica
from shared.events.dispatch import Party
from shared.events.sla import Rung
from shared.papers.tables import IssuedPaper
from shared.security.roles import Actor
from shared.workdays import CHINA

A_PAGE = 50


def desk_of(level: str) -> str:
    """The live desk of those above at a level: on it lies what is supervised and reported there."""
    return f"above@{level}"


@dataclass(frozen=True)
class Given:
    """A supervision or a report, and whether it was answered since."""

    order: Order
    leg: Leg
    rung: Rung
    at: datetime
    late: Sequence[str]
    requirement: str | None
    by_hand: bool
    papers: Sequence[IssuedPaper]


@dataclass(frozen=True)
class Page:
    """So many of them, the newest first; what came in the week; and where the next page begins."""

    given: Sequence[Given]
    week: Mapping[Rung, int]
    next: datetime | None


async def given(session: AsyncSession, actor: Actor, rung: Rung | None, before: datetime | None) -> Page:
    """What was supervised and reported at this actor's level."""
    level, now = actor.center or "", clock.now()
    found = await store.given_at_level(session, level, [rung] if rung else store.ABOVE, before, A_PAGE)
    names = await replica.department_names(session)
    kinds = oversight.ADDRESSED.get(actor.role, frozenset())
    issued = await store.issued_papers(session, {order.complaint_id for _, order, _ in found}, kinds)
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(), CHINA)
    week = await store.how_many_given(session, level, monday)
    rows = [
        Given(
            order=order,
            leg=leg,
            rung=each.rung,
            at=each.at,
            late=[named(Party(**party), names) for party in each.told],
            requirement=each.requirement if isinstance(each, HandNotice) else None,
            by_hand=isinstance(each, HandNotice),
            papers=[paper for paper in issued if _is_of(paper, leg)] if each.rung is Rung.REPORTED else [],
        )
        for each, order, leg in found
    ]
    return Page(rows, week, found[-1][0].at if len(found) == A_PAGE else None)


def _is_of(paper: IssuedPaper, leg: Leg) -> bool:
    """Whether a paper was issued because of a report about this leg."""
    return (paper.subject, paper.occasion) == (leg.complaint_id, f"leg-{leg.number}")
