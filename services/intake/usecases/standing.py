"""How it stands, for a petitioner with number and query code, and what that one may do about it (Art. 10)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain import petitioner as rules
from services.intake.domain.journal import Journal
from services.intake.domain.number import printed_number
from services.intake.domain.progress import Step, outcome, progress, said
from services.intake.domain.states import State
from services.intake.store import complaints as store
from services.intake.store import directory
from services.intake.store import journal as journals
from services.intake.usecases.petitioners import Masked
from services.intake.usecases.petitioning import known_by
from shared import clock
from shared.refusals import NotPossible
from shared.replica import calendar_of
from shared.settings import settings
from shared.workdays import Calendar

Rule = Callable[[Journal, State, datetime, Calendar], None]


@dataclass(frozen=True)
class Standing:
    """What the petitioner is shown; masked, for whoever looks over a shoulder."""

    number: str
    printed_number: str
    name: str
    content: str
    said: str
    outcome: str
    steps: list[Step]
    due_at: datetime | None
    calendar: Calendar
    may_nudge: bool
    may_reopen: bool
    reopening_working_days: int
    """So long after the end it may be asked."""


async def standing(session: AsyncSession, number: str, code: str) -> Standing:
    """Raises `NotFound` alike for a wrong number and a wrong code."""
    complaint = await known_by(session, number, code)
    row = (await journals.rows(session, [complaint.id]))[complaint.id]
    known = Journal((await journals.events_of(session, [complaint.id]))[complaint.id])
    person = Masked.of((await store.petitioners(session, [complaint.id])).get(complaint.id))
    names, calendar = await directory.names(session), await calendar_of(session, row.handling_center)

    within = settings().reopening_working_days

    def may(rule: Rule) -> bool:
        try:
            rule(known, row.state, clock.now(), calendar)
        except NotPossible:
            return False
        return True

    return Standing(
        number=complaint.number,
        printed_number=printed_number(complaint.year, complaint.seq),
        name=person.name,
        content=person.text(row.content),
        said=said(row, names),
        outcome=person.text(outcome(row)),
        steps=progress(row, names),
        due_at=row.due_at,
        calendar=calendar,
        may_nudge=may(rules.must_be_nudgeable),
        may_reopen=may(partial(rules.must_be_reopenable, within=within)),
        reopening_working_days=within,
    )
