"""What a petitioner does without an account: by number and query code, or by the one-time link of the end."""

import hmac

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain import petitioner
from services.intake.domain.journal import Journal
from services.intake.domain.number import NUMBER, as_typed
from services.intake.domain.states import AWAITING_ANSWER
from services.intake.store import complaints as store
from services.intake.store import journal as journals
from services.intake.tables import ComplaintRow
from services.intake.usecases import journal
from services.intake.usecases.register import query_code_of
from shared import clock
from shared.events import Event
from shared.events.dispatch import OrderClosed
from shared.events.intake import ComplaintNudged, RatingGiven, ReopeningAsked
from shared.messaging import announce
from shared.refusals import NotFound
from shared.replica import calendar_of
from shared.security.keys import rating_links
from shared.settings import settings

NO_SUCH = "没有查到，请核对诉求编号和查询码。"
NO_SUCH_LINK = "评价链接不正确或已失效，请核对后重新打开。"


async def known_by(session: AsyncSession, number: str, code: str) -> ComplaintRow:
    """The complaint with this number and query code; refused alike for a wrong number and a wrong code."""
    number, code = as_typed(number), as_typed(code)
    complaint = await store.complaint_numbered(session, number) if NUMBER.fullmatch(number) else None
    expected = query_code_of(complaint) if complaint else ""
    if complaint is None or not expected or not hmac.compare_digest(expected.encode(), code.encode()):
        raise NotFound("no-such-status", NO_SUCH)
    return complaint


async def nudge(session: AsyncSession, number: str, code: str, words: str | None) -> None:
    """催一催: shown on the order and told to whoever has it; no rung (mechanism §6)."""
    complaint = await known_by(session, number, code)
    held = await journal.open_journal(session, complaint.id)
    row, now = held.row, clock.now()
    calendar = await calendar_of(session, row.handling_center)
    petitioner.must_be_nudgeable(Journal(held.events), row.state, now, calendar)
    owed = row.state in AWAITING_ANSWER
    event = ComplaintNudged(at=now, center=complaint.center, subject=complaint.id, words=words, with_departments=owed)
    _happened(session, complaint, event)


async def reopen(session: AsyncSession, number: str, code: str, words: str) -> None:
    """Ask to have it reopened: once, and soon enough after its end (mechanism §7)."""
    complaint = await known_by(session, number, code)
    held = await journal.open_journal(session, complaint.id)
    row, now = held.row, clock.now()
    calendar = await calendar_of(session, row.handling_center)
    within = settings().reopening_working_days
    petitioner.must_be_reopenable(Journal(held.events), row.state, now, calendar, within)
    _happened(session, complaint, ReopeningAsked(at=now, center=complaint.center, subject=complaint.id, words=words))


async def must_be_ratable(session: AsyncSession, link: str) -> None:
    """Refuses what `rate` would refuse of this link, and changes nothing."""
    complaint = await _complaint_of(session, link)
    row = (await journals.rows(session, [complaint.id]))[complaint.id]
    known = Journal((await journals.events_of(session, [complaint.id]))[complaint.id])
    petitioner.must_be_ratable(known, row.state, _closing_of(link, complaint, known))


async def rate(session: AsyncSession, link: str, score: int, words: str | None) -> None:
    """Rate how it was handled, by the link that the petitioner was sent with the end; once (mechanism §7)."""
    complaint = await _complaint_of(session, link)
    held = await journal.open_journal(session, complaint.id)
    known = Journal(held.events)
    closing = _closing_of(link, complaint, known)
    petitioner.must_be_ratable(known, held.row.state, closing)
    event = RatingGiven(
        at=clock.now(),
        center=complaint.center,
        subject=complaint.id,
        closing=closing,
        score=score,
        words=words,
    )
    _happened(session, complaint, event)


async def _complaint_of(session: AsyncSession, link: str) -> ComplaintRow:
    complaint_id = rating_links().complaint_in(link)
    complaint = await store.complaint(session, complaint_id) if complaint_id else None
    if complaint is None:
        raise NotFound("no-such-link", NO_SUCH_LINK)
    return complaint


def _closing_of(link: str, complaint: ComplaintRow, known: Journal) -> str:
    ends = (closed.event_id for closed in known.all(OrderClosed))
    closing = next((end for end in ends if rating_links().is_of(link, complaint.id, end)), None)
    if closing is None:
        raise NotFound("no-such-link", NO_SUCH_LINK)
    return closing


def _happened(session: AsyncSession, complaint: ComplaintRow, event: Event) -> None:
    announce(session, event)
    journal.enter(session, complaint.id, event)
