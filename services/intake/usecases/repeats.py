"""Possible repeats, shown while a complaint is written down and never in its way (mechanism §2)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.alike import are_alike, pairs_of
from services.intake.domain.phone import normalised_phone
from services.intake.domain.row import Row
from services.intake.domain.words import FINALS, STATES
from services.intake.store import complaints as store
from services.intake.store import journal as journals
from services.intake.store import repeats as found
from services.intake.usecases.petitioners import Masked, index_of
from services.intake.usecases.reading import scope
from shared import clock, replica
from shared.security.roles import Actor

WITHIN = timedelta(days=30)
MOST_SHOWN = 5
MOST_READ = 300
"""The newest complaints whose words are compared."""


@dataclass(frozen=True)
class Repeat:
    """A complaint that may be the same, and what makes it look so."""

    complaint_id: str
    number: str
    registered_at: datetime
    name: str
    content: str
    state: str
    why: str


async def repeats(session: AsyncSession, actor: Actor, phone: str, content: str) -> list[Repeat]:
    """What the same phone, or much the same words, brought up lately in the centers within reach; the newest first."""
    area_code = (await replica.center_codes(session)).get(actor.center or "", "")
    return await _repeats(session, actor, index_of(normalised_phone(phone, area_code)), content)


async def repeats_of(session: AsyncSession, actor: Actor, complaint_id: str) -> list[Repeat]:
    """The same of what is registered already."""
    complaint = await store.complaint(session, complaint_id)
    person = (await store.petitioners(session, [complaint_id])).get(complaint_id)
    content = complaint.content if complaint else ""
    return await _repeats(session, actor, person.phone_index if person else None, content, besides=complaint_id)


async def _repeats(
    session: AsyncSession, actor: Actor, phone_index: str | None, content: str, besides: str = ""
) -> list[Repeat]:
    centers, since = await scope(session, actor), clock.now() - WITHIN
    said = pairs_of(content)
    others = await found.said_since(session, centers, since, MOST_READ) if said else []
    why = dict.fromkeys((each for each, text in others if are_alike(said, pairs_of(text))), "内容相似")
    if phone_index:
        why |= dict.fromkeys(await found.with_phone(session, phone_index, centers, since), "同一电话")
    why.pop(besides, None)
    rows, persons = await journals.rows(session, list(why)), await store.petitioners(session, why.keys())
    newest = sorted(rows.values(), key=lambda row: row.registered_at, reverse=True)[:MOST_SHOWN]
    return [_shown(row, Masked.of(persons.get(row.complaint_id)), why[row.complaint_id]) for row in newest]


def _shown(row: Row, person: Masked, why: str) -> Repeat:
    state = FINALS[row.final] if row.final else STATES[row.state]
    return Repeat(row.complaint_id, row.number, row.registered_at, person.name, person.text(row.content), state, why)
