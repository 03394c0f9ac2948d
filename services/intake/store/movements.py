"""What began to hold, and what ceased to: facts as they are added up, by the day (`sums`) or as they are (`figures`).

A fact that held from one instant until another counts one from the first on, and one less from the second: added up
over all that became known until an instant, this is what held then.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Select, and_, case, cast, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from services.intake.domain.tally import By
from services.intake.tables import ChangeRow, FigureRow, ProfileRow
from shared.workdays import CHINA

OF_ORGANISATIONS = (By.SIZE, By.OWNERSHIP, By.CAPITAL, By.STAGE)
SPLITS = (By.DEPARTMENT, By.CHANNEL, By.CATEGORY, By.PETITIONER, *OF_ORGANISATIONS)
"""What facts are summed by; each with the center, which is therefore none of them."""
TOLD = (
    "complaint_id", "counted", "at", "center", "department", "detail", "done_at", "yes", "also", "working", "elapsed",
    "source", "category", "petitioner",
)  # fmt: skip
SAME = ("counted", "detail", "yes", "also", "in_time")
"""What facts that are counted together say alike."""
SUMS = ("n", "working", "elapsed")
ALWAYS = datetime(2000, 1, 1, tzinfo=CHINA)
_KEYS = {By.CENTER: "center", By.CHANNEL: "source"}


def midnight(instant: datetime) -> datetime:
    """The beginning of the day of this instant."""
    return datetime.combine(instant.astimezone(CHINA).date(), time(), CHINA)


def days_before(instant: datetime) -> datetime:
    """The midnight until which every day has ended by this instant, which is the last of its day or within one."""
    return midnight(instant + timedelta(microseconds=1))


def key_of(by: By) -> str:
    """The name of what facts are grouped by."""
    return _KEYS.get(by, by.value)


def moved(conditions: Iterable[ColumnElement[bool]], begin: datetime, until: datetime) -> list[Select[Any]]:
    """The facts that began to hold, or ceased to, at or after one instant and before another."""
    return [
        _facts(FigureRow.since, 1).where(*conditions, FigureRow.since >= begin, FigureRow.since < until),
        _facts(FigureRow.until, -1).where(
            *conditions, FigureRow.until.is_not(None), FigureRow.until >= begin, FigureRow.until < until
        ),
    ]


def holding(conditions: Iterable[ColumnElement[bool]], instant: datetime) -> Select[Any]:
    """The facts that held at an instant."""
    held = or_(FigureRow.until.is_(None), FigureRow.until > instant)
    return _facts(FigureRow.since, 1).where(*conditions, FigureRow.since <= instant, held)


def changed(*conditions: ColumnElement[bool]) -> Select[Any]:
    """The facts of days summed before that were written, or changed, after."""
    told = [getattr(ChangeRow, name) for name in TOLD]
    return select(*told, ChangeRow.known_at.label("known_at"), ChangeRow.n.label("n")).where(*conditions)


def _facts(known_at: Any, n: int) -> Select[Any]:
    return select(*(getattr(FigureRow, name) for name in TOLD), known_at.label("known_at"), literal(n).label("n"))


def added_up(facts: Collection[Select[Any]], by: Collection[By], **besides: Any) -> CTE:
    """These facts, counted and summed by all of these at once; `besides`: by what more, of a fact's columns."""
    every = union_all(*facts).subquery("facts").c
    in_time = case((and_(every.done_at.is_not(None), every.done_at <= every.at), 1), else_=0)
    profile = any(each in OF_ORGANISATIONS for each in by)
    stated = [getattr(ProfileRow, each.value).label(each.value) for each in by if each in OF_ORGANISATIONS]
    said = [every.center, every.department, every.source, every.category, every.petitioner]
    same = [every.counted, every.detail, every.yes, every.also, in_time.label("in_time")]
    groups = [*said, *stated, *same, *(of(every).label(name) for name, of in besides.items())]
    sums = [
        func.sum(every.n).label("n"),
        func.coalesce(func.sum(every.n * every.working), 0).label("working"),
        func.coalesce(func.sum(every.n * every.elapsed), 0).label("elapsed"),
    ]
    query = select(*groups, *sums)
    if profile:
        query = query.outerjoin(ProfileRow, ProfileRow.complaint_id == every.complaint_id)
    return query.group_by(*groups).cte("added_up")


def split(together: CTE, by: By, *besides: str) -> Select[Any]:
    """The same by one of these: which, the center, what it is there, what they say alike, and how many."""
    columns = together.c
    key = columns[key_of(by)].label("key")
    groups = [*(columns[name] for name in besides), columns.center, key, *(columns[name] for name in SAME)]
    sums = [func.sum(columns[name]).label(name) for name in SUMS]
    query = select(literal(by.value).label("split"), *groups, *sums).group_by(*groups)
    return query.where(columns.petitioner == "organisation") if by in OF_ORGANISATIONS else query


def day_of(session: AsyncSession, instant: Any) -> ColumnElement[date]:
    """The day of an instant; SQLite keeps instants as text that begins with it."""
    if session.get_bind().dialect.name == "sqlite":
        return func.substr(instant, 1, 10)
    return cast(func.timezone(CHINA.key, instant), Date)
