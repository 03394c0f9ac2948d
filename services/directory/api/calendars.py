"""The doors to what makes a day count or not: the State Council's notices, and local days (Art. 8)."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.directory.api.bodies import Code
from services.directory.api.facts import Administrator, DirectoryReader
from services.directory.domain.calendars import Change, Preview
from services.directory.tables import HolidayNotice
from services.directory.usecases import calendars
from shared.texts import Name, Words
from shared.web.session import Reader, Session
from shared.workdays import Half

router = APIRouter()

Text = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


class NoticeText(BaseModel):
    """A notice of the State Council, as pasted."""

    text: Text


class ConfirmedNotice(NoticeText):
    """The same text, and the digest of what was shown of it."""

    digest: str


class DayChange(BaseModel):
    """A day before and after."""

    date: date
    was_counted: bool
    counts: bool
    was: str
    why: str

    @classmethod
    def of(cls, change: Change) -> "DayChange":
        """As this door shows it."""
        was, now = change.was, change.now
        return cls(date=now.date, was_counted=was.counts, counts=now.counts, was=was.why, why=now.why)


class PreviewView(BaseModel):
    """What a notice says, and what it would change; hand `digest` back with the same text to confirm it."""

    digest: str
    year: int
    title: str
    amends: bool
    missing: list[str]
    """The yearly festivals it does not name: was it pasted whole?"""
    replaces: list[str]
    days: list[DayChange]
    changes: list[DayChange]
    settled: int
    """How many days would no longer be provisional."""

    @classmethod
    def of(cls, seen: Preview) -> "PreviewView":
        """As this door shows it."""
        return cls(
            digest=seen.digest,
            year=seen.notice.year,
            title=seen.notice.title,
            amends=seen.notice.amends,
            missing=list(seen.notice.missing),
            replaces=list(seen.replaces),
            days=[DayChange.of(change) for change in seen.named],
            changes=[DayChange.of(change) for change in seen.changes],
            settled=seen.settled,
        )


class NoticeView(BaseModel):
    """A loaded notice, standing or withdrawn."""

    model_config = ConfigDict(from_attributes=True)

    number: int
    year: int
    title: str
    amends: bool
    loaded_at: datetime
    loaded_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_because: str | None


class WholeNoticeView(NoticeView):
    """The same, with its text and the days read in it."""

    text: str
    days: list[dict[str, Any]]

    @classmethod
    def of(cls, row: HolidayNotice) -> "WholeNoticeView":
        """As this door shows it."""
        days = [
            {"date": day, "worked": kind.worked, "festival": kind.festival} for day, kind in row.read().days.items()
        ]
        return cls(**NoticeView.model_validate(row).model_dump(), text=row.text, days=days)


class LocalDayGiven(BaseModel):
    """A day, or half of it, that is worked or off at these centers."""

    centers: Annotated[list[Code], Field(min_length=1, max_length=200)]
    day: date
    half: Half | None = None
    worked: bool
    reason: Name
    source: Name | None = None
    """The paper it rests on."""


class LocalDayView(BaseModel):
    """A local day, standing or removed."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    center: str
    day: date
    half: Half | None
    worked: bool
    reason: str
    source: str | None
    set_at: datetime
    set_by: str
    removed_at: datetime | None
    removed_by: str | None
    removed_because: str | None


class Reason(BaseModel):
    """Why."""

    reason: Words


@router.post("/holiday-notices/preview")
async def preview_notice(given: NoticeText, session: Reader, _: Administrator) -> PreviewView:
    """Read a notice: every day it names, what it would change, or every contradiction in it. Nothing is loaded."""
    return PreviewView.of(await calendars.preview(session, given.text))


@router.post("/holiday-notices", status_code=201)
async def confirm_notice(given: ConfirmedNotice, session: Session, actor: Administrator) -> WholeNoticeView:
    """Load the notice that was shown; every center's calendar is told anew."""
    row, _ = await calendars.confirm(session, actor, given.text, given.digest)
    return WholeNoticeView.of(row)


@router.get("/holiday-notices")
async def notices(session: Reader, _: DirectoryReader, withdrawn: bool = False) -> list[NoticeView]:
    """The notices that stand, in the order loaded: a later one replaces the days it names. Those withdrawn if asked."""
    return [NoticeView.model_validate(row) for row in await calendars.notices(session, withdrawn=withdrawn)]


@router.get("/holiday-notices/{number}")
async def notice(number: Number, session: Reader, _: DirectoryReader) -> WholeNoticeView:
    """One of them, with its text."""
    return WholeNoticeView.of(await calendars.notice(session, number))


@router.post("/holiday-notices/{number}/withdraw")
async def withdraw_notice(number: Number, given: Reason, session: Session, actor: Administrator) -> NoticeView:
    """Take a notice back that was loaded by mistake; every center's calendar is told anew."""
    return NoticeView.model_validate(await calendars.withdraw(session, actor, number, given.reason))


@router.post("/local-days", status_code=201)
async def set_local_day(given: LocalDayGiven, session: Session, actor: Administrator) -> list[LocalDayView]:
    """Let a day or half of it be worked or off; it stands above every notice."""
    told = given.model_dump(exclude={"centers", "day"})
    rows = await calendars.set_local_day(session, actor, given.centers, given.day, **told)
    return [LocalDayView.model_validate(row) for row in rows]


@router.get("/local-days")
async def local_days(
    session: Reader, _: DirectoryReader, center: Code | None = None, removed: bool = False
) -> list[LocalDayView]:
    """The local days of a center, or of all; with `removed`, those taken back as well."""
    return [LocalDayView.model_validate(row) for row in await calendars.local_days(session, center, removed=removed)]


@router.post("/local-days/{local_day_id}/remove")
async def remove_local_day(local_day_id: str, given: Reason, session: Session, actor: Administrator) -> LocalDayView:
    """Take a local day back."""
    return LocalDayView.model_validate(await calendars.remove_local_day(session, actor, local_day_id, given.reason))
