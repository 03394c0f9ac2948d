"""What an administrator does with calendars: notices, local days, hours (Art. 8); each center is told its own."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from services.directory import store
from services.directory.domain import calendars as rules
from services.directory.domain.calendars import Preview
from services.directory.tables import HolidayNotice, LocalDay
from services.directory.usecases.telling import tell
from shared import clock
from shared.ids import new_id
from shared.refusals import FieldFault, Invalid, NotFound, NotPossible
from shared.security.roles import Actor
from shared.workdays import Calendar, Half, OfficeHours, Override, ServiceHours


async def preview(session: AsyncSession, text: str) -> Preview:
    """What a notice says, and what it would change of what holds now."""
    return rules.preview(text, [row.read() for row in await store.notices(session)])


async def confirm(session: AsyncSession, actor: Actor, text: str, digest: str) -> tuple[HolidayNotice, Preview]:
    """Load the notice that was shown, and tell every center's calendar anew."""
    await store.take(session)
    seen = await preview(session, text)
    rules.must_be_as_seen(seen, digest)
    notice = seen.notice
    row = HolidayNotice(
        number=await store.next_notice(session),
        year=notice.year,
        title=notice.title,
        amends=notice.amends,
        text=text,
        facts=notice.to_facts(),
        loaded_at=clock.now(),
        loaded_by=actor.id,
    )
    store.add(session, row)
    await session.flush()
    await _tell_anew(session, actor, None, f"载入《{notice.title}》")
    return row, seen


async def notice(session: AsyncSession, number: int) -> HolidayNotice:
    """A loaded notice."""
    found = await store.notice(session, number)
    if found is None:
        raise NotFound("no-such-notice", "没有载入过这份通知。")
    return found


async def withdraw(session: AsyncSession, actor: Actor, number: int, reason: str) -> HolidayNotice:
    """Take back a notice that was loaded by mistake: it stays in the record, and every calendar is as without it."""
    await store.take(session)
    row = await notice(session, number)
    if row.withdrawn_at:
        raise NotPossible("already-withdrawn", "这份通知已经撤回。")
    now = clock.now()
    standing = await store.notices(session)
    rules.must_be_withdrawable(row.number, [(each.number, each.read()) for each in standing], now.date())
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = now, actor.id, reason
    await session.flush()
    await _tell_anew(session, actor, None, f"撤回《{row.title}》（{reason}）")
    return row


async def set_local_day(
    session: AsyncSession,
    actor: Actor,
    centers: Collection[str],
    day: date,
    *,
    half: Half | None,
    worked: bool,
    reason: str,
    source: str | None,
) -> list[LocalDay]:
    """Let a day, or half of it, be worked or off at these centers; refused with every fault of every one."""
    await store.take(session)
    override = Override(day, worked, reason, half, source)
    faults: list[FieldFault] = []
    now = clock.now()
    for center in sorted(centers):
        calendar, _ = await _calendar_of(session, center)
        others = [row.override() for row in await store.local_days(session, center)]
        found = rules.local_faults(override, calendar, others, now.date())
        prefix = f"{center}：" if len(centers) > 1 else ""
        faults += [FieldFault(fault.field, f"{prefix}{fault.message}") for fault in found]
    if faults:
        raise Invalid("invalid", "这一天不能这样设定，请按提示修改。", faults)
    rows = [
        LocalDay(
            id=new_id(), center=center, day=day, half=half, worked=worked, reason=reason, source=source,
            set_at=now, set_by=actor.id,
        )
        for center in sorted(centers)
    ]  # fmt: skip
    for row in rows:
        store.add(session, row)
    await session.flush()
    await _tell_anew(session, actor, centers, f"{day}{override.why}")
    return rows


async def remove_local_day(session: AsyncSession, actor: Actor, local_day_id: str, reason: str) -> LocalDay:
    """Take a local day back, which stays in the record; a day that is past stays as it was counted."""
    await store.take(session)
    row = await store.local_day(session, local_day_id)
    if row is None:
        raise NotFound("no-such-local-day", "没有这条本地安排。")
    now = clock.now()
    if row.removed_at:
        raise NotPossible("already-removed", "这条本地安排已经撤销。")
    if row.day < now.date():
        raise NotPossible("day-is-past", "这一天已经过去，当天的期限已按它计算，不能再撤销。")
    row.removed_at, row.removed_by, row.removed_because = now, actor.id, reason
    await session.flush()
    await _tell_anew(session, actor, [row.center], f"撤销{row.day}{row.override().why}（{reason}）")
    return row


async def set_hours(
    session: AsyncSession, actor: Actor, center: str, reason: str, hours: OfficeHours | ServiceHours
) -> Calendar:
    """Let a center have these office hours, which count; or these service hours, which move no clock."""
    await store.take(session)
    calendar, data = await _calendar_of(session, center)
    new = replace(calendar, hours=hours) if isinstance(hours, OfficeHours) else replace(calendar, service=hours)
    await _tell(session, actor, center, data, new, reason)
    return new


async def calendar_of(session: AsyncSession, center: str) -> Calendar:
    """A center's calendar as it is told."""
    return (await _calendar_of(session, center))[0]


async def of_new_center(session: AsyncSession, parent: str | None) -> dict[str, Any]:
    """The calendar a new center begins with: the hours of its county's, and what holds in the country."""
    known = await store.fact(session, "center", parent) if parent else None
    kept = Calendar.from_facts(known[1]["calendar"]) if known else Calendar()
    notices = [row.read() for row in await store.notices(session)]
    return rules.assembled(kept, notices, []).to_facts()


async def _tell_anew(session: AsyncSession, actor: Actor, centers: Collection[str] | None, reason: str) -> None:
    """Put the calendars of these centers, or of all, together again, and tell those that have changed."""
    notices = [row.read() for row in await store.notices(session)]
    local: dict[str, list[Override]] = {}
    for row in await store.local_days(session):
        local.setdefault(row.center, []).append(row.override())
    for fact in await store.facts(session, "center"):
        if centers is None or fact.code in centers:
            kept = Calendar.from_facts(fact.data["calendar"])
            new = rules.assembled(kept, notices, local.get(fact.code, []))
            await _tell(session, actor, fact.code, fact.data, new, reason)


async def _tell(
    session: AsyncSession, actor: Actor, center: str, data: dict[str, Any], calendar: Calendar, reason: str
) -> None:
    told = {key: value for key, value in data.items() if key != "center"} | {"calendar": calendar.to_facts()}
    await tell(session, "center", center, center, told, by=actor.id, reason=reason)


async def _calendar_of(session: AsyncSession, center: str) -> tuple[Calendar, dict[str, Any]]:
    known = await store.fact(session, "center", center)
    if known is None or not known[1]["active"]:
        raise NotFound("no-such-center", f"没有代码为“{center}”的中心。")
    return Calendar.from_facts(known[1]["calendar"]), known[1]


async def local_days(session: AsyncSession, center: str | None, *, removed: bool) -> Sequence[LocalDay]:
    """The local days of a center, or of all."""
    return await store.local_days(session, center, removed=removed)


async def notices(session: AsyncSession, *, withdrawn: bool) -> Sequence[HolidayNotice]:
    """The notices in the order they were loaded."""
    return await store.notices(session, withdrawn=withdrawn)
