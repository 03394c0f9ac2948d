"""What a center records of its places and its meetings with other organs (mechanism §9, §11)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain import contacts as rules
from services.directory.domain.contacts import PlaceKind
from services.directory.tables import Meeting, ServicePlace
from shared import clock, replica
from shared.ids import new_id
from shared.refusals import FieldFault, Invalid, NotFound
from shared.security.roles import Actor, Role, must_reach


@dataclass(frozen=True)
class Place:
    """Where it is, who works there, since when, and which desk it was merged with."""

    place: str
    staff: Sequence[str]
    opened_on: date
    merged_from: str | None = None


@dataclass(frozen=True)
class Minutes:
    """With which liaisons a center met, when, who came, about what, and what they agreed."""

    liaisons: Sequence[str]
    held_at: datetime
    attendees: str
    subject: str
    agreed: str


async def record_place(session: AsyncSession, actor: Actor, center: str, kind: PlaceKind, given: Place) -> ServicePlace:
    """Record a place as it is now; what it was stays in the record."""
    await _must_be_of(session, actor, center)
    await store.take(session)
    staff = await _active(session, "member", center)
    now = clock.now()
    _refuse(rules.place_faults(kind, given.staff, given.opened_on, given.merged_from, staff, now.date()))
    before = [each.revision for each in await store.places(session, center) if each.kind == kind]
    row = ServicePlace(
        center=center,
        kind=kind,
        revision=max(before, default=0) + 1,
        place=given.place,
        staff=list(given.staff),
        opened_on=given.opened_on,
        merged_from=given.merged_from,
        at=now,
        by=actor.id,
    )
    store.add(session, row)
    return row


async def places(session: AsyncSession, center: str, *, history: bool) -> Sequence[ServicePlace]:
    """A center's places as they are, or with everything they were."""
    await _must_exist(session, center)
    found = await store.places(session, center)
    return found if history else list({row.kind: row for row in reversed(found)}.values())[::-1]


async def record_meeting(session: AsyncSession, actor: Actor, center: str, given: Minutes) -> Meeting:
    """Keep the minutes of a meeting that was held."""
    await _must_be_of(session, actor, center)
    now = clock.now()
    _refuse(rules.meeting_faults(given.liaisons, given.held_at, await _active(session, "liaison", center), now))
    row = Meeting(
        id=new_id(),
        center=center,
        liaisons=list(given.liaisons),
        held_at=given.held_at,
        attendees=given.attendees,
        subject=given.subject,
        agreed=given.agreed,
        at=now,
        by=actor.id,
    )
    store.add(session, row)
    return row


async def meetings(session: AsyncSession, actor: Actor, limit: int) -> Sequence[Meeting]:
    """The meetings of this actor's center; to auditors, of all."""
    return await store.meetings(session, None if actor.role is Role.AUDITOR else actor.center, limit)


async def _must_be_of(session: AsyncSession, actor: Actor, center: str) -> None:
    await _must_exist(session, center)
    must_reach(actor, center)


async def _must_exist(session: AsyncSession, center: str) -> None:
    if not await replica.center_exists(session, center):
        raise NotFound("no-such-center", f"没有代码为“{center}”的中心。")


async def _active(session: AsyncSession, kind: str, center: str) -> Collection[str]:
    return {row.code for row in await store.facts(session, kind) if row.data["active"] and row.data["center"] == center}


def _refuse(found: Iterable[FieldFault]) -> None:
    if faults := list(found):
        raise Invalid("invalid", "填写的内容与目录不符，请按提示修改。", faults)
